"""The code that a change is judged by: what the base's modules make of the changed environment file.

The synthesis is deterministic, so whatever differs from what is planned was not asked for by the file: it comes from
changed code. The base is a folder, or a git revision whose tree is written to a folder of its own. Only its code is
used; the environment file and the compose file beside it are the change's.
"""

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bootstrap.places import HERE
from edge.cli.exits import BadInputError
from edge.cli.waiting import waiting
from edge.terraform.child_processes import run
from edge.tfplan import strict_json
from environments.checked import Environment
from environments.data_differences import data_differences, waiver_differences
from environments.file_differences import file_differences
from environments.imports_file import imports_file
from environments.loader import load_former
from environments.released_file import released_file
from environments.whereabouts import moves

DEFAULT_BASE = "origin/main"
_ENTRY, _ENVIRONMENTS = "main.py", "environments"
_WAIVERS = Path("policy") / "waivers.toml"


class BaseError(BadInputError):
    """The base that was named cannot be used."""


@dataclass(frozen=True)
class BaseConfiguration:
    """What the base makes of the file: `configuration`, or None with the `failure` that its code reported.

    `name` is the base as its user named it, `commit` what it stood for, None for a folder. `moved` is what the base's
    own version of the file has in another place, by its key: the old place and the new. `asked` says in words what
    the change's version of the file has otherwise, None where one of the two cannot be read. `former` is what that
    version declares, None where there is none, or this code does not take it.
    """

    name: str
    commit: str | None
    configuration: dict[str, Any] | None
    failure: str = ""
    moved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    asked: Sequence[str] | None = None
    former: Environment | None = field(default=None, repr=False)


def has_default_base(root: Path = HERE.root) -> bool:
    """Tell whether this checkout knows the branch that changes are compared with when none is named."""
    return _commit_of(DEFAULT_BASE, root) is not None


def synthesize_with_base(
    base: str,
    *,
    environment: str,
    file: Path,
    compose_file: Path | None,
    environ: Mapping[str, str],
    repository: Path = HERE.root,
) -> BaseConfiguration:
    """Synthesize an environment file with the code of a base, a folder or a git revision. Raises BaseError."""
    with _tree(base, repository) as (root, commit), tempfile.TemporaryDirectory(prefix="orcha-base-") as scratch:
        environments = _lay_out(Path(scratch), file, compose_file)
        its_own = root / _ENVIRONMENTS / file.name
        moved, asked, former = moves(its_own, file), file_differences(its_own, file), load_former(its_own)
        if asked is not None:
            waived = waiver_differences(root / _WAIVERS, HERE.root / _WAIVERS)
            asked = [*asked, *data_differences(its_own, file, compose_file), *waived]
        output = Path(scratch) / "cdktf.out"
        places = {"ENVIRONMENTS_DIR": str(environments), "CDKTF_OUTDIR": str(output)}
        with waiting(f"synthesizing with the code of {base}"):
            done = run([sys.executable, _ENTRY], environ={**environ, **places}, folder=root, capture=True)
        if done.returncode != 0:
            reason = (done.stderr or done.stdout).replace(f"{environments}/", "environments/").strip()
            return BaseConfiguration(base, commit, None, reason, moved, asked, former)
        made = output / "stacks" / environment / "cdk.tf.json"
        content = strict_json.loads(made.read_bytes())
        return BaseConfiguration(base, commit, content, moved=moved, asked=asked, former=former)


def _lay_out(scratch: Path, file: Path, compose_file: Path | None) -> Path:
    """Copy the change's data to where the base's code looks for it; give the folder of environments."""
    environments = scratch / _ENVIRONMENTS
    environments.mkdir()
    for data in (file, imports_file(file), released_file(file)):
        if data.is_file():
            shutil.copyfile(data, environments / data.name)
    if compose_file is not None:
        (scratch / "deploy").mkdir()
        shutil.copyfile(compose_file, scratch / "deploy" / compose_file.name)
    return environments


def demand_base(base: str, repository: Path = HERE.root) -> str | None:
    """Give the commit of a base, None where it is a folder; raises BaseError where it is neither, nor this project."""
    folder = Path(base)
    if base and folder.is_dir():
        if not (folder / _ENTRY).is_file():
            raise BaseError(f"--base {base}: holds no {_ENTRY}; name a checkout of this project, or a git revision")
        return None
    commit = _commit_of(base, repository) if base else None
    if commit is None:
        shown = base or "an empty name"
        raise BaseError(
            f"--base {shown}: is neither a folder nor a git revision here; fetch it with `git fetch`, or name another"
        )
    return commit


@contextmanager
def _tree(base: str, repository: Path) -> Iterator[tuple[Path, str | None]]:
    """Give the folder of a base's code, and its commit."""
    commit = demand_base(base, repository)
    if commit is None:
        yield Path(base).absolute(), None
        return
    with tempfile.TemporaryDirectory(prefix="orcha-base-") as name:
        archive = subprocess.run(["git", "archive", commit], cwd=repository, capture_output=True, check=False)
        if archive.returncode != 0:
            reason = archive.stderr.decode(errors="replace").strip()
            raise BaseError(f"--base {base}: cannot be read from git: {reason}; name another revision")
        try:
            with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
                tar.extractall(name, filter="data")
        except tarfile.TarError as error:  # such as a link that leads out of the folder
            raise BaseError(f"--base {base}: cannot be written to a folder: {error}; name another revision") from None
        if not (Path(name) / _ENTRY).is_file():
            raise BaseError(f"--base {base}: holds no {_ENTRY}; name a revision of this project")
        yield Path(name), commit


def _commit_of(revision: str, root: Path) -> str | None:
    command = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
