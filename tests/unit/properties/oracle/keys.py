"""Every key of the format with what it may hold, copied by hand from docs/environment-file.md."""

import re
from collections.abc import Iterator

from tests.unit.properties.oracle.kinds import (
    Kind,
    ListOf,
    Number,
    Table,
    TableByKind,
    TableOf,
    Text,
    TextOrTable,
    Truth,
    Whole,
)
from tests.unit.properties.oracle.names import host_breaches, zone_breaches
from tests.unit.properties.oracle.sign_ins import SIGN_IN

_WORDS = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
NAME = Text(_WORDS, 32)
REGION = Text(r"[a-z]{2,4}(-[a-z]+)+-[0-9]")
AWS_NAME = Text(r"[A-Za-z0-9 ._:/()#,@+=&;!*'-]{1,255}")
HOST = Text(r"(\*\.)?[^\s.A-Z_*:/]+(\.[^\s.A-Z_*:/]+)+", judge=host_breaches)
ZONE = Text(r"[^\s.A-Z_*:/]+(\.[^\s.A-Z_*:/]+)+", judge=zone_breaches)


def _wildcard_breaches(path: str) -> Iterator[str]:
    if path.count("*") + path.count("?") > 6:
        yield f"{path} holds more wildcards than the six that a rule takes"


def _matcher_breaches(matcher: str) -> Iterator[str]:
    for part in matcher.split(","):
        ends = [int(end) for end in part.split("-")]
        if len(ends) > 2:
            yield f"{part!r} is not a range"
        if ends != sorted(ends):
            yield f"the range {part!r} descends"


_BACKEND = Table(
    {"bucket": Text(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), "key": AWS_NAME, "region": REGION},
    {"account": NAME, "kms_key_arn": Text(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,64}")},
)
_ACCOUNT = Table(
    {"id": Text("[0-9]{12}")},
    {"profile": AWS_NAME, "role_arn": Text(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+")},
)
_SHARED = (
    "load_balancer",
    "load_balancer_security_group",
    "instance_security_group",
    "autoscaling_group",
    "alert_topic",
)
_EXISTING = Table(
    {"kind": Text("existing"), "account": NAME, **dict.fromkeys(_SHARED, AWS_NAME)},
    {"user_pool": AWS_NAME, "opens_sign_in_port": Truth(), "self_sign_up": Truth()},
)


def _block_breaches(block: str) -> Iterator[str]:
    """Judge the block of a VPC by its bits: private or shared (RFC 1918, RFC 6598), no bit behind its length."""
    address, length = block.split("/")
    numbers = address.split(".")
    if len(numbers) != 4 or not all(
        re.fullmatch("0|[1-9][0-9]{0,2}", number) and int(number) < 256 for number in numbers
    ):
        yield f"{address!r} is no IPv4 address"
        return
    bits = "".join(f"{int(number):08b}" for number in numbers)
    if "1" in bits[int(length) :]:
        yield f"{block!r} starts within a block"
    if not bits.startswith(("00001010", "101011000001", "1100000010101000", "0110010001")):
        yield f"{block!r} is not private"


_NETWORK = Table(
    optional={
        "cidr_block": Text("[0-9.]+/(1[6-9]|2[0-4])", judge=_block_breaches),
        "nat_gateways": Text("none|one|one-per-zone"),
        "flow_logs": Truth(),
    }
)
_BALANCER = Table(
    optional={
        "deletion_protection": Truth(),
        "ip_address_type": Text("ipv4|dualstack"),
        "web_acl": Truth(),
        "access_log_retention_days": Whole(1, 3653),
    }
)
_INSTANCES = Table(
    {"image": Text("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,511}")},
    {
        "instance_type": Text(r"[a-z0-9-]+\.[a-z0-9-]+"),
        "min_size": Whole(1, 100),
        "max_size": Whole(1, 100),
        "volume_gib": Whole(8, 16384),
        "permissions_boundary": Text(r"[A-Za-z0-9+=,.@_-]{1,128}"),
    },
)
_EMAIL = Text(r"[a-z0-9]+([.+_-][a-z0-9]+)*@[a-z0-9]+([.-][a-z0-9]+)*\.[a-z]{2,}")
_MANAGED = Table(
    {"kind": Text("managed"), "account": NAME, "instances": _INSTANCES},
    {
        "network": _NETWORK,
        "balancer": _BALANCER,
        "login": Table(
            optional={
                "domain_prefix": Text("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
                "keep_user_pool": Truth(),
                "self_sign_up": Truth(),
                "mfa": Text("required|optional"),
                "threat_protection": Text("off|audit|enforced"),
                "session_timeout_seconds": Whole(1, 604800),
            }
        ),
        "alert_emails": ListOf(_EMAIL, least=0),
    },
)
_ZONE = TextOrTable(NAME, Table({"account": NAME}, {"create": Truth(), "id": Text("[A-Z0-9]{1,32}")}))
_LIMITS = Table(
    optional={
        "rules_per_application_load_balancer": Whole(1),
        "certificates_per_application_load_balancer": Whole(2),
        "domain_names_per_acm_certificate": Whole(1, 100),
        "rules_per_security_group": Whole(1, 1000),
    }
)
_HEALTH_CHECK = Table(
    optional={
        "path": Text(r"/[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*", 1024),
        "matcher": Text("[2-4][0-9]{2}(([-,])[2-4][0-9]{2})*", judge=_matcher_breaches),
        "healthy_threshold": Whole(2, 10),
        "unhealthy_threshold": Whole(2, 10),
        "interval_seconds": Whole(5, 300),
        "timeout_seconds": Whole(2, 120),
    }
)
_ALARMS = Table(
    optional={
        "error_share_percent": Number(100),
        "latency_p95_seconds": Number(4000),
        "certificate_days_to_expiry": Whole(1, 90),
    }
)
_PATH = Text(r"/[A-Za-z0-9_.$/~\"'@:+*?-]*", 128, judge=_wildcard_breaches)
_SERVICE_OPTIONS: dict[str, Kind] = {
    "paths": ListOf(_PATH, most=4),
    "health_check": _HEALTH_CHECK,
    "deregistration_delay_seconds": Whole(0, 3600),
    "slow_start_seconds": Whole(30, 900),
    "stickiness_seconds": Whole(1, 604800),
    "login": Truth(),
    "sign_in": SIGN_IN,
    "canonical_host": HOST,
    "oauth_discovery": Truth(),
    "generation": Whole(1, 999),
    "opens_port": Truth(),
    "alarms": _ALARMS,
    "takes_over": ListOf(HOST),
    "records_first": ListOf(HOST),
    "certificate": NAME,
    "certificate_names": ListOf(HOST),
    "renamed_from": NAME,
}
_SERVICE = Table({"port": Whole(1, 65535), "priority": Whole(1, 50000), "hosts": ListOf(HOST)}, _SERVICE_OPTIONS)
FILE = Table(
    {
        "prefix": Text(_WORDS, 24),
        "region": REGION,
        "accounts": TableOf(NAME, _ACCOUNT, least=1),
        "zones": TableOf(ZONE, _ZONE, least=1),
        "platform": TableByKind({"existing": _EXISTING, "managed": _MANAGED}),
    },
    {"backend": _BACKEND, "limits": _LIMITS, "services": TableOf(NAME, _SERVICE)},
)
