"""Fixtures of these tests."""
