"""A workspace's stack as plain Terraform: what `edge export` writes of it, in a folder of its own."""

import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from edge.export.files import files
from tests.support.workspace import Workspace


def exported(workspace: Workspace, name: str, services: Collection[str], folder: Path) -> Workspace:
    """Write it with the state that stands beside the stack, and initialize Terraform with the lock it comes with."""
    folder.mkdir()
    for file, text in files(name, workspace.read(), services).items():
        (folder / file).write_text(text, encoding="utf-8")
    for state in workspace.folder.glob("terraform*.tfstate"):
        shutil.copy(state, folder)
    plain = replace(workspace, folder=folder)
    comes_with_a_lock = (folder / ".terraform.lock.hcl").is_file()
    plain.succeed("init", "-input=false", *(["-lockfile=readonly"] if comes_with_a_lock else []))
    return plain
