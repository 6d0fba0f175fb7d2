"""One load balancer's behaviour, as its API describes it at the moment of the request."""

import http.client
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from embedded_aws.data_plane import actions, rule_matching, security_groups
from embedded_aws.data_plane.actions import CLIENT, Request, Response, plain
from embedded_aws.data_plane.applications import Ports
from embedded_aws.data_plane.aws_reader import Api, Place
from embedded_aws.data_plane.certificate_names import covers, is_exact
from embedded_aws.data_plane.security_groups import Peer
from embedded_aws.data_plane.weighted_turns import WeightedTurns

_CONNECT_SECONDS = 1.0  # AWS waits ten; the answer is the same
_TARGET_SECONDS = 30.0
_USABLE = {"healthy", "unhealthy", "initial", "unavailable"}
_SERVING = {"ISSUED", "EXPIRED"}
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "server", "date"}
_REPLACED = _HOP_BY_HOP | {"x-forwarded-proto", "x-forwarded-port", "x-forwarded-for"}


class Balancer:
    """A load balancer by its ARN; `instances` gives the loopback port behind each published port of a place."""

    def __init__(self, arn: str, api: Api, instances: Ports) -> None:
        self._arn, self._api, self._instances = arn, api, instances
        self._turns = WeightedTurns()

    def listener(self, port: int) -> dict[str, Any] | None:
        """Find the listener on a port that clients can reach: None where nothing listens or a group lets nobody in."""
        found = self._api.balancers().get(self._arn)
        if found is None:
            return None
        place, balancer = found
        rules = self._api.security_group_rules(place, balancer["SecurityGroups"])
        if not security_groups.lets_in(rules, Peer(CLIENT), port):
            return None
        listeners = self._api.ask(place, "elbv2", "describe_listeners", "Listeners", LoadBalancerArn=self._arn)
        return next((dict(listener) for listener in listeners if listener["Port"] == port), None)

    def certificate(self, listener: Mapping[str, Any], host: str | None) -> tuple[list[str], datetime, datetime] | None:
        """Choose the certificate for a name by SNI: names and validity; without a match the default, or None.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html: an exact
        name goes before a wildcard. One that expired is still sent.
        """
        place = self._place()
        listed = self._api.ask(
            place, "elbv2", "describe_listener_certificates", "Certificates", ListenerArn=listener["ListenerArn"]
        )
        arns = [
            certificate["CertificateArn"]
            for certificate in sorted(listed, key=lambda certificate: not certificate.get("IsDefault"))
        ]
        held = [self._api.ask(place, "acm", "describe_certificate", "Certificate", CertificateArn=arn) for arn in arns]
        serving = [_names_and_validity(certificate) for certificate in held if certificate["Status"] in _SERVING]
        asked = host or ""
        fitting = [candidate for candidate in serving if any(covers(name, asked) for name in candidate[0])]
        exact = [candidate for candidate in fitting if any(is_exact(name, asked) for name in candidate[0])]
        return next(iter([*exact, *fitting, *serving]), None)

    def answer(self, listener: Mapping[str, Any], request: Request) -> Response:
        """Find the rule that takes a request, and do its actions in their order."""
        rules = self._api.ask(self._place(), "elbv2", "describe_rules", "Rules", ListenerArn=listener["ListenerArn"])
        ordered = sorted(rules, key=lambda rule: (rule["IsDefault"], int(rule["Priority"].replace("default", "0"))))
        rule = next(rule for rule in ordered if rule_matching.takes(rule, request))
        for action in sorted(rule["Actions"], key=lambda action: int(action.get("Order", 1))):
            response = self._act(action, request)
            if response is not None:
                return response
        return plain(500, "The rule ends without an answer.")

    def _act(self, action: Mapping[str, Any], request: Request) -> Response | None:
        kind = action["Type"]
        if kind == "redirect":
            return actions.redirect(action["RedirectConfig"], request)
        if kind == "fixed-response":
            return actions.fixed(action["FixedResponseConfig"])
        if kind in actions.SIGN_INS:
            can_reach = self._lets_out(Peer(CLIENT), 443)
            return actions.sign_in(action[actions.SIGN_INS[kind]], request, can_reach_provider=can_reach)
        if kind == "forward":
            group_arn = self._turns.next(action)
            return self._forward(group_arn, request) if group_arn else plain(503, "No target group has a weight.")
        return plain(500, f"The embedded AWS does not know the action {kind}.")

    def _place(self) -> Place:
        return self._api.balancers()[self._arn][0]

    def _lets_out(self, peer: Peer, port: int) -> bool:
        place, balancer = self._api.balancers()[self._arn]
        rules = self._api.security_group_rules(place, balancer["SecurityGroups"])
        return security_groups.lets_out(rules, peer, port)

    def _forward(self, group_arn: str, request: Request) -> Response:
        """Send a request to a target. With none registered 503; with only unhealthy ones it is tried all the same.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        """
        place = self._place()
        targets = self._api.ask(
            place, "elbv2", "describe_target_health", "TargetHealthDescriptions", TargetGroupArn=group_arn
        )
        usable = [target["Target"] for target in targets if target["TargetHealth"]["State"] in _USABLE]
        if not usable:
            return plain(503, "The target group has no usable target.")
        instance_id, port = usable[0]["Id"], int(usable[0]["Port"])
        if not self._reaches(place, instance_id, port):
            time.sleep(_CONNECT_SECONDS)
            return plain(504, f"No connection to {instance_id} on port {port}.")
        return self._send(place, port, request)

    def _reaches(self, place: Place, instance_id: str, port: int) -> bool:
        """Tell whether the security groups on both sides let a connection to an instance through."""
        reservations = self._api.ask(place, "ec2", "describe_instances", "Reservations", InstanceIds=[instance_id])
        instance = reservations[0]["Instances"][0]
        target = Peer(instance["PrivateIpAddress"], [group["GroupId"] for group in instance["SecurityGroups"]])
        # The load balancer's nodes have addresses of the same network, for which the instance's own stands here.
        balancer = Peer(target.address, self._api.balancers()[self._arn][1]["SecurityGroups"])
        rules = self._api.security_group_rules(place, target.groups)
        return security_groups.lets_in(rules, balancer, port) and self._lets_out(target, port)

    def _send(self, place: Place, port: int, request: Request) -> Response:
        """Hand a request to what runs on the instances, and its answer back; 502 where nothing does."""
        loopback_port = self._instances.get((*place, port))
        if loopback_port is None:
            return plain(502, f"Nothing listens on port {port} of the instance.")
        headers = [(name, value) for name, value in request.headers if name.lower() not in _REPLACED]
        headers += [("Host", request.host), ("X-Forwarded-Proto", request.protocol.lower())]
        headers += [("X-Forwarded-Port", str(request.port)), ("X-Forwarded-For", request.client)]
        headers += [("Content-Length", str(len(request.body)))] if request.body else []
        connection = http.client.HTTPConnection("127.0.0.1", loopback_port, timeout=_TARGET_SECONDS)
        target = f"{request.path}?{request.query}" if request.query else request.path
        try:
            connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
            for header in headers:
                connection.putheader(*header)
            connection.endheaders(request.body or None)
            answer = connection.getresponse()
            kept = tuple((name, value) for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP)
            return Response(answer.status, kept, answer.read())
        except (OSError, http.client.HTTPException):
            return plain(502, "The target broke the connection off.")
        finally:
            connection.close()


def _names_and_validity(certificate: Mapping[str, Any]) -> tuple[list[str], datetime, datetime]:
    names = list(dict.fromkeys([certificate["DomainName"], *certificate["SubjectAlternativeNames"]]))
    return names, certificate["NotBefore"], certificate["NotAfter"]
