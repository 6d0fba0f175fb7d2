"""Drawn rules of others before our own: what the verification names, checked against the embedded listener."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.verify.standing import rules
from edge.verify.standing.listeners import Rule
from embedded_aws.data_plane import rule_matching
from embedded_aws.data_plane.actions import Request
from tests.support.files import environment, prod

ARN = "arn:aws:elasticloadbalancing:eu-central-1:111111111111:targetgroup/{}/0123456789abcdef"
OWN, OTHERS = "v1-orcha-link-tg", "others"
ASKED_HOSTS = ("link.getorcha.com", "link.prod.getorcha.com")
ENVIRONMENT = environment(prod())

hosts = st.lists(
    st.sampled_from([*ASKED_HOSTS, "*.getorcha.com", "link.*", "l?nk.getorcha.com", "shop.getorcha.com", "*"]),
    max_size=2,
)
paths = st.lists(st.sampled_from(["/api/*", "/login*", "/health", "/*", "/?", "*.js"]), max_size=2)
methods = st.sampled_from([(), ("POST",), ("GET", "POST")])


def described(priority: int, group: str, **fields: Any) -> dict[str, Any]:
    keys = {"host": "HostHeaderConfig", "path": "PathPatternConfig", "method": "HttpRequestMethodConfig"}
    names = {"host": "host-header", "path": "path-pattern", "method": "http-request-method"}
    conditions = [
        {"Field": names[field], keys[field]: {"Values": list(values)}} for field, values in fields.items() if values
    ]
    action = {"Type": "forward", "TargetGroupArn": ARN.format(group)}
    return {"RuleArn": f"r{priority}", "Priority": str(priority), "Conditions": conditions, "Actions": [action]}


foreign = st.builds(
    lambda group, host, path, method: (group, {"host": host, "path": path, "method": method}),
    st.sampled_from([OTHERS, OTHERS, OWN]),
    hosts,
    paths,
    methods,
)
# Requests that fit the patterns above in every way, so that what a rule takes is among them.
REQUESTS = [
    Request(protocol="HTTPS", port=443, method=method, host=host, path=path, query="")
    for method in ("GET", "POST", "PUT")
    for host in ASKED_HOSTS
    for path in ("/", "/x", "/health", "/api/v1", "/login", "/login/x", "/a.js", "/api/a.js", "/deep/er")
]


@settings(max_examples=400, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(foreign, max_size=3))
def test_a_rule_is_named_exactly_where_the_listener_sends_a_request_of_ours_elsewhere(
    drawn: list[tuple[str, dict[str, Any]]],
) -> None:
    before = [described(number, group, **fields) for number, (group, fields) in enumerate(drawn, 1)]
    ordered = [*before, described(20, OWN, host=ASKED_HOSTS)]
    faults = list(rules.faults(ENVIRONMENT, [Rule(443, rule) for rule in ordered]))
    first = [next(rule for rule in ordered if rule_matching.takes(rule, request)) for request in REQUESTS]
    elsewhere = {rule["Priority"] for rule in first if OTHERS in rule["Actions"][0]["TargetGroupArn"]}
    named = {fault.found.split()[1].rstrip(",") for fault in faults}
    assert elsewhere <= named
    assert bool(named) == bool(elsewhere), (named, elsewhere)
