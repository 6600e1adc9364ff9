"""Helpers without models, each used by more than one app."""
