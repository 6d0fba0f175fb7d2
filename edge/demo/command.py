"""`edge demo`: deploy an environment, unchanged, to an embedded AWS on this machine.

Runs the real `cdktf deploy`, shows it part by part, then what exists in each account, the outputs, that a second plan
is empty, and with real DNS, TLS and HTTP requests that what was deployed serves. What cdktf and Terraform say goes to a
file. Stops what it started, also on Ctrl-C or failure; with --keep it is left running, and it prints how to look at it.
"""

import os
import shlex
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from bootstrap.places import HERE
from edge.aws import inventory
from edge.aws.state_bucket import place_of
from edge.cli import environment_argument
from edge.cli.exits import Exit, FailedError
from edge.cli.lines import fitted
from edge.cli.subcommand import Subcommand
from edge.cli.waiting import begin, waiting
from edge.demo import others, pages
from edge.prerequisites import bucket
from edge.terraform import provider_lock
from edge.terraform.child_processes import follow
from edge.terraform.errors import EngineError
from edge.terraform.runner import Terraform
from edge.terraform.synthesis import Stack
from edge.terraform.toolchain import terraform_environment
from edge.tfplan.parse import parse
from edge.verify import report
from edge.verify.check import Run
from edge.verify.checklist import verify
from edge.verify.clients import Clients
from edge.verify.endpoints import settings_from
from edge.verify.neighbour_hosts import differences
from edge.verify.requests import Requests
from edge.verify.shell_commands import lines
from edge.watch.parts import resources
from edge.watch.show import Show
from edge.watch.steps import boxes
from embedded_aws.process import DEFAULT_LIFETIME_SECONDS, LocalAws
from environments.checked import Environment
from environments.loader import load

progress = Console(stderr=True)
page = Console()


class DemoError(FailedError):
    """The demonstration did not work; the message says which step, and what to do next."""


def _run(options: Namespace) -> int:
    """Run the demonstration; raises DemoError, with the reason, where it does not work."""
    (environment,) = load([environment_argument.named(options)])
    try:
        _demonstrate(environment, keep=options.keep)
    except KeyboardInterrupt:
        print("\nInterrupted; everything that was started is stopped.", file=sys.stderr)
        raise
    return Exit.DONE


def _demonstrate(environment: Environment, *, keep: bool) -> None:
    _say(f"Deploying environments/{environment.name}.toml with cdktf, on an embedded AWS; DNS takes 15 s each time …")
    with LocalAws.start([environment], keep=keep, plane=True, with_buckets=False) as aws:
        look = _show_how_to_look if keep else _show_nothing
        try:
            _deploy_and_show(environment, aws)
            verify_and_show(environment, aws, by_hand=keep)
        except (DemoError, EngineError):
            _say_what_the_server_said(aws)
            look(environment, aws)
            raise
        except KeyboardInterrupt:
            aws.stop()  # kept or not: who interrupts it wants it gone
            raise
        look(environment, aws)


def _say_what_the_server_said(aws: LocalAws) -> None:
    """Tell the embedded AWS's own failures apart from what it answers as AWS would."""
    if words := aws.last_words():
        print(f"\nThe embedded AWS itself failed; its server's last words:\n{words}\n", file=sys.stderr)


def _deploy_and_show(environment: Environment, aws: LocalAws) -> None:
    started = time.monotonic()
    _make_bucket(environment, aws)
    before = inventory.take(environment, aws.client)
    environ = aws.child_environment(terraform_environment()) | {"CI": "1"}
    asked = others.asked_of(environment, aws)
    answered = others.answers(environment, aws, asked)
    _deploy(environment, environ, aws)
    answering = others.answers(environment, aws, asked)
    if changed := differences(answered, answering):
        raise DemoError("\n".join(f"{sentence}; the deploy changed that" for sentence in changed.values()))
    after = inventory.take(environment, aws.client)
    _print(pages.inventory(environment, sorted(set(after) - set(before))))
    _print(others.as_before(answering))
    terraform = Terraform(_stack(environment, aws), environ)
    _print(("Outputs:", *(f"  {name:22}{value}" for name, value in terraform.outputs().items())))
    _demand_an_empty_plan(terraform)
    _print([f"It works, in {time.monotonic() - started:.0f} s: the second plan is empty."], style="bold green")


def _make_bucket(environment: Environment, aws: LocalAws) -> None:
    """Make the bucket of the state, as `edge bootstrap` does, without a word."""
    if (place := place_of(environment, aws.client)) is not None:
        for step in bucket.steps(place):
            step.act()


def verify_and_show(environment: Environment, aws: LocalAws, *, by_hand: bool) -> None:
    """Ask from outside whether it serves, and say how to ask by hand; raises DemoError where a check does not pass."""
    started = time.monotonic()
    settings, requests = settings_from(aws.variables), Requests()
    run_of_checks = Run(requests)
    begin()  # a line was just printed
    with waiting("asking by DNS, TLS and HTTP, as clients do"):
        verify(environment, run_of_checks, Clients.make(environment, aws.client, settings, requests))
    results = run_of_checks.results
    _print(pages.checks(results))
    _print(report.line(result) for result in results if result.outcome != "passed")
    sentence = report.summary(results, name=environment.name, seconds=time.monotonic() - started)
    if any(result.outcome != "passed" for result in results):
        raise DemoError(sentence)
    _print([sentence], style="bold green")
    _print((*pages.way(environment), pages.NEXT.format(name=environment.name)))
    if by_hand:
        _print(("The same by hand:", *(f"  {line}" for line in lines(environment, settings, results))))


def _output(aws: LocalAws) -> Path:
    """Keep what is synthesized, and Terraform's working folder, apart from those of a real deploy."""
    return aws.folder / "cdktf.out"


def _stack(environment: Environment, aws: LocalAws) -> Path:
    return _output(aws) / "stacks" / environment.name


def _say(sentence: str) -> None:
    for line in fitted(sentence, sys.stderr, pages.WIDTH):
        progress.print(line, soft_wrap=True, style="bold")


def _print(texts: Iterable[str], style: str = "") -> None:
    for text in texts:
        for line in fitted(text, sys.stdout, pages.WIDTH):
            page.print(line, style=style, soft_wrap=True, markup=False, highlight=False)


def _deploy(environment: Environment, environ: dict[str, str], aws: LocalAws) -> None:
    """Run cdktf, showing what it does to which part; raises DemoError with Terraform's own words where it fails."""
    log, stack = aws.folder / "deploy.log", Stack(_stack(environment, aws))
    command = ["cdktf", "deploy", environment.name, "--auto-approve", "--output", str(_output(aws))]
    provider_lock.lay_beside(stack.folder)
    with Show(lambda: resources(stack.read()), progress) as show:
        code = follow(command, environ=environ, folder=HERE.root, log=log, watch=show)
    printed = log.read_text(encoding="utf-8", errors="replace").splitlines()
    _print(f"{box}\n" for box in boxes(printed))
    if code != 0:
        raise DemoError(f"The deploy failed. `edge demo --keep` keeps every line of the engine, in {log.name}.")


def _demand_an_empty_plan(terraform: Terraform) -> None:
    file = terraform.folder / "second.tfplan"
    text = terraform.plan(file)
    if not parse(terraform.show(file)).changes_nothing:
        raise DemoError(f"{text}\nThe second plan is not empty; its text stands above.")


def _show_nothing(_environment: Environment, _aws: LocalAws) -> None:
    """Show nothing: the embedded AWS is about to end."""


def _show_how_to_look(environment: Environment, aws: LocalAws) -> None:
    hours = DEFAULT_LIFETIME_SECONDS / 3600
    profile = environment.accounts[environment.platform.account].profile or "default"
    stack = shlex.quote(str(_stack(environment, aws)))
    page.print(f"\nThe embedded AWS keeps running at {aws.url} for {hours:g} hours; `kill {aws.pid}` ends it.\n")
    for line in (
        "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in aws.variables.items()),
        f"export AWS_PROFILE={profile}  # an account of environments/{environment.name}.toml, by its profile",
        f".venv/bin/edge verify {environment.name}",
        "aws elbv2 describe-target-groups",
        ".venv/bin/python -c \"import boto3; print(boto3.client('acm').list_certificates())\"",
        f".venv/bin/edge tool terraform -chdir={stack} state list",
    ):
        _print([f"  {line}"])


def _add_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser, "the environment's name (default: prod)", demanded=False)
    parser.set_defaults(environment="prod")
    parser.add_argument(
        "--keep",
        action="store_true",
        default=os.environ.get("KEEP", "") not in {"", "0"},
        help="leave the embedded AWS running, and say how to look at it; the variable KEEP=1 does the same",
    )


DEMO = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="It needs no AWS account: the real cdktf deploys the unchanged file, a second plan must be empty, and DNS, "
    "TLS and HTTP requests must be served.",
    example="edge demo prod --keep",
    done="all of it worked",
    failed="a step did not work",
)
