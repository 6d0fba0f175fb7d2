"""AWS's limits of single values, each with its source. What AWS counts is in `quotas.py`."""

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
CONDITION_VALUES_PER_RULE = 5
CONDITION_WILDCARDS_PER_RULE = 6

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html (Priority)
PRIORITY_MAX = 50_000

# "the length of the domain name (technically, the Common Name) that you provide cannot exceed 64 octets": the first
# name only. https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html (DomainName)
CERTIFICATE_FIRST_NAME_MAX_CHARACTERS = 64

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
