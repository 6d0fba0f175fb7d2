"""Values that no rule admits, by the key that they are given to; `*` stands for the first key of a table."""

from math import inf, nan
from typing import Any

from tests.unit.properties.right_platforms import make_of_kind
from tests.unit.properties.wrong_managed import MANAGED_VALUES, ZONES
from tests.unit.properties.wrong_paths import PATH_VALUES
from tests.unit.properties.wrong_sign_ins import WRONG_SIGN_INS

Content = dict[str, Any]

NO_TEXT: list[Any] = [5, 5.0, True, [], {}, ["a"], {"a": "b"}]
NO_TABLE: list[Any] = ["a", 5, True, [], [{}], [{"a": 1}]]
NO_NAMES: list[Any] = [
    "",
    "V1",
    "1v",
    "v1-",
    "-v1",
    "v--1",
    "v1\n",
    "v_1",
    "v.1",
    "v" * 33,
    "v\u0661",
    "vé",
    "v 1",
    "v\x7f",
]
NO_AWS_NAMES: list[Any] = ["", "${file(1)}", "a" * 256, "a\n", "a\tb", "é", "a%{b}", 'a"', "a\\", "a\u2028b"]
NO_REGIONS: list[Any] = ["", "eu", "eu-central", "EU-central-1", "eu-central-1\n", "eu-central-10", "eu_central_1"]
NO_NAMES_OF_DNS: list[Any] = [
    *(
        "",
        ".",
        "..",
        " ",
        "*",
        "*.",
        "localhost",
        "a..{zone}",
        ".{zone}",
        "{zone}.",
        "A.{zone}",
        "Ü.{zone}",
        "a_b.{zone}",
    ),
    *(
        "-a.{zone}",
        "a-.{zone}",
        "a b.{zone}",
        "a\n.{zone}",
        "{zone}\n",
        "a\x00.{zone}",
        "a\u202eb.{zone}",
        "a\u200bb.{zone}",
        "\ufeff{zone}",
    ),
    *("xn--.{zone}", "xn--a-.{zone}", "xn--ü.{zone}", "https://{zone}", "a.{zone}:443", "a.{zone}/b", "a*.{zone}"),
    *(
        "a.*.{zone}",
        "*a.{zone}",
        "**.{zone}",
        "a$.{zone}",
        "a?.{zone}",
        "a'.{zone}",
        "[a].{zone}",
        "é\u0301\u0327.{zone}.",
    ),
    *(
        "a" * 64 + ".{zone}",
        "ü" * 60 + ".{zone}",
        "a." * 125 + "{zone}",
        "☃" * 4 + "_.{zone}",
        "\ud7ff.{zone}",
        "\u0378.{zone}",
    ),
]
NO_HOSTS: list[Any] = [*NO_NAMES_OF_DNS, "*.*.{zone}", "a." * 60 + "{zone}", "{zone}" + ".x" * 60]


def _outside(lowest: int, highest: int) -> list[Any]:
    return [lowest - 1, highest + 1, str(lowest), float(lowest), True, [lowest], {}, -(10**30), 10**30, inf, nan]


VALUES: dict[str, list[Any]] = {
    "prefix": [*NO_NAMES, *NO_TEXT, "v" * 25],
    "region": [*NO_REGIONS, *NO_TEXT],
    "owner": ["me", 5, {}, []],
    "accounts": [{}, *NO_TABLE],
    "accounts.*": NO_TABLE,
    "accounts.*.id": ["1" * 11, "1" * 13, "11111111111a", "111111111111\n", "\uff11" * 12, "", 111111111111, *NO_TEXT],
    "accounts.*.profile": [*NO_AWS_NAMES, *NO_TEXT],
    "accounts.*.role_arn": ["", "deploy", "arn:aws:iam::1:role/x", "arn:aws:iam::111111111111:user/x", *NO_TEXT],
    "accounts.*.name": ["prod"],
    "backend": [*NO_TABLE, {}],
    "backend.bucket": ["", "ab", "A-b", "a_b", "a" * 64, "-ab", "ab-", "abc\n", *NO_TEXT],
    "backend.key": [*NO_AWS_NAMES, *NO_TEXT],
    "backend.region": [*NO_REGIONS, *NO_TEXT],
    "backend.account": [*NO_NAMES, *NO_TEXT, "nobody"],
    "backend.kms_key_arn": [
        "alias/state",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:eu-central-1:111111111111:alias/state",
        "arn:aws:kms:eu-central-1:1:key/a",
        "arn:aws:kms:eu-central-1:111111111111:key/",
        "arn:aws:kms:eu-central-1:111111111111:key/a/b",
        *NO_TEXT,
    ],
    "backend.dynamodb_table": ["locks"],
    "zones": [{}, *NO_TABLE],
    "zones.*": [*NO_NAMES, *NO_TEXT, "nobody", *ZONES],
    "platform": [*NO_TABLE, {}],
    "existing:platform.kind": ["rented", "", "Existing", "existing\n", *NO_TEXT],
    "existing:platform.account": [*NO_NAMES, *NO_TEXT, "nobody"],
    "existing:platform.load_balancer": [*NO_AWS_NAMES, *NO_TEXT],
    "existing:platform.alert_topic": [*NO_AWS_NAMES, *NO_TEXT],
    "existing:platform.user_pool": [*NO_AWS_NAMES, *NO_TEXT],
    "existing:platform.opens_sign_in_port": ["true", 1, 0, 0.0, [], {}],
    "existing:platform.self_sign_up": ["true", 1, 0, 0.0, [], {}],
    "platform.vpc": ["v"],
    "limits": NO_TABLE,
    "limits.rules_per_application_load_balancer": [0, -5, "100", 100.0, True, nan],
    "limits.certificates_per_application_load_balancer": [1, 0, "25", 25.0, True, inf],
    "limits.domain_names_per_acm_certificate": _outside(1, 100),
    "limits.rules_per_security_group": _outside(1, 1000),
    "limits.target_groups": [100],
    "services": NO_TABLE,
    "services.*": [*NO_TABLE, {}],
    "services.*.port": [*_outside(1, 65535), 22, 2375, 2376, 9878],
    "services.*.priority": _outside(1, 50000),
    "services.*.hosts": [[], {}, "a.{zone}", 5, [5], [["a.{zone}"]], [None], *([host] for host in NO_HOSTS)],
    "services.*.paths": PATH_VALUES,
    "services.*.canonical_host": [*NO_TEXT, *NO_HOSTS, "nobody.{zone}"],
    "services.*.health_check": NO_TABLE,
    "services.*.health_check.path": ["", "health", "/a b", "/a\n", "/${a}", "/é", '/"', "/" + "a" * 1024, *NO_TEXT],
    "services.*.health_check.matcher": [
        "",
        "20",
        "2000",
        "199",
        "500",
        "200,",
        "200-",
        "299-200",
        "200,299-200",
        "200 ",
    ],
    "services.*.health_check.healthy_threshold": _outside(2, 10),
    "services.*.health_check.unhealthy_threshold": _outside(2, 10),
    "services.*.health_check.interval_seconds": _outside(5, 300),
    "services.*.health_check.timeout_seconds": _outside(2, 120),
    "services.*.health_check.protocol": ["HTTP"],
    "services.*.deregistration_delay_seconds": _outside(0, 3600),
    "services.*.slow_start_seconds": _outside(30, 900),
    "services.*.stickiness_seconds": _outside(1, 604800),
    "services.*.login": ["true", 1, 0, 1.0, [], {}],
    "services.*.sign_in": WRONG_SIGN_INS,
    "services.*.oauth_discovery": ["false", 1, 0, [], {}],
    "services.*.generation": _outside(1, 999),
    "services.*.opens_port": ["true", 1, 0, 0.0, [], {}],
    "services.*.alarms": NO_TABLE,
    "services.*.alarms.error_share_percent": [0, 0.0, -1, 100.0001, 101, nan, inf, -inf, "5", True, [], {}],
    "services.*.alarms.latency_p95_seconds": [0, -0.0, -1e-9, 4000.1, 4001, nan, inf, "2", True, [], {}],
    "services.*.alarms.certificate_days_to_expiry": _outside(1, 90),
    "services.*.alarms.topic": ["other"],
    "services.*.renamed_from": [*NO_NAMES, *NO_TEXT],
    "services.*.prot": [1],
}
# Keys of the user's own, which a value cannot stand for.
KEYS: dict[str, list[str]] = {
    "accounts": NO_NAMES,
    "zones": [*NO_NAMES_OF_DNS, "*.{zone}", "a.5", "10.0.0.1"],
    "services": NO_NAMES,
}
WRONG = [
    (path, value)
    for table in (VALUES, {f"managed:{path}": values for path, values in MANAGED_VALUES.items()})
    for path, values in table.items()
    for value in values
    if value != [None]
]
WRONG_KEYS = [(path, key) for path, keys in KEYS.items() for key in keys]


def put(content: Content, path: str, value: Any) -> None:
    """Give a value to a key; tables on the way are made where they may be left out.

    A path may start with the kind of platform that it is for, and a colon.
    """
    *kind, path = path.split(":")
    if kind:
        make_of_kind(content, *kind)
    *way, last = path.split(".")
    table = content
    for key in way:
        table = table[next(iter(table))] if key == "*" else table.setdefault(key, {})
    table[next(iter(table)) if last == "*" else last] = _in_zone(value, content)


def put_key(content: Content, path: str, key: str) -> None:
    """Add a copy of a table's first value under a key."""
    table = content[path]
    table[_in_zone(key, content)] = next(iter(table.values()))


def _in_zone(value: Any, content: Content) -> Any:
    """Write an own zone of the environment into a value, so that a host breaks no other rule than the meant one."""
    match value:
        case str():
            return value.replace("{zone}", next(iter(content["zones"]))).replace(
                "{account}", content["platform"]["account"]
            )
        case dict():
            return {key: _in_zone(entry, content) for key, entry in value.items()}
        case list():
            return [_in_zone(entry, content) for entry in value]
    return value
