"""A file that moves the state, the region or an account: what stands in the old place is looked for, and named."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from edge.plan import left_behind as module
from edge.plan.left_behind import left_behind
from edge.plan.state_file import StateFile
from edge.terraform.base_code import BaseConfiguration
from environments.loader import load_former
from environments.whereabouts import moves
from tests.support.files import PROD_TOML
from tests.support.two_accounts import Accounts

TOML = PROD_TOML.read_text(encoding="utf-8")
BUCKET, REGION, PROD = "v1-orcha-terraform-state", "eu-central-1", "111111111111"
OLD = f"s3://{BUCKET}/edge/prod.tfstate"
KEY = ('key    = "edge/prod.tfstate"', 'key    = "edge/other.tfstate"')
ELSEWHERE = ('prefix = "v1-orcha"\nregion = "eu-central-1"', 'prefix = "v1-orcha"\nregion = "us-east-1"')
NAMES = ("aws_acm_certificate.link", "aws_lb_listener_rule.link", "aws_lb_target_group.link", "aws_lb_target_group.x")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with mock_aws():
        accounts = Accounts()
        monkeypatch.setattr(module, "client_of", lambda _: accounts)
        client = accounts("s3", PROD, REGION)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield client


def state(*addresses: str, lineage: str = "a", serial: int = 5, region: str = REGION, account: str = PROD) -> str:
    """Write a state that holds things with an ARN, and a record, which has none."""
    things = [
        {
            "mode": "managed",
            "type": address.partition(".")[0],
            "name": address.partition(".")[2],
            "instances": [{"attributes": {"arn": f"arn:aws:elasticloadbalancing:{region}:{account}:x/{address}"}}],
        }
        for address in addresses
    ]
    record = {"mode": "managed", "type": "aws_route53_record", "name": "r", "instances": [{"attributes": {"id": "r"}}]}
    return json.dumps({"version": 4, "lineage": lineage, "serial": serial, "resources": [*things, record]})


NOTHING = json.dumps({"version": 4, "lineage": "b", "serial": 1, "resources": []})


def found(folder: Path, *changes: tuple[str, str], now: str = "") -> dict[str, str]:
    before, after = folder / "before" / "prod.toml", folder / "after" / "prod.toml"
    changed = TOML
    for old, new in changes:
        assert old in changed
        changed = changed.replace(old, new)
    for file, text in ((before, TOML), (after, changed)):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    base = BaseConfiguration("main", None, None, moved=moves(before, after), former=load_former(before))
    return left_behind("prod", base, StateFile.of(now, "The stored state"))


def put(s3: Any, text: str) -> None:
    s3.put_object(Bucket=BUCKET, Key="edge/prod.tfstate", Body=text.encode())


def test_what_the_old_state_holds_is_named(s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(s3, state(*NAMES))
    held = f"{OLD} holds 5 resources, such as {NAMES[0]}, {NAMES[1]}, {NAMES[2]}"
    assert found(tmp_path, KEY) == {"backend": held}
    said = capsys.readouterr().err
    assert said == f"prod: backend is s3://{BUCKET}/edge/other.tfstate instead of {OLD}; {held}.\n"


@pytest.mark.parametrize("text", [None, NOTHING, ""])
def test_an_old_place_without_a_state_or_with_an_empty_one_leaves_nothing(
    text: str | None, s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        put(s3, text)
    assert found(tmp_path, KEY) == {"backend": ""}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("lineage", "serial", "is_moved"),
    [("a", 5, True), ("a", 6, True), ("a", 4, False), ("b", 9, False), ("", 5, False)],
)
def test_a_state_that_was_moved_leaves_nothing_and_another_one_does(
    lineage: str, serial: int, is_moved: bool, s3: Any, tmp_path: Path
) -> None:
    put(s3, state("aws_acm_certificate.link"))
    now = state("aws_acm_certificate.link", lineage=lineage, serial=serial) if lineage else ""
    assert (found(tmp_path, KEY, now=now)["backend"] == "") is is_moved


def test_a_state_that_was_copied_to_another_bucket_is_asked_about_by_who_reads_it(s3: Any, tmp_path: Path) -> None:
    put(s3, state("aws_acm_certificate.link"))
    bucket = (f'bucket = "{BUCKET}"', 'bucket = "elsewhere"')
    copied = "the state was copied there, so whoever may read the bucket elsewhere reads it"
    assert found(tmp_path, bucket, now=state("aws_acm_certificate.link")) == {"backend": copied}


@pytest.mark.parametrize("body", ["no JSON", '{"version": 5}'])
def test_an_old_state_that_cannot_be_read_is_reported_and_not_taken_for_empty(
    body: str, s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, body)
    assert found(tmp_path, KEY) == {}
    assert capsys.readouterr().err.startswith(f"What the state in the old place, {OLD}, holds was not read: ")


def test_a_bucket_that_refuses_is_reported(s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    s3.delete_bucket(Bucket=BUCKET)
    assert found(tmp_path, KEY) == {}
    assert "holds was not read: " in capsys.readouterr().err


def test_a_region_leaves_what_the_state_has_there_and_an_empty_state_nothing(tmp_path: Path) -> None:
    held = "the state holds aws_acm_certificate.link"
    assert found(tmp_path, ELSEWHERE, now=state("aws_acm_certificate.link")) == {"region": held}
    assert found(tmp_path, ELSEWHERE) == {"region": ""}


def test_an_account_leaves_what_the_state_has_in_it(tmp_path: Path) -> None:
    other = (f'"{PROD}"', '"999999999999"')
    assert found(tmp_path, other, now=state("aws_acm_certificate.link")) == {
        "accounts.prod.id": "the state holds aws_acm_certificate.link"
    }
    assert found(tmp_path, other, now=NOTHING) == {}, "whose account it is asks also of a first deploy"


@pytest.mark.parametrize("change", [ELSEWHERE, ('"222222222222"', '"999999999999"')])
def test_a_state_of_which_nothing_is_known_to_stand_there_is_not_taken_for_an_empty_one(
    change: tuple[str, str], tmp_path: Path
) -> None:
    """A record has no ARN, and the management account holds nothing else."""
    assert found(tmp_path, change, now=state()) == {}
    assert found(tmp_path, change, now=state("aws_acm_certificate.link", region="eu-west-1", account="5")) == {}


def test_a_region_and_a_state_that_move_at_once_are_looked_for_in_the_old_state(s3: Any, tmp_path: Path) -> None:
    put(s3, state("aws_acm_certificate.link"))
    held = f"{OLD} holds aws_acm_certificate.link"
    both = found(tmp_path, KEY, ELSEWHERE)
    assert both["region"] == "the state holds aws_acm_certificate.link"
    assert both["backend"].startswith(held)


def test_a_base_without_the_file_or_whose_file_this_code_does_not_take_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "prod.toml"
    assert load_former(file) is None
    file.write_text(TOML + "novelty = true\n", encoding="utf-8")
    assert load_former(file) is None
    base = BaseConfiguration("main", None, None, moved={"region": ("a", "b")}, former=None)
    assert left_behind("prod", base, StateFile.of("", "The stored state")) == {}


def test_a_state_in_a_file_of_some_checkout_is_not_looked_for(tmp_path: Path) -> None:
    start = TOML.index("[backend]")
    without = TOML[:start] + TOML[TOML.index("# Put your own") :]
    before, after = tmp_path / "b.toml", tmp_path / "a.toml"
    before.write_text(without, encoding="utf-8")
    after.write_text(TOML, encoding="utf-8")
    base = BaseConfiguration("main", None, None, moved=moves(before, after), former=load_former(before))
    assert base.former is not None
    assert "backend" in base.moved
    assert left_behind("prod", base, StateFile.of("", "The stored state")) == {}
