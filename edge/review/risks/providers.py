"""Who says who somebody is: what a listener rule, or a listener by default, asks before it lets a request through."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from edge.tfplan.model import Change

LISTENER = "aws_lb_listener"
_UNKNOWN_CLIENT = "on_unauthenticated_request"
_CLIENT, _CLIENT_ID = "aws_cognito_user_pool_client", "user_pool_client_id"

# What decides who somebody is, and whom of them it lets in: a client admits what is registered for it. Another secret
# of the same client asks the same provider.
_PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "authenticate_cognito": ("user_pool_arn", _CLIENT_ID),
    "authenticate_oidc": ("issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint", "client_id"),
}

Provider = Mapping[str, Any]
NOBODY: Provider = {}


def own_clients(changes: Iterable[Change]) -> frozenset[str]:
    """List the ids of the user pool's clients that a plan keeps or makes: each admits all users of the pool."""
    clients = [change for change in changes if change.type == _CLIENT and not change.deposed]
    ids = (side.get("id") for client in clients for side in (client.before, client.after))
    return frozenset(id_ for id_ in ids if isinstance(id_, str))


def provider(attributes: Mapping[str, Any], own: frozenset[str]) -> Provider:
    """Read what decides who somebody is; empty without a sign-in. An own client of the pool says no more than it."""
    for action in _actions(attributes):
        kind = str(action.get("type")).replace("-", "_")  # a block of another kind says nothing
        for block in action.get(kind) or () if kind in _PROVIDERS else ():
            found = {key: block.get(key) for key in _PROVIDERS[kind]}
            if found.get(_CLIENT_ID) is None or found[_CLIENT_ID] in own:
                found.pop(_CLIENT_ID, None)
            return {"kind": kind, **found}
    return NOBODY


def differs(before: Provider, after: Provider) -> bool:
    """Tell whether both are providers, and different ones.

    What is unknown is no difference: a user pool's ARN is where the plan replaces the pool, which is a risk of its own.
    """
    known = [key for key in changed(before, after) if key == "kind" or after.get(key) is not None]
    return bool(before and after and known)


def changed(before: Provider, after: Provider) -> list[str]:
    """Name what differs: of another kind the kind, and by what the new one is known."""
    if before.get("kind") != after.get("kind"):
        return ["kind", *list(after)[1:2]]
    return [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]


def asks_for_login(attributes: Mapping[str, Any]) -> bool:
    """Say whether a listener rule, or a listener by default, lets nobody through without a sign-in."""
    return any(_stops(action) for action in _actions(attributes) if str(action.get("type")).startswith("authenticate-"))


def refuses(attributes: Mapping[str, Any]) -> bool:
    """Say whether a listener rule refuses whoever has no session, in place of asking for a sign-in."""
    return any(block.get(_UNKNOWN_CLIENT) == "deny" for action in _actions(attributes) for block in _asked(action))


def _actions(attributes: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from attributes.get("action") or ()
    yield from attributes.get("default_action") or ()


def _stops(action: Mapping[str, Any]) -> bool:
    return not any(block.get(_UNKNOWN_CLIENT) == "allow" for block in _asked(action))


def _asked(action: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [block for kind in _PROVIDERS for block in action.get(kind) or ()]
