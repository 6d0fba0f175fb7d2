"""Elastic Load Balancing: certificates on a listener as AWS keeps and guards them.

moto already refuses what else the order of changes depends on: a taken priority (PriorityInUse), and deleting a target
group that a rule forwards to (ResourceInUse). The tests hold it to that.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from moto.acm.models import acm_backends
from moto.elbv2.exceptions import ELBClientError, TooManyCertificatesError
from moto.elbv2.models import ELBv2Backend, FakeListener, FakeTargetGroup
from moto.elbv2.responses import ELBV2Response

from embedded_aws.corrections.patching import replace

# The first certificate of moto's list is the listener's default; the others answer by SNI. The quota leaves the
# default out: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
_MAX_SNI_CERTIFICATES = 25


def apply() -> None:
    """Correct moto's Elastic Load Balancing in this process."""
    replace(ELBv2Backend, "create_listener", _create)
    replace(ELBv2Backend, "modify_listener", _modify)
    replace(ELBv2Backend, "add_listener_certificates", _add)
    replace(ELBv2Backend, "remove_listener_certificates", _remove)
    replace(ELBv2Backend, "delete_load_balancer", _refuse_what_is_protected)
    replace(ELBv2Backend, "describe_target_groups", _show_who_forwards)
    _show_only_the_default()


def _refuse_what_is_protected(original: Callable[..., None]) -> Callable[..., None]:
    """Refuse to delete a load balancer under deletion protection.

    AWS: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
    ("You can't delete a load balancer if deletion protection is enabled"). moto: deletes it. Here: as AWS.
    """

    def delete_load_balancer(self: ELBv2Backend, arn: str) -> None:
        balancer = self.load_balancers.get(arn)
        if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
            sentence = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
            raise ELBClientError("OperationNotPermitted", sentence)
        original(self, arn)

    return delete_load_balancer


def _show_who_forwards(original: Callable[..., Iterable[FakeTargetGroup]]) -> Callable[..., Iterable[FakeTargetGroup]]:
    """Show of a target group the load balancers that forward to it now.

    AWS: "LoadBalancerArns: the ARN of the load balancer that routes traffic to this target group".
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
    moto: those of the actions with which rules and listeners were made, for good, and none that came by a change.
    Here: those of all present actions.
    """

    def describe_target_groups(
        self: ELBv2Backend, load_balancer_arn: str | None, target_group_arns: list[str], names: list[str] | None
    ) -> Iterable[FakeTargetGroup]:
        users = {(arn, balancer) for balancer, arn in _forwarding(self)}
        for group in self.target_groups.values():
            group.load_balancer_arns = sorted(balancer for arn, balancer in users if arn == group.arn)
        return original(self, load_balancer_arn, target_group_arns, names)

    return describe_target_groups


def _forwarding(backend: ELBv2Backend) -> Iterator[tuple[str, str]]:
    """Give each load balancer's ARN with that of a target group to which it forwards; a default action is a rule."""
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                for action in rule.actions:
                    yield from ((balancer.arn, arn) for arn in backend._get_target_group_arns_from(action.data))


def _show_only_the_default() -> None:
    """Answer DescribeListeners and ModifyListener with the default certificate.

    AWS: "Certificates: the default certificate for the listener".
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html
    moto: every certificate, so that Terraform forgets the default as soon as there is another. Here: the first.
    """
    transformers = ELBV2Response.RESPONSE_KEY_PATH_TO_TRANSFORMER
    for path in ("DescribeListenersOutput", "ModifyListenerOutput"):
        key = f"{path}.Listeners.Listener.Certificates"
        if key not in transformers:
            raise AttributeError(f"moto's ELBV2Response no longer transforms {key}")
        transformers[key] = lambda arns: [{"CertificateArn": arn} for arn in arns[:1]] or None


def _create(original: Callable[..., FakeListener]) -> Callable[..., FakeListener]:
    """Refuse a listener whose certificate does not serve; see `_demand_issued`."""

    def create_listener(
        self: ELBv2Backend,
        load_balancer_arn: str,
        protocol: str,
        port: str,
        ssl_policy: str,
        certificate: str | None,
        actions: list[dict[str, Any]],
        alpn_policy: list[str] | None = None,
        tags: list[dict[str, str]] | None = None,
    ) -> FakeListener:
        _demand_issued(self, [certificate] if certificate else [])
        return original(self, load_balancer_arn, protocol, port, ssl_policy, certificate, actions, alpn_policy, tags)

    return create_listener


def _modify(original: Callable[..., FakeListener]) -> Callable[..., FakeListener]:
    """Replace the default certificate and keep the others.

    AWS: ModifyListener takes exactly one certificate, the default; the certificate list has calls of its own.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html
    moto: the given certificate becomes the whole list. Here: it takes the first place.
    """

    def modify_listener(
        self: ELBv2Backend,
        arn: str,
        port: str | None = None,
        protocol: str | None = None,
        ssl_policy: str | None = None,
        certificates: list[dict[str, Any]] | None = None,
        actions: list[dict[str, Any]] | None = None,
    ) -> FakeListener:
        _demand_issued(self, [entry["CertificateArn"] for entry in certificates or []])
        kept = self.describe_listener_certificates(arn)[1:]
        listener = original(self, arn, port, protocol, ssl_policy, certificates, actions)
        listener.certificates = listener.certificates[:1] + kept
        return listener

    return modify_listener


def _add(_original: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Add SNI certificates once each, at most 25, and only such as serve.

    AWS: "if the certificate is already in the certificate list, the call is successful but the certificate is not
    added again". https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddListenerCertificates.html
    moto: adds it again, counts the default, and takes any text for a certificate. Here: as AWS.
    """

    def add_listener_certificates(self: ELBv2Backend, arn: str, certificates: list[dict[str, Any]]) -> list[str]:
        listener = _listener(self, arn)
        arns = [entry["CertificateArn"] for entry in certificates]
        _demand_issued(self, arns)
        sni = list(dict.fromkeys([*listener.certificates[1:], *arns]))
        if len(sni) > _MAX_SNI_CERTIFICATES:
            raise TooManyCertificatesError
        listener.certificates = [*listener.certificates[:1], *sni]
        return arns

    return add_listener_certificates


def _remove(_original: Callable[..., None]) -> Callable[..., None]:
    """Remove SNI certificates; the default stays.

    AWS: OperationNotPermitted, "Default certificate cannot be removed".
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RemoveListenerCertificates.html
    https://github.com/hashicorp/terraform-provider-aws/issues/19495
    moto: removes the default, and the next certificate becomes it. Here: as AWS.
    """

    def remove_listener_certificates(self: ELBv2Backend, arn: str, certificates: list[dict[str, Any]]) -> None:
        listener = _listener(self, arn)
        arns = {entry["CertificateArn"] for entry in certificates}
        default, sni = listener.certificates[:1], listener.certificates[1:]
        if arns & set(default) - set(sni):
            raise ELBClientError("OperationNotPermitted", "Default certificate cannot be removed")
        listener.certificates = default + [certificate for certificate in sni if certificate not in arns]

    return remove_listener_certificates


def _listener(backend: ELBv2Backend, arn: str) -> FakeListener:
    return backend.describe_listeners(load_balancer_arn=None, listener_arns=[arn])[0]


def _demand_issued(backend: ELBv2Backend, arns: list[str]) -> None:
    """Refuse ACM certificates that are missing or not issued yet.

    AWS: CertificateNotFound, and UnsupportedCertificate with the sentence below, which says nothing of the real cause.
    https://github.com/hashicorp/terraform-provider-aws/issues/41789
    moto: takes any. Here: as AWS; a server certificate of IAM is left to moto.
    """
    known = acm_backends[backend.account_id][backend.region_name]
    for arn in (arn for arn in arns if ":acm:" in arn):
        if arn not in known._certificates:
            raise ELBClientError("CertificateNotFound", f"Certificate '{arn}' not found")
        if known.get_certificate(arn).status != "ISSUED":
            raise ELBClientError(
                "UnsupportedCertificate",
                f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, and a "
                "supported key size.",
            )
