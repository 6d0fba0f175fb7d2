"""The survey: every wanted thing is looked for by its identity, in the account that would hold it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from edge.aws.survey import alarms, balancing, certificates, firewall, hosted_zones, logins, records
from edge.aws.survey.model import Found, Standing, Wanted
from edge.aws.survey.reader import Reader

_CERTIFICATE, _ON_LISTENER = "aws_acm_certificate", "aws_lb_listener_certificate"
_FINDERS: Mapping[str, Callable[[Wanted, Reader], Iterator[Found]]] = {
    _CERTIFICATE: certificates.certificate,
    "aws_cloudwatch_metric_alarm": alarms.alarm,
    "aws_cognito_user_pool_client": logins.user_pool_client,
    "aws_lb_listener_rule": balancing.listener_rule,
    "aws_lb_target_group": balancing.target_group,
    "aws_route53_record": records.record,
    "aws_route53_zone": hosted_zones.hosted_zone,
    firewall.EGRESS: firewall.security_group_rule,
    firewall.INGRESS: firewall.security_group_rule,
}
# Made again they change nothing: a validation is only a wait, and an attachment is there or not.
REPEATABLE = frozenset({"aws_acm_certificate_validation", "aws_autoscaling_attachment", _ON_LISTENER})
# Which of several to take: a certificate in use before all others, so the first of them.
_ORDER = {Standing.OURS: 0, Standing.ALIKE: 1, Standing.IN_THE_WAY: 2}


def survey(wanted: Iterable[Wanted], reader: Reader) -> list[Found]:
    """Find what stands under the identity of each wanted thing, at most one for each address, in order of addresses.

    Raises botocore's errors. A type that is not known here is not looked for; `unknown_types` names them.
    """
    things = sorted(wanted, key=lambda thing: thing.address)
    found = [best for thing in things if (best := _best(thing, reader)) is not None]
    certificates_found = {match.wanted.name: match for match in found if match.wanted.type == _CERTIFICATE}
    for thing in things:
        if thing.type == _ON_LISTENER:
            found += balancing.listener_certificate(thing, reader, certificates_found.get(thing.name))
    return sorted(found, key=lambda match: match.wanted.address)


def _best(thing: Wanted, reader: Reader) -> Found | None:
    finder = _FINDERS.get(thing.type)
    matches = list(finder(thing, reader)) if finder else []
    if thing.type == _CERTIFICATE:  # one that is not ours stands in nobody's way: ACM allows any number over a name
        matches = [match for match in matches if match.standing is not Standing.IN_THE_WAY]
    best = min(matches, key=lambda match: _ORDER[match.standing], default=None)
    return best if best is None or len(matches) == 1 else replace(best, note=certificates.choice(best, matches, reader))


def blocks(found: Found) -> bool:
    """Tell whether something that stands keeps the plan from creating its own; ACM allows any number over a name."""
    return found.wanted.type not in REPEATABLE and (found.ours or found.wanted.type != _CERTIFICATE)


def unknown_types(wanted: Iterable[Wanted]) -> list[str]:
    """List the wanted types that cannot be looked for: those of a platform that the environment makes itself."""
    return sorted({thing.type for thing in wanted} - _FINDERS.keys() - REPEATABLE)
