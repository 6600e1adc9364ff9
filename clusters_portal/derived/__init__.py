"""Tables of the settings that follow from a few values: settings.py reads the environment, these modules read nothing."""
