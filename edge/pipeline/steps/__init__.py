"""The steps of `edge pipeline`, by what they are for; `command.py` puts them together."""
