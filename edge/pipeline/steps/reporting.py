"""What a job reports of a plan and its review."""

from argparse import ArgumentParser, Namespace

from edge.cli import environment_argument
from edge.cli.exits import Exit
from edge.cli.subcommand import Subcommand
from edge.pipeline import report
from edge.pipeline.api import Repository
from edge.pipeline.steps.step import REFUSED, Steps, add_plan_arguments, plan_folder


def _outputs(options: Namespace) -> int:
    report.outputs(plan_folder(options))
    return Exit.DONE


def _summary(options: Namespace) -> int:
    report.summary(plan_folder(options))
    return Exit.DONE


def _comment(options: Namespace) -> int:
    name, folder = environment_argument.named(options), plan_folder(options)
    report.comment(Repository.of_this_job(), name, folder, number=options.pull_request, commit=options.commit)
    return Exit.DONE


def _issue(options: Namespace) -> int:
    name, folder = environment_argument.named(options), plan_folder(options)
    report.issue(Repository.of_this_job(), name, folder)
    return Exit.DONE


def _add_comment_arguments(parser: ArgumentParser) -> None:
    add_plan_arguments(parser)
    parser.add_argument("--pull-request", type=int, metavar="NUMBER", required=True, help="where the comment goes")
    parser.add_argument("--commit", metavar="SHA", required=True, help="the commit that was reviewed")


STEPS: Steps = {
    "outputs": (
        "Give the job the plan's digest, and whether it changes anything.",
        Subcommand(
            run=_outputs,
            add_arguments=add_plan_arguments,
            example="edge pipeline outputs prod",
            done="written",
            failed=REFUSED,
        ),
    ),
    "summary": (
        "Show the review on the run's page.",
        Subcommand(
            run=_summary,
            add_arguments=add_plan_arguments,
            example="edge pipeline summary prod",
            done="written",
            failed="there is no review",
        ),
    ),
    "comment": (
        "Write the environment's comment of a pull request, or replace it.",
        Subcommand(
            run=_comment,
            add_arguments=_add_comment_arguments,
            example="edge pipeline comment prod --pull-request 7 --commit 0123456789ab",
            done="written",
            failed=REFUSED,
        ),
    ),
    "issue": (
        "Open, renew or close the environment's issue about drift.",
        Subcommand(
            run=_issue,
            add_arguments=add_plan_arguments,
            example="edge pipeline issue prod",
            done="written",
            failed=REFUSED,
        ),
    ),
}
