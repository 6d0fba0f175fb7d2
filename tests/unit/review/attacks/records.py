"""Records that lead away, and alarms, callbacks and guards that no longer do what they are for."""

from typing import Any

from edge.review.risks.guards import GUARDS, Guard
from tests.unit.review.attacks import ELSEWHERE, PROD, STAGING, Act, Attack, Desk, after, both, secret, unknown

CNAME, ALIAS = "aws_route53_record.docs_getorcha_com", "aws_route53_record.docs_prod_getorcha_com"
PROOF = "aws_route53_record.docs_getorcha_com__validation"
DELEGATION = "aws_route53_record.staging_getorcha_com__delegation"
WEIGHTED = [{"weight": 1}]
OWN = "docs.prod.getorcha.com"


def target(**given: Any) -> Act:
    """Change the target of an alias."""
    return after(ALIAS, **{f"alias__{key}": value for key, value in given.items()})


MISLED: dict[str, tuple[str, Act]] = {
    "a CNAME to somebody else's host": (CNAME, after(CNAME, records=[ELSEWHERE])),
    "a CNAME to two hosts": (CNAME, after(CNAME, records=[OWN, ELSEWHERE])),
    "a CNAME to another service's host": (CNAME, after(CNAME, records=["link.prod.getorcha.com"])),
    "a CNAME to itself": (CNAME, after(CNAME, records=["docs.getorcha.com"])),
    "a CNAME to a host below the right one": (CNAME, after(CNAME, records=[f"{OWN}.attacker.example"])),
    "a CNAME to nothing": (CNAME, after(CNAME, records=[])),
    "a CNAME to what is not known": (CNAME, unknown(CNAME, "records")),
    "a CNAME to what is secret": (CNAME, secret(CNAME, "records", [OWN])),
    "an address in place of a CNAME": (CNAME, after(CNAME, type="A", records=["203.0.113.66"])),
    "an alias in place of a CNAME": (
        CNAME,
        after(CNAME, type="A", records=None, ttl=None, alias=[{"name": ELSEWHERE, "zone_id": "Z1"}]),
    ),
    "one of several weighted answers": (
        CNAME,
        after(CNAME, records=[OWN], set_identifier="b", weighted_routing_policy=WEIGHTED),
    ),
    "another answer by country": (CNAME, after(CNAME, geolocation_routing_policy=[{"country": "DE"}])),
    "another answer by latency": (ALIAS, after(ALIAS, latency_routing_policy=[{"region": "us-east-1"}])),
    "another answer on failure": (ALIAS, after(ALIAS, failover_routing_policy=[{"type": "SECONDARY"}])),
    "an answer that follows a health check": (ALIAS, after(ALIAS, health_check_id="abc")),
    "an alias of another load balancer": (ALIAS, target(name="other-1.eu-central-1.elb.amazonaws.com")),
    "an alias of another one, by IPv6 too": (ALIAS, target(name="dualstack.other-1.eu-central-1.elb.amazonaws.com")),
    "an alias in another hosted zone": (ALIAS, target(zone_id="Z215JYRZR1TBD5")),
    "an alias of what is not known": (ALIAS, unknown(ALIAS, "alias")),
    "an alias of what is secret": (ALIAS, secret(ALIAS, "alias", [{"name": ELSEWHERE, "zone_id": "Z1"}])),
    "addresses in place of an alias": (ALIAS, after(ALIAS, alias=[], records=["203.0.113.66"], ttl=60)),
    "two aliases": (ALIAS, after(ALIAS, alias=[{"name": ELSEWHERE, "zone_id": "Z1"}] * 2)),
    "a proof for somebody else's certificate": (PROOF, after(PROOF, records=["_x.attacker.example."])),
    "a proof beside ACM's": (PROOF, after(PROOF, records=["_x.acm-validations.aws.", "_x.attacker.example."])),
    "a proof that ends alike": (PROOF, after(PROOF, records=["_x.evil-acm-validations.aws."])),
}
DELEGATED: dict[str, tuple[str, Act]] = {
    "a zone's delegation to other name servers": (DELEGATION, after(DELEGATION, records=["ns.attacker.example"])),
    "one more name server": (DELEGATION, after(DELEGATION, records=["ns.attacker.example", "ns-1.awsdns-1.com"])),
    "a delegation to what is not known": (DELEGATION, unknown(DELEGATION, "records")),
}
KEPT: dict[str, tuple[str, Act]] = {
    "a TTL of an hour and a second": (CNAME, after(CNAME, ttl=3601)),
    "a TTL of two days": (CNAME, after(CNAME, ttl=172_800)),
    "a TTL that is not known": (CNAME, unknown(CNAME, "ttl")),
    "a TTL that is a text": (CNAME, after(CNAME, ttl="300000")),
}
ALARM, SHARE = "aws_cloudwatch_metric_alarm.docs_unhealthy", "aws_cloudwatch_metric_alarm.docs_5xx"
LATENCY, EXPIRY = "aws_cloudwatch_metric_alarm.docs_latency", "aws_cloudwatch_metric_alarm.docs_certificate_expiry"
QUIET = ["arn:aws:sns:eu-central-1:111111111111:quiet"]
SILENCED: dict[str, tuple[str, Act]] = {
    "an alarm without actions": (ALARM, after(ALARM, alarm_actions=[])),
    "an alarm whose actions are off": (ALARM, after(ALARM, actions_enabled=False)),
    "an alarm to another topic": (ALARM, after(ALARM, alarm_actions=QUIET)),
    "an alarm to a topic of another account": (
        ALARM,
        after(ALARM, alarm_actions=["arn:aws:sns:eu-central-1:999999999999:v1-orcha-alerts"]),
    ),
    "an alarm to a topic that is not known": (ALARM, unknown(ALARM, "alarm_actions")),
    "an alarm to a topic that is secret": (ALARM, secret(ALARM, "alarm_actions", QUIET)),
    "errors that alarm beyond all requests": (SHARE, after(SHARE, threshold=101)),
    "errors that alarm always": (SHARE, after(SHARE, threshold=0)),
    "a latency that no answer reaches": (LATENCY, after(LATENCY, threshold=4001)),
    "a certificate that alarms once it has ended": (EXPIRY, after(EXPIRY, threshold=0)),
    "a threshold that is not known": (LATENCY, unknown(LATENCY, "threshold")),
}
CLIENT = "aws_cognito_user_pool_client.admin"
BACK = "https://admin.staging.getorcha.com/oauth2/idpresponse"
CALLBACK: dict[str, tuple[str, Act]] = {
    "one more callback": (CLIENT, after(CLIENT, callback_urls=[BACK, f"https://{ELSEWHERE}/oauth2/idpresponse"])),
    "a callback to another path": (CLIENT, after(CLIENT, callback_urls=["https://admin.staging.getorcha.com/leak"])),
    "a callback in the clear": (CLIENT, after(CLIENT, callback_urls=[BACK.replace("https", "http")])),
    "a callback to another port": (CLIENT, after(CLIENT, callback_urls=[BACK.replace(".com/", ".com:8443/")])),
    "a callback to a host that ends alike": (CLIENT, after(CLIENT, callback_urls=[BACK.replace("admin", "x.admin")])),
    "a default callback elsewhere": (CLIENT, after(CLIENT, default_redirect_uri=f"https://{ELSEWHERE}/")),
    "a sign-out elsewhere": (CLIENT, after(CLIENT, logout_urls=[f"https://{ELSEWHERE}/"])),
    "a callback that is secret": (CLIENT, secret(CLIENT, "callback_urls", [BACK])),
}
LOST = {True: False, False: True, "ACTIVE": "INACTIVE", "Enabled": "Suspended", "OPTIONAL": "OFF"}
LOST |= {"false": "true", "breaching": "notBreaching", "ELB": "EC2", "BucketOwnerEnforced": "ObjectWriter"}
LOST |= {"required": "optional", "true": "false", "ENABLED": "LEGACY"}


def _lifted(guard: Guard) -> Act:
    return after(_guarded(guard), **{guard.path.replace(".", "__"): LOST[guard.guarding[0]]})


def _guarded(guard: Guard) -> str:
    of_types = {
        "aws_s3_bucket_public_access_block": "access_logs",
        "aws_s3_bucket_versioning": "access_logs",
        "aws_s3_bucket_ownership_controls": "access_logs",
        "aws_subnet": "private_a",
        "aws_cloudwatch_metric_alarm": "link_unhealthy",
        "aws_autoscaling_group": "instances",
        "aws_cognito_user_pool": "login",
        "aws_cognito_user_pool_client": "admin",
        "aws_launch_template": "instances",
        "aws_lb": "load_balancer",
        "aws_lb_target_group": "link",
        "aws_kms_key": "platform",
    }
    anywhere = {
        "enable_deletion_protection": "aws_lb.load_balancer",
        "deletion_protection": "aws_cognito_user_pool.login",
        "force_destroy": "aws_s3_bucket.access_logs",
        "force_delete": "aws_autoscaling_group.instances",
    }
    return f"{guard.type}.{of_types[guard.type]}" if guard.type else anywhere[guard.path]


def _second_factor_and_protection(desk: Desk) -> None:
    after("aws_cognito_user_pool.login", mfa_configuration="OFF", deletion_protection="INACTIVE")(desk)


ATTACKS = (
    *(
        Attack(name=name, desk=desk, act=act, by=f"{kind}:{address}")
        for kind, desk, table in (
            ("MISLED", PROD, MISLED),
            ("MISLED", STAGING, DELEGATED),
            ("TTL", PROD, KEPT),
            ("SILENCED", PROD, SILENCED),
            ("CALLBACK", STAGING, CALLBACK),
        )
        for name, (address, act) in table.items()
    ),
    *(
        Attack(
            name=f"the guard {guard.path} is lifted",
            desk=STAGING,
            act=_lifted(guard),
            by=f"UNPROTECTED:{_guarded(guard)}#{guard.path}",
        )
        for guard in GUARDS
    ),
    Attack(
        name="two guards at once",
        desk=STAGING,
        act=both(_second_factor_and_protection),
        by="UNPROTECTED:aws_cognito_user_pool.login#mfa_configuration",
    ),
    Attack(
        name="a record's order of values",
        desk=STAGING,
        act=lambda desk: desk.change(DELEGATION)["after"]["records"].reverse(),
        harmless="Route 53 keeps a record's values as a set",
    ),
)
