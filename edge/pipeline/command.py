"""`edge pipeline`: the steps of the workflows, whose logic would otherwise be YAML and shell."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from edge.cli import environment_argument
from edge.cli.exits import BadInputError, Exit
from edge.cli.parser import Parser
from edge.cli.subcommand import Subcommand
from edge.pipeline import accepted_risks, report
from edge.pipeline.api import Repository
from edge.pipeline.job import put
from edge.pipeline.sign_in import credentials_as_json, sign_in
from edge.plan.folder import PLANS, PlanFolder
from environments.loader import load


def _sign_in(options: Namespace) -> int:
    (environment,) = load([environment_argument.named(options)])
    file = sign_in(environment, options.kind)
    print(f"Signed in to the accounts of {environment.name}, to {options.kind}; {file} says how.")
    return Exit.DONE


def _credentials(options: Namespace) -> int:
    print(credentials_as_json(options.role_arn, options.region))
    return Exit.DONE


def _accepted(options: Namespace) -> int:
    ids = accepted_risks.of_ids(options.ids.split())
    if options.pull_request is not None:
        ids += accepted_risks.of_pull_request(Repository.of_this_job(), options.pull_request)
    if options.commit is not None:
        ids += accepted_risks.of_commit(Repository.of_this_job(), options.commit)
    accepted = sorted(set(ids))
    put("GITHUB_OUTPUT", f"accepted={' '.join(accepted)}\n")
    print("\n".join(f"Accepted: {id}" for id in accepted) or "No risk was accepted.")
    return Exit.DONE


def _outputs(options: Namespace) -> int:
    report.outputs(_folder(options))
    return Exit.DONE


def _summary(options: Namespace) -> int:
    report.summary(_folder(options))
    return Exit.DONE


def _comment(options: Namespace) -> int:
    name, folder = environment_argument.named(options), _folder(options)
    report.comment(Repository.of_this_job(), name, folder, number=options.pull_request, commit=options.commit)
    return Exit.DONE


def _issue(options: Namespace) -> int:
    name, folder = environment_argument.named(options), _folder(options)
    report.issue(Repository.of_this_job(), name, folder)
    return Exit.DONE


def _folder(options: Namespace) -> PlanFolder:
    return PlanFolder(options.plan or PLANS / environment_argument.named(options))


def _add_sign_in_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument("kind", choices=["plan", "deploy"], help="what the steps that follow may do")


def _add_credentials_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("role_arn", metavar="ROLE_ARN", help="the role to borrow")
    parser.add_argument("region", metavar="REGION", help="the region whose STS is asked")


def _add_accepted_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--pull-request", type=int, metavar="NUMBER", help="by the labels of a pull request")
    parser.add_argument("--commit", metavar="SHA", help="by the labels of the pull request that this commit merged")
    parser.add_argument("--ids", default="", metavar="IDS", help="by these ids, between spaces")


def _add_plan_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument("--plan", type=Path, metavar="FOLDER", help="the plan's folder (default: plans/ENVIRONMENT)")


def _add_comment_arguments(parser: ArgumentParser) -> None:
    _add_plan_arguments(parser)
    parser.add_argument("--pull-request", type=int, metavar="NUMBER", required=True, help="where the comment goes")
    parser.add_argument("--commit", metavar="SHA", required=True, help="the commit that was reviewed")


_REFUSED = "GitHub or AWS refuses"
STEPS: Mapping[str, tuple[str, Subcommand]] = {
    "sign-in": (
        "Borrow the environment's roles for the steps that follow.",
        Subcommand(
            run=_sign_in,
            add_arguments=_add_sign_in_arguments,
            example="edge pipeline sign-in prod plan",
            done="signed in",
            failed=_REFUSED,
        ),
    ),
    "credentials": (
        "Print a role's keys, as an AWS SDK asks for them.",
        Subcommand(
            run=_credentials,
            add_arguments=_add_credentials_arguments,
            about="The AWS configuration that sign-in writes runs this: it is a `credential_process`.",
            example="edge pipeline credentials arn:aws:iam::111111111111:role/edge eu-west-1",
            done="printed",
            failed=_REFUSED,
        ),
    ),
    "accepted": (
        "Give the job the risks that were accepted, as its output `accepted`.",
        Subcommand(
            run=_accepted,
            add_arguments=_add_accepted_arguments,
            example="edge pipeline accepted --pull-request 7",
            done="written",
            failed="GitHub refuses, or a label is not a risk's id",
        ),
    ),
    "outputs": (
        "Give the job the plan's digest, and whether it changes anything.",
        Subcommand(
            run=_outputs,
            add_arguments=_add_plan_arguments,
            example="edge pipeline outputs prod",
            done="written",
            failed=_REFUSED,
        ),
    ),
    "summary": (
        "Show the review on the run's page.",
        Subcommand(
            run=_summary,
            add_arguments=_add_plan_arguments,
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
            failed=_REFUSED,
        ),
    ),
    "issue": (
        "Open, renew or close the environment's issue about drift.",
        Subcommand(
            run=_issue,
            add_arguments=_add_plan_arguments,
            example="edge pipeline issue prod",
            done="written",
            failed=_REFUSED,
        ),
    ),
}


def _add_arguments(parser: ArgumentParser) -> None:
    steps = parser.add_subparsers(title="steps", metavar="STEP", dest="step")
    for name, (purpose, step) in STEPS.items():
        cast("Parser", steps.add_parser(name, help=purpose)).teach(purpose, step)


def _run(options: Namespace) -> int:
    if options.step is None:
        raise BadInputError("Name a step, as in `edge pipeline summary prod`; edge pipeline --help lists them.")
    return STEPS[options.step][1].run(options)


PIPELINE = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="The workflows in .github/workflows/ run these; docs/pipeline.md explains them. `edge pipeline STEP --help` "
    "explains a step.",
    example="edge pipeline summary prod",
    done="done",
    failed="GitHub or AWS refuses",
)
