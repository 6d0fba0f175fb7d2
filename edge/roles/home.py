"""One account of an environment, as policies speak of it: its ARNs, and the tags by which it knows its own.

What is made must carry the environment's tags; what is changed or deleted must carry them already. Only where AWS
knows no tags, or has none to look at yet, do names stand for them.
"""

from dataclasses import dataclass

from edge.roles.documents import Conditions, Statement
from environments import naming
from environments.checked import Environment
from environments.partitions import partition_of


@dataclass(frozen=True)
class Home:
    """An account of an environment, by its name in the file."""

    environment: Environment
    account: str

    @property
    def partition(self) -> str:
        """The partition of the region, with which ARNs begin."""
        return partition_of(self.environment.region)

    @property
    def account_id(self) -> str:
        """The account's id."""
        return self.environment.accounts[self.account].id

    @property
    def prefix(self) -> str:
        """The start of the physical names."""
        return self.environment.prefix

    def name(self, part: str) -> str:
        """Name a part of a platform that is made here."""
        return naming.platform_name(prefix=self.prefix, part=part)

    def arn(self, service: str, resource: str) -> str:
        """Write the ARN of what stands in a region of an account."""
        return f"arn:{self.partition}:{service}:{self.environment.region}:{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str, *, owned: bool = False) -> str:
        """Write an ARN without a region, with the account only where AWS writes it there: IAM's, not Route 53's."""
        return f"arn:{self.partition}:{service}::{self.account_id if owned else ''}:{resource}"

    def ec2(self, *kinds: str) -> tuple[str, ...]:
        """Write the ARNs of everything of some kinds in EC2, whose ids are not known before."""
        return tuple(self.arn("ec2", f"{kind}/*") for kind in kinds)

    @property
    def tagged_in_request(self) -> dict[str, str]:
        """Demand the environment's tags of what a request makes."""
        return self._tags("aws:RequestTag")

    @property
    def ours(self) -> Conditions:
        """Demand that a thing carries the environment's tags already."""
        return {"StringEquals": self._tags("aws:ResourceTag")}

    @property
    def made_ours(self) -> Conditions:
        """Demand that a request makes a thing with the environment's tags."""
        return {"StringEquals": self.tagged_in_request}

    def _tags(self, key: str) -> dict[str, str]:
        return {f"{key}/{tag}": value for tag, value in naming.default_tags(self.environment.name).items()}


def everything(sid: str, *actions: str) -> Statement:
    """Allow actions for which AWS has no resource-level permissions, so that nothing but `*` can stand there."""
    return Statement(sid=sid, actions=actions, resources=("*",))
