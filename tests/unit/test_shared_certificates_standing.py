"""A certificate that serves several services, where it stands already: who may take it, and when it may go."""

import copy
from collections.abc import Iterator

import pytest
from moto import mock_aws

from edge.aws.survey.model import Found, Standing, Wanted
from edge.aws.survey.orphans import orphans
from edge.aws.survey.reader import Reader
from edge.aws.survey.survey import blocks, survey
from tests.support.files import environment, prod
from tests.support.survey_world import HOSTS, OURS, SurveyWorld

WILDCARDS = ["*.prod.getorcha.com", "*.getorcha.com"]
NAMES = [*HOSTS, *WILDCARDS]
DOCS = {**OURS, "Service": "docs"}
DOCS_HOSTS = ["docs.prod.getorcha.com", "docs.getorcha.com"]
NOBODY: dict[str, str] = {}


@pytest.fixture
def world() -> Iterator[SurveyWorld]:
    """A prod whose service docs is served with Link's certificate."""
    content = copy.deepcopy(prod())
    content["services"]["link"]["certificate_names"] = WILDCARDS
    content["services"]["docs"] = {"port": 9100, "priority": 30, "hosts": DOCS_HOSTS, "certificate": "link"}
    with mock_aws():
        made = SurveyWorld()
        made.environment = environment(content)
        yield made


def certificate(world: SurveyWorld) -> list[Found]:
    return world.look("aws_acm_certificate", domain_name=NAMES[0], subject_alternative_names=NAMES[1:])


def rule_of_docs(world: SurveyWorld, *, tags: dict[str, str]) -> Found:
    """Look for the rule of docs, which stands with these tags, as a plan wants it that serves it with Link's."""
    group = world.target_group(tags=tags, Name="v1-orcha-docs-tg")
    world.rule(tags=tags, group=group, hosts=DOCS_HOSTS)
    values = {
        "priority": 20,
        "condition": [{"host_header": [{"values": DOCS_HOSTS}]}],
        "action": [{"type": "forward", "order": 1}],
        "listener_arn": world.listener,
        "tags_all": {**DOCS, "Certificate": "link"},
    }
    wanted = Wanted(address="aws_lb_listener_rule.docs", type="aws_lb_listener_rule", account="prod", values=values)
    (found,) = survey([wanted], world.reader())
    return found


def test_another_tools_certificate_is_adopted_with_all_its_wildcards_and_on_the_listener(world: SurveyWorld) -> None:
    arn = world.certificate(NAMES, NOBODY)
    world.attach(arn)
    wanted = [
        Wanted(
            address="aws_acm_certificate.link",
            type="aws_acm_certificate",
            account="prod",
            values={"domain_name": NAMES[0], "subject_alternative_names": NAMES[1:], "tags_all": OURS},
        ),
        Wanted(
            address="aws_lb_listener_certificate.link",
            type="aws_lb_listener_certificate",
            account="prod",
            values={"listener_arn": world.listener},
        ),
    ]
    found = survey(wanted, world.reader())
    assert [(match.standing, match.import_id) for match in found] == [
        (Standing.ALIKE, arn),
        (Standing.ALIKE, f"{world.listener}_{arn}"),
    ]


@pytest.mark.parametrize("names", [HOSTS, NAMES[:-1], [*NAMES, "www.getorcha.com"]])
def test_a_certificate_that_would_not_serve_all_of_them_is_left_alone(world: SurveyWorld, names: list[str]) -> None:
    world.certificate(names, NOBODY)
    assert certificate(world) == []


def test_an_interrupted_deploys_certificate_is_ours_and_is_taken_in(world: SurveyWorld) -> None:
    arn = world.certificate(NAMES, OURS)
    (found,) = certificate(world)
    assert (found.standing, found.import_id, blocks(found)) == (Standing.OURS, arn, True)


@pytest.mark.parametrize("more", [NOBODY, {"Certificate": "link"}, {"Certificate": "shop"}])
def test_a_rule_of_ours_is_ours_whichever_certificate_it_serves_with(world: SurveyWorld, more: dict[str, str]) -> None:
    """A deploy that was interrupted on the way to a shared certificate leaves rules with and without that tag."""
    assert rule_of_docs(world, tags=DOCS | more).standing is Standing.OURS


@pytest.mark.parametrize("tags", [NOBODY, {"Certificate": "link"}, {**DOCS, "Environment": "staging"}])
def test_a_rule_of_others_is_not_ours_by_the_name_of_a_certificate(world: SurveyWorld, tags: dict[str, str]) -> None:
    assert rule_of_docs(world, tags=tags).standing is Standing.ALIKE


def test_a_replaced_shared_certificate_stays_until_its_successor_serves_every_service(world: SurveyWorld) -> None:
    old, narrow = world.certificate(NAMES, OURS), world.certificate(HOSTS, OURS)
    for arn in (old, narrow):
        world.attach(arn)
    assert reason_to_stay(world.reader(), narrow, old) == (
        "the listener serves docs.getorcha.com, docs.prod.getorcha.com by it, and by no other certificate that the "
        "state knows"
    )
    wide = world.certificate(NAMES, OURS)
    world.attach(wide)
    assert reason_to_stay(world.reader(), wide, old) == ""


def reason_to_stay(reader: Reader, known: str, arn: str) -> str:
    """Say why a certificate that the state does not know has to stay, where it knows one other."""
    return next(orphan.kept_because for orphan in orphans(reader, {known}, reader.https_listener) if orphan.arn == arn)
