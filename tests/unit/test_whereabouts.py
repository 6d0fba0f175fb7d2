"""Where an environment's state and things are, compared between two versions of its file; and what a review asks."""

from pathlib import Path

import pytest

from edge.review.code_changes import Comparison
from edge.review.risks import code
from environments.whereabouts import moves
from tests.support.files import PROD_TOML

PLACES = (
    *("backend", "region", "accounts.prod.id", 'zones."getorcha.com"', "platform.alert_topic"),
    *("accounts.prod.profile", "accounts.prod.role_arn", "backend.kms_key_arn"),
)
STATE = "s3://v1-orcha-terraform-state"
TOML = PROD_TOML.read_text(encoding="utf-8")
BACKEND = TOML[TOML.index("[backend]") : TOML.index("# Put your own")]
PLATFORM = 'prefix = "v1-orcha"\nregion = "eu-central-1"'
MANAGEMENT = '"getorcha.com"      = "management"'


def moved(folder: Path, before: str, after: str) -> dict[str, tuple[str, str]]:
    files = folder / "before.toml", folder / "after.toml"
    for file, text in zip(files, (before, after), strict=True):
        file.write_text(text, encoding="utf-8")
    return moves(*files)


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("edge/prod.tf", "edge/p.tf", {"backend": (f"{STATE}/edge/prod.tfstate", f"{STATE}/edge/p.tfstate")}),
        (f'"{STATE[5:]}"', '"s"', {"backend": (f"{STATE}/edge/prod.tfstate", "s3://s/edge/prod.tfstate")}),
        (BACKEND, "", {"backend": (f"{STATE}/edge/prod.tfstate", "a file beside the configuration")}),
        ('"111111111111"', '"999999999999"', {"accounts.prod.id": ("111111111111", "999999999999")}),
        (MANAGEMENT, '"getorcha.com" = "prod"', {'zones."getorcha.com"': ("management", "prod")}),
        (MANAGEMENT, '"getorcha.com" = { account = "management" }', {}),
        (PLATFORM, PLATFORM.replace("eu-central", "us-east"), {"region": ("eu-central-1", "us-east-1")}),
        ('profile = "orcha-prod"', "", {"accounts.prod.profile": ("orcha-prod", "nothing")}),
        (
            'profile = "orcha-prod"',
            'role_arn = "arn:aws:iam::111111111111:role/admin"',
            {
                "accounts.prod.profile": ("orcha-prod", "nothing"),
                "accounts.prod.role_arn": ("nothing", "arn:aws:iam::111111111111:role/admin"),
            },
        ),
        ('"v1-orcha-asg"', '"other"', {"platform.autoscaling_group": ("v1-orcha-asg", "other")}),
        ('"v1-orcha-alerts"', '"other"', {"platform.alert_topic": ("v1-orcha-alerts", "other")}),
        (BACKEND, BACKEND + 'kms_key_arn = "arn:k"\n', {"backend.kms_key_arn": ("nothing", "arn:k")}),
        ("[accounts.management]", '[accounts.new]\nid = "333333333333"\nprofile = "x"\n[accounts.management]', {}),
        ("priority = 20", "priority = 21", {}),
    ],
)  # fmt: skip
def test_what_is_elsewhere_is_named_with_both_places(
    old: str, new: str, found: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    assert moved(tmp_path, TOML, changed(TOML, old, new)) == found


def test_a_state_that_gets_a_backend_is_elsewhere(tmp_path: Path) -> None:
    assert moved(tmp_path, TOML.replace(BACKEND, ""), TOML)["backend"][0] == "a file beside the configuration"


def test_what_is_new_or_unreadable_moves_nothing(tmp_path: Path) -> None:
    assert moved(tmp_path, "[", TOML) == {}
    assert moves(tmp_path / "nowhere.toml", tmp_path / "after.toml") == {}


def test_each_place_is_a_risk_that_says_what_stays_behind() -> None:
    places = dict.fromkeys(PLACES, ("here", "there"))
    risks = list(code.of_moves(Comparison("main", (), moved=places)))
    assert [risk.id for risk in risks] == [f"RELOCATED:{key}" for key in places]
    assert all(
        risk.sentence.startswith(f"{key} is there instead of here: ") for key, risk in zip(places, risks, strict=True)
    )
    assert all("known to nobody" in risk.sentence for risk in risks[:4])
    assert all(risk.can_be_accepted for risk in risks)
    assert len({risk.sentence.partition(": ")[2] for risk in risks}) == 6, (
        "regions and accounts read the same, as do roles"
    )


def test_a_state_that_was_copied_leaves_nothing_and_may_be_read_by_others() -> None:
    left = {"backend": f"{code.COPIED}, so whoever may read the bucket new reads it"}
    (risk,) = code.of_moves(Comparison("main", (), moved={"backend": ("old", "new")}, left=left))
    assert risk.sentence == f"backend is new instead of old: {left['backend']}"


def test_a_place_that_was_looked_into_says_what_it_holds_or_that_nothing_is_left() -> None:
    places = {"backend": ("old", "new"), "region": ("a", "b"), "zones.x": ("prod", "management")}
    comparison = Comparison("main", (), moved=places, left={"backend": "old holds 5 things", "region": ""})
    first, second = code.of_moves(comparison)
    assert first.sentence.startswith("backend is new instead of old: old holds 5 things; Terraform begins with ")
    assert second.id == "RELOCATED:zones.x"
    assert list(code.notices_of_moves(comparison)) == [
        "region is b instead of a, where nothing of this environment is left."
    ]
