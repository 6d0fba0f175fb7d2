"""Letting a service go: it stays in AWS as it is, and this environment no longer knows it."""
