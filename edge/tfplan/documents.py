"""JSON documents in the text of an attribute, as policies are written."""

from typing import Any

from edge.tfplan import strict_json


def document_in(text: str) -> Any:
    """Read a text that is a JSON table or list, as policies are; None for others.

    One in which a key stands twice is no document but text: of what AWS does with it, only one half would be compared
    and shown.
    """
    if not text.startswith(("{", "[")):
        return None
    try:
        return strict_json.loads(text)
    except (ValueError, RecursionError):
        return None
