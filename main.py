"""Orcha Edge: one Terraform stack for each environment file."""

import gc
import os
import sys
from pathlib import Path

from environments.asked import asked_for
from environments.faults import InvalidEnvironmentError
from environments.folders import unusable
from environments.loader import load_all
from environments.terraform_shell import refusals, workspace_of


def main() -> int:
    """Synthesize the environments that are asked for; 0 when done, 2 with one line for each fault, and nothing written.

    Every file is checked, whichever is asked for (environments/asked.py).

    Terraform would take another state, or a part of the plan, from variables of the shell: then it is 2 as well, since
    cdktf runs Terraform after this with those variables.
    """
    if refused := refusals(os.environ):
        print("\n".join(refused), file=sys.stderr)
        return 2
    try:
        environments = asked_for(load_all(), sys.argv[1:])
    except InvalidEnvironmentError as error:
        print(error, file=sys.stderr)
        return 2

    if unwritable := unusable(os.environ):
        print("\n".join(unwritable), file=sys.stderr)
        return 2

    # Only now: these start jsii, which a faulty file need not wait for.
    try:
        from imports.terraform import App
        from modules.stack import EdgeStack
    except ImportError as error:
        if error.name != "engine":
            raise
        print(error, file=sys.stderr)  # no such engine, or not installed (imports/engine.py)
        return 2

    app = App()
    stacks = [Path(app.outdir, "stacks", environment.name) for environment in environments]
    if switched := [sentence for stack in stacks if (sentence := workspace_of(stack, os.environ))]:
        print("\n".join(switched), file=sys.stderr)
        return 2
    for environment in environments:
        EdgeStack(app, environment.name, environment=environment)
    app.synth()
    return 0


if __name__ == "__main__":
    gc.disable()  # all that is made is needed until the end, a second later (decision 0085)
    sys.exit(main())
