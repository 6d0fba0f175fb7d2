"""This very code as the base of a change: a repository whose origin/main it is, or a folder with a file of its own."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.files import ROOT

_CODE = ("main.py", "cdktf.json", "environments", "modules", "imports", "deploy", ":(exclude)environments/*.toml")
_NOBODY = {f"GIT_{who}_{what}": "nobody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def base_repository(folder: Path) -> Path:
    """Make it, if it is not there, and give the folder for GIT_DIR. It holds nobody's environment files."""
    if not folder.exists():
        environ = {**os.environ, **_NOBODY, "GIT_DIR": str(folder), "GIT_WORK_TREE": str(ROOT)}

        def git(*arguments: str) -> str:
            done = subprocess.run(
                ["git", *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
            )
            return done.stdout.strip()

        git("init", "--quiet")
        git("add", "--", *_CODE)
        commit = git("commit-tree", "-m", "This code", git("write-tree"))
        git("update-ref", "refs/remotes/origin/main", commit)
        git("config", "core.bare", "true")  # of this checkout's own state it says nothing
    return folder


def base_folder(folder: Path, toml: str) -> Path:
    """Copy the code into a new folder, with one version of prod's environment file, and give it for `--base`."""
    for name in ("main.py", "environments", "modules", "imports", "deploy"):
        place, copy = ROOT / name, folder / name
        if place.is_dir():
            shutil.copytree(place, copy, ignore=shutil.ignore_patterns("__pycache__", "*.toml"))
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place, copy)
    (folder / "environments" / "prod.toml").write_text(toml, encoding="utf-8")
    return folder
