"""The picture of an environment: what it holds and how it leads on, in both forms; the docs show the current ones."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from edge.__main__ import main
from edge.picture.changes import MARKS, changes_the_way_of_requests, marked
from edge.picture.graph import Graph, Node, Step, graph_of
from edge.picture.mermaid import in_markdown, mermaid
from edge.picture.svg import svg
from edge.tfplan.parse import parse
from tests.pictures import OF_GALLERY, TOMLS, graph, pictures
from tests.plans import stored_plan
from tests.support.reviewing import configuration, environment

NAMES = (*TOMLS, *OF_GALLERY)
SVG = "{http://www.w3.org/2000/svg}"


def leads_to(drawn: Graph, start: str) -> list[str]:
    return [edge.end for edge in drawn.edges if edge.start == start and not edge.proves]


@pytest.mark.parametrize("name", NAMES)
def test_every_edge_leads_from_a_part_to_a_part_and_every_part_but_the_last_leads_on(name: str) -> None:
    drawn = graph(name)
    ids = [node.id for node in drawn.nodes]
    assert len(ids) == len(set(ids))
    assert {end for edge in drawn.edges for end in (edge.start, edge.end)} == set(ids)
    assert {node.id for node in drawn.nodes} - {edge.start for edge in drawn.edges} == {"instances"}
    assert {node.account for node in drawn.nodes} - {""} == set(drawn.accounts)


def test_a_request_for_the_public_name_comes_to_the_instances() -> None:
    drawn, path = graph("prod"), ["name_link_getorcha_com"]
    while path[-1] != "instances":
        (following,) = leads_to(drawn, path[-1])
        path.append(following)
    assert path == [
        "name_link_getorcha_com",
        "name_link_prod_getorcha_com",
        "balancer",
        "rule_link",
        "group_link",
        "instances",
    ]
    assert drawn.accounts == {
        "management": "account management: getorcha.com",
        "prod": "account prod: prod.getorcha.com",
    }


def test_a_certificate_leads_to_the_rules_of_other_services_that_serve_with_it() -> None:
    drawn = graph("shared-certificate")
    proven = {edge.end for edge in drawn.edges if edge.start == "certificate_web"}
    assert proven == {"balancer", "rule_docs", "rule_shop"}
    assert all(edge.proves for edge in drawn.edges if edge.start == "certificate_web")
    assert mermaid(drawn).count("certificate_web -.-> rule_") == 2
    alone = graph("prod")
    assert [edge.end for edge in alone.edges if edge.start.startswith("certificate_")] == ["balancer"]


def test_rules_stand_in_the_order_in_which_they_are_asked_and_name_what_they_take() -> None:
    drawn = graph("everything")
    rules = [node.lines for node in drawn.nodes if node.step is Step.RULE]
    assert [int(lines[0].removeprefix("rule ")) for lines in rules] == sorted(
        int(lines[0].removeprefix("rule ")) for lines in rules
    )
    assert ("rule 15", "link.prod.getorcha.com", "link.getorcha.com", "/api/*", "/v?/status") in rules
    assert ("rule 30", "desk.prod.getorcha.com", "desk.getorcha.com", "after a sign-in") in rules


@pytest.mark.parametrize("name", NAMES)
def test_the_svg_shows_every_line_inside_its_frame(name: str) -> None:
    drawn = graph(name)
    root = ElementTree.fromstring(svg(drawn, "a <title> & more"))
    assert root.findtext(f"{SVG}title") == "a <title> & more"
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert sorted(filter(None, texts)) == sorted(
        [*drawn.accounts.values(), *(line for node in drawn.nodes for line in node.lines)]
    )
    right, bottom = (float(root.attrib[side]) for side in ("width", "height"))
    boxes = [[float(box.attrib[key]) for key in ("x", "y", "width", "height")] for box in root.iter(f"{SVG}rect")]
    assert all(x >= 0 and y >= 0 and x + width <= right and y + height <= bottom for x, y, width, height in boxes)
    nodes = boxes[len(drawn.accounts) :]
    for number, (x, y, width, height) in enumerate(nodes):
        for other_x, other_y, other_width, other_height in nodes[number + 1 :]:
            apart = (
                x + width <= other_x
                or other_x + other_width <= x
                or y + height <= other_y
                or other_y + other_height <= y
            )
            assert apart, "two parts lie on one another"


def test_mermaid_has_each_part_once_in_its_account_and_escapes_text() -> None:
    text = mermaid(graph("everything"))
    for node in graph("everything").nodes:
        assert text.count(f"{node.id}[") + text.count(f"{node.id}(") == 1
    assert 'rule_web_1["rule 40' in text or 'rule_web["rule 40' in text
    assert '"quoted"' not in mermaid(Graph({"a": 'a "quoted" <#>'}, (), ()))


def marks(plan: str) -> dict[str, str]:
    drawn = marked(graph_of(environment(plan), configuration(plan)), parse(stored_plan(plan)))
    return {node.lines[0]: node.mark for node in drawn.nodes if node.mark}


def test_a_plan_marks_what_it_makes_changes_replaces_and_removes() -> None:
    assert marks("no_change") == {}
    assert marks("priority_changed") == {"rule 21": "changed"}
    assert set(marks("new_service").values()) == {"new"}
    removed = marks("removed_service")
    assert set(removed.values()) == {"removed"}
    assert {"record docs.getorcha.com", "proof of docs.getorcha.com", "rule 30"} <= set(removed)


@pytest.mark.parametrize("plan", ["new_service", "removed_service", "san_added", "staging_first_deploy"])
def test_a_marked_picture_says_each_mark_in_a_word_and_leads_as_before(plan: str) -> None:
    plain = graph_of(environment(plan), configuration(plan))
    drawn = marked(plain, parse(stored_plan(plan)))
    assert drawn.edges == plain.edges
    assert {node.account for node in drawn.nodes} - {""} <= set(drawn.accounts)
    count = sum(1 for node in drawn.nodes if node.mark)
    root = ElementTree.fromstring(svg(drawn, "marked"))
    texts = [str(text.text) for text in root.iter(f"{SVG}text")]
    assert sum(text in {f"({mark})" for mark in MARKS} for text in texts) == count > 0
    text = mermaid(drawn)
    assert sum(text.count(f'({mark})"]') for mark in MARKS) == count
    assert changes_the_way_of_requests(drawn)


def test_a_plan_of_alarms_alone_changes_no_way_of_requests() -> None:
    plan = "alarms_changed"
    drawn = marked(graph_of(environment(plan), configuration(plan)), parse(stored_plan(plan)))
    assert not changes_the_way_of_requests(drawn)


def folder_of(plan: str, folder: Path) -> str:
    folder.mkdir()
    (folder / "plan.json").write_text(json.dumps(stored_plan(plan)), encoding="utf-8")
    (folder / "cdk.tf.json").write_text(json.dumps(configuration(plan)), encoding="utf-8")
    return str(folder)


def test_a_comment_gets_a_picture_where_a_name_or_a_rule_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for plan, is_drawn in (("alarms_changed", False), ("priority_changed", True)):
        assert main(["picture", "prod", "--markdown", "--plan", folder_of(plan, tmp_path / plan)]) == 0
        printed = capsys.readouterr().out
        assert printed.startswith("\n```mermaid\nflowchart LR\n") is is_drawn
        assert printed.endswith("\n```\n") is is_drawn
        assert bool(printed) is is_drawn


def test_nothing_in_a_part_ends_the_block_of_a_comment() -> None:
    mean = "a\n```\n<script> & \r\n# `x` \u2028"
    node = Node("gone_x", (mean,), "a", Step.NAME, (), "removed")
    printed = in_markdown(Graph({"a": mean}, (node,), ()))
    assert printed.count("```") == 2
    assert printed.count("\n") == in_markdown(Graph({"a": "x"}, (replace(node, lines=("x",)),), ())).count("\n")
    assert "<script>" not in printed


def test_the_command_draws_a_plans_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["picture", "prod", "--plan", folder_of("priority_changed", tmp_path / "plan")]) == 0
    assert "class rule_link changed\n" in capsys.readouterr().out
    assert main(["picture", "prod", "--plan", str(tmp_path / "none")]) == 2
    missing = tmp_path / "none"
    assert capsys.readouterr().err == (
        f"{missing} is not the folder of a plan, since it holds no cdk.tf.json; name another with --plan, or plan into "
        f"it with `edge plan prod --write={missing}`.\n"
    )


@pytest.mark.parametrize("file", pictures(), ids=lambda file: file.name)
def test_the_pictures_of_the_docs_are_current(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == pictures()[file], "run `.venv/bin/python -m tests.pictures`"


def test_the_command_writes_either_form_and_refuses_other_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["picture", "prod"]) == 0
    assert capsys.readouterr().out == mermaid(graph("prod"))
    assert main(["picture", "prod", "--to", str(tmp_path / "prod.svg")]) == 0
    assert (tmp_path / "prod.svg").read_text(encoding="utf-8") == svg(graph("prod"), "The request path of prod")
    for refused in (tmp_path / "prod.png", tmp_path / "no" / "prod.svg"):
        assert main(["picture", "prod", "--to", str(refused)]) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("  waiting: ")]
    assert [error.partition(" ")[2][:12] for error in errors] == ["name a file ", "cannot be wr"]
