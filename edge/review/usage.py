"""How much of a quota a plan needs."""

from dataclasses import dataclass

_WARNING_PERCENT = 80


@dataclass(frozen=True, kw_only=True)
class Usage:
    """How much of one quota is used: before the plan, after it, and at most on the way there; `others` is not ours."""

    what: str
    before: int
    after: int
    peak: int
    limit: int
    source: str
    key: str
    is_adjustable: bool
    others: int = 0

    @property
    def share_percent(self) -> int:
        """The share of the quota that is used at most, in percent, rounded down."""
        return self.peak * 100 // self.limit

    @property
    def level(self) -> str:
        """`failure` beyond the quota, `warning` from 80 % of it on, else `ok`."""
        return "failure" if self.peak > self.limit else "warning" if self.share_percent >= _WARNING_PERCENT else "ok"
