"""Faults and harmless changes of a deployed stack as a table: each with the severity and the check that names it."""
