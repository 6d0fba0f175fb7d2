"""What stands in the place that an environment file named before: the state, and what it holds in a region or account.

The base's version of the file says where that was. What is left there, nobody would know of any more.
"""

import sys
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws import state_bucket, state_object
from edge.aws.arns import account_of, region_of
from edge.aws.errors import plain
from edge.aws.sessions import client_of
from edge.cli.exits import BadInputError
from edge.plan.state_file import Instance, StateFile
from edge.review.risks.code import COPIED
from edge.terraform.base_code import BaseConfiguration
from environments.checked import Environment
from environments.text import listed

_BACKEND, _REGION = "backend", "region"
_NAMED_AT_MOST = 3


def left_behind(environment: str, base: BaseConfiguration, state: StateFile) -> dict[str, str]:
    """Say for each place that moves what stands in the old one, by its key; nothing where it is empty.

    `state` is the stored one, in the new place. A key that is missing was not looked at, or could not be read, which is
    reported.
    """
    if not base.moved or base.former is None:
        return {}
    old: StateFile | None = state
    found: dict[str, str] = {}
    if _BACKEND in base.moved:
        place = base.moved[_BACKEND][0]
        old = _former_state(base.former, place)
        if old is not None:
            found[_BACKEND] = _copied(base.moved[_BACKEND]) if _is_moved(old, state) else _holding(old.instances, place)
    if old is not None:
        found |= dict(_elsewhere(base.moved, old))
    for key, held in found.items():
        if held:
            before, after = base.moved[key]
            print(f"{environment}: {key} is {after} instead of {before}; {held}.", file=sys.stderr)
    return found


def _former_state(former: Environment, place: str) -> StateFile | None:
    """Read the state where the base's file has it; None, with a line, where it cannot be read."""
    try:
        there = state_bucket.place_of(former, client_of(former))
        if there is None:
            return None  # a file in a checkout, whose is not known
        text = state_object.text_of(there.s3, bucket=there.bucket, key=there.backend.key)
        return StateFile.of(text or "", place)
    except (BotoCoreError, ClientError) as error:
        reason = plain(error)
    except BadInputError as error:
        reason = str(error)
    print(f"What the state in the old place, {place}, holds was not read: {reason}", file=sys.stderr)
    return None


def _is_moved(old: StateFile, new: StateFile) -> bool:
    """Tell whether the new place has all of the old state: Terraform never changes a lineage, and counts serials up."""
    later = bool(old.lineage) and old.lineage == new.lineage and old.serial <= new.serial
    return later and old.addresses <= new.addresses


def _copied(places: tuple[str, str]) -> str:
    """Say what a state that was copied leaves: nothing in its own bucket, and in another one who may read it."""
    before, after = (urlsplit(place).hostname for place in places)
    return "" if before == after else f"{COPIED}, so whoever may read the bucket {after} reads it"


def _elsewhere(moved: Mapping[str, tuple[str, str]], state: StateFile) -> Iterator[tuple[str, str]]:
    """Say what a state has in the old region or account; only an empty one has nothing in a region for sure.

    Not everything has an ARN, by which that is known: a record has none. In which account is asked about in any case.
    """
    for key, (before, _) in moved.items():
        is_account = key.startswith("accounts.") and key.endswith(".id")
        if key == _REGION or is_account:
            part_of = account_of if is_account else region_of
            there = tuple(thing for thing in state.instances if part_of(thing.attributes.get("arn")) == before)
            if there or not (is_account or state.instances):
                yield key, _holding(there, "the state")


def _holding(things: tuple[Instance, ...], place: str) -> str:
    """Say how many things a place holds, and name the first; nothing where there are none."""
    names = sorted({thing.address for thing in things})
    if len(names) <= _NAMED_AT_MOST:
        return f"{place} holds {listed(names)}" if names else ""
    return f"{place} holds {len(names)} resources, such as {listed(names[:_NAMED_AT_MOST])}"
