"""Risks: what in a plan may take a service down, open it, or touch what is not ours. Each rule is a function."""

from collections.abc import Iterator

from edge.review.findings import Risk
from edge.review.risks import (
    accounts,
    alarms,
    code,
    exposure,
    forwarding,
    guards,
    handover,
    hidden,
    incomplete,
    lowered,
    neighbours,
    new_sign_ins,
    policies,
    proving,
    records,
    removal,
    routing,
    serving,
    signing_in,
    unexplained,
    who_signs_in,
)
from edge.review.risks.scene import Scene

__all__ = ["RULES", "code", "find", "incomplete", "neighbours", "unexplained"]

RULES = (
    *neighbours.RULES,
    *proving.RULES,
    *removal.RULES,
    *serving.RULES,
    *routing.RULES,
    *handover.RULES,
    *hidden.RULES,
    *signing_in.RULES,
    *who_signs_in.RULES,
    *new_sign_ins.RULES,
    *forwarding.RULES,
    *records.RULES,
    *accounts.RULES,
    *exposure.RULES,
    *alarms.RULES,
    *guards.RULES,
    *lowered.RULES,
    *policies.RULES,
)


def find(scene: Scene) -> Iterator[Risk]:
    """Find every risk of a plan, each once: those that no one can accept first, then in the order of the rules."""
    found: dict[str, Risk] = {}
    for rule in RULES:
        for risk in rule(scene):
            found.setdefault(risk.id, risk)
    yield from sorted(found.values(), key=lambda risk: risk.can_be_accepted)
