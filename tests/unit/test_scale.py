"""The measurement of many services: its world, its commands, and what it makes of the figures."""

import json
import re
from pathlib import Path

import pytest

from bench.measuring import Cost
from edge.__main__ import main
from environments import quota_usage
from environments.loader import ENVIRONMENTS_DIR, load_all
from tests.scale import page
from tests.scale.__main__ import SIZES
from tests.scale.running import AGAIN, DEPLOY, PLAN, VERIFY, Measured, open_risks, steps
from tests.scale.world import NAME, lay_out

FIGURES = [
    Measured(PLAN, 3, Cost(0, 13.71, 12.1, 1_130_400_000)),
    Measured(VERIFY, 3, Cost(0, 3.6, 1.52, 118_000_000)),
    Measured(PLAN, 25, Cost(0, 24.3, 15.9, 1_341_000_000)),
]


@pytest.mark.parametrize("services", [3, *SIZES])
def test_the_world_has_so_many_services_one_certificate_and_keeps_every_quota(
    services: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENTS_DIR, str(lay_out(tmp_path, services=services)))
    (environment,) = load_all()
    assert (environment.name, len(environment.services)) == (NAME, services)
    used = {entry.key: entry for entry in quota_usage.take(environment)}
    assert used["certificates_per_application_load_balancer"].used == 2  # with the one that may stand in its place
    assert [entry for entry in used.values() if entry.used > entry.limit] == []


def test_one_service_more_than_the_most_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENVIRONMENTS_DIR, str(lay_out(tmp_path, services=SIZES[-1] + 1)))
    assert main(["validate"]) == 2
    assert "move services to another Auto Scaling group, in an environment of its own" in capsys.readouterr().err


def test_the_commands_are_the_products_own_and_the_deploy_accepts_what_its_review_has_open(tmp_path: Path) -> None:
    listed = steps(tmp_path, lambda: open_risks(tmp_path / "plan"))
    assert [next(listed)[1][0], next(listed)[1][0]] == ["plan", "review"]
    (tmp_path / "plan").mkdir()
    risks = [{"id": "A:1", "accepted": False}, {"id": "B:2", "accepted": True}, {"id": "C:3", "accepted": False}]
    (tmp_path / "plan" / "review.json").write_text(json.dumps({"risks": risks}), encoding="utf-8")
    step, deploy = next(listed)
    assert (step, deploy[0], deploy[-2:]) == (DEPLOY, "deploy", ["--accept", "A:1 C:3"])
    assert [step for step, _ in listed][-1] == AGAIN


def test_the_table_has_a_row_for_each_step_and_size() -> None:
    assert page.table(FIGURES).splitlines()[2:] == [
        "| `edge plan`, of nothing | 3 | 13.7 | 12.1 | 1130 |",
        "| `edge plan`, of nothing | 25 | 24.3 | 15.9 | 1341 |",
        "| `edge verify` | 3 | 3.6 | 1.5 | 118 |",
    ]


def test_only_the_last_section_of_the_page_is_written(tmp_path: Path) -> None:
    file = tmp_path / "scale.md"
    file.write_text("# Scale\n\nProse.\n\n## Measured\n\nOld figures.\n", encoding="utf-8")
    page.write(FIGURES, file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Scale\n\nProse.\n\n## Measured\n\n")
    assert "Old figures" not in text
    assert page.table(FIGURES) in text
    assert " processors, " in text


def test_the_docs_have_a_figure_of_every_step() -> None:
    rows = re.findall(r"^\| (.+?) \| (\d+) \| [\d.]+ \| [\d.]+ \| \d+ \|$", page.PAGE.read_text("utf-8"), re.MULTILINE)
    every = {step for step, _ in steps(Path("x"), list)}
    assert {(step, int(services)) for step, services in rows} >= {(step, SIZES[0]) for step in every}
    assert {int(services) for _, services in rows} <= set(SIZES)
