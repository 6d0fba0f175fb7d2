"""The review as JSON, for other programs."""

from typing import Any

from edge.review.findings import WORDS, Finding, Review, Risk
from edge.review.render_common import tally, verdict


def document(review: Review) -> dict[str, Any]:
    """Give the review as a table that `json.dumps` writes; the keys are an interface."""
    counted = tally(review.lines)
    return {
        "environment": review.environment,
        "digest": review.digest,
        "exit_code": review.exit_code,
        "verdict": verdict(review),
        "changes_nothing": review.changes_nothing,
        "summary": {word: counted[word] for word in WORDS},
        "risks": [
            {
                **_finding(risk),
                "id": risk.id,
                "label": risk.label,
                "service_id": risk.group_id if _goes_with_its_service(risk) else None,
                "service_label": risk.group_label if _goes_with_its_service(risk) else None,
                "group_id": risk.group_id,
                "group_label": risk.group_label,
                "can_be_accepted": risk.can_be_accepted,
                "accepted": risk.accepted,
            }
            for risk in review.risks
        ],
        "capacity": [
            {
                "quota": usage.key,
                "what": usage.what,
                "before": usage.before,
                "after": usage.after,
                "peak": usage.peak,
                "others": usage.others,
                "limit": usage.limit,
                "share_percent": usage.share_percent,
                "level": usage.level,
                "source": usage.source,
            }
            for usage in review.usages
        ],
        "drift": [{**_finding(change), "outcome": change.outcome} for change in review.drift],
        "changes": [
            {**_finding(line), "action": line.action.value, "word": line.word, "imported": line.is_imported}
            for line in review.lines
        ],
        "code": [{"address": change.address, "does": change.does, "diff": change.diff} for change in review.code],
        "asked": list(review.asked),
        "meaning": list(review.meaning),
        "outputs": list(review.outputs),
        "notices": list(review.notices),
    }


def _goes_with_its_service(risk: Risk) -> bool:
    return risk.kind in ("DESTROY", "FORGET") and (risk.group or "").startswith("services.")


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "address": finding.address,
        "service": finding.service,
        "account": finding.account,
        "sentence": finding.sentence,
    }
