"""What lies beside an environment file and differs is said in words, as what the file itself asks for."""

from pathlib import Path

import pytest

from environments.data_differences import data_differences, waiver_differences
from tests.support.files import COMPOSE_FILE, PROD_TOML

STAGING_TOML = PROD_TOML.with_name("staging.toml")
TEXT = COMPOSE_FILE.read_text(encoding="utf-8")
START = "    init: true\n"
RUN = "deploy/docker-compose.yml: "


def version(folder: Path, file: Path, compose: str = TEXT, **beside: str) -> Path:
    """Write an environment file with a compose file, and what else stands beside it by its ending."""
    for place, text in (("environments", file.read_text(encoding="utf-8")), ("deploy", compose)):
        (folder / place).mkdir(parents=True)
        name = file.name if place == "environments" else COMPOSE_FILE.name
        (folder / place / name).write_text(text, encoding="utf-8")
    for ending, text in beside.items():
        (folder / "environments" / f"{file.stem}.{ending}.toml").write_text(text, encoding="utf-8")
    return folder / "environments" / file.name


def said(before: Path, after: Path) -> list[str]:
    return data_differences(before, after, after.parent.parent / "deploy" / COMPOSE_FILE.name)


@pytest.mark.parametrize(
    ("compose", "phrases"),
    [
        (TEXT, []),
        (TEXT.replace(START, f"{START}    privileged: true\n"), ["services.orcha.privileged true (was not set)"]),
        (TEXT.replace(START, f'{START}    volumes: ["/:/host"]\n'), ["services.orcha.volumes /:/host (was not set)"]),
        (f"{TEXT}# a comment\n", ["written otherwise"]),
        (f"{TEXT}: [", ["written otherwise"]),
        ("", ["written otherwise"]),
    ],
    ids=["the same", "all rights", "the machine's disk", "a comment", "no YAML", "nothing"],
)
def test_what_the_instances_run_is_said_where_the_environment_makes_them(
    tmp_path: Path, compose: str, phrases: list[str]
) -> None:
    for file, expected in ((STAGING_TOML, [RUN + phrase for phrase in phrases]), (PROD_TOML, [])):
        old, new = (version(tmp_path / file.stem / name, file, text) for name, text in (("a", TEXT), ("b", compose)))
        assert said(old, new) == expected


def test_what_is_taken_over_and_let_go_is_said_once(tmp_path: Path) -> None:
    imports = '[imports]\n"aws_lb_target_group.link" = "arn:x"\n'
    more = f'{imports}"aws_route53_record.a" = "Z1_a_A"\n'
    old = version(tmp_path / "old", PROD_TOML, imports=imports)
    new = version(tmp_path / "new", PROD_TOML, imports=more, released='[released]\ndocs = ["aws_lb.x"]\n')
    assert said(old, old) == []
    assert said(old, new) == [
        "prod.imports.toml: aws_route53_record.a (Z1_a_A) is taken over",
        "prod.released.toml: docs is let go",
    ]
    broken = version(tmp_path / "broken", PROD_TOML, imports="[")
    assert said(broken, new)[0].endswith("aws_route53_record.a (Z1_a_A) are taken over")
    assert said(new, broken) == []


def test_what_is_waived_from_now_on_is_said(tmp_path: Path) -> None:
    old, new = tmp_path / "old.toml", tmp_path / "waivers.toml"
    entry = '[[waiver]]\ncheck = "CKV_AWS_1"\nresource = "aws_lb.*"\nbeside = "{}"\n'
    old.write_text(entry.format("aws_lb.x"), encoding="utf-8")
    new.write_text(entry.format("aws_lb.x") + entry.format("aws_lb.y"), encoding="utf-8")
    assert waiver_differences(old, new) == ["policy/waivers.toml: CKV_AWS_1 on aws_lb.* is waived from now on"]
    assert waiver_differences(new, old) == waiver_differences(old, old) == []
    assert waiver_differences(tmp_path / "none.toml", new) == []
