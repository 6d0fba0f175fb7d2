"""Caller references of hosted zones: by one, the seed asks for the id that an environment file names."""

WITH_ID = "orcha: with the id "


def reference_for(id: str | None, zone: str) -> str:
    """Write the caller reference of a zone: one that asks for an id, or the zone's name."""
    return f"{WITH_ID}{id}" if id else zone
