"""AWS's limits that an environment must keep, each with its source.

Quotas of Elastic Load Balancing:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
"""

CONDITION_VALUES_FOR_A_RULE = 5
PRIORITY_MAX = 50_000

# https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html ("Number of domain names per ACM certificate")
NAMES_ON_A_CERTIFICATE = 10
