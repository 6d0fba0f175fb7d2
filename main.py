"""Orcha Edge: one Terraform stack for each environment file."""

import sys

from environments.faults import InvalidEnvironmentError
from environments.loader import load_all


def main() -> int:
    """Synthesize every environment; 0 when done, 2 with one line for each fault of a file, and nothing written."""
    try:
        environments = load_all()
    except InvalidEnvironmentError as error:
        print(error, file=sys.stderr)
        return 2

    # Only now: these start jsii, which a faulty file need not wait for.
    from imports.terraform import App
    from modules.stack import EdgeStack

    app = App()
    for environment in environments:
        EdgeStack(app, environment.name, environment=environment)
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main())
