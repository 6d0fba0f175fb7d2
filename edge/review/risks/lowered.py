"""What still stands and guards less: a role whose permissions boundary changes, and records that are kept less long."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from edge.review.findings import Risk
from edge.review.risks.scene import Scene
from edge.tfplan.model import Change, with_unknown

_BOUNDARY = "permissions_boundary"
# Which attribute says for how many days a thing keeps what it holds.
_KEPT = {
    "aws_cloudwatch_log_group": ("retention_in_days",),
    "aws_s3_bucket_lifecycle_configuration": (
        "rule.expiration.days",
        "rule.noncurrent_version_expiration.noncurrent_days",
    ),
}
_FOR_EVER = float("inf")


def _unbounded(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        before = change.before.get(_BOUNDARY)
        if change.type == "aws_iam_role" and before and change.after and _after(change).get(_BOUNDARY) != before:
            statement = f"loses its protection ({_BOUNDARY}): it may be given what {before} does not let it have"
            yield replace(scene.risk("UNPROTECTED", change, statement), attribute=_BOUNDARY)


def _shortened(scene: Scene) -> Iterator[Risk]:
    for change in scene.plan.changes:
        for path in _KEPT.get(change.type, ()) if change.before and change.after else ():
            before, after = _days(change.before, path), _days(_after(change), path)
            if after < before:
                shown = f"{after:g}" if after else "an unknown number of"
                statement = f"loses its protection ({path}): what is older than {shown} days is removed, for ever"
                yield replace(scene.risk("UNPROTECTED", change, statement), attribute=path)


def _after(change: Change) -> dict[str, Any]:
    return dict(with_unknown(change.after, change.unknown))


def _days(attributes: Any, path: str) -> float:
    """Give the fewest days of all blocks; what is not limited stays for ever, and what is unknown may stay for none."""
    values = [attributes]
    for key in path.split("."):
        blocks = [block for value in values for block in (value if isinstance(value, list) else [value])]
        values = [block.get(key) if isinstance(block, dict) else block for block in blocks]
    return min((_number(value) for value in values), default=_FOR_EVER)


def _number(value: Any) -> float:
    if value is None or (isinstance(value, int) and value <= 0):
        return _FOR_EVER  # 0 is "never expire": https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
    return float(value) if isinstance(value, int) else 0.0


RULES = (_unbounded, _shortened)
