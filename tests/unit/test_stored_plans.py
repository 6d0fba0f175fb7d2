"""The stored plans belong to the scenarios, hold nothing of the machine that made them, and are compared strictly."""

import copy
import json
import re
from pathlib import Path

import pytest

from tests.engine.plans.__main__ import main
from tests.engine.plans.comparing import Plan, differences, normal, without_lots
from tests.engine.plans.prod import PROD_WORLD
from tests.engine.plans.staging import STAGING_WORLD
from tests.plans import FOLDER, STORED_PLANS, environment_name, environment_toml, store, stored_plan
from tests.support.files import environment_of

SCENARIOS = PROD_WORLD.scenarios | STAGING_WORLD.scenarios
MAX_BYTES = 1_500_000
OF_A_MACHINE = re.compile(r"/(tmp|home|root|Users)/|localhost|://127\.|\b127\.0\.0\.1\b")


def test_every_scenario_is_stored_and_nothing_else() -> None:
    assert set(STORED_PLANS) == set(SCENARIOS)
    stored = {file.name for file in FOLDER.iterdir() if file.suffix in {".toml", ".xz", ".gz", ".json"}}
    assert stored == {f"{name}{end}" for name in SCENARIOS for end in (".json.xz", ".toml")}
    assert sum(file.stat().st_size for file in FOLDER.glob("*.xz")) < MAX_BYTES


@pytest.mark.parametrize("name", STORED_PLANS)
def test_a_stored_environment_file_is_right_and_its_scenarios(name: str) -> None:
    environment = environment_of(environment_toml(name), environment_name(name))
    assert environment_toml(name) == SCENARIOS[name].toml
    assert environment.name == (PROD_WORLD if name in PROD_WORLD.scenarios else STAGING_WORLD).name


@pytest.mark.parametrize("name", STORED_PLANS)
def test_a_stored_plan_says_nothing_of_the_machine_that_made_it(name: str) -> None:
    assert OF_A_MACHINE.findall(json.dumps(stored_plan(name))) == []


@pytest.mark.parametrize("name", STORED_PLANS)
def test_a_stored_plan_changes_something_unless_it_is_about_no_change(name: str) -> None:
    nothing = {name for name in STORED_PLANS if name.endswith("no_change")}
    assert stored_plan(name)["applyable"] == (name not in nothing)


def test_a_name_that_is_no_scenario_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "nonsense"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("nonsense: is not a scenario; take one of first_deploy, ")


def test_equal_plans_are_stored_as_equal_bytes(tmp_path: Path) -> None:
    plan = stored_plan("drift")
    store("one", plan, "", folder=tmp_path)
    store("other", dict(reversed(plan.items())), "", folder=tmp_path)
    assert (tmp_path / "one.json.xz").read_bytes() == (tmp_path / "other.json.xz").read_bytes()
    assert (tmp_path / "one.json.xz").read_bytes() == (FOLDER / "drift.json.xz").read_bytes()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sg-0a1b2c3d4e5f60718", "sg-ffffffffffffffff0"),
        ("2026-11-24 16:59:17.796 +0000 UTC", "2027-01-02 03:04:05.6 +0000 UTC"),
        ("2026-11-24T16:59:17Z", "2027-01-02T03:04:05Z"),
        ("v1-orcha-asg-20261124165902768800000004", "v1-orcha-asg-2026112417171730840000000f"),
        ("certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f", "certificate/ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ("0PUCSSNKD1E8GNPS0KSTZF_blog.getorcha.com", "ZZUCSSNKD1E8GNPS0KST00_blog.getorcha.com"),
        ("10.110.9.157", "10.86.35.164"),
    ],
)
def test_what_aws_draws_by_lot_is_no_difference(one: str, other: str) -> None:
    assert without_lots(one) == without_lots(other)


@pytest.mark.parametrize(
    "text", ["10.30.0.0/16", "111111111111", "link.prod.getorcha.com", "eu-central-1", "v1-orcha-link-tg-2", "300"]
)
def test_what_we_chose_is_compared_to_the_letter(text: str) -> None:
    assert without_lots(text) == text


def changed(plan: Plan, address: str, key: str, value: object) -> Plan:
    """Change one value of one resource's change."""
    copied = copy.deepcopy(plan)
    (found,) = [change for change in copied["resource_changes"] if change["address"] == address]
    found["change"][key] = value
    return copied


def test_a_difference_names_its_place_and_both_values() -> None:
    plan = stored_plan("settings_changed")
    other = changed(plan, "aws_lb_target_group.link", "actions", ["delete", "create"])
    assert differences(normal(plan), normal(plan)) == []
    assert differences(normal(plan), normal(other)) == [
        'resource_changes.aws_lb_target_group.link.change.actions: ["update"] is now ["delete", "create"]'
    ]


def test_the_order_of_a_replacement_is_a_difference() -> None:
    plan = stored_plan("san_added")
    other = changed(plan, "aws_acm_certificate.link", "actions", ["delete", "create"])
    assert differences(normal(plan), normal(other)) != []


def test_drift_that_is_gone_is_a_difference() -> None:
    plan = stored_plan("drift")
    other = {
        **plan,
        "resource_drift": [change for change in plan["resource_drift"] if "delete" not in str(change["change"])],
    }
    assert len(differences(normal(plan), normal(other))) >= 2
