"""What a review says of a sign-in: that it goes, that another provider decides, and never the client's secret."""

from typing import Any

import pytest

from edge.review.findings import Review
from edge.review.render_json import document
from edge.review.render_markdown import full_markdown
from tests.support.reviewing import Plan, changed_review, ids, plan, resource

ADMIN, APP = "aws_lb_listener_rule.admin", "aws_lb_listener_rule.app"
MARKED, ROTATED = "marked-client-secret-1", "marked-client-secret-2"
OIDC: dict[str, Any] = {
    "issuer": "https://id.example.com",
    "authorization_endpoint": "https://id.example.com/authorize",
    "token_endpoint": "https://id.example.com/token",
    "user_info_endpoint": "https://id.example.com/userinfo",
    "client_id": "board",
    "client_secret": MARKED,
    "on_unauthenticated_request": "authenticate",
}
MASK = [{"authenticate_oidc": [{"client_secret": True}]}, {}]


def actions() -> tuple[dict[str, Any], dict[str, Any]]:
    cognito, forward = resource(plan("staging_no_change"), ADMIN)["change"]["after"]["action"]
    return cognito, forward


COGNITO, FORWARD = actions()


def oidc(**changes: Any) -> dict[str, Any]:
    return {**COGNITO, "type": "authenticate-oidc", "authenticate_cognito": [], "authenticate_oidc": [OIDC | changes]}


def reviewed(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Review:
    """A plan that changes nothing but the actions of one rule; Terraform marks the secrets in them."""

    def change(content: Plan) -> None:
        body = resource(content, ADMIN)["change"]
        body["actions"] = ["update"]
        for key, rule_actions in (("before", before), ("after", after)):
            body[key] = {**body[key], "action": rule_actions}
            has_secret = any(action.get("authenticate_oidc") for action in rule_actions)
            body[f"{key}_sensitive"] = {"action": MASK} if has_secret else {}

    return changed_review("staging_no_change", change)


def everything_shown(review: Review) -> str:
    return full_markdown(review) + str(document(review))


@pytest.mark.parametrize("before", [COGNITO, oidc()])
def test_a_sign_in_that_goes_opens_the_service(before: dict[str, Any]) -> None:
    open_to_all = oidc(on_unauthenticated_request="allow")
    for after in ([FORWARD], [open_to_all, FORWARD]):
        assert f"OPENED:{ADMIN}" in ids(reviewed([before, FORWARD], after))


@pytest.mark.parametrize(
    ("before", "after", "output"),
    [
        (COGNITO, oidc(), "kind authenticate_cognito → authenticate_oidc; issuer (none) → https://id.example.com"),
        (oidc(), COGNITO, "kind authenticate_oidc → authenticate_cognito; user_pool_arn (none) → arn:aws:cognito-idp:"),
        (oidc(), oidc(client_id="other"), "client_id board → other"),
        (oidc(), oidc(issuer="https://evil.example"), "issuer https://id.example.com → https://evil.example"),
        (oidc(), oidc(token_endpoint="https://e.x/t"), "token_endpoint https://id.example.com/token → https://e.x/t"),
        (oidc(), oidc(user_info_endpoint="https://e.x/u"), "user_info_endpoint https://id.example.com/userinfo → "),
        (oidc(), oidc(authorization_endpoint="https://e.x/a"), "authorization_endpoint https://id.example.com/auth"),
    ],
)
def test_another_provider_is_a_risk_of_its_own(before: dict[str, Any], after: dict[str, Any], output: str) -> None:
    review = reviewed([before, FORWARD], [after, FORWARD])
    assert ids(review) == [f"PROVIDER:{ADMIN}"]
    assert output in review.risks[0].sentence
    assert review.accepting(ids(review)).exit_code == 0
    assert MARKED not in everything_shown(review)


def test_a_block_that_is_left_over_hides_no_other_provider() -> None:
    left = {**oidc(), "authenticate_cognito": COGNITO["authenticate_cognito"]}
    assert ids(reviewed([COGNITO, FORWARD], [left, FORWARD])) == [f"PROVIDER:{ADMIN}"]


def test_a_sign_in_where_there_was_none_is_no_risk() -> None:
    assert ids(reviewed([FORWARD], [COGNITO, FORWARD])) == []


def test_a_provider_that_no_rule_asked_before_is_asked_about_once() -> None:
    """Whatever address a file names gets whatever secret it names."""

    def change(content: Plan) -> None:
        for address in (ADMIN, APP):
            body = resource(content, address)["change"]
            body.update(actions=["update"], after_sensitive={"action": MASK})
            body["before"] = {**body["before"], "action": [FORWARD]}
            body["after"] = {**body["after"], "action": [oidc(), FORWARD]}
        root, address = content["prior_state"]["values"]["root_module"], "data.aws_ssm_parameter.admin"
        root["resources"].append({"address": address, "mode": "data", "type": "x", "values": {"name": "/orcha/secret"}})
        for block in content["configuration"]["root_module"]["resources"]:
            if block["address"] == ADMIN:
                block["expressions"]["action"] = [{"x": {"references": [f"{address}.value", address]}}]

    review = changed_review("staging_no_change", change)
    (sentence,) = (risk.sentence for risk in review.risks if risk.kind == "PROVIDER")
    assert "no rule asked before (issuer https://id.example.com, authorization_endpoint https" in sentence
    assert sentence.endswith("whoever runs that says who somebody is, and gets the secret in /orcha/secret")
    assert review.meaning[-1].startswith("Who may enter: more or others than before")
    assert MARKED not in everything_shown(review)


@pytest.mark.parametrize("key", ["issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint"])
def test_a_new_rule_asks_at_places_that_are_known(key: str) -> None:
    def risks(**changes: str) -> list[str]:
        def change(content: Plan) -> None:
            body = resource(content, ADMIN)["change"]
            body["before"] = body["after"] = {**body["after"], "action": [oidc(), FORWARD]}
            new = {**body["after"], "priority": 900, "condition": [], "action": [oidc(client_id="two", **changes)]}
            added = {"address": f"{ADMIN}_2", "mode": "managed", "type": "aws_lb_listener_rule", "name": "admin_2"}
            made = {"actions": ["create"], "before": None, "after": new, "after_unknown": {}}
            content["resource_changes"].append({**added, "change": made})

        return ids(changed_review("staging_no_change", change))

    assert f"PROVIDER:{ADMIN}_2" not in risks()
    assert f"PROVIDER:{ADMIN}_2" in risks(**{key: "https://attacker.example"})


@pytest.mark.parametrize(("before", "was"), [([COGNITO], "asked them to sign in"), ([], "let everybody in")])
def test_a_sign_in_that_refuses_whoever_has_no_session_is_asked_about(before: list[dict[str, Any]], was: str) -> None:
    settings = {**COGNITO["authenticate_cognito"][0], "on_unauthenticated_request": "deny"}
    refusing = {**COGNITO, "authenticate_cognito": [settings]}
    review = reviewed([*before, FORWARD], [refusing, FORWARD])
    assert ids(review) == [f"CLOSED:{ADMIN}#on_unauthenticated_request"]
    assert f"refuses whoever has no session yet (401), where it {was}" in review.risks[0].sentence
    assert review.meaning[-1].startswith("Who may enter: fewer than before")
    assert ids(reviewed([refusing, FORWARD], [refusing, FORWARD])) == []
    assert ids(reviewed([refusing, FORWARD], [COGNITO, FORWARD])) == []


@pytest.mark.parametrize(("left_over", "asks"), [({}, False), ({"deposed": "80308274"}, True)])
def test_a_host_that_moves_to_another_service_of_the_same_pool_asks_nobody_else(
    left_over: dict[str, str], *, asks: bool
) -> None:
    """Each service has its own client, and each of these admits everybody of the pool; one that is left over goes."""

    def change(content: Plan) -> None:
        admin, app = (resource(content, address)["change"] for address in (ADMIN, APP))
        admin["actions"] = app["actions"] = ["update"]
        app["after"] = {**app["after"], "action": [second_client(content, left_over), FORWARD]}
        app["after"]["condition"], admin["after"] = admin["after"]["condition"], {**admin["after"], "condition": []}

    assert (f"PROVIDER:{APP}" in ids(changed_review("staging_no_change", change))) == asks


def moved(content: Plan, *, action: list[dict[str, Any]], asks_before: bool) -> None:
    """Let admin's rule take, with a sign-in, what app's takes before the plan; the latter asks for one too or not."""
    admin, app = (resource(content, address)["change"] for address in (ADMIN, APP))
    admin["actions"] = app["actions"] = ["update"]
    app["before"] = {**app["before"], "action": [COGNITO, FORWARD] if asks_before else [FORWARD]}
    app["after"] = {**app["after"], "action": app["before"]["action"], "priority": admin["before"]["priority"] + 1}
    taken = [*admin["before"]["condition"], *app["before"]["condition"]]
    hosts = [host for block in taken for part in block.get("host_header") or () for host in part["values"]]
    admin["after"] = {**admin["after"], "action": action, "condition": [{"host_header": [{"values": hosts}]}]}


def test_a_host_that_moves_behind_a_sign_in_is_asked_about_and_one_that_was_behind_it_is_not() -> None:
    def closed(*, action: list[dict[str, Any]], asks_before: bool) -> list[str]:
        def change(content: Plan) -> None:
            moved(content, action=action, asks_before=asks_before)

        review = changed_review("staging_no_change", change)
        return [risk.sentence for risk in review.risks if risk.kind == "CLOSED"]

    (sentence,) = closed(action=[COGNITO, FORWARD], asks_before=False)
    assert sentence.endswith(f"to sign in: until now {APP} let everybody in")
    assert "asks whoever comes to app.staging.getorcha.com" in sentence
    assert closed(action=[COGNITO, FORWARD], asks_before=True) == []
    assert closed(action=[FORWARD], asks_before=False) == []


def second_client(content: Plan, left_over: dict[str, str]) -> dict[str, Any]:
    """Add a client of the plan's own, as a second service has one, and give a sign-in by it."""
    client = resource(content, "aws_cognito_user_pool_client.admin")
    own = {**client["change"]["after"], "id": "of-app"}
    added = {"address": "aws_cognito_user_pool_client.app", "name": "app", **left_over}
    content["resource_changes"].append({**client, **added, "change": {**client["change"], "before": own, "after": own}})
    return {
        **COGNITO,
        "authenticate_cognito": [{**COGNITO["authenticate_cognito"][0], "user_pool_client_id": "of-app"}],
    }


def test_a_new_secret_is_named_and_never_shown() -> None:
    review = reviewed([oidc(), FORWARD], [oidc(client_secret=ROTATED), FORWARD])
    (line,) = review.lines
    assert "authenticate_oidc.client_secret (sensitive) → (sensitive)" in line.sentence
    assert MARKED not in everything_shown(review)
    assert ROTATED not in everything_shown(review)


@pytest.mark.parametrize(
    ("before", "after"),
    [([oidc(), FORWARD], [FORWARD]), ([FORWARD], [oidc(), FORWARD]), ([oidc(), FORWARD], [FORWARD, oidc()])],
)
def test_no_shape_of_a_change_shows_the_secret(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    assert MARKED not in everything_shown(reviewed(before, after))
