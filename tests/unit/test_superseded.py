"""What a change of port and generation left when it was cut off: taken over where it stands, and its old ones last."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.aws.survey import firewall
from edge.aws.survey.model import Wanted
from edge.aws.survey.superseded import old_groups, old_ports
from edge.plan.errors import RefusedError
from edge.plan.standing import refusal, replacing, standing
from edge.plan.state_file import StateFile
from edge.recover.recovering import Recovery
from edge.recover.removal import leftovers, remove
from edge.recover.report import Report
from edge.tfplan.parse import parse
from tests.support.survey_world import BALANCER_ADDRESSES, OURS, SurveyWorld, pairs
from tests.unit.test_recovering import EMPTY, Fake, surveyed

GROUP, EGRESS = "aws_lb_target_group.link", f"{firewall.EGRESS}.link"
NEW = "v1-orcha-link-tg-2"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyWorld]:
    with surveyed(monkeypatch) as made:
        yield made


def groups(world: SurveyWorld, *known: str, service: str = "link") -> dict[str, str]:
    """Look, where the state has these; give why each that is found has to stay."""
    successors = {service: known[-1]} if known else {}
    return {found.name: found.kept_because for found in old_groups(world.reader(), successors, known)}


def test_a_group_of_ours_goes_once_its_successor_stands_and_nothing_forwards_to_it(world: SurveyWorld) -> None:
    old = world.target_group(tags=OURS)
    assert groups(world) == {}
    new = world.target_group(tags=OURS, port=9998, Name=NEW)
    assert groups(world, new) == {"v1-orcha-link-tg": ""}
    assert groups(world, old, new) == {}
    assert groups(world, new, service="desk") == {}
    world.rule(tags=OURS, group=old)
    assert groups(world, new) == {"v1-orcha-link-tg": "v1-orcha-alb still forwards to it"}


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("v1-orcha-link-tg-3", {**OURS, "Environment": "staging"}),
        ("v1-orcha-link-tg-3", {**OURS, "Service": "desk"}),
        ("v1-orcha-link-tg-3", {}),
        ("v1-orcha-link-tg-canary", OURS),
        ("v1-orcha-shop-tg", {**OURS, "Service": "shop"}),
    ],
)
def test_a_group_that_only_looks_alike_stays(world: SurveyWorld, name: str, tags: dict[str, str]) -> None:
    new = world.target_group(tags=OURS, Name=NEW)
    world.target_group(tags=tags, Name=name)
    assert groups(world, new) == {}


def port(world: SurveyWorld, number: int, *, tags: dict[str, str] = OURS, description: str = "Link") -> str:
    peer = {"CidrIp": BALANCER_ADDRESSES, "Description": description}
    permission = {"IpProtocol": "tcp", "FromPort": number, "ToPort": number, "IpRanges": [peer]}
    specification = [{"ResourceType": "security-group-rule", "Tags": pairs(tags)}]
    answer = world.client("ec2").authorize_security_group_egress(
        GroupId=world.groups["balancer"],
        IpPermissions=[permission],
        **({"TagSpecifications": specification} if tags else {}),
    )
    return str(answer["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def attributes(world: SurveyWorld, number: str) -> dict[str, Any]:
    place = {"security_group_id": world.groups["balancer"], "cidr_ipv4": BALANCER_ADDRESSES}
    return {"id": number, "description": "Link", "tags_all": OURS, **place}


def test_a_port_of_ours_goes_once_its_successor_stands(world: SurveyWorld) -> None:
    old, new = port(world, 9999), port(world, 9998)
    port(world, 1, tags={})
    port(world, 2, tags={**OURS, "Environment": "staging"})
    port(world, 3, description="VPN")
    known = [{**attributes(world, new), "egress": True}]
    assert [found.id for found in old_ports(world.reader(), known, ())] == [old]
    assert list(old_ports(world.reader(), [], ())) == []
    assert list(old_ports(world.reader(), [{**known[0], "egress": False}], ())) == []
    kept = old_groups(world.reader(), {"link": "arn"}, ["arn"]) or [_kept(world)]
    assert list(old_ports(world.reader(), known, kept)) == []


def _kept(world: SurveyWorld) -> Any:
    world.rule(tags=OURS, group=world.target_group(tags=OURS))
    (found,) = old_groups(world.reader(), {"link": "arn"}, ["arn"])
    assert found.kept_because
    return found


def state(world: SurveyWorld, group: str, rule: str) -> StateFile:
    rows = {GROUP: {"id": group, "arn": group, "tags_all": OURS}, EGRESS: attributes(world, rule)}
    resources = [
        {
            "mode": "managed",
            "type": address.partition(".")[0],
            "name": "link",
            "instances": [{"attributes": values}],
        }
        for address, values in rows.items()
    ]
    return StateFile.of(json.dumps({"version": 4, "lineage": "a", "serial": 1, "resources": resources}), "the state")


def test_what_is_left_is_removed_and_a_second_look_finds_nothing(
    world: SurveyWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = world.target_group(tags=OURS), world.target_group(tags=OURS, port=9998, Name=NEW)
    first, second = port(world, 9999), port(world, 9998)
    known = state(world, new, second)
    found = leftovers(world.reader(), known)
    assert [old in group.arn for group in found.groups] == [True]
    remove(found, world.reader(), Report())
    assert leftovers(world.reader(), known).things == []
    output = capsys.readouterr().err
    assert f"by hand: aws elbv2 delete-target-group --target-group-arn {old}" in output
    assert (
        f"revoke-security-group-egress --group-id {world.groups['balancer']} --security-group-rule-ids {first}"
        in output
    )


def replacement(world: SurveyWorld, before: str) -> dict[str, Any]:
    """Write the plan of a new port and generation, as Terraform shows it."""
    old = {"id": before, "name": "v1-orcha-link-tg", "port": 9999}
    after = {"name": NEW, "port": 9998, "vpc_id": world.vpc, "protocol": "HTTP", "tags_all": OURS}
    ports = {**attributes(world, "sgr-1"), "ip_protocol": "tcp", "from_port": 9999, "to_port": 9999}
    moved = {**ports, "id": None, "from_port": 9998, "to_port": 9998}
    rows = ((GROUP, old, after), (EGRESS, ports, moved))
    return {
        **EMPTY,
        "resource_changes": [
            {
                "address": address,
                "type": address.partition(".")[0],
                "name": "link",
                "change": {"actions": ["create", "delete"], "before": before, "after": after},
            }
            for address, before, after in rows
        ],
    }


def test_a_next_generation_that_stands_is_taken_and_its_ports_are_not_moved_in_place(
    world: SurveyWorld, tmp_path: Path
) -> None:
    """Nothing is forgotten before the new group stands, and then its ports with it, whether or not they stand."""
    old = world.target_group(tags=OURS)
    plan = replacement(world, old)
    assert recover(world, Fake(tmp_path, [plan, EMPTY])) == ["plan", "apply recover -lock=false", "plan"]
    world.target_group(tags=OURS, port=9998, Name=NEW)
    done = recover(world, Fake(tmp_path, [plan, EMPTY], known(GROUP, EGRESS)))
    assert done == ["plan", f"state rm -lock=false {GROUP}", f"state rm -lock=false {EGRESS}", f"plan {GROUP}", "plan"]


def test_what_only_the_plan_takes_in_is_not_forgotten(world: SurveyWorld, tmp_path: Path) -> None:
    """Terraform refuses to forget what its state does not have, and the recovery would end there."""
    old = world.target_group(tags=OURS)
    world.target_group(tags=OURS, port=9998, Name=NEW)
    done = recover(world, Fake(tmp_path, [replacement(world, old), EMPTY], known(GROUP)))
    assert done == ["plan", f"state rm -lock=false {GROUP}", f"plan {GROUP}", "plan"]


def test_a_port_that_a_plan_would_move_in_place_stays_open_until_the_listener_has_switched(
    world: SurveyWorld, tmp_path: Path
) -> None:
    """Where the new group was made and its ports were not, the plan sees no replacement any more, and moves them."""
    before = {**attributes(world, "sgr-1"), "ip_protocol": "tcp", "from_port": 9999, "to_port": 9999}
    other = {**before, "description": "Link"}
    moved = {**before, "from_port": 9998, "to_port": 9998}
    for after, forgotten in (
        (moved, [f"state rm -lock=false {EGRESS}", "plan"]),
        (other, ["apply recover -lock=false"]),
    ):
        change = {"actions": ["update"], "before": before, "after": after}
        row = {"address": EGRESS, "type": EGRESS.partition(".")[0], "name": "link", "change": change}
        plan = {**EMPTY, "resource_changes": [row]}
        done = recover(world, Fake(tmp_path, [plan, EMPTY], known(EGRESS)))
        assert done == ["plan", *forgotten, "plan"]


def known(*addresses: str) -> dict[str, Any]:
    """Write a state that has these, and no more of each than an ARN."""
    rows = [
        {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": {"arn": f"arn:{kind}"}}]}
        for kind, _, name in (address.partition(".") for address in addresses)
    ]
    return {"version": 4, "lineage": "a", "serial": 1, "resources": rows}


def recover(world: SurveyWorld, fake: Fake) -> list[str]:
    Recovery(world.environment, fake, world.reader, Report(), lambda _: True, (), ("-lock=false",)).run()
    return fake.did


@pytest.mark.parametrize(
    ("tags", "words"), [({}, "another tool made it; remove it, or change"), (OURS, "edge recover")]
)
def test_a_next_generation_that_stands_already_is_named_before_anything_is_written(
    world: SurveyWorld, tags: dict[str, str], words: str
) -> None:
    old = world.target_group(tags=OURS)
    wanted = replacing(world.environment, parse(replacement(world, old)))
    assert standing(wanted, world.reader()) == []
    world.target_group(tags=tags, port=9998, Name=NEW)
    (found,) = standing(wanted, world.reader())
    assert refusal(found).startswith(f"{GROUP}: target group {NEW} stands already; ")
    assert words in refusal(found)


def test_what_nothing_imports_is_in_the_way_all_the_same(world: SurveyWorld) -> None:
    """A text beside which DNS allows no CNAME has no id of its own to be imported by."""
    world.record("link.getorcha.com", "TXT", '"proof"')
    values = {"zone_id": world.zone, "name": "link.getorcha.com", "type": "CNAME", "ttl": 300, "records": ["a.com"]}
    wanted = Wanted(address="aws_route53_record.link", type="aws_route53_record", account="prod", values=values)
    assert [found.thing for found in standing([wanted], world.reader())] == ["record TXT link.getorcha.com"]


def test_somebody_elses_next_generation_stops_a_recovery(world: SurveyWorld, tmp_path: Path) -> None:
    old = world.target_group(tags=OURS)
    world.target_group(tags={}, port=9998, Name=NEW)
    with pytest.raises(RefusedError, match=f"target group {NEW} stands already; it is not ours"):
        recover(world, Fake(tmp_path, [replacement(world, old)]))
