"""Which addresses of a state are one service's, and which others rest on them."""

from collections.abc import Iterable

from edge.plan.errors import RefusedError
from edge.review.expected import RECORD
from edge.review.ownership import named_after
from environments.addresses import Purpose, RecordAddress
from environments.certificates import Certificates
from environments.checked import Environment
from environments.dns_names import base_name
from environments.shared_hosts import SharedHosts
from environments.text import listed

# The rule by which the load balancer reaches an identity provider: the last service that signs in takes it along.
_SIGN_IN = "aws_vpc_security_group_egress_rule.sign_in"


def addresses_of(environment: Environment, service: str, standing: Iterable[str]) -> tuple[str, ...]:
    """List what a state holds of a service: all that a plan without the service would destroy.

    Raises RefusedError for a service that cannot go alone: it shares hosts with another, or a user pool that is made
    here would go with it.
    """
    _refuse_shared_hosts(environment, service)
    certificates = Certificates(environment)
    if others := certificates.resting_on(service):
        raise RefusedError(
            f"the hosts of {listed(others)} are served with the certificate of services.{service}; give them another "
            "certificate first, and deploy that"
        )
    remaining = {name: settings for name, settings in environment.services.items() if name != service}
    without = environment.model_copy(update={"services": remaining})
    if environment.makes_user_pool and not without.makes_user_pool:
        raise RefusedError(
            f"services.{service} is the last that signs in by the user pool, which this environment makes and would "
            "destroy with all its users; let another service sign in by it first, and deploy that"
        )
    records = _records(environment.services[service].hosts, certificates.names_on(service))
    alone = {_SIGN_IN} if environment.opens_sign_in_port and not without.opens_sign_in_port else set()
    return tuple(
        address
        for address in sorted(standing)
        if address in alone or _is_of(address, service, environment.services, records)
    )


def _is_of(address: str, service: str, services: Iterable[str], records: set[str]) -> bool:
    type_, _, name = address.partition(".")
    return name in records if type_ == RECORD else named_after(type_, name, services) == service


def _records(hosts: Iterable[str], proven: Iterable[str]) -> set[str]:
    records = [address for host in hosts for address in RecordAddress.all_of_host(host)]
    found = {str(address) for address in records if address.purpose is not Purpose.VALIDATION}
    return found | {str(RecordAddress(base_name(name), Purpose.VALIDATION)) for name in proven}


def _refuse_shared_hosts(environment: Environment, service: str) -> None:
    """Refuse to let go what another service needs."""
    shared = SharedHosts(environment)
    together = {host: shared.services_of(host) for host in environment.services[service].hosts}
    for host, names in together.items():
        if len(names) > 1:
            others = listed([name for name in names if name != service])
            raise RefusedError(
                f"services.{service} shares the host {host} with {others}, and its certificate and records are both's; "
                "give it hosts of its own first, and deploy that"
            )
