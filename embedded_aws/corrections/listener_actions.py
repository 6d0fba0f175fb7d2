"""Elastic Load Balancing: sign-in actions by OpenID Connect, whose secret AWS keeps to itself."""

from collections.abc import Callable
from typing import Any

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeAction, FakeRule

from embedded_aws.corrections.patching import replace

_KIND, _CONFIG = "authenticate-oidc", "AuthenticateOidcConfig"
_SECRET, _KEEP = "ClientSecret", "UseExistingClientSecret"
_REQUIRED = ("Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint", "ClientId")
_DEFAULTS = {
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "Scope": "openid",
    "SessionTimeout": 604800,
    "OnUnauthenticatedRequest": "authenticate",
}


def apply() -> None:
    """Correct moto's listener actions in this process."""
    replace(ELBv2Backend, "_validate_actions", _validate)
    replace(ELBv2Backend, "modify_rule", _modify)


def _validate(original: Callable[..., None]) -> Callable[..., None]:
    """Demand what an action needs, fill in AWS's defaults, and never give the secret back.

    AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AuthenticateOidcActionConfig.html
    (required members, defaults); no Describe call returns ClientSecret or UseExistingClientSecret, and the two exclude
    each other: https://github.com/ansible-collections/amazon.aws/pull/1270
    https://github.com/ansible-collections/amazon.aws/issues/1877
    moto: takes anything, and returns the secret. Here: as AWS.
    """

    def _validate_actions(self: ELBv2Backend, actions: list[FakeAction]) -> None:
        original(self, actions)
        for action in actions:
            if action.type == _KIND:
                _complete(action.data.get(_CONFIG) or {})

    return _validate_actions


def _complete(config: dict[str, Any]) -> None:
    missing = [name for name in _REQUIRED if not config.get(name)]
    if missing:
        raise ELBClientError("ValidationError", f"{', '.join(missing)} must be specified in {_CONFIG}")
    secret, keeps = config.pop(_SECRET, None), _is_true(config.pop(_KEEP, False))
    if secret and keeps:
        sentence = f"You cannot both specify a client secret and set {_KEEP} to true"
        raise ELBClientError("InvalidLoadBalancerAction", sentence)
    if not secret:
        sentence = f"You must either specify a client secret or set {_KEEP} to true"
        raise ELBClientError("InvalidLoadBalancerAction", sentence)
    for name, value in _DEFAULTS.items():
        config.setdefault(name, value)


def _modify(original: Callable[..., FakeRule]) -> Callable[..., FakeRule]:
    """Keep a rule's secret where the request asks for that and the rule has one; see `_validate`."""

    def modify_rule(
        self: ELBv2Backend, rule_arn: str, conditions: list[dict[str, Any]], actions: list[dict[str, Any]]
    ) -> FakeRule:
        rules = self.describe_rules(listener_arn=None, rule_arns=[rule_arn])
        has_secret = any(action.type == _KIND for rule in rules for action in rule.actions)
        for config in (action[_CONFIG] for action in actions if _CONFIG in action):
            if has_secret and _is_true(config.get(_KEEP)) and not config.get(_SECRET):
                config |= {_KEEP: False, _SECRET: "the one that the rule has"}
        return original(self, rule_arn, conditions, actions)

    return modify_rule


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
