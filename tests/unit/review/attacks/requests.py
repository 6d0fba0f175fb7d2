"""Listener rules and security groups that let requests past a sign-in, elsewhere, or past the load balancer."""

from typing import Any

from tests.unit.review.attacks import PROD, REFUSED, STAGING, Act, Attack, Desk, added, after, both, secret, unknown

APP, ADMIN = "aws_lb_listener_rule.app", "aws_lb_listener_rule.admin"
LINK, DOCS = "aws_lb_listener_rule.link", "aws_lb_listener_rule.docs"
ADMIN_HOST, APP_HOST = "admin.staging.getorcha.com", "app.staging.getorcha.com"


def hosts(*names: str, **more: list[str]) -> list[dict[str, Any]]:
    """Write a rule's conditions."""
    found = [{"host_header": [{"values": list(names)}]}]
    return found + [{kind: [{"values": values}]} for kind, values in more.items()]


def takes(*names: str, **more: list[str]) -> Act:
    """Let App's rule, which asks for no sign-in and is asked before Admin's, take other requests."""
    return after(APP, condition=hosts(APP_HOST, *names, **more))


def login(**changes: Any) -> Act:
    """Change the action by which Admin's rule asks for a sign-in."""

    def act(desk: Desk) -> None:
        body = desk.change(ADMIN)
        sign_in, forward = body["after"]["action"]
        settings = {**sign_in["authenticate_cognito"][0], **changes}
        body["after"] = {**body["after"], "action": [{**sign_in, "authenticate_cognito": [settings]}, forward]}

    return act


def only_forwards(desk: Desk) -> None:
    body = desk.change(ADMIN)
    body["after"] = {**body["after"], "action": body["after"]["action"][1:]}


def new_rule(*conditions: dict[str, Any], priority: int | None = 1) -> Act:
    """Add a rule without a sign-in."""

    def act(desk: Desk) -> None:
        rule = desk.change(APP)["before"]
        added("aws_lb_listener_rule.app_2", **{**rule, "priority": priority, "condition": list(conditions)})(desk)

    return act


HEADER = {"http_header": [{"http_header_name": "User-Agent", "values": ["*"]}]}
OPENED: dict[str, tuple[str, Act]] = {
    "Admin's rule only forwards": (ADMIN, only_forwards),
    "who does not sign in is let through": (ADMIN, login(on_unauthenticated_request="allow")),
    "App takes Admin's host": (APP, takes(ADMIN_HOST)),
    "App takes Admin's host in capitals": (APP, takes(ADMIN_HOST.upper())),
    "App takes a path of Admin's host": (APP, takes(ADMIN_HOST, path_pattern=["/api/*"])),
    "App takes Admin's host by a wildcard": (APP, takes("*.staging.getorcha.com")),
    "App takes Admin's host by a question mark": (APP, takes("?dmin.staging.getorcha.com")),
    "App takes Admin's host for one method": (APP, takes(ADMIN_HOST, http_request_method=["POST"])),
    "App takes Admin's host for one network": (APP, takes(ADMIN_HOST, source_ip=["203.0.113.0/24"])),
    "App's conditions are not known": (APP, unknown(APP, "condition")),
    "a new rule takes Admin's host": ("aws_lb_listener_rule.app_2", new_rule(*hosts(ADMIN_HOST))),
    "a new rule takes every host": ("aws_lb_listener_rule.app_2", new_rule(HEADER)),
    "a new rule of an unknown priority": (
        "aws_lb_listener_rule.app_2",
        new_rule(*hosts(ADMIN_HOST), priority=None),
    ),
    "a new rule behind one that asks only some": (
        "aws_lb_listener_rule.app_2",
        both(
            after(ADMIN, condition=hosts(ADMIN_HOST, path_pattern=["/private/*"])),
            new_rule(*hosts(ADMIN_HOST), priority=900),
        ),
    ),
    "a new rule behind one that asks some clients": (
        "aws_lb_listener_rule.app_2",
        both(
            after(ADMIN, condition=hosts(ADMIN_HOST, source_ip=["203.0.113.0/24"])),
            new_rule(*hosts(ADMIN_HOST), priority=900),
        ),
    ),
}
EVERYWHERE: dict[str, dict[str, Any]] = {
    "every path": {"path_pattern": [{"values": ["/*"]}]},
    "every path by a star": {"path_pattern": [{"values": ["*"]}]},
    "every network": {"source_ip": [{"values": ["0.0.0.0/0"]}]},
    "every network in halves": {"source_ip": [{"values": ["0.0.0.0/1", "128.0.0.0/1"]}]},
    "every network of IPv6": {"source_ip": [{"values": ["2000::/3"]}]},
    "every method": {
        "http_request_method": [{"values": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]}],
    },
    "every value of a header": HEADER,
    "every value of a query": {"query_string": [{"value": "*"}]},
}


def in_front(condition: dict[str, Any]) -> Act:
    """Put a rule of Docs before Link's, for its host and one condition that takes everything."""

    def act(desk: Desk) -> None:
        condition_of_host = hosts("link.prod.getorcha.com", "link.getorcha.com")
        after(DOCS, priority=1, condition=[*condition_of_host, condition])(desk)

    return act


OTHERS = "arn:aws:elasticloadbalancing:eu-central-1:111111111111:targetgroup/other/0123456789abcdef"


def forwards(**action: Any) -> Act:
    return after(LINK, action=[{"type": "forward", "order": 1, **action}])


def to_docs(desk: Desk) -> None:
    group = next(
        change["change"]["after"]["arn"]
        for change in desk.plan["resource_changes"]
        if change["address"] == "aws_lb_target_group.docs"
    )
    forwards(target_group_arn=group)(desk)


def also_elsewhere(desk: Desk) -> None:
    own = desk.change(LINK)["before"]["action"][0]["target_group_arn"]
    groups = [{"arn": own, "weight": 99}, {"arn": OTHERS, "weight": 1}]
    forwards(target_group_arn=None, forward=[{"target_group": groups}])(desk)


MISROUTED: dict[str, tuple[str, Act]] = {
    "Link's rule forwards to Docs": (LINK, to_docs),
    "Link's rule forwards to a strange group": (LINK, forwards(target_group_arn=OTHERS)),
    "Link's rule forwards a part elsewhere": (LINK, also_elsewhere),
    "Link's rule redirects": (LINK, after(LINK, action=[{"type": "redirect", "redirect": [{"host": "x.example"}]}])),
    "Link's rule answers by itself": (
        LINK,
        after(LINK, action=[{"type": "fixed-response", "fixed_response": [{"status_code": "200"}]}]),
    ),
    "Link's rule does nothing": (LINK, after(LINK, action=[])),
    "Link's rule does what is not known": (LINK, unknown(LINK, "action")),
    "Link's rule does what is secret": (
        LINK,
        secret(LINK, "action", [{"type": "forward", "target_group_arn": OTHERS}]),
    ),
    "Link's rule takes Docs' host": (LINK, after(LINK, condition=hosts("docs.getorcha.com"))),
}
INSTANCES, BALANCER = "aws_vpc_security_group_ingress_rule.docs", "aws_vpc_security_group_egress_rule.docs"


def from_(rule: str = INSTANCES, **source: Any) -> Act:
    """Let in from elsewhere than the load balancer's group."""
    return after(rule, **{"referenced_security_group_id": None, **source})


INBOUND: dict[str, Act] = {
    "one private network": from_(cidr_ipv4="10.0.0.0/8"),
    "an eighth of the Internet": from_(cidr_ipv4="32.0.0.0/3"),
    "one machine": from_(cidr_ipv4="203.0.113.7/32"),
    "all of IPv6": from_(cidr_ipv6="2000::/3"),
    "a private network of IPv6": from_(cidr_ipv6="fd00::/8"),
    "a prefix list": from_(prefix_list_id="pl-0123456789abcdef0"),
    "another group": from_(referenced_security_group_id="sg-0123456789abcdef0"),
    "a group that is not known": unknown(INSTANCES, "referenced_security_group_id"),
    "a group that is secret": secret(INSTANCES, "referenced_security_group_id", "sg-0123456789abcdef0"),
    "SSH": after(INSTANCES, from_port=22, to_port=22),
    "every port": after(INSTANCES, from_port=0, to_port=65535),
    "every protocol": after(INSTANCES, ip_protocol="-1", from_port=None, to_port=None),
    "UDP": after(INSTANCES, ip_protocol="udp"),
    "the balancer's group, and a network too": after(INSTANCES, cidr_ipv4="198.51.100.0/24"),
    "another group to be let into": after(INSTANCES, security_group_id="sg-0123456789abcdef0"),
}
OUTBOUND: dict[str, Act] = {
    "the balancer sends elsewhere": from_(BALANCER, cidr_ipv4="198.51.100.0/24"),
    "the balancer sends to another group": after(BALANCER, referenced_security_group_id="sg-0123456789abcdef0"),
    "the balancer sends on every port": after(BALANCER, ip_protocol="-1", from_port=None, to_port=None),
}
INLINE = [{"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["198.51.100.0/24"]}]

ATTACKS = (
    *(Attack(name=name, desk=STAGING, act=act, by=f"OPENED:{address}") for name, (address, act) in OPENED.items()),
    *(
        Attack(name=f"Docs takes Link's host with {name}", desk=PROD, act=in_front(condition), by=f"SHADOWED:{LINK}")
        for name, condition in EVERYWHERE.items()
    ),
    *(Attack(name=name, desk=PROD, act=act, by=f"MISROUTED:{address}") for name, (address, act) in MISROUTED.items()),
    *(
        Attack(name=f"instances let in {name}", desk=PROD, act=act, by=f"INBOUND:{INSTANCES}")
        for name, act in INBOUND.items()
    ),
    *(Attack(name=name, desk=PROD, act=act, by=f"OUTBOUND:{BALANCER}") for name, act in OUTBOUND.items()),
    Attack(
        name="a group lets in by a rule of its own",
        desk=STAGING,
        act=after("aws_security_group.instances", ingress=INLINE),
        by="INBOUND:aws_security_group.instances",
    ),
    Attack(
        name="the default group lets in",
        desk=STAGING,
        act=after("aws_default_security_group.closed", ingress=INLINE),
        by="INBOUND:aws_default_security_group.closed",
    ),
    Attack(
        name="the instances are opened to the world",
        desk=PROD,
        act=from_(cidr_ipv4="0.0.0.0/0"),
        by=f"WORLD:{INSTANCES}",
    ),
    Attack(
        name="a rule takes a host that the file does not declare",
        desk=PROD,
        act=after(LINK, condition=hosts("link.prod.getorcha.com", "stranger.getorcha.com")),
        by=REFUSED,
    ),
    Attack(
        name="a rule's hosts in another order",
        desk=PROD,
        act=lambda desk: desk.change(LINK)["after"]["condition"][0]["host_header"][0]["values"].reverse(),
        harmless="a condition's values are a set: any of them is enough",
    ),
)
