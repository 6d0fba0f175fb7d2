"""Values that no rule admits, by the key of a managed platform or of a zone's table that they are given to."""

from typing import Any

NO_TRUTH: list[Any] = ["true", 1, 0, 0.0, [], {}]
NO_TEXT: list[Any] = [5, 5.0, True, [], {}, ["a"], {"a": "b"}]
NO_TABLE: list[Any] = ["a", 5, True, [], [{}], [{"a": 1}]]
NO_BLOCKS: list[Any] = [
    *("", "10.0.0.0", "10.0.0.0/15", "10.0.0.0/25", "10.0.0.0/8", "10.0.0.0/160", "10.0.0.0/16\n", " 10.0.0.0/16"),
    *("10.0.0/16", "10/16", "10.0.0.0.0/16", "10.0.0.256/16", "010.0.0.0/16", "10.0.0.0/0x10", "10.0.0.0/255.255.0.0"),
    *("10..0.0/16", "./16", "10.0.1.0/16", "10.0.0.1/24", "10.0.64.0/17", "\uff11\uff10.0.0.0/16", "fd00::/16"),
    *(
        "0.0.0.0/16",
        "8.8.0.0/16",
        "11.0.0.0/16",
        "172.15.0.0/16",
        "172.32.0.0/16",
        "192.169.0.0/16",
        "192.167.255.0/24",
    ),
    *("127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/16", "255.255.255.0/24", "9" * 5000 + ".0.0.0/16", "198.18.0.0/16"),
    *(
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/16",
        "192.0.0.0/24",
        "100.128.0.0/16",
        "100.63.0.0/16",
    ),
]
NO_EMAILS: list[Any] = [
    *("", "a", "@", "a@", "@b.co", "a@b", "a@b.c", "A@b.co", "a@B.co", "a@b.co\n", " a@b.co", "a@b.co ", "a@@b.co"),
    *("a b@c.co", "a..b@c.co", ".a@b.co", "a.@b.co", "a@.co", "a@b..co", "a@-b.co", "a@b-.co", "a@b.c0", "a@b_c.co"),
    *("ü@b.co", "a@ü.co", "a@b.c\u043e", "a\x00@b.co", "a\u202e@b.co", "Ann <a@b.co>", "mailto:a@b.co", "a,b@c.co"),
    *("a'@b.co", "a@[10.0.0.1]", "a" * 5000, ("a" * 30 + ".") * 100),
]
NO_IMAGES: list[Any] = [
    *("", "-a", ":a", "/a", "a b", "a\n", "a;b", "$(a)", "a`b`", "${a}", "a'b", 'a"b', "a\\b", "a&b", "a|b", "é"),
    *("a\u2028", "a\x00", "i" * 513, "%{a}", "a#b", "a=b", "a+b", "a~b", "\uff11"),
]


def _outside(lowest: int, highest: int) -> list[Any]:
    return [lowest - 1, highest + 1, str(lowest), float(lowest), True, [lowest], {}, -(10**30), 10**30]


# On a managed platform, which the environment is given first.
MANAGED_VALUES: dict[str, list[Any]] = {
    "platform.kind": ["manged", "Managed", "managed ", "managed\n", "existing"],
    "platform.account": [*NO_TEXT, "nobody", "", "V1"],
    "platform.vpc": ["v", {}],
    "platform.network": NO_TABLE,
    "platform.network.cidr_block": [*NO_BLOCKS, *NO_TEXT],
    "platform.network.nat_gateways": ["", "two", "One", "one\n", "one-per-zones", "one|none", 1, *NO_TEXT],
    "platform.network.cidr": ["10.0.0.0/16"],
    "platform.network.flow_logs": NO_TRUTH,
    "platform.balancer": NO_TABLE,
    "platform.balancer.deletion_protection": NO_TRUTH,
    "platform.balancer.ip_address_type": ["", "ipv6", "IPv4", "dualstack\n", "dualstack-without-public-ipv4", *NO_TEXT],
    "platform.balancer.web_acl": NO_TRUTH,
    "platform.balancer.access_log_retention_days": _outside(1, 3653),
    "platform.balancer.name": ["alb"],
    "platform.instances": [*NO_TABLE, {}],
    "platform.instances.image": [*NO_IMAGES, *NO_TEXT],
    "platform.instances.instance_type": ["", "t3", "t3.", ".small", "T3.small", "t3.small\n", "t3.sm.all", *NO_TEXT],
    "platform.instances.min_size": _outside(1, 100),
    "platform.instances.max_size": _outside(1, 100),
    "platform.instances.volume_gib": _outside(8, 16384),
    "platform.instances.permissions_boundary": ["", "a/b", "b" * 129, "b\n", "arn:aws:iam::1:policy/b", *NO_TEXT],
    "platform.instances.desired_size": [2],
    "platform.login": NO_TABLE,
    "platform.login.domain_prefix": [
        *(
            "",
            "-a",
            "a-",
            "A",
            "a.b",
            "a_b",
            "a\n",
            "ä",
            "a" * 64,
            "-",
            "aws",
            "xamazonx",
            "cognito",
            "\u0661",
            *NO_TEXT,
        ),
    ],
    "platform.login.user_pool": ["people"],
    "platform.login.keep_user_pool": ["true", 1, 0.0, [], {}],
    "platform.login.self_sign_up": ["true", 1, 0.0, [], {}],
    "platform.login.mfa": ["", "ON", "off", "Required", "required\n", *NO_TEXT],
    "platform.login.threat_protection": ["", "OFF", "enforce", "audit\n", *NO_TEXT],
    "platform.login.session_timeout_seconds": _outside(1, 604800),
    "platform.alert_emails": [
        *("a@b.co", 5, True, {}, {"a": "b"}, [5], [["a@b.co"]], [{}], ["a@b.co", "a@b.co"]),
        *([email] for email in NO_EMAILS),
    ],
    "platform.alert_topic": ["alerts"],
}
# Of a zone; the account of the platform stands for {account}.
ZONES: list[Any] = [
    *([], [{}], {}, 5, True, {"create": True}, {"create": False}, {"name": "a"}, {"account": "nobody"}),
    *({"account": text} for text in ("", "V1", "v--1", "v" * 33, *NO_TEXT)),
    *({"account": "{account}", "create": item} for item in NO_TRUTH),
    *({"account": "{account}", "id": item} for item in ("", "z1", "Z-1", "Z" * 33, "Z1\n", "Ü1", *NO_TEXT)),
    *({"account": "{account}", text: True} for text in ("creat", "Create", "", "delegate", "id", "a\nb", "k" * 3000)),
]
