"""`python -m tests.scale`: measure the product's commands at 25 and 50 services, and print a table.

The numbers of services may be given; the load balancer of one environment takes 50 at most, as docs/scale.md says.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.scale.page import PAGE, table, write
from tests.scale.running import Measured, ScaleError, run
from tests.support.files import ROOT

SIZES = (25, 50)


def main() -> int:
    """Run every size: 0 where each step ended well, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description="Measure many services.")
    parser.add_argument("services", nargs="*", type=int, default=list(SIZES), help="how many services (default: 25 50)")
    parser.add_argument("--write", action="store_true", help=f"write the figures to {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    found: list[Measured] = []
    for services in options.services:
        with TemporaryDirectory(prefix="orcha-scale-") as folder:
            try:
                found += run(Path(folder), services, heard=_say)
            except ScaleError as error:
                sys.stderr.write(f"{error}\n")
                return 1
    sys.stdout.write(table(found))
    if options.write:
        write(found)
    return 0


def _say(it: Measured) -> None:
    sys.stderr.write(f"{it.services} services: {it.step}: {it.cost.wall:.1f} s, {it.cost.cpu:.1f} s of processors\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
