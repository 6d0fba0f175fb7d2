"""Compare the engine that is set (EDGE_ENGINE) with the default one.

`python -m tests.engines` writes its differences down, `--table` prints the table of docs/engines.md, and
`--compare FOLDER` compares what main.py makes of every environment file with what the default engine made of it: the
folder is what that wrote, as CDKTF_OUTDIR names it. 1 where something differs that no explanation covers.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from bootstrap.places import HERE
from imports import engine
from tests import engines
from tests.engines import attributes
from tests.support.synthesizing import synthesize
from tests.synthesis import STACKS, lines


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.engines", description=__doc__)
    parser.add_argument("--table", action="store_true", help="print the table of docs/engines.md")
    parser.add_argument("--compare", type=Path, metavar="FOLDER", help="what the default engine synthesized")
    options = parser.parse_args()
    if options.table:
        print(engines.table())
        return 0
    return compare(options.compare) if options.compare else write()


def write() -> int:
    """Write the differences of the engine that is set, of which the default has none, and its types' attributes."""
    name = engine.chosen(os.environ).name
    attributes.write(name)
    found = {
        stack: engines.differences(engines.written_lines(stack), lines(synthesize(make())))
        for stack, make in STACKS.items()
    }
    strange = [path for stack in found.values() for path in stack if engines.explanation(path) is None]
    if strange or (name == engine.DEFAULT.name and any(found.values())):
        print(f"{name} differs without an explanation in: {', '.join(strange) or found}", file=sys.stderr)
        return 1
    stored = engines.stored() if engines.FILE.is_file() else {}
    if name != engine.DEFAULT.name:
        stored[name] = found
    ordered = {known: stored[known] for known in engine.ENGINES if known in stored}
    engines.FILE.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")
    return 0


def compare(default: Path) -> int:
    """Compare every environment file's stack; print a line for each difference."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "CDKTF_OUTDIR": folder}
        subprocess.run([sys.executable, "main.py"], cwd=HERE.root, env=environ, check=True)
        stacks = {
            name: {file.parent.name: file for file in Path(name, "stacks").glob("*/cdk.tf.json")}
            for name in (str(default), folder)
        }
        ours, theirs = stacks[folder], stacks[str(default)]
        faults = [f"{name}: is made by one of the engines only" for name in sorted(ours.keys() ^ theirs.keys())]
        for name in sorted(ours.keys() & theirs.keys()):
            documents = [json.loads(file.read_bytes()) for file in (theirs[name], ours[name])]
            faults += [f"{name}: {fault}" for fault in engines.unexplained(*documents)]
    print(
        "\n".join(faults)
        or f"{len(ours)} stacks differ from the default engine's in what is explained, and in nothing else."
    )
    return 1 if faults or not ours else 0


if __name__ == "__main__":
    sys.exit(main())
