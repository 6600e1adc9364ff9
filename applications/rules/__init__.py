"""The call's law as pure functions: facts and terms in, verdicts and findings out."""
