"""This project elsewhere on the machine, with the tests' own files: a checkout that is set up, or the app alone."""

import shutil
import subprocess
from pathlib import Path

from tests.support.files import COMPOSE_FILE, ENVIRONMENTS, OWN, ROOT, WAIVERS

_LINKED = (".venv", ".tools", "node_modules")
_APP = ("main.py", "cdktf.json", "environments", "modules", "imports")


def check_out(folder: Path) -> None:
    """Copy the files as git knows them, link what is set up, and let the user have the tests' files and no others."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for name in _LINKED:
        (folder / name).symlink_to(ROOT / name)
    for file in (folder / "environments").glob("*.toml"):
        file.unlink()
    for file in (*ENVIRONMENTS.glob("*.toml"), COMPOSE_FILE, WAIVERS):
        (folder / file.relative_to(OWN)).parent.mkdir(exist_ok=True)
        shutil.copy2(file, folder / file.relative_to(OWN))


def link_app(folder: Path) -> Path:
    """Lay the app out by links, if it is not yet, and give the folder, in which `python -m main` runs it.

    Where no compose file stands beside the environments, instances run the one beside the app: here, the tests' own.
    """
    if not folder.exists():
        folder.mkdir(parents=True)
        for name in _APP:
            (folder / name).symlink_to(ROOT / name)
        (folder / "deploy").symlink_to(COMPOSE_FILE.parent)
    return folder
