"""A validation record that stands before a deploy would write it: whose it is, and what a person is asked to do."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from edge.aws.survey.model import Found, Standing, Wanted
from edge.aws.survey.proofs import unexplained_proof
from edge.aws.survey.reader import Reader
from edge.plan.standing import refusal
from tests.support.survey_world import OURS, SurveyWorld

DOMAIN, WILDCARD = "app.getorcha.com", "*.app.getorcha.com"
SOMEBODY = {"Team": "shop"}
OTHER_REGION = "us-east-1"


@pytest.fixture
def world() -> Iterator[SurveyWorld]:
    with mock_aws():
        yield SurveyWorld()


def look(world: SurveyWorld, domain: str = DOMAIN) -> list[Found]:
    return world.look("aws_route53_record", domain=domain, zone_id=world.zone, type="CNAME", ttl=300)


def notice(world: SurveyWorld) -> str:
    values = {"zone_id": world.zone, "type": "CNAME"}
    address = "aws_route53_record.app_getorcha_com__validation"
    wanted = Wanted(address=address, type="aws_route53_record", account="prod", values=values, domain=DOMAIN)
    return unexplained_proof(wanted, world.reader())


@pytest.mark.parametrize("proven", [DOMAIN, WILDCARD])
def test_the_proof_of_another_tools_certificate_is_alike_and_its_reason_says_what_rests_on_it(
    world: SurveyWorld, proven: str
) -> None:
    """ACM wants one record for a name and its wildcard, whichever of them a certificate has."""
    arn = world.certificate([proven], SOMEBODY)
    assert look(world) == []
    name = world.prove(arn, proven)
    (found,) = look(world)
    assert (found.standing, found.import_id) == (Standing.ALIKE, f"{world.zone}_{name}._CNAME")
    assert refusal(found) == (
        f"aws_route53_record.link: record CNAME {name} stands already; it is not ours: it proves {DOMAIN} to ACM for "
        f"certificate {arn.rpartition('/')[2]} over {proven} in eu-central-1, and ACM wants this same record for every "
        "certificate of the account over that name or its wildcard; take it over with `edge adopt`"
    )


def test_the_proof_that_an_interrupted_deploy_wrote_is_ours_whoever_rests_on_it_too(world: SurveyWorld) -> None:
    world.certificate([WILDCARD], SOMEBODY)
    world.prove(world.certificate(["link.getorcha.com", WILDCARD], OURS), WILDCARD)
    (found,) = look(world)
    assert (found.standing, found.reason) == (Standing.OURS, "")
    assert "take it in with `edge recover`" in refusal(found)


def test_another_environments_certificate_is_not_ours(world: SurveyWorld) -> None:
    world.prove(world.certificate([WILDCARD], {**OURS, "Environment": "staging"}), WILDCARD)
    (found,) = look(world)
    assert found.standing is Standing.ALIKE


def test_the_proof_of_a_certificate_of_another_region_is_found(world: SurveyWorld) -> None:
    """ACM derives it from the account and the domain: CloudFront's certificates lie in us-east-1."""
    world.prove(world.certificate([WILDCARD], SOMEBODY, region=OTHER_REGION), WILDCARD)
    (found,) = look(world)
    assert found.standing is Standing.ALIKE
    assert f"over {WILDCARD} in {OTHER_REGION}, " in found.reason
    assert notice(world) == ""


def test_other_regions_are_asked_only_where_a_proof_stands(world: SurveyWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(_reader: Reader) -> None:
        raise AssertionError("every region was asked")

    monkeypatch.setattr(Reader, "elsewhere", property(asked))
    world.record("_dmarc.app.getorcha.com", "TXT", '"v=DMARC1"')
    world.record("_other.app.getorcha.com", "CNAME", "elsewhere.example.")
    assert (look(world), notice(world)) == ([], "")
    world.record("_0123.app.getorcha.com", "CNAME", "_4567.abc.acm-validations.aws.")
    with pytest.raises(AssertionError, match="every region was asked"):
        look(world)


def test_a_proof_that_no_certificate_explains_is_reported_with_what_may_follow(world: SurveyWorld) -> None:
    world.record("_0123.app.getorcha.com", "CNAME", "_4567.abc.acm-validations.aws.")
    assert look(world) == []
    assert notice(world) == (
        "_0123.app.getorcha.com in account prod proves app.getorcha.com to ACM, for a certificate that account prod "
        'does not have. Where ACM wants the same for ours, the deploy ends with "already exists", and '
        "`edge recover prod` then takes the record in."
    )


def test_a_proof_of_a_name_below_is_of_no_concern(world: SurveyWorld) -> None:
    world.prove(world.certificate(["shop.app.getorcha.com"], SOMEBODY), "shop.app.getorcha.com")
    assert (look(world), notice(world)) == ([], "")
