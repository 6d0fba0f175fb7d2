"""What the base's code makes otherwise is found, whatever it is, and shown whole."""

import base64
import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.review.code_changes import CodeChange, Comparison, readable
from edge.tfplan.blocks import blocks

Configuration = dict[str, Any]


def compared(stack: Configuration, changed: Configuration) -> Comparison:
    return Comparison.of("origin/main", stack, changed)


def test_equal_configurations_have_no_change(prod_stack: Configuration) -> None:
    assert compared(prod_stack, copy.deepcopy(prod_stack)) == Comparison("origin/main", ())


def test_what_a_plan_never_shows_is_found(prod_stack: Configuration) -> None:
    changed = copy.deepcopy(prod_stack)
    changed["terraform"]["backend"]["s3"]["use_lockfile"] = False
    changed["resource"]["aws_lb_target_group"]["link"]["lifecycle"] = {"ignore_changes": "all"}
    del changed["data"]["aws_lb_listener"]["https_443"]["lifecycle"]
    changed["provider"]["aws"][0]["endpoints"] = [{"s3": "https://elsewhere"}]
    assert [change.address for change in compared(prod_stack, changed).changes] == [
        "aws_lb_target_group.link",
        "data.aws_lb_listener.https_443",
        "provider.aws.prod",
        "terraform.backend",
    ]


def test_a_block_is_added_changed_or_removed(prod_stack: Configuration) -> None:
    changed = copy.deepcopy(prod_stack)
    changed["output"]["Another"] = {"value": 1}
    del changed["output"]["LinkUrl"]
    changed["output"]["LinkTargetGroupArn"]["sensitive"] = True
    assert {change.address: change.does for change in compared(prod_stack, changed).changes} == {
        "output.Another": "adds",
        "output.LinkUrl": "removes",
        "output.LinkTargetGroupArn": "changes",
    }


def test_the_difference_has_every_line_and_takes_documents_and_scripts_apart() -> None:
    script = "#!/bin/sh\n" + "\n".join(f"echo {number}" for number in range(40)) + "\n"
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]})
    before = {"user_data": base64.b64encode(script.encode()).decode(), "policy": policy, "name": "x"}
    after = {
        **before,
        "user_data": base64.b64encode(script.replace("echo 7\n", "curl evil\n").encode()).decode(),
        "policy": policy.replace("s3:GetObject", "s3:*"),
    }
    (change,) = Comparison.of(
        "base", {"resource": {"aws_x": {"y": before}}}, {"resource": {"aws_x": {"y": after}}}
    ).changes
    lines = change.diff.splitlines()
    differing = [line.strip() for line in lines if line.startswith(("+", "-"))]
    assert [line[0] + line[1:].strip() for line in differing] == [
        '-"Action": "s3:GetObject",',
        '+"Action": "s3:*",',
        '-"echo 7",',
        '+"curl evil",',
    ]
    assert sum("echo" in line for line in lines) == 40  # all of the script, not only what lies around the change


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))


@settings(max_examples=200, deadline=None)
@given(data=st.data(), value=LEAVES)
def test_any_edit_of_any_block_is_found(data: st.DataObject, value: Any, prod_stack: Configuration) -> None:
    kind = data.draw(st.sampled_from(["resource", "data"]))
    changed = copy.deepcopy(prod_stack)
    type_ = data.draw(st.sampled_from(sorted(changed[kind])))
    name = data.draw(st.sampled_from(sorted(changed[kind][type_])))
    block = changed[kind][type_][name]
    key = data.draw(st.sampled_from([*sorted(set(block) - {"//"}), "lifecycle", "count"]))
    edited = key not in block or json.dumps(block[key]) != json.dumps(value)
    block[key] = value
    address = f"{'data.' if kind == 'data' else ''}{type_}.{name}"
    assert [change.address for change in compared(prod_stack, changed).changes] == ([address] if edited else [])
    for change in compared(prod_stack, changed).changes:
        assert change.diff


def test_a_readable_value_keeps_every_difference(prod_stack: Configuration) -> None:
    for block in blocks(prod_stack).values():
        assert json.dumps(readable(block)) != json.dumps(readable([block]))
    assert readable("a\nb") != readable("a\nc")
    assert readable('{"a": 1}') != readable({"a": 1})


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ('{"a": "x"}', '{"a": "hidden", "a": "x"}', "hidden"),
        ('{"Statement": [{"b": 1}]}', '{"Statement": [{"b": 2, "b": 1}]}', '\\"b\\": 2'),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', '\\"b\\": 2, \\"a\\": 1'),
        ('{"a":1}', '{"a": 1}', '\\"a\\": 1'),
        ('{"a": "A"}', '{"a": "\\u0041"}', "u0041"),
        ('{"a": 100}', '{"a": 1e2}', "100.0"),
    ],
)
def test_the_diff_of_two_texts_that_differ_is_never_empty(before: str, after: str, shown: str) -> None:
    """What two readers could take differently is shown as it stands: Python keeps the last of two equal keys."""
    diff = CodeChange("x", {"policy": before}, {"policy": after}).diff
    assert shown in "\n".join(line for line in diff.splitlines() if line.startswith("+"))
    assert [line for line in diff.splitlines() if line.startswith("-")]


def test_a_text_that_is_a_document_is_not_taken_for_a_table_of_the_same_look() -> None:
    change = CodeChange("x", {"policy": '{"a": 1}'}, {"policy": {"JSON": {"a": 1}}})
    assert [line for line in change.diff.splitlines() if line.startswith("+")]
