"""What guards a resource, or what lies behind it, and is lifted while the resource stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edge.review.findings import Risk
from edge.review.risks.scene import Scene


@dataclass(frozen=True)
class _Guard:
    """An attribute by its dotted path, the value with which it guards, what may happen without, and of which type."""

    path: str
    guarding: Any
    danger: str
    type: str | None = None


_REMOVAL = "the next plan may remove it without a stop"
_PUBLIC = "what it holds may be made public"
_GUARDS = (
    _Guard("enable_deletion_protection", True, _REMOVAL),
    _Guard("deletion_protection", "ACTIVE", _REMOVAL),
    _Guard("deletion_protection", True, _REMOVAL),
    _Guard("deletion_protection_enabled", True, _REMOVAL),
    _Guard("disable_api_termination", True, _REMOVAL),
    _Guard("protect_from_scale_in", True, _REMOVAL),
    _Guard("force_destroy", False, _REMOVAL),
    _Guard("force_delete", False, _REMOVAL),
    _Guard("block_public_acls", True, _PUBLIC, "aws_s3_bucket_public_access_block"),
    _Guard("block_public_policy", True, _PUBLIC, "aws_s3_bucket_public_access_block"),
    _Guard("ignore_public_acls", True, _PUBLIC, "aws_s3_bucket_public_access_block"),
    _Guard("restrict_public_buckets", True, _PUBLIC, "aws_s3_bucket_public_access_block"),
    _Guard(
        "versioning_configuration.status",
        "Enabled",
        "what is deleted or written over in it is lost",
        "aws_s3_bucket_versioning",
    ),
    _Guard(
        "admin_create_user_config.allow_admin_create_user_only",
        True,
        "anybody may sign up, and then sign in",
        "aws_cognito_user_pool",
    ),
    _Guard("mfa_configuration", "ON", "a password alone lets a user in", "aws_cognito_user_pool"),
    _Guard(
        "metadata_options.http_tokens",
        "required",
        "who makes an instance fetch an address may take its role",
        "aws_launch_template",
    ),
    _Guard("drop_invalid_header_fields", True, "the services get headers that HTTP does not allow", "aws_lb"),
    _Guard("mutual_authentication.mode", "verify", "clients need no certificate any more", "aws_lb_listener"),
    _Guard("health_check.enabled", True, "nothing notices a target that fails", "aws_lb_target_group"),
)


def _lifted(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        for guard in _GUARDS:
            if not change.after or guard.type not in (None, change.type):
                continue
            if _is(change.before, guard) and not _is(change.after, guard):
                yield scene.risk("UNPROTECTED", change, f"loses its protection ({guard.path}): {guard.danger}")


def _is(attributes: Mapping[str, Any], guard: _Guard) -> bool:
    """Say whether an attribute guards; what is unknown does not. A block that stands once is a list of one."""
    found: Any = attributes
    for key in guard.path.split("."):
        found = found[0] if isinstance(found, list) and found else found
        found = found.get(key) if isinstance(found, dict) else None
    return type(found) is type(guard.guarding) and found == guard.guarding


RULES = (_lifted,)
