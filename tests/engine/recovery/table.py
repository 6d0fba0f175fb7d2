"""The matrix as the Markdown table of docs/recovery-matrix.md."""

from collections.abc import Sequence

from tests.engine.recovery.running import Outcome

_HEAD = """# The recovery matrix

`.venv/bin/python -m tests.engine.recovery --write` runs every scenario with real Terraform on the embedded AWS, and
writes this page. In each, one call of a first deploy, of a change or of a destroy goes wrong; then, in one copy of that
world, Terraform applies once more without recovery, and in the other `edge recover` runs. "Heals" means:

- recovery ended well and a new plan is empty; after a destroy, that is `edge recover --only-state` and `edge destroy`;
- both accounts hold exactly what stands where nothing goes wrong: no duplicate, no orphan, every validation record;
- the state is not locked, and of a first deploy nothing was destroyed;
- after a change that was cut off, risks about what that left of something earlier, a host that the file gives up and
  another generation were accepted, and no others;
- during a change, a client that asked for all hosts, from before the fault to the end of the recovery and after each
  of its writes, was served every time.

A lost reply, a 5xx and a latency of 8 s strike one call, after its write; a broken connection strikes two calls in a
row and throttling three, before the write; a denial strikes every such call from then on. Of the changes, "write 3" is
the third write of all, so that a denial there leaves nothing that Terraform may write, the state and its lock included.
"""


def table(outcomes: Sequence[Outcome], *, of: int | None = None) -> str:
    """Write the table of what was run, with its sums before it; `of` is how many scenarios there are, where known."""
    healed = sum(outcome.healed for outcome in outcomes)
    tried = [outcome.second for outcome in outcomes if outcome.second]
    stuck = sum(second != "succeeds" for second in tried)
    samples = sum(outcome.samples for outcome in outcomes)
    number = len(outcomes)
    run = f"All {of} scenarios" if number == of else f"The {number} scenarios that were run so far, of {of or 'more'}"
    sentence = (
        f"{run}: recovery heals {healed}. A second apply without recovery was tried in {len(tried)} whose first did "
        f"not end well, and fails or leaves too much in {stuck}. Clients took {samples} samples."
    )
    rows = [
        f"| {outcome.scenario} | {outcome.first} | {outcome.second or '-'} | {_ending(outcome)} |"
        for outcome in outcomes
    ]
    head = ["| scenario | first apply | second apply without recovery | with recovery |", "|---|---|---|---|"]
    return "\n".join([_HEAD, sentence, "", *head, *rows, ""])


def _ending(outcome: Outcome) -> str:
    if not outcome.healed:
        return f"does not: {outcome.problems[0][:120]}"
    return f"heals, with {outcome.accepted} of its risks accepted" if outcome.accepted else "heals"
