"""Which risks count as accepted."""

from argparse import ArgumentParser, Namespace

from edge.cli import environment_argument
from edge.cli.exits import Exit
from edge.cli.subcommand import Subcommand
from edge.pipeline import accepted_risks
from edge.pipeline.accepted_risks import Accepted
from edge.pipeline.api import Repository
from edge.pipeline.job import put
from edge.pipeline.steps.step import REFUSED, Steps


def _accepted(options: Namespace) -> int:
    name = environment_argument.named(options)
    parts = [Accepted(tuple(accepted_risks.of_hashes(" ".join(options.hashes))))]
    if options.pull_request is not None:
        parts.append(accepted_risks.of_pull_request(Repository.of_this_job(), options.pull_request, name))
    if options.commit is not None:
        parts.append(accepted_risks.of_commit(Repository.of_this_job(), options.commit, name))
    accepted = sorted({item for part in parts for item in part.hashes})
    put("GITHUB_OUTPUT", f"accepted={' '.join(accepted)}\n")
    refused = [line for part in parts for line in part.refused]
    put("GITHUB_STEP_SUMMARY", "".join(f"- {line}\n" for line in refused))
    lines = [*(f"Accepted: {item}" for item in accepted), *refused]
    print("\n".join(lines) or "No risk was accepted.")
    return Exit.DONE


def _drop(options: Namespace) -> int:
    name = environment_argument.named(options)
    dropped = accepted_risks.drop_stale(Repository.of_this_job(), options.pull_request, name)
    lines = [f"Removed the label {label!r}, which was set before the newest push." for label in dropped]
    print("\n".join(lines) or "No label was set before the newest push.")
    return Exit.DONE


def _add_accepted_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument("--pull-request", type=int, metavar="NUMBER", help="by the labels of a pull request")
    parser.add_argument("--commit", metavar="SHA", help="by the labels of the pull request that this commit merged")
    parser.add_argument(
        "--hashes", default=[], type=str.split, metavar="HASHES", help="by these hashes, between spaces"
    )


def _add_drop_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument("--pull-request", type=int, metavar="NUMBER", required=True, help="whose labels are dropped")


STEPS: Steps = {
    "accepted": (
        "Give the job the hashes of the risks that were accepted, as its output `accepted`.",
        Subcommand(
            run=_accepted,
            add_arguments=_add_accepted_arguments,
            about="Labels count that were set after the newest push, by people who may write and made no part of it.",
            example="edge pipeline accepted prod --pull-request 7",
            done="written",
            failed="GitHub refuses, or a label accepts nothing known",
        ),
    ),
    "drop": (
        "Remove the environment's labels that were set before the newest push.",
        Subcommand(
            run=_drop,
            add_arguments=_add_drop_arguments,
            example="edge pipeline drop prod --pull-request 7",
            done="removed",
            failed=REFUSED,
        ),
    ),
}
