"""The hosts of neighbours' rules are asked before an apply and after it: our change must not change their answers.

The review names what a plan takes from others; this sees what it did.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.sessions import client_of
from edge.cli.exits import Exit
from edge.plan.folder import PlanFolder
from edge.verify.check import CheckFailedError
from edge.verify.clients import Clients
from edge.verify.endpoints import settings_from
from edge.verify.neighbour_hosts import Answer, Question, address_of, ask, differences, questions
from edge.verify.requests import Requests
from environments.checked import Environment

# Rules and certificates reach all nodes of a load balancer within seconds.
_PAUSES_SECONDS = (2, 4, 8)
# AWS takes 100 rules on a load balancer, of up to 5 values each; one path of a host shows what a deploy did to it.
_MOST_ASKED = 200
_REMEDY = "see which rule takes it: edge verify {name}; to go back, deploy the configuration from before"
Apply = Callable[[], int]


def beside_neighbours(
    folder: PlanFolder, environment: Environment, apply: Apply, *, sleep: Callable[[float], None] = time.sleep
) -> int:
    """Apply by `apply`, and say which neighbours answer otherwise since: then it is 1, though the plan is applied."""
    every = questions(folder.surveyed().rules)
    asked = every[:_MOST_ASKED]
    if not asked:
        return apply()
    clients = Clients.make(environment, client_of(environment), settings_from(os.environ), Requests())
    try:
        address = address_of(clients)
        _demand_reachable(asked[:1], clients, address)
    except (BotoCoreError, ClientError, CheckFailedError) as error:
        print(f"Hosts and paths of others were not asked before the apply ({len(asked)}): {error}", file=sys.stderr)
        return apply()
    if len(every) > len(asked):
        print(f"Of {len(every)} hosts and paths of others the first {len(asked)} are asked.", file=sys.stderr)
    before = ask(asked, clients, address=address)
    with _reported(environment.name, before, lambda which: ask(which, clients, address=address), sleep) as changed:
        code = apply()
    return Exit.FAILED if changed and code == Exit.DONE else code


def _demand_reachable(asked: tuple[Question, ...], clients: Clients, address: str) -> None:
    """Raise CheckFailedError where this machine gets no connection: each question would wait for one."""
    for answer in ask(asked, clients, address=address).values():
        if answer.status is None and not answer.names:
            raise CheckFailedError(answer.reason, "")


Ask = Callable[[tuple[Question, ...]], Mapping[Question, Answer]]


@contextmanager
def _reported(
    name: str, before: Mapping[Question, Answer], again: Ask, sleep: Callable[[float], None]
) -> Iterator[list[str]]:
    """Compare when the apply has ended, however it did; the list is filled with what differs."""
    changed: list[str] = []
    try:
        yield changed
    finally:
        changed += _compared(before, again, sleep).values()
        for sentence in changed:
            print(f"NEIGHBOUR {sentence}; {_REMEDY.format(name=name)}", file=sys.stderr)
        good = sum(answer.is_good for answer in before.values())
        silent = "; the rest did not answer before" if good < len(before) else ""
        if not changed:
            print(f"Hosts and paths of others that answer as before: {good} of {len(before)}{silent}.", file=sys.stderr)


def _compared(before: Mapping[Question, Answer], again: Ask, sleep: Callable[[float], None]) -> dict[Question, str]:
    """Ask what differs again for some seconds."""
    found = differences(before, again(tuple(before)))
    for pause in _PAUSES_SECONDS:
        if not found:
            break
        sleep(pause)
        found = differences({question: before[question] for question in found}, again(tuple(found)))
    return found
