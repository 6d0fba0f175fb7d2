"""Environments that are right each for itself, and would undo each other's work."""

from pathlib import Path

import pytest

from environments.faults import InvalidEnvironmentError
from environments.loader import load_all
from tests.support.files import MANAGED_TOML_FILE, PROD_TOML, STAGING_TOML

PROD = PROD_TOML.read_text(encoding="utf-8")
OTHER = PROD.replace("edge/prod.tfstate", "edge/live.tfstate").replace('"v1-orcha"', '"v2-orcha"')
OTHER = OTHER.replace('"link.prod.getorcha.com", "link.getorcha.com"', '"go.prod.getorcha.com"')
OTHER = OTHER.replace("priority = 20", "priority = 30")


def lines_for(folder: Path, monkeypatch: pytest.MonkeyPatch, **texts: str) -> list[str]:
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(folder))
    monkeypatch.chdir(folder)
    try:
        load_all()
    except InvalidEnvironmentError as error:
        return str(error).splitlines()
    return []


def test_environments_that_share_nothing_are_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_for(tmp_path, monkeypatch, live=OTHER, prod=PROD, staging=STAGING_TOML) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "edge/live.tfstate",
            "edge/prod.tfstate",
            'backend.key: the state "v1-orcha-terraform-state/edge/prod.tfstate" is also that of backend.key in '
            "live.toml; give each environment a key of its own",
        ),
        (
            '"v2-orcha"',
            '"v1-orcha"',
            'services.link: the target group "v1-orcha-link-tg" is also that of services.link in live.toml; change one '
            "prefix",
        ),
        (
            "priority = 30",
            "priority = 20",
            "services.link.priority: priority 20 on v1-orcha-alb is also that of services.link.priority in live.toml; "
            "choose a free one",
        ),
        (
            '"go.prod.getorcha.com"',
            '"go.prod.getorcha.com", "*.link.getorcha.com"',
            'services.link.hosts[1]: the record "link.getorcha.com" is also that of services.link.hosts[1] in '
            "live.toml; keep one of them",
        ),
    ],
)
def test_what_two_environments_both_write_is_reported(
    old: str, new: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_for(tmp_path, monkeypatch, live=OTHER.replace(old, new), prod=PROD)
    assert lines == [f"prod.toml: {line}"]


def test_files_with_faults_of_their_own_are_reported_with_those_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_for(tmp_path, monkeypatch, live=PROD, prod=PROD.replace("port     = 9999", "port = 22"))
    assert lines == ["prod.toml: services.link.port: 22 is reserved for SSH; choose another"]


MANAGED = MANAGED_TOML_FILE.read_text(encoding="utf-8")
SECOND = MANAGED.replace("edge/staging.tfstate", "edge/second.tfstate").replace('"v1-orcha-staging"', '"v2-orcha"')
SECOND = SECOND.replace('.staging.getorcha.com"]', '.second.staging.getorcha.com"]')


def test_two_environments_may_share_a_zone_that_one_of_them_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = SECOND.replace('{ account = "staging", create = true }', '"staging"')
    assert lines_for(tmp_path, monkeypatch, second=second, staging=MANAGED) == []


def test_a_zone_that_two_environments_make_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_for(tmp_path, monkeypatch, second=SECOND, staging=MANAGED) == [
        'staging.toml: zones."staging.getorcha.com": the zone "staging.getorcha.com" is also that of '
        'zones."staging.getorcha.com" in second.toml; let one environment create it',
    ]


def test_a_load_balancers_own_name_that_another_environment_serves_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = SECOND.replace('{ account = "staging", create = true }', '"staging"')
    second = second.replace("app.second.staging", "v1-orcha-staging.staging")
    assert lines_for(tmp_path, monkeypatch, second=second, staging=MANAGED) == [
        'staging.toml: prefix: the load balancer\'s own name "v1-orcha-staging.staging.getorcha.com" is also that of '
        "services.app.hosts[0] in second.toml; change the prefix, or drop the host"
    ]


def test_what_comes_of_one_prefix_for_two_platforms_is_not_reported_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = SECOND.replace('{ account = "staging", create = true }', '"staging"').replace(
        "v2-orcha", "v1-orcha-staging"
    )
    assert lines_for(tmp_path, monkeypatch, second=second, staging=MANAGED) == [
        'staging.toml: prefix: the prefix "v1-orcha-staging" in account 333333333333 is also that of prefix in '
        "second.toml; change one"
    ]


def test_a_managed_prefix_is_reported_in_another_region_and_its_sign_in_domain_in_another_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role's name is taken in every region, the log bucket's as well; a sign-in domain in every account."""
    second = SECOND.replace('{ account = "staging", create = true }', '"staging"').replace('"v2-orcha"', '"v1-orcha"')
    second = second.replace('"v1-orcha"', '"v1-orcha-staging"').replace('"staging.getorcha.com" ', '"b.getorcha.com" ')
    second = second.replace(".second.staging.getorcha.com", ".b.getorcha.com")
    elsewhere = second.replace("eu-central-1", "eu-west-1")
    assert lines_for(tmp_path, monkeypatch, second=elsewhere, staging=MANAGED) == [
        'staging.toml: prefix: the prefix "v1-orcha-staging" in account 333333333333 is also that of prefix in '
        "second.toml; change one"
    ]
    of_others = second.replace("333333333333", "444444444444").replace("accounts.staging", "accounts.other")
    of_others = of_others.replace('"staging"', '"other"')
    assert lines_for(tmp_path, monkeypatch, second=of_others, staging=MANAGED) == [
        'staging.toml: platform.login.domain_prefix: the sign-in domain "v1-orcha-staging" in eu-central-1 is also '
        "that of platform.login.domain_prefix in second.toml; give another one"
    ]


def test_another_generation_is_another_target_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same_prefix = OTHER.replace('"v2-orcha"', '"v1-orcha"')
    newer = same_prefix.replace("port     = 9999", "port     = 9999\ngeneration = 2")
    assert newer != same_prefix
    (line,) = lines_for(tmp_path, monkeypatch, live=same_prefix, prod=PROD)
    assert 'the target group "v1-orcha-link-tg" is also that of services.link in live.toml' in line
    assert lines_for(tmp_path, monkeypatch, live=newer, prod=PROD) == []


def test_a_host_that_another_environment_delegates_as_a_zone_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = PROD.replace('"link.getorcha.com"]', '"link.getorcha.com", "staging.getorcha.com"]')
    staging = MANAGED_TOML_FILE.read_text(encoding="utf-8")
    (line,) = lines_for(tmp_path, monkeypatch, prod=serving, staging=staging)
    assert line == (
        'staging.toml: zones."staging.getorcha.com": the zone "staging.getorcha.com" is also that of '
        "services.link.hosts[2] in prod.toml; let one environment create it"
    )


def test_a_zone_lies_in_one_account_in_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = OTHER.replace('"getorcha.com"      = "management"', '"getorcha.com" = "prod"')
    assert lines_for(tmp_path, monkeypatch, live=elsewhere, prod=PROD) == [
        'prod.toml: zones."getorcha.com": lies in account management here, and in account prod in live.toml; name the '
        "account that holds it in both"
    ]


def test_an_accounts_name_has_one_id_in_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other_id = OTHER.replace("222222222222", "555555555555")
    assert lines_for(tmp_path, monkeypatch, live=other_id, prod=PROD) == [
        'prod.toml: accounts.management.id: "222222222222" is another account than "555555555555", which has this name '
        "in live.toml; correct one id, or give another name"
    ]


@pytest.mark.parametrize("host", ["link.staging.getorcha.com", "*.x.staging.getorcha.com", "a.b.staging.getorcha.com"])
def test_a_host_below_a_zone_of_another_file_is_written_where_nobody_asks(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = PROD.replace('"link.getorcha.com"]', f'"link.getorcha.com", "{host}"]')
    lines = lines_for(tmp_path, monkeypatch, prod=serving, staging=MANAGED)
    assert lines[0] == (
        f'prod.toml: services.link.hosts[2]: "{host}" lies in the zone "staging.getorcha.com", which staging.toml '
        "declares; declare it here too, with its account, since nobody asks getorcha.com for it"
    )
