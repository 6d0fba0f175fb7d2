"""Conditions of rules on more than host, path and method: whether ordinary clients meet them, or special ones alone.

A header of one's own, or one office's address, is how people try a new version on themselves. A header that every
browser sends, half of the internet, or a parameter of OAuth takes real clients away.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
"""

import re
from collections.abc import Mapping
from typing import Any

from edge.aws.everywhere import is_public, is_wide, joined

_ASKED_ELSEWHERE = {"host-header", "path-pattern", "http-request-method"}
_CONFIGS = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig", "http-header": "HttpHeaderConfig"}
# What clients send by themselves: RFC 9110 sections 7.2, 10.1, 11.6.2 and 12.5, and https://fetch.spec.whatwg.org/.
_OF_ANY_CLIENT = {
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "host",
    "origin",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "upgrade-insecure-requests",
    "user-agent",
    "x-forwarded-for",
}
_COOKIE = "cookie"
# RFC 6749 section 11.2.2, and OpenID Connect Core 1.0 section 3.1.2.1: what sign-ins and authorizations carry.
_OF_OAUTH = {
    "client_id",
    "code",
    "error",
    "nonce",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
}


def meets_ordinary_clients(rule: Mapping[str, Any]) -> bool:
    """Tell whether a rule takes requests of ordinary clients for its hosts, paths and methods: all conditions count."""
    return all(_is_ordinary(condition) for condition in rule["Conditions"])


def _is_ordinary(condition: Mapping[str, Any]) -> bool:
    match condition["Field"]:
        case "source-ip":
            return _is_wide(condition.get("SourceIpConfig", {}).get("Values") or condition.get("Values", ()))
        case "http-header":
            return _is_of_any_client(condition.get("HttpHeaderConfig", {}))
        case "query-string":
            return any(map(_is_of_any_query, condition.get("QueryStringConfig", {}).get("Values", ())))
        case field:
            return field in _ASKED_ELSEWHERE


def _is_wide(values: Any) -> bool:
    return any(map(is_wide, joined(value for value in values if is_public(value))))


def _is_of_any_client(config: Mapping[str, Any]) -> bool:
    name = str(config.get("HttpHeaderName", "")).lower()
    if name == _COOKIE:
        return any(not value.strip("*?") for value in config.get("Values", ()))
    return name in _OF_ANY_CLIENT


def _is_of_any_query(pair: Mapping[str, str]) -> bool:
    key = pair.get("Key", "").lower()
    return key in _OF_OAUTH or (not key.strip("*?") and not pair.get("Value", "").strip("*?"))


def regexes(rule: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """List the regular expressions of a rule's conditions on hosts or paths."""
    return tuple(
        pattern
        for condition in rule["Conditions"]
        if condition["Field"] == field
        for pattern in condition.get(_CONFIGS[field], {}).get("RegexValues") or condition.get("RegexValues", ())
    )


def fits(patterns: tuple[str, ...], text: str) -> bool:
    """Tell whether a text fits one of some regular expressions; one that Python does not read fits everything."""
    for pattern in patterns:
        try:
            if re.search(pattern, text):
                return True
        except re.error:
            return True
    return False
