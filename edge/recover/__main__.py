"""`python -m edge.recover <environment>`: see `command.py`."""

import argparse
import sys

from edge.recover import command


def main() -> int:
    """Parse the arguments, and recover."""
    parser = argparse.ArgumentParser(prog="python -m edge.recover", description=command.HELP)
    command.add_arguments(parser)
    return command.run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
