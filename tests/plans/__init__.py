"""Plans that real Terraform made, as `terraform show -json` gives them, each with its environment file.

`python -m tests.engine.plans [scenario …]` makes them again; they are never edited. What each is about stands in
`tests/engine/plans/`.
"""

import json
import lzma
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
END = ".json.xz"  # of a plan with big start scripts, less than half of what gzip would take
STORED_PLANS: tuple[str, ...] = tuple(sorted(file.name.removesuffix(END) for file in FOLDER.glob(f"*{END}")))


def stored_plan(name: str) -> dict[str, Any]:
    """Read a stored plan."""
    plan: dict[str, Any] = json.loads(lzma.decompress((FOLDER / f"{name}{END}").read_bytes()))
    return plan


def environment_toml(name: str) -> str:
    """Read the environment file that a stored plan was made from."""
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


@cache
def environment_name(name: str) -> str:
    """Give the name of the environment that a stored plan is of, as the plan's own default tags say it."""
    providers = stored_plan(name)["configuration"]["provider_config"].values()
    tags = next(
        provider["expressions"]["default_tags"][0]["tags"] for provider in providers if "expressions" in provider
    )
    return str(tags["constant_value"]["Environment"])


def store(name: str, plan: dict[str, Any], toml: str, *, folder: Path = FOLDER) -> None:
    """Store a plan and its environment file; equal plans give equal bytes."""
    text = json.dumps(plan, sort_keys=True, separators=(",", ":"))
    (folder / f"{name}{END}").write_bytes(lzma.compress(text.encode(), preset=9))
    (folder / f"{name}.toml").write_text(toml, encoding="utf-8")
