"""Recorded calls, checked against the policies of the roles that would make them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from edge.roles import ids
from edge.roles.roles import TASKS, Role, Task, roles
from environments.checked import Environment
from tests.support.authorization import evaluator, reference
from tests.support.authorization.evaluator import Request
from tests.support.authorization.translation import World
from tests.support.call_recorder import Call

# Which roles are asked for what a task does; what writes is asked of the plan's role too, which must refuse it.
_ASKED: Mapping[str, tuple[Task, ...]] = {"deploy": ("deploy",), "plan": TASKS, "verify": ("plan",), "aside": ()}
Place = tuple[str, Task, str, str]
"""An account's name, a task, a statement's sid, and an action in it."""


@dataclass
class Judged:
    """What was asked of each role, and which of its statements allow it, by their sids."""

    asked: dict[tuple[str, Task, Request], frozenset[str]] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)

    @property
    def refused(self) -> list[str]:
        """What a role was asked that it does not allow; a plan's role is asked a plan's calls alone."""
        return [
            f"{account} {task}: {request}"
            for (account, task, request), sids in self.asked.items()
            if not sids and not (task == "plan" and reference.is_write(request.action))
        ]

    @property
    def written_by_plan(self) -> list[str]:
        """The writes that a plan's role allows."""
        return [
            f"{account}: {request}"
            for (account, task, request), sids in self.asked.items()
            if sids and task == "plan" and reference.is_write(request.action)
        ]

    @property
    def writes(self) -> int:
        """How many different writes were asked of the roles that plan."""
        return sum(task == "plan" and reference.is_write(request.action) for _, task, request in self.asked)

    @property
    def idle(self) -> set[Place]:
        """The actions of statements that could be left out, since nothing recorded is allowed by them alone."""
        needed = {
            (account, task, next(iter(sids)), request.action)
            for (account, task, request), sids in self.asked.items()
            if len(sids) == 1
        }
        return {
            (role.account, role.task, statement.sid, action)
            for role in self.roles
            for statement in role.statements
            for action in statement.actions
        } - needed


def judge(steps: Iterable[tuple[Environment, Sequence[str], Sequence[Call]]], *, adopting: bool = False) -> Judged:
    """Ask the roles of each step's environment, with the hosts that it removes, for that step's calls.

    What a deploy asks, its role must allow; what a plan asks, both; what a verification asks, that of the plan.
    """
    world, judged = World(), Judged()
    for environment, leaving, calls in steps:
        derived = roles(environment, found_ids(environment, calls), leaving, adopting=adopting)
        judged.roles = derived
        names = {account.id: name for name, account in environment.accounts.items()}
        statements = {
            (role.account, role.task): [statement.as_json() for statement in role.statements] for role in derived
        }
        for call in calls:
            for request in world.requests(call) if call.account in names else ():
                account = names[call.account]
                for task in TASKS:
                    if task in _ASKED[call.task] or (task == "plan" and reference.is_write(request.action)):
                        judged.asked[account, task, request] = _allowed_by(statements[account, task], request)
    return judged


def _allowed_by(statements: Sequence[evaluator.Statement], request: Request) -> frozenset[str]:
    return frozenset(statement["Sid"] for statement in statements if evaluator.applies(statement, request))


def found_ids(environment: Environment, calls: Iterable[Call]) -> Mapping[str, str]:
    """Read the ids that policies name from the answers to a deploy's own lookups."""
    found: dict[str, str] = {}
    for call in calls:
        if call.operation == "GetHostedZone" and call.succeeded:
            zone = call.answer["HostedZone"]
            found[zone["Name"].rstrip(".")] = zone["Id"].rpartition("/")[2]
        if call.operation == "DescribeSecurityGroups":
            found |= {group["GroupName"]: group["GroupId"] for group in call.answer.get("SecurityGroups", ())}
        if call.operation == "DescribeUserPool":
            found[call.answer["UserPool"]["Name"]] = call.answer["UserPool"]["Id"]
    return {item.name: found[item.name] for item in ids.wanted(environment) if item.must_stand}
