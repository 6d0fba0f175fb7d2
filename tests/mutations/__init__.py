"""Breaks the project on purpose, one place at a time: do its tests notice? `python -m tests.mutations`."""
