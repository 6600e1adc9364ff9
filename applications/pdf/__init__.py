"""The papers of the middle floor, each made from what is stored: `receipt`, `declaration`, `papers` to sign, `calls`."""
