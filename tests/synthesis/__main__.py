"""Write what the tests' environments are synthesized to: `python -m tests.synthesis`."""

from tests.support.synthesizing import synthesize
from tests.synthesis import FOLDER, STACKS, lines

if __name__ == "__main__":
    for name, environment in STACKS.items():
        (FOLDER / f"{name}.txt").write_text(lines(synthesize(environment())), encoding="utf-8")
