"""`edge bootstrap <environment>`: make what must stand before the first deploy, once; a second run does nothing."""

import argparse
import json
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws import state_bucket
from edge.aws.errors import plain
from edge.aws.identity import strangers
from edge.aws.sessions import ClientOf, client_of
from edge.cli import environment_argument
from edge.cli.asking import says_yes
from edge.cli.exits import BadInputError, Exit, FailedError
from edge.cli.lines import say
from edge.cli.subcommand import Subcommand
from edge.prerequisites import bucket, roles
from edge.prerequisites.step import Kind, Step
from edge.roles import options_of_roles
from environments.checked import Environment
from environments.loader import load


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument("--roles", action="store_true", help="make the roles and GitHub's identity provider too")
    parser.add_argument("--repository", metavar="OWNER/NAME", help="the GitHub repository that the roles trust")
    options_of_roles.add(parser)
    parser.add_argument("--yes", action="store_true", help="make what is missing without asking; replace nothing")
    parser.add_argument("--replace", action="store_true", help="replace what stands otherwise, without asking")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")


def _run(options: argparse.Namespace) -> int:
    (environment,) = load([environment_argument.named(options)])
    _demand_repository(options)
    if options.roles:
        options_of_roles.checked_leaving(environment, options)
    try:
        steps = _steps(environment, options, client_of(environment))
    except (BotoCoreError, ClientError) as error:
        raise BadInputError(
            f"What stands in the accounts of {environment.name} could not be read, and nothing was changed: "
            f"{plain(error)}; sign in as somebody who may, such as an administrator"
        ) from None
    _show(environment.name, steps, as_json=options.json)
    if not any(step.does_something for step in steps):
        print(f"Nothing to do: all that {environment.name} needs stands.", file=sys.stderr)
        return Exit.DONE
    return _carry_out(environment.name, steps, options)


def _demand_repository(options: argparse.Namespace) -> None:
    if options.roles and options.repository is None:
        raise BadInputError("--roles: needs the repository that the roles trust; add --repository owner/name")
    for name in ("repository", "id", "leaving", "adopting"):
        if getattr(options, name) and not options.roles:
            raise BadInputError(
                f"--{name}: is about roles, and none are made without --roles; add that, or leave it out"
            )


def _steps(environment: Environment, options: argparse.Namespace, clients: ClientOf) -> list[Step]:
    place = state_bucket.place_of(environment, clients)
    concerned = {place.account} if place else set()
    faults = list(strangers(environment, clients, environment.accounts if options.roles else concerned))
    if faults:
        raise BadInputError("\n".join(faults))
    steps = bucket.steps(place) if place else []
    if options.roles:
        derived = options_of_roles.derived(environment, options, clients)
        steps += roles.steps(environment, derived, options.repository, clients)
    return steps


def _show(name: str, steps: Sequence[Step], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {"account": step.account, "thing": step.thing, "action": str(step.kind), "detail": step.detail}
            for step in steps
        ]
        print(json.dumps(rows, indent=2))
        return
    say(f"What {name} needs before its first deploy:", sys.stdout)
    for step in steps:
        say(f"  {step.kind}: account {step.account}, {step.thing}{step.detail and f': {step.detail}'}", sys.stdout)


def _carry_out(name: str, steps: Sequence[Step], options: argparse.Namespace) -> int:
    """Do what is agreed to, in order; 1 where somebody answers no, or where something is left as it stands."""
    adding = [step for step in steps if step.kind in (Kind.MAKE, Kind.SET)]
    replacing = [step for step in steps if step.kind is Kind.REPLACE]
    if not sys.stdin.isatty() and (
        (adding and not options.yes) or (replacing and not (options.yes or options.replace))
    ):
        raise BadInputError(
            "edge bootstrap asks before it changes anything, and there is no terminal to ask on; run it in one, or "
            "pass --yes, which makes what is missing, or --replace, which replaces what stands otherwise"
        )
    if adding and not options.yes and not says_yes(f"Make and set these {len(adding)} things for {name}?"):
        print("Nothing was changed.", file=sys.stderr)
        return Exit.FAILED
    agreed = [step for step in steps if step in adding or (step in replacing and _may_replace(step, options))]
    for step in agreed:
        _do(step)
    left = [step for step in replacing if step not in agreed]
    for step in left:
        print(
            f"  kept as it stands: {step.account}, {step.thing} ({step.detail}); --replace replaces it", file=sys.stderr
        )
    return Exit.FAILED if left else Exit.DONE


def _may_replace(step: Step, options: argparse.Namespace) -> bool:
    if options.replace or options.yes or not sys.stdin.isatty():
        return bool(options.replace)
    return says_yes(f"{step.account}, {step.thing} stands otherwise ({step.detail}). Replace it?")


def _do(step: Step) -> None:
    try:
        step.act()
    except (BotoCoreError, ClientError) as error:
        raise FailedError(
            f"{step.account}, {step.thing}: AWS refused: {plain(error)}; what is listed above was done. Correct that, "
            "and run again: it goes on from there"
        ) from None
    print(f"  {step.account}, {step.thing}: {step.detail}", file=sys.stderr, flush=True)


BOOTSTRAP = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It makes the bucket of the state (versioned, encrypted, by TLS alone, closed to the public) and, with "
    "--roles, the roles that `edge roles` derives and GitHub's identity provider, by the profiles of the file. It "
    "shows what it will do and asks. What stands stays, or gets stricter; what stands otherwise is shown as a "
    "difference, and replaced only where somebody says so. A second run does nothing, and a run that was cut off is "
    "completed.",
    example="edge bootstrap prod --roles --repository getorcha/edge",
    done="all of it stands",
    failed="somebody answered no, a difference was kept, or AWS refused",
)
