"""A review of the code behind a plan: what changed code makes asks, and what the product never makes is refused."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from edge.review.code_changes import Code, Comparison
from edge.review.files import review_of
from edge.review.findings import Review
from edge.review.render_json import document
from edge.review.render_markdown import markdown
from edge.review.reviewing import review
from edge.tfplan.digest import digest_of
from edge.tfplan.model import PlanError
from tests.plans import environment_toml
from tests.support.reviewing import code, configuration, environment, plan

Configuration = dict[str, Any]


def reviewed(planned: Configuration, base: Configuration | None, failure: str = "") -> Review:
    """The review of a plan that changes nothing, made from a configuration beside the base's."""
    comparison = Comparison.of("main", base, planned) if base else Comparison("main", (), failure)
    return review(plan("no_change"), environment("no_change"), Code(planned, comparison))


@pytest.fixture
def prod_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configuration:
    """What the file of the plan that changes nothing is synthesized to; the file lies where the review looks."""
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "prod.toml").write_text(environment_toml("no_change"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(folder))
    return configuration("no_change")


@pytest.fixture
def changed(prod_stack: Configuration) -> Configuration:
    content = copy.deepcopy(prod_stack)
    content["resource"]["aws_lb_target_group"]["link"]["lifecycle"] = {"ignore_changes": "all"}
    return content


def test_what_changed_code_makes_blocks_until_it_is_accepted(prod_stack: Configuration, changed: Configuration) -> None:
    made = reviewed(changed, prod_stack)
    (risk,) = made.risks
    assert risk.id == "CODE:aws_lb_target_group.link"
    assert risk.sentence == (
        "aws_lb_target_group.link is changed by the code: from this environment file, the code of main "
        "makes it differently"
    )
    assert made.exit_code == 1
    assert made.accepting(["CODE:aws_lb_target_group.link"]).exit_code == 0


def test_what_the_environment_file_explains_does_not_ask(prod_stack: Configuration) -> None:
    assert reviewed(prod_stack, prod_stack).risks == ()


def test_no_one_can_accept_what_the_product_never_makes(prod_stack: Configuration) -> None:
    content = copy.deepcopy(prod_stack)
    content["module"] = {"helper": {"source": "./helper"}}
    made = reviewed(content, prod_stack)
    assert [(risk.id, risk.can_be_accepted) for risk in made.risks] == [
        ("OUTSIDE:module", False),
        ("CODE:module.helper", True),
    ]
    assert made.accepting([name for risk in made.risks for name in risk.ids]).exit_code == 1


def test_a_file_that_the_base_does_not_take_asks_once(prod_stack: Configuration) -> None:
    made = reviewed(prod_stack, None, "environments/prod.toml: services.link.novelty: true is given to a key\n")
    (risk,) = made.risks
    assert risk.id == "CODE:configuration"
    assert "environments/prod.toml: services.link.novelty" in risk.sentence


def test_the_review_shows_every_line_of_changed_code(prod_stack: Configuration, changed: Configuration) -> None:
    changed["output"]["Fence"] = {"value": "``````\n@everybody"}
    made = reviewed(changed, prod_stack)
    text = markdown(made)
    assert "From changed code, each shown whole: target group link, output.Fence." in text
    assert '+    "ignore_changes": "all"' in text
    fences = [line for line in text.splitlines() if line.endswith("`diff")]
    assert fences == ["````diff", "```````diff"]  # longer than what it holds, which therefore cannot end it
    blocks = {block["address"]: block for block in document(made)["code"]}
    assert blocks["output.Fence"]["does"] == "adds"
    assert "@everybody" in blocks["output.Fence"]["diff"]


def test_the_digest_covers_what_a_plan_does_not_show(prod_stack: Configuration, changed: Configuration) -> None:
    content = plan("no_change")
    digests = {digest_of(content), digest_of(content, prod_stack), digest_of(content, changed)}
    assert len(digests) == 3
    assert reviewed(changed, prod_stack).digest == digest_of(content, changed)
    commented = copy.deepcopy(prod_stack)
    commented["resource"]["aws_lb_target_group"]["link"]["//"] = {"metadata": {"path": "elsewhere"}}
    assert digest_of(content, commented) == digest_of(content, prod_stack)


def folder_of(tmp_path: Path, configuration: Configuration, base: dict[str, Any]) -> Path:
    for name, content in {"plan.json": plan("no_change"), "cdk.tf.json": configuration, "base.json": base}.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def test_a_folder_is_reviewed_with_its_code(tmp_path: Path, prod_stack: Configuration, changed: Configuration) -> None:
    base = {"name": "main", "commit": None, "configuration": prod_stack, "failure": ""}
    made = review_of(folder_of(tmp_path, changed, base), "prod")
    assert "CODE:aws_lb_target_group.link" in [risk.id for risk in made.risks]


def test_a_place_that_moves_is_a_risk_also_where_the_bases_code_made_nothing(
    tmp_path: Path, prod_stack: Configuration
) -> None:
    for made in (prod_stack, None):
        moved = {"backend": ["s3://a/old", "s3://a/new"]}
        base = {"name": "main", "commit": None, "configuration": made, "failure": "it failed", "moved": moved}
        (risk,) = [
            risk for risk in review_of(folder_of(tmp_path, prod_stack, base), "prod").risks if risk.kind != "CODE"
        ]
        assert (risk.id, len(risk.hash)) == ("RELOCATED:backend", 16)
        assert risk.sentence.startswith("backend is s3://a/new instead of s3://a/old: ")


@pytest.mark.parametrize("moved", [5, ["backend"], {"backend": "x"}, {"backend": ["a"]}, {"nowhere": ["a", "b"]}])
def test_misshapen_moves_are_refused(moved: object, tmp_path: Path, prod_stack: Configuration) -> None:
    base = {"name": "main", "commit": None, "configuration": prod_stack, "failure": "", "moved": moved}
    with pytest.raises(PlanError, match=r"base\.json: is damaged; plan again with `edge plan`"):
        review_of(folder_of(tmp_path, prod_stack, base), "prod")


@pytest.mark.parametrize("asked", [5, "link", [5], {"link": "port"}])
def test_misshapen_differences_are_refused(asked: object, tmp_path: Path, prod_stack: Configuration) -> None:
    base = {"name": "main", "commit": None, "configuration": prod_stack, "failure": "", "asked": asked}
    with pytest.raises(PlanError, match=r"base\.json: is damaged; plan again with `edge plan`"):
        review_of(folder_of(tmp_path, prod_stack, base), "prod")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["link: port 9999 → 9998"], ("link: port 9999 → 9998",)),
        ([], ("Nothing: the environment file is as in main.",)),
        (None, ("What differs in the environment file is not known: it was not compared with that of a base.",)),
    ],
)
def test_a_review_says_what_was_asked_for(
    asked: list[str] | None, shown: tuple[str, ...], tmp_path: Path, prod_stack: Configuration
) -> None:
    base = {"name": "main", "commit": None, "configuration": prod_stack, "failure": "", "asked": asked}
    assert review_of(folder_of(tmp_path, prod_stack, base), "prod").asked == shown


def test_a_review_says_when_no_code_was_compared(tmp_path: Path, prod_stack: Configuration) -> None:
    folder = folder_of(tmp_path, prod_stack, {"not_compared": "there is no origin/main here"})
    reason = "The code was not compared with that of a base: there is no origin/main here."
    assert review_of(folder, "prod").notices[-1] == reason
    alone = review_of(folder / "plan.json", "prod")
    assert alone.notices[-1].startswith("This is a review of the plan's JSON alone")


def not_compared(name: str, planned: Configuration | None = None) -> Review:
    """A review of a stored plan whose code nobody compared."""
    made = Code(planned or code(name).configuration, None, "there is no origin/main here")
    return review(plan(name), environment(name), made)


@pytest.mark.parametrize("name", ["settings_changed", "new_service", "port_with_generation", "staging_new_service"])
def test_what_changes_something_asks_where_no_code_was_compared(name: str) -> None:
    made = not_compared(name)
    (risk,) = (risk for risk in made.risks if risk.id == "CODE:configuration")
    assert risk.sentence.startswith("nothing of the code was compared: there is no origin/main here; ")
    assert "not compared" not in " ".join(made.notices)
    assert made.accepting([risk.id for risk in made.risks]).exit_code == 0


@pytest.mark.parametrize(
    "name", ["first_deploy", "staging_first_deploy", "no_change", "destroy_all", "removed_service"]
)
def test_a_first_deploy_and_what_only_removes_do_not(name: str) -> None:
    made = not_compared(name)
    assert "CODE:configuration" not in [risk.id for risk in made.risks]
    assert "The code was not compared with that of a base: there is no origin/main here." in made.notices


def test_accepting_what_nobody_compared_is_of_the_whole_configuration() -> None:
    changed = copy.deepcopy(dict(code("settings_changed").configuration))
    changed["resource"]["aws_lb_target_group"]["link"]["tags"] = {"x": "y"}
    hashes = {
        risk.hash
        for planned in (None, changed)
        for risk in not_compared("settings_changed", planned).risks
        if risk.id == "CODE:configuration"
    }
    assert len(hashes) == 2


def test_a_key_that_stands_twice_hides_nothing(tmp_path: Path, prod_stack: Configuration) -> None:
    """Python keeps the last of two equal keys, and Terraform merges both."""
    base = {"name": "main", "commit": None, "configuration": prod_stack, "failure": ""}
    folder = folder_of(tmp_path, prod_stack, base)
    file = folder / "cdk.tf.json"
    hidden = '{"data": {"external": {"x": {"program": ["sh"]}}}, '
    file.write_text(hidden + file.read_text(encoding="utf-8")[1:], encoding="utf-8")
    with pytest.raises(PlanError, match="the key data stands twice"):
        review_of(folder, "prod")


def test_a_comment_in_the_value_of_an_attribute_is_none(prod_stack: Configuration) -> None:
    changed = copy.deepcopy(prod_stack)
    changed["resource"]["aws_lb_target_group"]["link"]["tags"]["//"] = '${file("/etc/passwd")}'
    assert [risk.id for risk in reviewed(changed, prod_stack).risks] == [
        "OUTSIDE:aws_lb_target_group.link",
        "CODE:aws_lb_target_group.link",
    ]


@pytest.mark.parametrize("base", [{}, {"name": "main", "configuration": [1]}])
def test_a_misshapen_base_is_refused_or_asks(base: dict[str, Any], tmp_path: Path, prod_stack: Configuration) -> None:
    folder = folder_of(tmp_path, prod_stack, base)
    if base:
        with pytest.raises(PlanError, match="holds no configuration"):
            review_of(folder, "prod")
    else:
        assert review_of(folder, "prod").exit_code == 1
