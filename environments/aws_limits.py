"""AWS's limits that an environment must keep, each with its source.

Where AWS lets one raise a quota, `[limits]` of the environment file says so; `FIXED` names those that it never raises.
"""

# Quotas of Elastic Load Balancing, each under its own name there; "Adjustable: yes" but for the fixed ones below.
ELB_QUOTAS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"
RULES_PER_APPLICATION_LOAD_BALANCER = 100
CERTIFICATES_PER_APPLICATION_LOAD_BALANCER = 25
TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER = 100
CONDITION_VALUES_PER_RULE = 5

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html (Priority)
PRIORITY_MAX = 50_000

# "Number of domain names per ACM certificate"; "the maximum number ... is 100. However, the initial quota is 10"
# (https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html, SubjectAlternativeNames)
ACM_QUOTAS = "https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html"
DOMAIN_NAMES_PER_ACM_CERTIFICATE = 10
DOMAIN_NAMES_PER_ACM_CERTIFICATE_MAX = 100
# "the length of the domain name (technically, the Common Name) that you provide cannot exceed 64 octets": the first
# name only. https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html (DomainName)
CERTIFICATE_FIRST_NAME_MAX_CHARACTERS = 64

# "Target groups per Auto Scaling group", not adjustable: the ceiling of services on one group of instances.
AUTO_SCALING_QUOTAS = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html"
TARGET_GROUPS_PER_AUTO_SCALING_GROUP = 50

# "Inbound or outbound rules per security group", for each direction; times the groups of an interface, at most 1,000.
VPC_QUOTAS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
RULES_PER_SECURITY_GROUP = 60
RULES_PER_SECURITY_GROUP_MAX = 1000

# https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html (gp3: "1 GiB - 16 TiB")
GP3_VOLUME_MAX_GIB = 16_384

# "The allowed block size is between a /16 netmask and a /28 netmask"; four subnets of an eighth each, and a load
# balancer's subnet is a /27 at least: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
VPC_LONGEST_PREFIX = 24
VPC_SHORTEST_PREFIX = 16

# "User data is limited to 16 KB, in raw form, before it is base64-encoded":
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
USER_DATA_MAX_BYTES = 16_384

FIXED = {
    "target_groups_per_application_load_balancer": TARGET_GROUPS_PER_APPLICATION_LOAD_BALANCER,
    "target_groups_per_auto_scaling_group": TARGET_GROUPS_PER_AUTO_SCALING_GROUP,
    "condition_values_per_rule": CONDITION_VALUES_PER_RULE,
}
