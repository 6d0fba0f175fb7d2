"""Plans of a few changes, for tests of one rule."""

from edge.tfplan.model import Change, Plan


def plan_of(*changes: Change) -> Plan:
    """Make a plan of prod that holds these changes and nothing else."""
    return Plan(
        environments=frozenset({"prod"}),
        accounts={},
        changes=changes,
        drift=(),
        outputs={},
        output_values={},
        data={},
        warnings=(),
    )
