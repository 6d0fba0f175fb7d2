"""How a command is written: its parser, its place in the table, and how it ends."""
