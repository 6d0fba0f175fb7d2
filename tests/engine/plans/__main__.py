"""`python -m tests.engine.plans [scenario …]`: make the stored plans, or some of them, again."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from edge.cli.exits import ending_cleanly
from tests.engine.plans.making import World, making
from tests.engine.plans.prod import PROD_WORLD
from tests.engine.plans.staging import STAGING_WORLD
from tests.plans import store

WORLDS = (PROD_WORLD, STAGING_WORLD)


def main(arguments: Sequence[str]) -> int:
    """Make the named plans, or all; 0 when done, 2 for a name that is none."""
    known = [name for world in WORLDS for name in world.scenarios]
    unknown = sorted(set(arguments) - set(known))
    for name in unknown:
        print(f"{name}: is not a scenario; take one of {', '.join(known)}", file=sys.stderr)
    if unknown:
        return 2
    with ending_cleanly():
        for world in WORLDS:
            make(world, set(arguments or known) & world.scenarios.keys())
    return 0


def make(world: World, names: set[str]) -> None:
    """Make some of a world's plans; a world of which none is asked for is not started."""
    if not names:
        return
    with tempfile.TemporaryDirectory(prefix="orcha-plans-") as folder, making(world, Path(folder)) as maker:
        for scenario, plan in maker.run(world.stages, names):
            store(scenario.name, plan, scenario.toml)
            print(scenario.name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
