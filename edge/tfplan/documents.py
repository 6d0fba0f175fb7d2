"""JSON documents in the text of an attribute, as policies are written."""

import json
from typing import Any


def document_in(text: str) -> Any:
    """Read a text that is a JSON table or list, as policies are; None for others."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
