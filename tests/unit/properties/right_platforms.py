"""Right platforms of both kinds, right zones in every form, and the way from one kind of platform to the other."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

Content = dict[str, Any]
Options = dict[str, list[Any]]

# Each root, and how DNS spells it: a zone may be spelled otherwise than the one that it lies below.
ROOTS = {
    "orcha.example": "orcha.example",
    "bücher.example": "xn--bcher-kva.example",
    "a-b.co.uk": "a-b.co.uk",
    "xn--caf-dma.example": "café.example",
}
AWS_NAMES = ("v1-orcha-alb", "a b", "x" * 255, "Group (old) #1: it's / ours, @home+=&;!*'-")
NEEDED = (
    "load_balancer",
    "load_balancer_security_group",
    "instance_security_group",
    "autoscaling_group",
    "alert_topic",
)
IMAGES = ("orcha:1", "333333333333.dkr.ecr.eu-central-1.amazonaws.com/o/rcha_X@sha256:" + "0" * 64, "i" * 512)
SIZES: tuple[dict[str, int], ...] = (
    *({}, {"min_size": 1}, {"min_size": 4}, {"max_size": 2}, {"max_size": 100}),
    *({"min_size": 1, "max_size": 1}, {"min_size": 100, "max_size": 100}, {"min_size": 3, "max_size": 50}),
)
EXISTING_OPTIONS: Options = {"platform.opens_sign_in_port": [True, False], "platform.self_sign_up": [True, False]}
MANAGED_OPTIONS: Options = {
    "platform.network.cidr_block": [
        "10.0.0.0/16",
        "10.255.255.0/24",
        "172.16.0.0/16",
        "172.31.128.0/17",
        "100.64.0.0/16",
    ],
    "platform.network.nat_gateways": ["none", "one", "one-per-zone"],
    "platform.network.flow_logs": [True, False],
    "platform.balancer.deletion_protection": [True, False],
    "platform.balancer.ip_address_type": ["ipv4", "dualstack"],
    "platform.balancer.web_acl": [True, False],
    "platform.balancer.access_log_retention_days": [1, 3653],
    "platform.instances.instance_type": ["t3.small", "u-6tb1.112xlarge", "-.-"],
    "platform.instances.volume_gib": [8, 16384],
    "platform.instances.permissions_boundary": ["b", "a+=,.@_-Z9", "b" * 128],
    "platform.login.domain_prefix": ["a", "0", "9--z", "a" * 63, "orcha-people", "cognit-o"],
    "platform.login.keep_user_pool": [True, False],
    "platform.login.self_sign_up": [True, False],
    "platform.login.mfa": ["required", "optional"],
    "platform.login.threat_protection": ["off", "audit", "enforced"],
    "platform.login.session_timeout_seconds": [1, 28800, 604800],
    "platform.alert_emails": [[], ["a@b.co"], ["on-call+1.x_y@mail.a-b.example", "on-call@mail.a-b.example"]],
}


def existing_platform(account: str, name: str = AWS_NAMES[0]) -> Content:
    return {"kind": "existing", "account": account, "user_pool": "people", **dict.fromkeys(NEEDED, name)}


def managed_platform(account: str, image: str = IMAGES[0], sizes: dict[str, int] = SIZES[0]) -> Content:
    return {"kind": "managed", "account": account, "instances": {"image": image, **sizes}}


def make_of_kind(content: Content, kind: str) -> None:
    """Give an environment the other kind of platform, where it has not the one that is asked for."""
    platform = content["platform"]
    if platform["kind"] != kind:
        make = managed_platform if kind == "managed" else existing_platform
        content["platform"] = make(platform["account"])


@st.composite
def platforms(draw: DrawFn, account: str) -> Content:
    """Draw a platform, of either kind as often."""
    if draw(st.booleans()):
        return managed_platform(account, draw(st.sampled_from(IMAGES)), draw(st.sampled_from(SIZES)))
    return existing_platform(account, draw(st.sampled_from(AWS_NAMES)))


@st.composite
def zones(draw: DrawFn, accounts: list[str]) -> Content:
    """Draw zones, the first in the first account, which is the platform's, and the last one perhaps within another.

    The first one, too, may lie within another, which follows it. What lies within another may be created.
    """
    roots = draw(st.lists(st.sampled_from(list(ROOTS)), min_size=1, max_size=3, unique=True))
    holders = {roots[0]: accounts[0], **{root: draw(st.sampled_from(accounts)) for root in roots[1:]}}
    shape = draw(st.sampled_from(["", "stage", "deep", "stage and deep"]))
    if "stage" in shape:
        below = f"stage.{draw(st.sampled_from([roots[-1], ROOTS[roots[-1]]]))}"
        holders = {below: accounts[0], **holders, roots[0]: draw(st.sampled_from(accounts))}
    if "deep" in shape:
        above = draw(st.sampled_from([roots[-1], ROOTS[roots[-1]], next(iter(holders))]))
        holders[f"deep.{above}"] = draw(st.sampled_from(accounts))
    return {
        zone: _written(draw, account, f"Z{number}ABC"[: 2 + number], inner=zone not in roots)
        for number, (zone, account) in enumerate(holders.items())
    }


def _written(draw: DrawFn, account: str, zone_id: str, *, inner: bool) -> str | Content:
    """Write a zone in either form; only one within another can be created."""
    match draw(st.sampled_from(["text", "table", "false", "true", "true"])):
        case "true" if inner:
            return {"account": account, "create": True}
        case "false":
            return {"account": account, "create": False, **draw(st.sampled_from([{}, {"id": zone_id}]))}
        case "table":
            return {"account": account}
    return account
