"""Adoption: what another tool made, as the environment file wants it, becomes this environment's own."""
