"""Terraform's expressions, as far as the product writes them: each has Terraform's value, and no other is guessed."""

from typing import Any

import pytest

from edge.review.explained.expressions import NotUnderstoodError, evaluate
from edge.tfplan.model import UNKNOWN

THINGS: dict[str, dict[str, Any]] = {
    "aws_lb.edge": {"arn": "arn:lb", "port": 443, "names": ["a", "b"], "dns_name": UNKNOWN, "tags": {"x": "y"}},
    "data.aws_lbs.all": {"arns": ["x/app/one/1", "x/net/two/2", "x/app/three/3"], "none": []},
    "aws_acm_certificate.link": {
        "options": [{"domain": "a", "value": "1"}, {"domain": "b", "value": UNKNOWN}],
        "later": UNKNOWN,
    },
}


def value(text: str) -> Any:
    def lookup(address: str) -> Any:
        if address not in THINGS:
            raise NotUnderstoodError(address)
        return THINGS[address]

    return evaluate(text, lookup)


OPTIONS = "aws_acm_certificate.link.options"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("${aws_lb.edge.arn}", "arn:lb"),
        ("${aws_lb.edge.port}", 443),
        ("${ aws_lb.edge.names[1] }", "b"),
        ("${aws_lb.edge.tags.x}", "y"),
        ("${aws_lb.edge.arn}/*", "arn:lb/*"),
        ("a ${aws_lb.edge.port} b ${aws_lb.edge.arn}", "a 443 b arn:lb"),
        ("${aws_lb.edge.dns_name}", UNKNOWN),
        ("x${aws_lb.edge.dns_name}", UNKNOWN),
        ("${length(data.aws_lbs.all.arns)}", 3),
        ("${length(data.aws_lbs.all.none) == 0}", True),
        ('${one([for arn in data.aws_lbs.all.arns : arn if split("/", arn)[2] == "two"])}', "x/net/two/2"),
        (
            '${[for arn in data.aws_lbs.all.arns : arn if split("/", arn)[1] == "app" && split("/", arn)[2] == "one"]}',
            ["x/app/one/1"],
        ),
        ("${[for arn in data.aws_lbs.all.none : arn.nothing]}", []),
        (f'${{one([for o in {OPTIONS} : o.value if o.domain == "a"])}}', "1"),
        (f'${{one([for o in {OPTIONS} : o.value if o.domain == "b"])}}', UNKNOWN),
        ('${one([for o in aws_acm_certificate.link.later : o.value if o.domain == "b"])}', UNKNOWN),
        ('${cidrsubnet("2001:db8::/56", 8, 1)}', "2001:db8:0:1::/64"),
        ('${cidrsubnet("10.0.0.0/16", 3, 2)}', "10.0.64.0/19"),
        ('${try(coalesce("", "x"), "")}', "x"),
    ],
)
def test_an_expression_has_terraforms_value(text: str, expected: object) -> None:
    found = value(text)
    assert found is expected if expected is UNKNOWN else found == expected


@pytest.mark.parametrize(
    "text",
    [
        "${aws_lb.other.arn}",
        "${aws_lb.edge.nothing}",
        "${aws_lb.edge.names[7]}",
        "${aws_lb.edge.arn",
        "${aws_lb.edge.arn == }",
        '${file("/etc/passwd")}',
        "${aws_lb.edge.port + 1}",
        "${aws_lb.edge.port == 1 ? 2 : 3}",
        "${one(data.aws_lbs.all.arns)}",
        "${one(data.aws_lbs.all.none)}",
        "$${aws_lb.edge.arn}",
        "%{ if true }x%{ endif }",
        "${var.x}",
        "a ${aws_lb.edge.names} b",
        "${}",
    ],
)
def test_any_other_expression_is_not_guessed(text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        value(text)
