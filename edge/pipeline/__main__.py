"""`python -m edge.pipeline <sign-in | accepted | outputs | summary | comment | issue> …`: steps of the workflows."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from edge.pipeline import accepted_risks, report
from edge.pipeline.api import Repository
from edge.pipeline.errors import GitHubError
from edge.pipeline.job import put
from edge.pipeline.sign_in import sign_in
from edge.plan.errors import RefusedError
from edge.plan.folder import PLANS, PlanFolder
from environments.faults import InvalidEnvironmentError
from environments.loader import load

_EXIT_FAILED, _EXIT_BAD_INPUT = 1, 2


def main(arguments: Sequence[str]) -> int:
    """Run a step: 0 when it is done, 1 where GitHub or AWS refuses, 2 for bad input."""
    given = _parser().parse_args(arguments)
    step: Callable[[argparse.Namespace], None] = given.step
    try:
        step(given)
    except (InvalidEnvironmentError, RefusedError) as error:
        print(error, file=sys.stderr)
        return _EXIT_BAD_INPUT
    except GitHubError as error:
        print(error, file=sys.stderr)
        return _EXIT_FAILED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m edge.pipeline", description="A step of a workflow.")
    steps = parser.add_subparsers(required=True)

    step = steps.add_parser("sign-in", help="borrow the environment's roles for the steps that follow")
    step.add_argument("environment")
    step.add_argument("kind", choices=["plan", "deploy"])
    step.set_defaults(step=_sign_in)

    step = steps.add_parser("accepted", help="give the job the risks that were accepted, as its output `accepted`")
    step.add_argument("--pull-request", type=int, metavar="NUMBER", help="by the labels of a pull request")
    step.add_argument("--commit", metavar="SHA", help="by the labels of the pull request that this commit merged")
    step.add_argument("--ids", default="", metavar="IDS", help="by these ids, between spaces")
    step.set_defaults(step=_accepted)

    for name, does, what in (
        ("outputs", _outputs, "give the job the plan's digest and whether it changes anything"),
        ("summary", _summary, "show the review on the run's page"),
        ("comment", _comment, "write the environment's comment of a pull request anew"),
        ("issue", _issue, "open, renew or close the environment's issue"),
    ):
        step = steps.add_parser(name, help=what)
        step.add_argument("environment")
        step.add_argument("--plan", type=Path, metavar="DIR", help="the plan's folder (default: plans/ENVIRONMENT)")
        step.set_defaults(step=does)
        if name == "comment":
            step.add_argument("--pull-request", type=int, metavar="NUMBER", required=True)
            step.add_argument("--commit", metavar="SHA", required=True, help="the commit that was reviewed")
    return parser


def _sign_in(given: argparse.Namespace) -> None:
    (environment,) = load([given.environment])
    file = sign_in(environment, given.kind)
    print(f"Signed in to the accounts of {environment.name}, to {given.kind}; {file} says how.")


def _accepted(given: argparse.Namespace) -> None:
    ids = accepted_risks.of_ids(given.ids.split())
    if given.pull_request is not None:
        ids += accepted_risks.of_pull_request(Repository.of_this_job(), given.pull_request)
    if given.commit is not None:
        ids += accepted_risks.of_commit(Repository.of_this_job(), given.commit)
    put("GITHUB_OUTPUT", f"accepted={' '.join(sorted(set(ids)))}\n")
    print("\n".join(f"Accepted: {each}" for each in sorted(set(ids))) or "No risk was accepted.")


def _folder(given: argparse.Namespace) -> PlanFolder:
    return PlanFolder(given.plan or PLANS / given.environment)


def _outputs(given: argparse.Namespace) -> None:
    report.outputs(_folder(given))


def _summary(given: argparse.Namespace) -> None:
    report.summary(_folder(given))


def _comment(given: argparse.Namespace) -> None:
    repository, folder = Repository.of_this_job(), _folder(given)
    report.comment(repository, given.environment, folder, number=given.pull_request, commit=given.commit)


def _issue(given: argparse.Namespace) -> None:
    report.issue(Repository.of_this_job(), given.environment, _folder(given))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
