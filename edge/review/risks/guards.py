"""What guards a resource, or what lies behind it, and is lifted while the resource stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from edge.review.findings import Risk
from edge.review.risks.scene import Scene


@dataclass(frozen=True)
class Guard:
    """An attribute by its dotted path, the values with which it guards, what may happen without, and of which type."""

    path: str
    guarding: tuple[str | bool, ...]
    danger: str
    type: str | None = None


_REMOVAL = "the next plan may remove it without a stop"
_GUESSED = "passwords can be guessed sooner"
_PUBLIC = "what it holds may be made public"
_PUBLIC_ACCESS_BLOCK = "aws_s3_bucket_public_access_block"

# What this project's resources are made with.
GUARDS = (
    Guard("enable_deletion_protection", (True,), _REMOVAL),
    Guard("deletion_protection", ("ACTIVE",), _REMOVAL),
    Guard("force_destroy", (False,), _REMOVAL),
    Guard("force_delete", (False,), _REMOVAL),
    Guard("block_public_acls", (True,), _PUBLIC, _PUBLIC_ACCESS_BLOCK),
    Guard("block_public_policy", (True,), _PUBLIC, _PUBLIC_ACCESS_BLOCK),
    Guard("ignore_public_acls", (True,), _PUBLIC, _PUBLIC_ACCESS_BLOCK),
    Guard("restrict_public_buckets", (True,), _PUBLIC, _PUBLIC_ACCESS_BLOCK),
    Guard(
        "versioning_configuration.status",
        ("Enabled",),
        "what is deleted or written over in it is lost",
        "aws_s3_bucket_versioning",
    ),
    Guard(
        "admin_create_user_config.allow_admin_create_user_only",
        (True,),
        "anybody may sign up, and then sign in",
        "aws_cognito_user_pool",
    ),
    # OPTIONAL asks the users who have set up a second factor for it, OFF asks nobody:
    # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
    Guard("mfa_configuration", ("OPTIONAL", "ON"), "a password alone lets every user in", "aws_cognito_user_pool"),
    Guard(
        "metadata_options.http_tokens",
        ("required",),
        "anyone who makes an instance fetch an address can take its role",
        "aws_launch_template",
    ),
    Guard("drop_invalid_header_fields", (True,), "the services get headers that HTTP does not allow", "aws_lb"),
    Guard(
        "prevent_user_existence_errors",
        ("ENABLED",),
        "whoever tries names learns which users there are",
        "aws_cognito_user_pool_client",
    ),
    Guard("access_logs.enabled", (True,), "nobody can find out who asked for what", "aws_lb"),
    Guard("enable_key_rotation", (True,), "a key that leaks stays good for ever", "aws_kms_key"),
    Guard("block_device_mappings.ebs.encrypted", ("true",), "disks are kept in the clear", "aws_launch_template"),
    Guard("password_policy.require_lowercase", (True,), _GUESSED, "aws_cognito_user_pool"),
    Guard("password_policy.require_numbers", (True,), _GUESSED, "aws_cognito_user_pool"),
    Guard("password_policy.require_symbols", (True,), _GUESSED, "aws_cognito_user_pool"),
    Guard("password_policy.require_uppercase", (True,), _GUESSED, "aws_cognito_user_pool"),
    Guard(
        "software_token_mfa_configuration.enabled",
        (True,),
        "no app can be the second factor",
        "aws_cognito_user_pool",
    ),
    Guard("generate_secret", (True,), "whoever knows a client's id can be it", "aws_cognito_user_pool_client"),
    Guard(
        "network_interfaces.associate_public_ip_address",
        ("false",),
        "instances get addresses that the internet reaches",
        "aws_launch_template",
    ),
    Guard("map_public_ip_on_launch", (False,), "what starts in it gets a public address", "aws_subnet"),
    Guard(
        "monitoring.enabled", (True,), "what an instance does is measured five times less often", "aws_launch_template"
    ),
    Guard(
        "rule.object_ownership",
        ("BucketOwnerEnforced",),
        "access lists of single objects may give them away",
        "aws_s3_bucket_ownership_controls",
    ),
    Guard("treat_missing_data", ("breaching",), "silence counts as health", "aws_cloudwatch_metric_alarm"),
    Guard("health_check_type", ("ELB",), "an instance that answers nobody stays", "aws_autoscaling_group"),
    Guard("health_check.enabled", (True,), "nothing notices a target that fails", "aws_lb_target_group"),
)
# What people set beside it: on resources of their own in the same state, or by an override of ours.
GUARDS_OF_OTHERS = (
    Guard("deletion_protection", (True,), _REMOVAL),
    Guard("deletion_protection_enabled", (True,), _REMOVAL),
    Guard("disable_api_termination", (True,), _REMOVAL),
    Guard("protect_from_scale_in", (True,), _REMOVAL),
    Guard(
        "mfa_configuration",
        ("ON",),
        "a password alone lets a user in who has set up no second factor",
        "aws_cognito_user_pool",
    ),
    Guard("enable_waf_fail_open", (False,), "requests pass while AWS WAF does not answer", "aws_lb"),
    Guard("is_enabled", (True,), "nothing that it encrypted can be read", "aws_kms_key"),
    Guard("mutual_authentication.mode", ("verify",), "clients need no certificate any more", "aws_lb_listener"),
)


def _lifted(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        for guard in (*GUARDS, *GUARDS_OF_OTHERS):
            if not change.after or guard.type not in (None, change.type):
                continue
            if guards(change.before, guard) and not guards(change.after, guard):
                statement = f"loses its protection ({guard.path}): {guard.danger}"
                yield replace(scene.risk("UNPROTECTED", change, statement), attribute=guard.path)


def guards(attributes: Mapping[str, Any], guard: Guard) -> bool:
    """Say whether an attribute guards; what is unknown does not. A block that stands once is a list of one."""
    found: Any = attributes
    for key in guard.path.split("."):
        found = found[0] if isinstance(found, list) and found else found
        found = found.get(key) if isinstance(found, dict) else None
    return any(type(found) is type(value) and found == value for value in guard.guarding)


RULES = (_lifted,)
