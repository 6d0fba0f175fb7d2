"""The matrix as the Markdown table of docs/recovery-matrix.md."""

from collections.abc import Sequence

from tests.engine.recovery.running import Outcome

_HEAD = """# The recovery matrix

`.venv/bin/python -m tests.engine.recovery --write` runs every scenario with real Terraform on the embedded AWS, and
writes this page. Each lets a first deploy of prod fail at one call, or kills a change of a service's names at one
write; then, in one world, it applies once more without recovery, and in another it runs `edge recover`. "Heals"
means: recovery ended well and a new plan is empty, both accounts hold exactly what stands where nothing disturbed
(no duplicate, no orphan, every validation record), the state is not locked, and of a first deploy nothing was
destroyed.
"""


def table(outcomes: Sequence[Outcome]) -> str:
    """Write the table, with its sums in a sentence before it."""
    healed = sum(outcome.healed for outcome in outcomes)
    stuck = sum(outcome.second != "succeeds" for outcome in outcomes if outcome.second)
    sentence = f"{len(outcomes)} scenarios: a second apply alone fails in {stuck}, and recovery heals {healed}."
    rows = [
        f"| {outcome.scenario} | {outcome.first} | {outcome.second or 'not tried'} | {_ending(outcome)} |"
        for outcome in outcomes
    ]
    head = ["| scenario | first apply | second apply without recovery | with recovery |", "|---|---|---|---|"]
    return "\n".join([_HEAD, sentence, "", *head, *rows, ""])


def _ending(outcome: Outcome) -> str:
    return "heals" if outcome.healed else f"does not: {outcome.problems[0][:120]}"
