"""The policies that bound instances' roles, which an administrator has made before the first deploy."""

from embedded_aws.accounts import ClientFor
from environments import instance_role
from environments.checked import Environment
from environments.partitions import partition_of


def make_boundary(environment: Environment, client: ClientFor) -> None:
    """Make the policy that an environment names, where it names one and it does not stand yet."""
    managed = environment.managed
    name = managed.settings.instances.permissions_boundary if managed else None
    if managed is None or name is None:
        return
    account_id = environment.accounts[managed.settings.account].id
    iam = client("iam", account_id, environment.region)
    standing = {policy["PolicyName"] for policy in iam.list_policies(Scope="Local")["Policies"]}
    if name not in standing:
        document = instance_role.policy(
            partition=partition_of(environment.region),
            region=environment.region,
            account_id=account_id,
            image=managed.settings.instances.image,
        )
        iam.create_policy(PolicyName=name, PolicyDocument=instance_role.text(document))
