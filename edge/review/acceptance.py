"""What an acceptance is of: a hash over the environment and over what the review shows of a risk.

An id such as REPLACE:aws_lb.edge names a risk, and stays the same when what it stands for changes; so whoever accepts
on a pull request accepts the hash. It covers the environment, the risk's kind, address and sentence, and what is there
before and after. Secrets count as hidden, since nobody sees them. The code's own risks leave their sentence out: it
names the base, which is another revision in the deploy than on the pull request.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from edge.review import alike
from edge.review.code_changes import Code, CodeChange
from edge.review.differences import redacted
from edge.review.findings import Risk
from edge.review.risks import code as code_risks
from edge.tfplan.blocks import portable
from edge.tfplan.model import Change

_HASHED_BYTES = 10  # 80 bits: 16 letters and digits of Base32, RFC 4648


def bound(
    risks: Iterable[Risk], *, environment: str | None, changes: Iterable[Change], code: Code | None
) -> tuple[Risk, ...]:
    """Give the risks with the hashes by which a label accepts them, alone or with all of their group."""
    name = environment or ""
    planned: dict[tuple[str, str | None], Change] = {(change.address, change.deposed): change for change in changes}
    written = {change.address: change for change in code.changes} if code else {}
    # Where no base makes anything, nothing is shown block by block: what is accepted is all that was planned.
    failure = code.comparison.failure if code and code.comparison else None
    whole = [failure, portable(code.configuration)] if code else []
    alone = [replace(risk, environment=name, hash=_hash(name, _seen(risk, planned, written, whole))) for risk in risks]
    together: dict[str, list[str]] = {}
    for risk in alone:
        if risk.group_id:
            together.setdefault(risk.group_id, []).append(risk.hash)
    hashes = {group_id: _hash(name, [group_id, sorted(members)]) for group_id, members in together.items()}
    for key, members in alike.shared(alone).items():
        of_all = _hash(name, [*key, sorted(risk.hash for risk in members)])
        hashes |= {risk.hash: of_all for risk in members}
    return tuple(replace(risk, group_hash=hashes.get(risk.group_id or risk.hash, "")) for risk in alone)


def _seen(
    risk: Risk, planned: Mapping[tuple[str, str | None], Change], written: Mapping[str, CodeChange], whole: list[Any]
) -> list[Any]:
    """Give what a reader sees of a risk, as JSON."""
    if risk.kind == code_risks.CODE:
        block = written.get(risk.address)
        return [risk.kind, risk.address, [block.before, block.after] if block else whole]
    of_attribute = risk.address.rpartition("#")[0]  # of a guard, or of a check of checkov's
    change = planned.get((risk.address, risk.deposed)) or planned.get((of_attribute, risk.deposed))
    return [risk.id, risk.sentence, _content(change) if change else None, *risk.content]


def _content(change: Change) -> list[Any]:
    before = redacted(change.before, change.before_sensitive)
    after = redacted(change.after, change.after_sensitive)
    return [change.action.value, before, after, change.unknown, change.moved_from, change.imported_id]


def _hash(environment: str, seen: list[Any]) -> str:
    text = json.dumps([environment, seen], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return base64.b32encode(hashlib.sha256(text.encode("ascii")).digest()[:_HASHED_BYTES]).decode("ascii").lower()
