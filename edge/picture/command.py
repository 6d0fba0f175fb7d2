"""`edge picture`: draw the request path of an environment."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from edge.cli import environment_argument
from edge.cli.exits import BadInputError, Exit
from edge.cli.subcommand import Subcommand
from edge.picture.changes import changes_the_way_of_requests, marked
from edge.picture.graph import graph_of
from edge.picture.mermaid import in_markdown, mermaid
from edge.picture.svg import svg
from edge.plan.folder import PlanFolder
from edge.terraform import synthesis
from edge.terraform.toolchain import command_environment
from edge.tfplan.parse import parse, read
from environments.loader import load

_SUFFIXES = (".svg", ".mmd")


def _run(options: Namespace) -> int:
    """Draw one environment; raises BadInputError for a file that cannot be read or written, and EngineError."""
    name = environment_argument.named(options)
    file = Path(options.to) if options.to else None
    if file is not None and file.suffix not in _SUFFIXES:
        raise BadInputError(f"{file}: name a file that ends with {' or '.join(_SUFFIXES)}.")
    (environment,) = load([name])
    if options.plan:
        folder = PlanFolder(Path(options.plan))
        _refuse_missing(folder, name)
        _refuse_another(folder, name)
        graph = marked(graph_of(environment, read(folder.configuration)), parse(read(folder.json)))
    else:
        graph = graph_of(environment, synthesis.document(name, command_environment()))
    if options.markdown and options.plan and not changes_the_way_of_requests(graph):
        return Exit.DONE
    if options.markdown:
        print(in_markdown(graph), end="")
        return Exit.DONE
    if file is None:
        print(mermaid(graph), end="")
        return Exit.DONE
    text = svg(graph, f"The request path of {name}") if file.suffix == ".svg" else mermaid(graph)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{file} cannot be written ({error.strerror}); name another file with --to.") from None
    return Exit.DONE


def _refuse_missing(folder: PlanFolder, name: str) -> None:
    """Refuse what is no plan's folder, by BadInputError: its remedy is another folder, or a plan in it."""
    for file in (folder.configuration, folder.json):
        if not file.is_file():
            raise BadInputError(
                f"{folder.path} is not the folder of a plan, since it holds no {file.name}; name another with --plan, "
                f"or plan into it with `edge plan {name} --write={folder.path}`."
            )


def _refuse_another(folder: PlanFolder, name: str) -> None:
    """Refuse a folder that was sealed for another environment, by BadInputError."""
    if folder.seal.is_file() and (sealed := folder.read().environment) != name:
        raise BadInputError(
            f"{folder.shown} is a plan of {sealed}; name that one, as in `edge picture {sealed} --plan={folder.shown}`."
        )


def _add_arguments(parser: ArgumentParser) -> None:
    environment_argument.add(parser)
    parser.add_argument(
        "--plan", metavar="FOLDER", default="", help="a plan's folder, such as plans/prod: what it changes is marked"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--markdown",
        action="store_true",
        help="print Mermaid as a block of Markdown, as for a comment; with --plan, only where a name or a rule changes",
    )
    form.add_argument(
        "--to", metavar="FILE", default="", help="a .svg or .mmd file to write; without it, Mermaid is printed"
    )


PICTURE = Subcommand(
    run=_run,
    add_arguments=_add_arguments,
    about="From left to right as a request goes: names by account, load balancer, rules in the order in which they are "
    "asked, target groups, instances. GitHub draws Mermaid in any Markdown.",
    example="edge picture prod --to prod.svg",
    done="drawn",
    failed="it could not be synthesized",
)
