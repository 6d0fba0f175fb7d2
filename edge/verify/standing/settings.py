"""Settings of the load balancer and of its HTTPS listener that break requests or lift a protection.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from edge.verify.aws_client import AwsClient
from edge.verify.check import Answered, Fault, expect_none
from edge.verify.severity import Severity
from edge.verify.standing.listeners import HTTPS
from environments.checked import Environment

_SECURITY = Severity.SECURITY
_IDLE_TIMEOUT_SECONDS = 60  # AWS's default, which a platform of our own keeps
# A request may take a moment longer than its alarm fires at; another tool's load balancer may have reasons of its own.
_LEAST_IDLE_TIMEOUT_SECONDS = 10
_IDLE, _DESYNC = "idle_timeout.timeout_seconds", "routing.http.desync_mitigation_mode"
_FORWARDED, _WAF = "routing.http.xff_header_processing.mode", "waf.fail_open.enabled"
_ORIGIN = "routing.http.response.access_control_allow_origin.header_value"
_HSTS = "routing.http.response.strict_transport_security.header_value"


def settings(environment: Environment, load_balancer_arn: str, *, aws: AwsClient) -> Answered[None]:
    """See that no setting ends requests early, lets in what it should refuse, or demands what clients do not have."""
    elbv2, listener = aws.client("elbv2"), aws.listener(load_balancer_arn, port=HTTPS)
    of_balancer = elbv2.describe_load_balancer_attributes(LoadBalancerArn=load_balancer_arn)["Attributes"]
    of_listener = elbv2.describe_listener_attributes(ListenerArn=listener["ListenerArn"])["Attributes"]
    balancer, on_listener = ({item["Key"]: item["Value"] for item in found} for found in (of_balancer, of_listener))
    faults = [*balancer_faults(balancer, environment), *listener_faults(listener, on_listener)]
    expect_none("settings", faults)
    return Answered(f"idle connections last {balancer.get(_IDLE, _IDLE_TIMEOUT_SECONDS)} s; nothing is weakened", None)


def balancer_faults(attributes: Mapping[str, str], environment: Environment) -> Iterator[Fault]:
    """Give a fault for each attribute of the load balancer that does harm."""
    idle, is_ours = int(attributes.get(_IDLE, _IDLE_TIMEOUT_SECONDS)), environment.managed is not None
    if idle < (_IDLE_TIMEOUT_SECONDS if is_ours else _LEAST_IDLE_TIMEOUT_SECONDS):
        found = f"a request that gets no byte for {idle} s is cut off (the idle timeout)"
        yield Fault(found, f"set it to {_IDLE_TIMEOUT_SECONDS} s" + ("; deploy again" if is_ours else ""))
    if attributes.get(_DESYNC, "defensive") == "monitor":
        found = "requests that two servers read differently pass, by which requests are smuggled (desync mode monitor)"
        yield Fault(found, "set the desync mitigation mode to defensive", _SECURITY)
    forwarded = attributes.get(_FORWARDED, "append")
    if forwarded == "preserve":
        found = "clients write X-Forwarded-For themselves, so that services see forged addresses (mode preserve)"
        yield Fault(found, "set the X-Forwarded-For mode to append", _SECURITY)
    elif forwarded == "remove":
        found = "services do not see whose requests they get: X-Forwarded-For is removed"
        yield Fault(found, "set the X-Forwarded-For mode to append", Severity.OPERATIONS)
    if attributes.get(_WAF) == "true":
        found = "requests pass unchecked where AWS WAF does not answer (fail open)"
        yield Fault(found, "set waf.fail_open.enabled to false", _SECURITY)


def listener_faults(listener: Mapping[str, Any], attributes: Mapping[str, str]) -> Iterator[Fault]:
    """Give a fault for what the HTTPS listener demands of clients, or writes into every answer."""
    mode = listener.get("MutualAuthentication", {}).get("Mode", "off")
    if mode == "verify":
        found = "the HTTPS listener takes only clients with a certificate of their own (mutual TLS)"
        yield Fault(found, "turn mutual authentication off", Severity.OUTAGE)
    if attributes.get(_ORIGIN) == "*":
        found = "every answer lets scripts of every site read it (Access-Control-Allow-Origin: *)"
        yield Fault(found, f"remove the listener attribute {_ORIGIN}", _SECURITY)
    if attributes.get(_HSTS, "").replace(" ", "").lower().startswith("max-age=0"):
        # RFC 6797 section 6.1.1: zero makes the browser forget that the host wants HTTPS.
        found = "every answer makes browsers forget that the host wants HTTPS (Strict-Transport-Security: max-age=0)"
        yield Fault(found, f"remove the listener attribute {_HSTS}", _SECURITY)
