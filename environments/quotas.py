"""AWS's quotas that an environment keeps: one table, which `[limits]` of a file, the checks and the review read."""

from dataclasses import dataclass

from environments.aws_limits import CONDITION_VALUES_PER_RULE, CONDITION_WILDCARDS_PER_RULE

ELB_QUOTAS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"
ACM_QUOTAS = "https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html"
AUTO_SCALING_QUOTAS = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html"
VPC_QUOTAS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"

BALANCERS_GROUP = "the load balancer's security group"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What counts against a quota: the type of resource, in all or, with `of`, for each thing that `of` refers to.

    `what` is for people; `{place}` in it stands for the name of that thing.
    """

    what: str
    type: str
    of: str | None = None

    def named(self, place: str) -> str:
        """Write what is counted in one place."""
        return self.what.format(place=place)


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota, under its name at AWS; `default` is what AWS gives unless it is asked for more.

    `setting` describes the key of `[limits]` by which an environment says that AWS has raised the quota, between
    `least` and `most`; None where AWS never does. `at_aws` are its service's and its own code at Service Quotas, which
    knows what an account has: https://docs.aws.amazon.com/general/latest/gr/elb_region.html and its siblings.
    """

    key: str
    default: int
    source: str
    setting: str | None = None
    least: int = 1
    most: int | None = None
    counted: tuple[Counted, ...] = ()
    at_aws: tuple[str, str] | None = None

    @property
    def is_adjustable(self) -> bool:
        """Whether AWS raises it on request."""
        return self.setting is not None


RULES_PER_LOAD_BALANCER = Quota(
    key="rules_per_application_load_balancer",
    default=100,
    source=ELB_QUOTAS,
    setting="the rules that a load balancer takes, without the default ones",
    counted=(Counted(what="listener rules", type="aws_lb_listener_rule"),),
    at_aws=("elasticloadbalancing", "L-7EED9B64"),
)
CERTIFICATES_PER_LOAD_BALANCER = Quota(
    key="certificates_per_application_load_balancer",
    default=25,
    source=ELB_QUOTAS,
    setting="the certificates that a load balancer takes, without the default one, at least 2",
    least=2,  # a replacement stands beside the old one for a while
    counted=(Counted(what="certificates of the load balancer", type="aws_lb_listener_certificate"),),
    at_aws=("elasticloadbalancing", "L-9365A611"),
)
TARGET_GROUPS_PER_LOAD_BALANCER = Quota(
    key="target_groups_per_application_load_balancer",
    default=100,
    source=ELB_QUOTAS,
    counted=(Counted(what="target groups", type="aws_lb_target_group"),),
)
# The ceiling of services on one group of instances.
TARGET_GROUPS_PER_AUTO_SCALING_GROUP = Quota(
    key="target_groups_per_auto_scaling_group",
    default=50,
    source=AUTO_SCALING_QUOTAS,
    counted=(Counted(what="target groups on the Auto Scaling group", type="aws_autoscaling_attachment"),),
)
# For each direction; times the groups of an interface, at most 1,000.
RULES_PER_SECURITY_GROUP = Quota(
    key="rules_per_security_group",
    default=60,
    source=VPC_QUOTAS,
    setting="the rules that a security group takes in each direction, 1-1000",
    most=1000,
    counted=(
        Counted(what="outbound rules of {place}", type="aws_vpc_security_group_egress_rule", of="security_group_id"),
        Counted(what="inbound rules of {place}", type="aws_vpc_security_group_ingress_rule", of="security_group_id"),
    ),
    at_aws=("vpc", "L-0EA8095F"),
)
# "the maximum number ... is 100. However, the initial quota is 10"
# (https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html, SubjectAlternativeNames)
DOMAIN_NAMES_PER_CERTIFICATE = Quota(
    key="domain_names_per_acm_certificate",
    default=10,
    source=ACM_QUOTAS,
    setting="the names that a certificate takes, 1-100",
    most=100,
    at_aws=("acm", "L-FB94F0B0"),
)
CONDITION_VALUES = Quota(key="condition_values_per_rule", default=CONDITION_VALUES_PER_RULE, source=ELB_QUOTAS)
CONDITION_WILDCARDS = Quota(key="condition_wildcards_per_rule", default=CONDITION_WILDCARDS_PER_RULE, source=ELB_QUOTAS)

# In the order in which the review and the checks show them.
QUOTAS = (
    CERTIFICATES_PER_LOAD_BALANCER,
    RULES_PER_LOAD_BALANCER,
    TARGET_GROUPS_PER_LOAD_BALANCER,
    TARGET_GROUPS_PER_AUTO_SCALING_GROUP,
    RULES_PER_SECURITY_GROUP,
    DOMAIN_NAMES_PER_CERTIFICATE,
    CONDITION_VALUES,
    CONDITION_WILDCARDS,
)
# Those that AWS never raises, by their keys.
FIXED = {quota.key: quota for quota in QUOTAS if not quota.is_adjustable}
