"""How `edge adopt`, `edge release` and `edge recover` begin: an environment that is ready, and Terraform on it."""

from edge.plan.state_file import recovery_of, refuse_unstored
from edge.preflight.readiness import demand_readiness
from edge.terraform import provider_lock, synthesis, toolchain
from edge.terraform.runner import Terraform
from environments.checked import Environment
from environments.loader import load, load_all


def checked(name: str) -> Environment:
    """Check every file, and load one environment."""
    load_all()
    (environment,) = load([name])
    return environment


def synthesized(environment: Environment, *, only_state: bool = False) -> Terraform:
    """Look whether the accounts, the state and the zones are there, and synthesize; Terraform is yet to be initialized.

    With `only_state` the zones may be gone, as for a destroy. Raises NotReadyError and EngineError.
    """
    demand_readiness(environment, only_state=only_state)
    environ = toolchain.terraform_environment()
    return Terraform(synthesis.synthesize(environment.name, environ).folder, environ)


def prepared(environment: Environment, *, only_state: bool = False) -> Terraform:
    """Do the same, and initialize Terraform; raises RefusedError for a state that could not be written."""
    terraform = synthesized(environment, only_state=only_state)
    provider_lock.init(terraform)
    refuse_unstored(terraform.folder, terraform.pull, recovery_of(environment.name, destroying=False))
    return terraform
