"""Whether the accounts, the state's bucket and the zones are there, before Terraform is started.

Terraform finds the same one after another, some of it minutes into an apply. Where AWS cannot be reached from here,
that is reported and left to Terraform, whose ways to sign in are not all boto3's.
"""

import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws import state_bucket, state_object
from edge.aws.errors import plain
from edge.aws.identity import strangers
from edge.aws.neighbours.zones import undelegated
from edge.aws.sessions import ClientOf, client_of
from edge.aws.state_bucket import Place
from edge.aws.survey.reader import Reader
from edge.cli.exits import BadInputError
from edge.preflight.profiles import NO_SIGN_IN, missing_sign_ins, reached
from edge.preflight.several_zones import named
from edge.roles.records import zones_of
from environments.checked import Environment
from environments.dns_names import canonical
from environments.faults import Fault
from environments.loader import shown_file

_Answer = TypeVar("_Answer")
_DENIED = {"403", "AccessDenied", "AccessDeniedException"}


class NotReadyError(BadInputError):
    """Something must be put right before anything is planned; one line for each, with what to do."""


def demand_readiness(environment: Environment, *, only_state: bool = False) -> None:
    """Refuse to go on where an account, the state's bucket or a zone is not as the file has it, by NotReadyError.

    With `only_state` the zones of others may be gone: a removal needs nothing but the state.
    """
    clients = client_of(environment)
    parts: dict[str, Callable[[Environment, ClientOf], Iterator[str]]] = {"accounts": _accounts, "state": _state}
    faults: list[str] = []
    for part, look in parts.items():
        if not faults:
            faults += _looked_at(part, look, environment, clients)
    if not faults and not only_state:
        faults = missing_zones(environment)
    if faults:
        raise NotReadyError("\n".join(faults))


def missing_zones(environment: Environment) -> list[str]:
    """Say of each zone that is missing, or not single, what to correct; nothing where AWS cannot be reached.

    Raises NotReadyError where AWS refuses to answer.
    """
    return _looked_at("zones", _zones, environment, client_of(environment))


def _looked_at(
    part: str, look: Callable[[Environment, ClientOf], Iterator[str]], environment: Environment, clients: ClientOf
) -> list[str]:
    try:
        return list(look(environment, clients))
    except ClientError as error:
        why = f"AWS refuses: {plain(error)}; sign in with that permission"
        raise NotReadyError(f"{_place(environment, part)}: {why}") from error
    except BotoCoreError as error:
        unasked(environment, f"Before the plan nobody looked at the {part} of {environment.name}", error)
        return []


def unasked(environment: Environment, what: str, error: BotoCoreError | ClientError) -> None:
    """Report what AWS was not asked, and why; raises NotReadyError where Terraform could not sign in either."""
    if isinstance(error, NO_SIGN_IN):
        raise NotReadyError("\n".join(missing_sign_ins(environment, error))) from error
    say(f"{what}: {plain(error)}")


def _place(environment: Environment, part: str) -> str:
    return f"{shown_file(environment.name)}: {'backend' if part == 'state' else part}"


def _accounts(environment: Environment, clients: ClientOf) -> Iterator[str]:
    """Compare the accounts that a plan reaches; one of which nothing is asked may have no sign-in at all."""
    yield from strangers(environment, clients, reached(environment))


def _state(environment: Environment, clients: ClientOf) -> Iterator[str]:
    """Refuse a state that cannot be read; that its bucket is less strict than it should be is only reported."""
    place = state_bucket.place_of(environment, clients)
    if place is None:
        return
    try:
        there = state_bucket.stands(place)
    except state_bucket.BucketError as error:
        yield str(error)
        return
    remedy = f"edge bootstrap {environment.name}"
    if not there:
        yield f"the state's bucket s3://{place.bucket} does not stand yet; make it with `{remedy}`"
        return
    key = place.backend.key
    if fault := state_object.fault_of_format(place.s3, bucket=place.bucket, key=key):
        yield fault
    if (versioning := _or_none(state_bucket.versioning, place)) not in ("Enabled", None):
        kept = "no longer keeps" if versioning else "does not keep"
        say(f"s3://{place.bucket} {kept} earlier versions, by which a lost state comes back; `{remedy}` sets that.")
    if (encryption := _or_none(state_bucket.encryption, place)) and not encryption.algorithm:
        say(f"s3://{place.bucket} does not encrypt what it holds; `{remedy}` sets that.")


def _or_none(question: Callable[[Place], _Answer], place: Place) -> _Answer | None:
    """Ask what a role that was derived by an earlier release may not; raises botocore's errors for anything else."""
    try:
        return question(place)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _DENIED:
            raise
        say(f"How s3://{place.bucket} keeps the state was not asked: {plain(error)}; derive the roles again.")
        return None


def _zones(environment: Environment, clients: ClientOf) -> Iterator[str]:
    """Refuse a zone that is missing or not single; the review asks about one that its parent does not lead to."""
    reader = Reader(environment, clients)
    for account in environment.accounts:
        wanted = [zone for zone in zones_of(environment, account) if not environment.zones[zone].create]
        found = _public_zones(reader, account) if wanted else {}
        for zone in wanted:
            yield from _faults_of(environment, zone, account, found.get(zone, []), reader)
    for delegation in undelegated(reader):
        say(
            f"{delegation.zone} does not lead to our zone {delegation.name}: nobody sees its records, and ACM proves "
            "no certificate by them."
        )


def _public_zones(reader: Reader, account: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page in reader.client("route53", account).get_paginator("list_hosted_zones").paginate():
        for zone in page["HostedZones"]:
            if not zone["Config"]["PrivateZone"]:
                found.setdefault(canonical(zone["Name"]), []).append(zone["Id"].rpartition("/")[2])
    return found


def _faults_of(environment: Environment, zone: str, account: str, ids: list[str], reader: Reader) -> Iterator[str]:
    declared = environment.zones[zone].id
    here = f"account {account} ({environment.accounts[account].id})"
    if declared is not None and declared not in ids:
        problem = f"{here} holds no public hosted zone of this name with the id {declared}; correct the id"
    elif not ids:
        problem = f"{here} holds no public hosted zone of this name; correct the account, or set create = true"
    elif declared is None and len(ids) > 1:
        which = named(reader, zone, account, ids)
        problem = f"{here} holds {len(ids)} public hosted zones of this name; name one by its id: {which}"
    else:
        return
    yield str(Fault(shown_file(environment.name), f'zones."{zone}"', problem))


def say(sentence: str) -> None:
    """Report what stops nothing, on standard error."""
    print(sentence, file=sys.stderr, flush=True)
