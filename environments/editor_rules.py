"""What the loader's rules say, as far as JSON Schema can say it: parts of `editor_schema.json_schema`."""

from collections.abc import Iterator
from typing import Any

from environments import aws_limits, naming, quota_usage, quotas
from environments.dns_names import HOST_PATTERN, LABEL_MAX_CHARACTERS, NAME_MAX_CHARACTERS, NAME_PATTERN
from environments.fields import HOST_MAX_CHARACTERS, PREFIX_MAX_CHARACTERS
from environments.listener_rules import PATHS_PER_RULE, SIGN_IN_CALLBACK_PATH
from environments.oauth import DISCOVERY_PATH
from environments.rules.platform import RESERVED_IN_SIGN_IN_DOMAINS
from environments.rules.ports import RESERVED
from environments.sign_in import DEFAULT_SCOPE, RESERVED_PARAMETERS
from environments.watching import HealthCheck

Schema = dict[str, Any]

# What the loader refuses of a name's ASCII characters, beside what the patterns leave out; and each character that is
# not seen (category Cf), but for the two joiners.
_FOREIGN = r"[\x00-)+,/:-`{-\x7f]"
_INVISIBLE = r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
# Blocks of punctuation, arrows, signs and dingbats of which no internationalized name may hold any (RFC 5892).
_SIGNS = r"[\u2010-\u205f\u2190-\u245f\u2500-\u2bff]"
_WILDCARD = r"[*?]"
_GROUP_RULES = quotas.RULES_PER_SECURITY_GROUP.key


def _never(*patterns: str) -> list[Schema]:
    return [{"not": {"pattern": pattern}} for pattern in patterns]


def _name(pattern: str, most: int) -> Schema:
    """State what a name may not be; its length only where it is ASCII, since others are counted in punycode."""
    refused = [
        _FOREIGN,
        _INVISIBLE,
        _SIGNS,
        r"(^|\.)-",
        r"-(\.|$)",
        rf"(^|\.)[a-z0-9-]{{{LABEL_MAX_CHARACTERS + 1},}}(\.|$)",
        r"(^|\.)[0-9]+$",
        r"(^|\.)([a-wyz0-9-][a-z0-9-]|x[a-mo-z0-9-])--",
        rf"^[!-~]{{{most + 1},}}$",
    ]
    return {"type": "string", "pattern": pattern, "allOf": _never(*refused)}


def host() -> Schema:
    """State what a host is; its first label may be a wildcard."""
    return _name(HOST_PATTERN, HOST_MAX_CHARACTERS)


def zone() -> Schema:
    """State what the name of a hosted zone is."""
    return _name(NAME_PATTERN, NAME_MAX_CHARACTERS)


def of_tables() -> dict[str, Schema]:
    """Give what holds inside one table, by the name of its definition."""
    one_of_two: Schema = {"oneOf": [{"required": ["profile"]}, {"required": ["role_arn"]}]}
    made_and_there: Schema = {"required": ["create", "id"], "properties": {"create": {"const": True}}}
    scope: Schema = {"allOf": [{"pattern": f"(^| ){DEFAULT_SCOPE}( |$)"}]}
    return {
        "Account": one_of_two,
        "DeclaredZone": {"not": made_and_there},
        "Service": _service(),
        "HealthCheck": _health_check(),
        "CognitoSignIn": {"properties": {"scope": scope}},
        "OidcSignIn": {"properties": {"scope": scope, "client_secret_parameter": {"allOf": _never(_reserved())}}},
        "ManagedPlatform": {"properties": {"alert_emails": {"uniqueItems": True}}},
        "Network": {"properties": {"cidr_block": {"allOf": [{"pattern": _private_block()}]}}},
    }


def _health_check() -> Schema:
    """State that a timeout is below its interval: for each up to the default one, since no schema compares two keys."""
    usual, default = HealthCheck(), {"required": ["interval_seconds"]}
    rules = [_if({"not": default}, then={"timeout_seconds": {"maximum": usual.interval_seconds - 1}})]
    for interval in range(usual.timeout_seconds, usual.interval_seconds + 1):
        case = _sets("interval_seconds", maximum=interval)
        rules.append(_if(case, then={"timeout_seconds": {"maximum": interval - 1}}))
    short = _sets("interval_seconds", maximum=usual.timeout_seconds)
    rules.append({"if": short, "then": {"required": ["timeout_seconds"]}})
    return {"properties": {"matcher": {"allOf": _never(_counting_down())}}, "allOf": rules}


def _service() -> Schema:
    wildcards = aws_limits.CONDITION_WILDCARDS_PER_RULE
    path = {"allOf": _never(r"^/\*+$", rf"({_WILDCARD}[^*?]*){{{wildcards + 1}}}")}
    signs_in = {"anyOf": [{"required": ["sign_in"]}, _sets("login", const=True)]}
    called_back = {"anyOf": [{"maxItems": PATHS_PER_RULE - 1}, _some_takes(SIGN_IN_CALLBACK_PATH)]}
    split = _sets("hosts", minItems=aws_limits.CONDITION_VALUES_PER_RULE + 1)
    return {
        "properties": {
            "port": {"not": {"enum": sorted(RESERVED)}},
            "hosts": {"uniqueItems": True, "contains": {"not": {"pattern": r"^\*\."}}},
            "paths": {"uniqueItems": True, "allOf": [{"items": path}]},
            "takes_over": {"uniqueItems": True},
            "certificate_names": {"uniqueItems": True},
        },
        "allOf": [
            _if({"required": ["certificate"]}, then={"certificate_names": False}),
            _if({"required": ["sign_in"]}, then={"login": False}),
            _if(signs_in, then={"paths": called_back}),
            _if(_sets("oauth_discovery", const=True), then={"paths": _some_takes(DISCOVERY_PATH)}),
            _if(split, then={"priority": {"maximum": aws_limits.PRIORITY_MAX - 1}}),
        ],
    }


def _if(case: Schema, then: Schema) -> Schema:
    """State what some keys must be in a case; editors show such a fault at the key, and that of a `not` at the file."""
    return {"if": case, "then": {"properties": then}}


def _some_takes(path: str) -> Schema:
    """State that one pattern may take a path: it is its text, or has a wildcard after what is its beginning."""
    wildcard = {"pattern": f"^/({path[1].replace('.', '[.]')}|{_WILDCARD}).*{_WILDCARD}|^/{_WILDCARD}"}
    return {"contains": {"anyOf": [{"const": path}, wildcard]}}


def _sets(key: str, **values: Any) -> Schema:
    """State that a table has a key of a value; without `required`, a table without the key would do."""
    return {"required": [key], "properties": {key: values}}


def _reserved() -> str:
    """Match the parameters that AWS keeps for itself, in any case."""
    letters = ("".join(f"[{letter}{letter.upper()}]" for letter in name[1:]) for name in RESERVED_PARAMETERS)
    return f"^/({'|'.join(letters)})"


def _counting_down() -> str:
    """Match a range of HTTP codes that counts down by hundreds or by tens; within ten, only the loader sees it."""
    downwards = ["4[0-9]{2}-[23]", "3[0-9]{2}-2"]
    downwards += [f"{hundred}{ten}[0-9]-{hundred}[0-{ten - 1}]" for hundred in (2, 3, 4) for ten in range(1, 10)]
    return "|".join(downwards)


def _private_block() -> str:
    """Match the private IPv4 blocks between a /16 and a /24 of which no bit of a host is set."""
    octet = "([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
    shared = "(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])"
    private = rf"(10\.{octet}|172\.(1[6-9]|2[0-9]|3[01])|192\.168|100\.{shared})"
    blocks = []
    for length in range(aws_limits.VPC_SHORTEST_PREFIX, aws_limits.VPC_LONGEST_PREFIX + 1):
        thirds = "|".join(map(str, range(0, 256, 2 ** (24 - length))))
        blocks.append(rf"({thirds})\.0/{length}")
    return rf"^{private}\.({'|'.join(blocks)})$"


def across_tables() -> list[Schema]:
    """Give what holds across tables: what some keys must be in a case that others make."""
    existing, managed = _sets("kind", const="existing"), _sets("kind", const="managed")
    no_pool = {"allOf": [existing, {"not": {"required": ["user_pool"]}}]}
    no_cognito = {"login": {"const": False}, "sign_in": _of({"kind": {"const": "oidc"}})}
    return [
        {"properties": {"services": {"maxProperties": quotas.TARGET_GROUPS_PER_AUTO_SCALING_GROUP.default}}},
        _if(_sets("platform", **no_pool), then={"services": _every(_of(no_cognito))}),
        _if(_sets("platform", **managed), then={"services": _every(_of({"opens_port": {"const": True}}))}),
        _if(_sets("platform", **managed), then={"limits": _of({_GROUP_RULES: {"minimum": quota_usage.PUBLIC_RULES}})}),
        *_names_on_certificates(),
        *_sign_in_domains(managed),
        *_names_of_services(),
    ]


def _of(properties: Schema) -> Schema:
    return {"properties": properties}


def _every(schema: Schema) -> Schema:
    return {"additionalProperties": schema}


def _no_service_has(key: str) -> Schema:
    return _of({"services": _every({"not": {"required": [key]}})})


def _names_on_certificates() -> Iterator[Schema]:
    """State that a certificate takes every host that a service owns, unless AWS has raised the quota.

    One with paths, or from which another takes a host over, may not own all its hosts; or another's certificate serves.
    """
    quota = quotas.DOMAIN_NAMES_PER_CERTIFICATE
    first = [{"not": {"pattern": f"^[!-~]{{{aws_limits.CERTIFICATE_FIRST_NAME_MAX_CHARACTERS + 1},}}$"}}]
    another = {"anyOf": [{"required": ["paths"]}, {"required": ["certificate"]}]}
    whole, each_owns = {"not": another}, _no_service_has("takes_over")
    yield _if(each_owns, then={"services": _every(_if(whole, then={"hosts": {"items": first}}))})
    for most in range(quota.least, quota.default + 1):
        limit = _of({"limits": _of({quota.key: {"maximum": most}})})
        default = [_sets("limits", required=[quota.key])] if most < quota.default else []
        hosts = _every(_if(whole, then={"hosts": {"maxItems": most}}))
        yield _if({"allOf": [limit, *default, each_owns]}, then={"services": hosts})


def _sign_in_domains(managed: Schema) -> list[Schema]:
    """State that no sign-in domain holds a word that Cognito refuses, where there is a user pool for certain."""
    free = {"not": {"pattern": "|".join(RESERVED_IN_SIGN_IN_DOMAINS)}}
    named = _sets("platform", **_sets("login", required=["domain_prefix"]))
    pool = [_sets("platform", **managed), _no_service_has("sign_in")]
    return [
        _if({"allOf": pool}, then={"platform": _of({"login": _of({"domain_prefix": free})})}),
        _if({"allOf": [*pool, {"not": named}]}, then={"prefix": free}),
    ]


def _names_of_services() -> list[Schema]:
    """State for each length of the prefix how long a service's name may be, for its target group's."""
    rules = []
    for length in range(1, PREFIX_MAX_CHARACTERS + 1):
        shortest = len(naming.target_group_name(prefix="p" * length, service=""))
        most = naming.TARGET_GROUP_NAME_MAX_CHARACTERS - shortest
        generations = {
            f"^.{{{most - digits},}}$": _of({"generation": {"maximum": 10 ** (digits - 1) - 1 if digits > 1 else 1}})
            for digits in (1, 2, 3)
        }
        services = {"propertyNames": {"maxLength": most}, "patternProperties": generations}
        rules.append(_if(_sets("prefix", minLength=length), then={"services": services}))
    return rules
