"""Expressions that would show a secret on a review's page lie outside the closed world."""

import pytest

from edge.review.revealing import revealing

SECRET = "data.aws_ssm_parameter.board_client_secret"


@pytest.mark.parametrize(
    "expression",
    [
        "${nonsensitive(aws_cognito_user_pool_client.link.client_secret)}",
        "${nonsensitive /* x */ (aws_cognito_user_pool_client.link.client_secret)}",
        "${upper(nonsensitive\n(local.x))}",
        "%{ if nonsensitive(local.x) == 1 }a%{ endif }",
        f"${{{SECRET}.insecure_value}}",
        f'${{{SECRET}["insecure_value"]}}',
        f'${{{SECRET}[join("", ["insecure_", "value"])]}}',
        f"${{values({SECRET})}}",
        f"${{{SECRET}.value_of}}",
        f"${{{SECRET}.value}}${{jsonencode({SECRET})}}",
        "${data . aws_ssm_parameter . board_client_secret . insecure_value}",
    ],
)
def test_what_shows_a_secret_is_found(expression: str) -> None:
    assert list(revealing([expression]))


@pytest.mark.parametrize(
    "expression", [f"${{{SECRET}.value}}", "${sensitive(local.x)}", "${a.nonsensitive}", "${a.b.c}"]
)
def test_what_hides_it_is_not(expression: str) -> None:
    assert list(revealing([expression])) == []
