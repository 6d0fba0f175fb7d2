"""The tables of a sign-in, copied by hand from docs/environment-file.md, and what follows from a file's sign-ins."""

from collections.abc import Iterator
from typing import Any

from tests.unit.properties.oracle.kinds import Kind, Table, TableByKind, Text, Whole

Content = dict[str, Any]


def _scope_breaches(scope: str) -> Iterator[str]:
    if "openid" not in scope.split():
        yield f"{scope!r} asks for no openid"


def _parameter_breaches(name: str) -> Iterator[str]:
    if name[1:4].lower() in {"aws", "ssm"}:
        yield f"{name!r} begins as AWS's own parameters do"


def _url_breaches(url: str) -> Iterator[str]:
    name = url.removeprefix("https://").partition("/")[0]
    for label in name.split("."):
        if label.startswith("-") or label.endswith("-") or not label:
            yield f"{label!r} is not a label of a name"
    if name.count(".") == 0 or name.rpartition(".")[2][:1].isdigit():
        yield f"{name!r} is not a name of the internet"


_URL = Text(r"https://[a-z0-9.-]+(/[A-Za-z0-9/._~!&'()*+,;=:@%-]*)?", 1024, judge=_url_breaches)
_COMMON: dict[str, Kind] = {
    "scope": Text(r"[A-Za-z0-9._:/-]+( [A-Za-z0-9._:/-]+)*", judge=_scope_breaches),
    "session_timeout_seconds": Whole(1, 604800),
    "session_cookie_name": Text("[A-Za-z0-9_-]{1,64}"),
    "on_unauthenticated_request": Text("authenticate|allow|deny"),
}
_OIDC: dict[str, Kind] = {
    "kind": Text("oidc"),
    **dict.fromkeys(("issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint"), _URL),
    "client_id": Text(r"[A-Za-z0-9 ._:/()#,@+=&;!*'-]{1,255}"),
    "client_secret_parameter": Text(r"(/[A-Za-z0-9_.-]+){1,15}", 1011, judge=_parameter_breaches),
}
SIGN_IN = TableByKind({"cognito": Table({"kind": Text("cognito")}, _COMMON), "oidc": Table(_OIDC, _COMMON)})


def kind_of(service: Content) -> str | None:
    """Tell by what a service asks for a sign-in: cognito, oidc, or None."""
    if "sign_in" in service:
        return str(service["sign_in"]["kind"])
    return "cognito" if service.get("login") else None


def kinds_of(content: Content) -> set[str]:
    return {kind for service in content.get("services", {}).values() if (kind := kind_of(service))}


def has_a_pool(content: Content) -> bool:
    """Tell whether a managed platform has a user pool."""
    keeps = content["platform"].get("login", {}).get("keep_user_pool", False)
    return bool(keeps or kinds_of(content) != {"oidc"})
