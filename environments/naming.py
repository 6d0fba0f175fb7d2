"""Physical names of what AWS holds, and the limits that AWS sets on them.

Every name that a service gets is made here, so that the checks and the resources cannot disagree.
"""

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html (Name)
TARGET_GROUP_NAME_MAX_CHARACTERS = 32

# The value of the tag ManagedBy.
MANAGED_BY = "orcha-edge"


def default_tags(environment: str) -> dict[str, str]:
    """Give the tags of everything that an environment makes, by which the roles' policies know what is theirs."""
    return {"Environment": environment, "ManagedBy": MANAGED_BY}


def target_group_name(*, prefix: str, service: str, generation: int = 1) -> str:
    """Name a target group: `v1-orcha-link-tg`; from the second generation on `v1-orcha-link-tg-2`.

    A fixed name cannot exist twice, so a replacement needs another one while the old still serves.
    """
    suffix = "" if generation == 1 else f"-{generation}"
    return f"{prefix}-{service}-tg{suffix}"


def alarm_name(*, prefix: str, service: str, condition: str) -> str:
    """Name an alarm after what is wrong: `v1-orcha-link-unhealthy`."""
    return f"{prefix}-{service}-{condition}"


def user_pool_client_name(*, prefix: str, service: str) -> str:
    """Name the Cognito client of a service with login: `v1-orcha-admin`."""
    return f"{prefix}-{service}"


def platform_name(*, prefix: str, part: str) -> str:
    """Name a part of a platform that the environment makes: `alb` -> `v1-orcha-staging-alb`."""
    return f"{prefix}-{part}"


def key_alias(*, prefix: str) -> str:
    """Name a managed platform's encryption key: `alias/v1-orcha-staging`."""
    return f"alias/{prefix}"


def access_log_bucket_name(*, prefix: str, account_id: str) -> str:
    """Name the bucket of the load balancer's access logs; all of AWS shares one space of bucket names."""
    return f"{prefix}-alb-logs-{account_id}"


def web_acl_log_group_name(*, prefix: str) -> str:
    """Name the log group of the web ACL; WAF writes to no group whose name starts otherwise.

    https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    """
    return f"aws-waf-logs-{prefix}-alb"


def title(service: str) -> str:
    """Write a service's name as people do in sentences: `link` -> `Link`, `admin-ui` -> `Admin Ui`."""
    return service.replace("-", " ").title()


def output_name(*, service: str, quantity: str) -> str:
    """Name a stack output: `link`, `TargetGroupArn` -> `LinkTargetGroupArn`."""
    return title(service).replace(" ", "") + quantity
