"""Every key of the format with what it may hold, copied by hand from docs/environment-file.md."""

from collections.abc import Iterator

from tests.unit.properties.oracle.kinds import Kind, ListOf, Number, Table, TableOf, Text, Truth, Whole
from tests.unit.properties.oracle.names import host_breaches, zone_breaches

_WORDS = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
NAME = Text(_WORDS, 32)
REGION = Text(r"[a-z]{2}(-[a-z]+)+-[0-9]")
AWS_NAME = Text(r"[A-Za-z0-9 ._:/()#,@+=&;!*'-]{1,255}")
HOST = Text(r"(\*\.)?[^\s.A-Z_*:/]+(\.[^\s.A-Z_*:/]+)+", judge=host_breaches)
ZONE = Text(r"[^\s.A-Z_*:/]+(\.[^\s.A-Z_*:/]+)+", judge=zone_breaches)


def _matcher_breaches(matcher: str) -> Iterator[str]:
    for part in matcher.split(","):
        ends = [int(end) for end in part.split("-")]
        if len(ends) > 2:
            yield f"{part!r} is no range"
        if ends != sorted(ends):
            yield f"the range {part!r} descends"


_BACKEND = Table(
    {"bucket": Text(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), "key": AWS_NAME, "region": REGION}, {"account": NAME}
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
_PLATFORM = Table(
    {"kind": Text("existing"), "account": NAME, **dict.fromkeys(_SHARED, AWS_NAME)},
    {"user_pool": AWS_NAME, "opens_sign_in_port": Truth()},
)
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
_SERVICE_OPTIONS: dict[str, Kind] = {
    "health_check": _HEALTH_CHECK,
    "deregistration_delay_seconds": Whole(0, 3600),
    "slow_start_seconds": Whole(30, 900),
    "stickiness_seconds": Whole(1, 604800),
    "login": Truth(),
    "canonical_host": HOST,
    "oauth_discovery": Truth(),
    "generation": Whole(1, 999),
    "alarms": _ALARMS,
    "renamed_from": NAME,
}
_SERVICE = Table({"port": Whole(1, 65535), "priority": Whole(1, 50000), "hosts": ListOf(HOST)}, _SERVICE_OPTIONS)
FILE = Table(
    {
        "prefix": Text(_WORDS, 24),
        "region": REGION,
        "accounts": TableOf(NAME, _ACCOUNT, least=1),
        "zones": TableOf(ZONE, NAME, least=1),
        "platform": _PLATFORM,
    },
    {"backend": _BACKEND, "limits": _LIMITS, "services": TableOf(NAME, _SERVICE)},
)
