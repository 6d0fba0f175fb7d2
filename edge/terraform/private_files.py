"""Files that only their owner reads: what Terraform knows and plans holds secrets."""

import os
from pathlib import Path

OWNER_ONLY = 0o600


def write_private(file: Path, content: str | bytes) -> None:
    """Write a file that only its owner reads, also where it stood open before."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as stream:
        stream.write(data)
