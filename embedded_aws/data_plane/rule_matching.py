"""Which requests a listener rule takes: every condition must hold, and for each any one of its values is enough.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from embedded_aws.data_plane.actions import Request

_ANY, _ONE = "any characters", "one character"
_ESCAPE = "\\"


def takes(rule: Mapping[str, Any], request: Request) -> bool:
    """Tell whether all conditions of a rule hold for a request.

    Raises ValueError for a condition that is not known here: a rule that is passed over would send requests elsewhere
    than AWS does, and nobody would see it.
    """
    held = [_holds(condition, request) for condition in rule["Conditions"]]
    return all(held)


def pattern_covers(pattern: str, text: str, *, escapes: bool = False) -> bool:
    r"""Tell whether a pattern covers a whole text: `*` stands for any characters or none, `?` for exactly one.

    With `escapes`, `\*` and `\?` stand for the characters themselves, which AWS offers for query strings alone.
    """
    ends = {0}  # how much of the text the pattern so far can have covered
    for token in _tokens(pattern, escapes=escapes):
        if token is _ANY:
            ends = set(range(min(ends), len(text) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(text) and (token is _ONE or token == text[end])}
        if not ends:
            return False
    return len(text) in ends


def _tokens(pattern: str, *, escapes: bool) -> Iterator[str]:
    characters = iter(pattern)
    for character in characters:
        if escapes and character == _ESCAPE:
            yield next(characters, _ESCAPE)
        else:
            yield {"*": _ANY, "?": _ONE}.get(character, character)


def _holds(condition: Mapping[str, Any], request: Request) -> bool:
    field = condition["Field"]
    if field not in _CONDITIONS:
        message = f"a listener rule has a condition on {field}, which the embedded AWS does not know"
        raise ValueError(message)
    key, holds = _CONDITIONS[field]
    config = condition.get(key) or {"Values": condition.get("Values", [])}
    if config.get("RegexValues") or condition.get("RegexValues"):
        message = f"a listener rule has a regular expression on {field}, which the embedded AWS does not know"
        raise ValueError(message)
    return holds(config, request)


def _host(config: Mapping[str, Any], request: Request) -> bool:
    """Compare the host without regard to case."""
    return _any_covers(config["Values"], request.host, ignore_case=True)


def _path(config: Mapping[str, Any], request: Request) -> bool:
    """Compare the path, never the query string, with its case."""
    return _any_covers(config["Values"], request.path, ignore_case=False)


def _method(config: Mapping[str, Any], request: Request) -> bool:
    """Compare the method as it is written: with its case, and without wildcards."""
    return request.method in config["Values"]


def _header(config: Mapping[str, Any], request: Request) -> bool:
    """Search the header's values in order; its name and its values compare without regard to case."""
    wanted = config["HttpHeaderName"].lower()
    values = [value for name, value in request.headers if name.lower() == wanted]
    return any(_any_covers(config["Values"], value, ignore_case=True) for value in values)


def _query(config: Mapping[str, Any], request: Request) -> bool:
    """Search the query string for a pair, or where the key is left out for any key with the value, without case.

    Both compare as they stand in the URL, percent-encoded where the client did so.
    """
    pairs = [pair.lower().partition("=")[::2] for pair in request.query.split("&") if pair]
    return any(
        (not wanted.get("Key") or pattern_covers(wanted["Key"].lower(), key, escapes=True))
        and pattern_covers(wanted["Value"].lower(), value, escapes=True)
        for wanted in config["Values"]
        for key, value in pairs
    )


def _source(config: Mapping[str, Any], request: Request) -> bool:
    """Look for the client's own address in the CIDR blocks; X-Forwarded-For does not count."""
    address = ip_address(request.client)
    return any(address in ip_network(block, strict=False) for block in config["Values"])


def _any_covers(patterns: Sequence[str], text: str, *, ignore_case: bool) -> bool:
    if ignore_case:
        return any(pattern_covers(pattern.lower(), text.lower()) for pattern in patterns)
    return any(pattern_covers(pattern, text) for pattern in patterns)


_CONDITIONS: dict[str, tuple[str, Callable[[Mapping[str, Any], Request], bool]]] = {
    "host-header": ("HostHeaderConfig", _host),
    "path-pattern": ("PathPatternConfig", _path),
    "http-request-method": ("HttpRequestMethodConfig", _method),
    "http-header": ("HttpHeaderConfig", _header),
    "query-string": ("QueryStringConfig", _query),
    "source-ip": ("SourceIpConfig", _source),
}
