"""`edge`: everything that people run around a plan, as one command with a subcommand for each task.

To add a subcommand, add a line to COMMANDS and, in the module that it names, a `Subcommand`. Only the module of the
chosen subcommand is imported, since some take a second to load.
"""

import difflib
import importlib
import os
import sys
import tomllib
from collections.abc import Sequence
from typing import NamedTuple, cast

from bootstrap.places import HERE
from edge.cli.exits import MEANINGS, BadInputError, ended
from edge.cli.parser import Parser
from edge.cli.subcommand import Subcommand
from edge.cli.surroundings import demand_a_folder, stand_in_for_closed_streams
from environments.text import printable, shown

_SHELL_ASKS = "_ARGCOMPLETE"  # set by the script of `edge completion` when it asks what may come next


class Command(NamedTuple):
    """A line of the table: the name, where its Subcommand is, and its purpose in a sentence."""

    name: str
    place: str
    purpose: str

    def load(self) -> Subcommand:
        """Import the module, and give its Subcommand."""
        module, _, name = self.place.partition(":")
        return cast("Subcommand", getattr(importlib.import_module(module), name))


COMMANDS = (
    Command("setup", "edge.set_up:SETUP", "Install what the project needs, below its folder."),
    Command("validate", "edge.validate:VALIDATE", "Check the environment files, and nothing else."),
    Command("synth", "edge.run_cdktf:SYNTH", "Write the Terraform JSON of every environment."),
    Command("bootstrap", "edge.prerequisites.command:BOOTSTRAP", "Make what must stand before the first deploy."),
    Command("diff", "edge.run_cdktf:DIFF", "Plan an environment on real AWS, changing nothing."),
    Command("plan", "edge.plan.command:PLAN", "Make a plan on real AWS, and seal it."),
    Command("review", "edge.plan.review:REVIEW", "Say what a plan risks and does, in plain words."),
    Command("deploy", "edge.plan.deploy_command:DEPLOY", "Deploy an environment to real AWS."),
    Command("adopt", "edge.adopt.command:ADOPT", "Take over what another tool made."),
    Command("recover", "edge.recover.command:RECOVER", "Heal what an interrupted deploy left."),
    Command("release", "edge.release.command:RELEASE", "Let a service go, and leave it standing."),
    Command("destroy", "edge.plan.deploy_command:DESTROY", "Remove from real AWS what an environment made."),
    Command("verify", "edge.verify.command:VERIFY", "Ask from outside whether an environment serves."),
    Command("scan", "edge.scan:SCAN", "Check what a plan would make by checkov's rules."),
    Command("roles", "edge.roles.command:ROLES", "Derive the IAM policies that deploys and plans need."),
    Command("export", "edge.export.command:EXPORT", "Write an environment as plain Terraform."),
    Command("picture", "edge.picture.command:PICTURE", "Draw the path of a request through an environment."),
    Command("report", "edge.report.command:REPORT", "Write the state of an environment as one page."),
    Command("demo", "edge.demo.command:DEMO", "Deploy an environment to an embedded AWS, and verify it."),
    Command("embedded-aws", "edge.embedded:EMBEDDED_AWS", "Run the embedded AWS by hand."),
    Command("bench", "edge.benchmark:BENCH", "Measure the synthesis against eager imports."),
    Command("pipeline", "edge.pipeline.command:PIPELINE", "Run a step of the GitHub workflows."),
    Command("tool", "edge.tool:TOOL", "Run Terraform, cdktf or Python as the project does."),
    Command("completion", "edge.completion:COMPLETION", "Print the script for completion in a shell."),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line to its exit code; without arguments, that of this process."""
    stand_in_for_closed_streams()
    return ended(lambda: _run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: Sequence[str]) -> int:
    demand_a_folder()
    asked = os.environ.get("COMP_LINE", "").split()[1:] if _SHELL_ASKS in os.environ else None
    name = next((word for word in (arguments if asked is None else asked) if not word.startswith("-")), None)
    chosen = next((command for command in COMMANDS if command.name == name), None)
    subcommand = chosen.load() if chosen else None
    parser = command_line(chosen, subcommand)
    if asked is not None:
        importlib.import_module("edge.completion").answer(parser)
    if name is not None and chosen is None:
        raise BadInputError(f"There is no command {shown(name)}; {_meant(name)}edge --help lists them.")
    options, unknown = parser.parse_known_args(arguments)
    if subcommand is None:
        if unknown and unknown[0] != "--":
            raise BadInputError(
                f"edge does not take {printable(unknown[0])} without a command; edge --help lists both."
            )
        raise BadInputError("Name a command, such as `edge validate`; edge --help lists them.")
    if unknown:
        raise BadInputError(f"edge {name} does not take {printable(' '.join(unknown))}; see edge {name} --help")
    return subcommand.run(options)


def command_line(chosen: Command | None, subcommand: Subcommand | None) -> Parser:
    """Make the parser: every command by its name and purpose, and the chosen one with its arguments."""
    codes = "; ".join(f"{code:d} {meaning}" for code, meaning in MEANINGS.items())
    parser = Parser(
        prog="edge",
        description="Expose services to the internet behind one shared AWS load balancer.",
        epilog=f"`edge COMMAND --help` explains a command, with an example.\n\nexit codes: {codes}",
    )
    version = tomllib.loads((HERE.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    parser.add_argument("--version", action="version", version=f"Orcha Edge {version}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", prog="edge")
    for command in COMMANDS:
        own = commands.add_parser(command.name, help=command.purpose)
        if command is chosen and subcommand is not None:
            own.teach(command.purpose, subcommand)
    return parser


def _meant(name: str) -> str:
    """Name the command that was probably meant; nothing where none is near."""
    near = difflib.get_close_matches(name, [command.name for command in COMMANDS], n=1)
    return f"{near[0]} is the nearest one, and " if near else ""


if __name__ == "__main__":
    sys.exit(main())
