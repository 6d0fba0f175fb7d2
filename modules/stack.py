"""The stack of one environment: its table of contents."""

from collections.abc import Mapping

from environments.certificates import Certificates
from environments.checked import Environment, Managed
from environments.shared_hosts import SharedHosts
from environments.wildcards import made_first
from imports.aws import AwsProvider
from imports.terraform import Construct, TerraformStack
from modules.accounts import account_providers, configure_state
from modules.addresses import addresses_of, let_go, moved, taken_over
from modules.dns import HostedZone
from modules.firewall import SignInPort
from modules.platform.existing import existing_platform
from modules.service import Service
from modules.shared_hosts import wait_for_one_another
from modules.shared_platform import Platform
from modules.zones import hosted_zones, zones_of_hosts


class EdgeStack(TerraformStack):
    """Everything of one environment, in all its accounts: one plan and one state."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment) -> None:
        super().__init__(scope, id)
        with addresses_of(self):
            self._make(environment)

    def _make(self, environment: Environment) -> None:
        configure_state(self, environment)
        providers = account_providers(self, environment)
        zones = hosted_zones(self, environment, providers)
        platform = self._platform(environment, providers, zones)
        if environment.opens_sign_in_port:
            SignInPort(self, "sign_in_port", platform=platform)
        of_hosts, shared = zones_of_hosts(environment, zones), SharedHosts(environment)
        certificates = Certificates(environment, shared)
        first = made_first(environment)
        services = {
            name: Service(
                self,
                name,
                environment=environment,
                platform=platform,
                zones=of_hosts,
                owned_hosts=shared.owned_by(name),
                certificate_names=certificates.names_on(name),
                first=first,
            )
            for name in environment.services
        }
        wait_for_one_another(environment.services, services, shared, certificates, first=first)
        for name, service in environment.services.items():
            if service.renamed_from is not None:
                moved(services[name], old=service.renamed_from, new=name)
        taken_over(self, environment.imports)
        let_go(self, environment.let_go)

    def _platform(
        self, environment: Environment, providers: Mapping[str, AwsProvider], zones: Mapping[str, HostedZone]
    ) -> Platform:
        """Make the platform or look it up: the only place that knows its kind."""
        foundation = environment.foundation
        if isinstance(foundation, Managed):
            from modules.platform.managed import managed_platform

            return managed_platform(self, environment=environment, managed=foundation, providers=providers, zones=zones)
        return existing_platform(self, settings=foundation, providers=providers)
