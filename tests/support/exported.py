"""A workspace's stack as plain Terraform: what `edge export` writes of it, in a folder of its own."""

import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from edge.export.files import files
from tests.support.workspace import Workspace


def exported(workspace: Workspace, name: str, services: Collection[str], folder: Path) -> Workspace:
    """Write it with the state and the lock that stand beside the stack, and initialize Terraform there."""
    folder.mkdir()
    for file, text in files(name, workspace.read(), services).items():
        (folder / file).write_text(text, encoding="utf-8")
    for kept in (*workspace.folder.glob("terraform*.tfstate"), workspace.folder / ".terraform.lock.hcl"):
        shutil.copy(kept, folder)
    plain = replace(workspace, folder=folder)
    plain.succeed("init", "-input=false", "-lockfile=readonly")
    return plain
