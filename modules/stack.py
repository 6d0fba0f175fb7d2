"""The stack of one environment: its table of contents."""

from environments.schema import Environment
from imports.terraform import Construct, TerraformStack
from modules.accounts import account_providers, configure_state
from modules.addresses import moved
from modules.dns import zones_of_hosts
from modules.firewall import SignInPort
from modules.platform.existing import existing_platform
from modules.service import Service


class EdgeStack(TerraformStack):
    """Everything of one environment, in all its accounts: one plan and one state."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment) -> None:
        super().__init__(scope, id)
        configure_state(self, environment)
        providers = account_providers(self, environment)
        platform = existing_platform(self, settings=environment.platform, providers=providers)
        zones = zones_of_hosts(self, environment, providers)
        if environment.opens_sign_in_port:
            SignInPort(self, "sign_in_port", platform=platform)
        for name, settings in environment.services.items():
            service = Service(self, name, environment=environment, platform=platform, zones=zones)
            if settings.renamed_from is not None:
                moved(service, old=settings.renamed_from, new=name)
