"""The roles that `edge roles` derives, and what they need in their account, as steps."""

from collections.abc import Iterator, Sequence

from edge.aws.sessions import ClientOf
from edge.prerequisites.iam import Iam
from edge.prerequisites.step import Step
from edge.roles.managed import instances
from edge.roles.role_names import role_name
from edge.roles.roles import Role
from edge.roles.trust import trust_policy
from environments.checked import Environment
from environments.partitions import partition_of

_REGION = "us-east-1"  # IAM is global; any region reaches it


def steps(environment: Environment, derived: Sequence[Role], repository: str, client_of: ClientOf) -> Iterator[Step]:
    """Go over what the roles need, in the order in which one thing needs another."""
    for account in dict.fromkeys(role.account for role in derived):
        account_id = environment.accounts[account].id
        iam = Iam(account, account_id, partition_of(environment.region), client_of("iam", account_id, _REGION))
        yield iam.provider()
        yield from _boundary(environment, iam)
        for role in derived:
            if role.account == account and role.task != "bootstrap":
                yield from _role(environment, iam, role, repository)


def _boundary(environment: Environment, iam: Iam) -> Iterator[Step]:
    """Make the policy that bounds the instances' role, in the account of a platform that is made here."""
    managed, document = environment.managed, instances.boundary(environment)
    if managed is not None and document is not None and managed.settings.account == iam.account:
        yield iam.policy(str(managed.settings.instances.permissions_boundary), document)


def _role(environment: Environment, iam: Iam, role: Role, repository: str) -> Iterator[Step]:
    name = role_name(environment.name, "deploy" if role.task == "deploy" else "plan")
    policies = {f"{name}-{number}": document for number, document in enumerate(role.documents, 1)}
    for policy, document in policies.items():
        yield iam.policy(policy, document)
    yield iam.role(name, trust_policy(environment, role, repository))
    yield from iam.attachments(name, list(policies))
