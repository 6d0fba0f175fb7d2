"""What is lost with a resource that goes, in words, and what of it no deploy brings back."""

from edge.review.expected import RECORD
from edge.tfplan.model import Change
from environments.addresses import Purpose, RecordAddress

TARGET_GROUP = "aws_lb_target_group"
ALARM = "aws_cloudwatch_metric_alarm"

# Whose loss takes a name or traffic away, each with what that means.
_LOSSES = {
    "aws_lb": "every service behind it is down",
    "aws_lb_listener": "no request to the load balancer is answered on its port",
    "aws_lb_listener_rule": "requests to its hosts no longer reach the service",
    "aws_lb_listener_certificate": "clients of its hosts get a certificate of another name",
    TARGET_GROUP: "nothing serves the requests that it took",
    "aws_autoscaling_attachment": "the instances take no more requests of it",
    "aws_autoscaling_group": "its instances end",
    "aws_route53_record": "clients no longer find the name",
    "aws_route53_zone": "every name in it is gone, and a new zone gets other name servers",
    "aws_acm_certificate": "its hosts cannot be served over TLS",
    "aws_cognito_user_pool": "all its users and their passwords are lost",
    "aws_cognito_user_pool_client": "nobody can sign in to the service",
    "aws_cognito_user_pool_domain": "nobody can sign in",
    "aws_s3_bucket": "what it holds is lost",
    "aws_acm_certificate_validation": "no client notices, since it only waits for the certificate",
    "aws_vpc_security_group_egress_rule": "the load balancer or the instances no longer get out on that port",
    "aws_vpc_security_group_ingress_rule": "requests on that port are dropped",
    "aws_kms_key": "what it encrypted cannot be read again",
    "aws_sns_topic": "no alarm reaches anybody",
    ALARM: "nobody is notified when what it watches fails",
}
# What is in them stays behind, whichever comes first.
HOLDING = frozenset({"aws_cognito_user_pool", "aws_s3_bucket", "aws_kms_key", "aws_route53_zone"})
_PROOF = "ACM cannot renew the certificate of that name, which is noticed only when it ends"


def rank(change: Change) -> int:
    """Put first what many stand on: the order of the losses."""
    kinds = list(_LOSSES)
    return kinds.index(change.type) if change.type in kinds else len(kinds)


def loss(change: Change) -> str:
    """Say what is lost with a resource, as the end of a sentence."""
    if change.deposed:
        return "its successor must have taken over, which the deploy that left it did not finish"
    if change.type == RECORD and RecordAddress.parse(change.name).purpose is Purpose.VALIDATION:
        return _PROOF
    return _LOSSES.get(change.type, "what depends on it fails")
