"""Which of the environments a run of main.py is asked to synthesize: every file is checked, and only those cost more.

Our own commands name them: `main.py prod`. cdktf runs the command in cdktf.json, which says whose child it is by
`--asked-by=$PPID`, since cdktf hands its own arguments on to nobody: of `cdktf deploy prod` the name is read there.
"""

import subprocess
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from environments.checked import Environment
from environments.faults import Fault, InvalidEnvironmentError
from environments.text import listed

_ASKED_BY = "--asked-by="
_PROGRAMS = frozenset({"cdktf", "cdktf.js", "cdktn", "cdktn.js"})
# Those that take stacks: https://developer.hashicorp.com/terraform/cdktf/cli-reference/commands
_COMMANDS = frozenset({"deploy", "apply", "destroy", "diff", "plan", "output", "watch"})
_PATTERN = frozenset("*?[]{}!()")  # cdktf matches names as patterns


def asked_for(
    environments: Sequence[Environment], arguments: Sequence[str], line_of: Callable[[str], list[str]] | None = None
) -> list[Environment]:
    """Pick the environments that the arguments of main.py name; all of them where they name none.

    `line_of` gives the command line of a process. Raises InvalidEnvironmentError for a name that has no file.
    """
    known = {environment.name: environment for environment in environments}
    named = [argument for argument in arguments if not argument.startswith(_ASKED_BY)]
    if unknown := [name for name in named if name not in known]:
        problem = f"is not an environment; choose one of {listed(known)}"
        raise InvalidEnvironmentError([Fault("main.py", name, problem) for name in unknown])
    if not named:
        askers = [argument.removeprefix(_ASKED_BY) for argument in arguments if argument.startswith(_ASKED_BY)]
        lines = ((line_of or _command_line)(process) for process in askers)
        named = [name for line in lines for name in _stacks(line, known)]
    return [known[name] for name in dict.fromkeys(named)] or list(environments)


def _stacks(line: Sequence[str], known: Collection[str]) -> list[str]:
    """Give the stacks that a command line of cdktf names, none where that is not plain to see.

    They stand right behind the command. A word further on may be one or an option's value: it is taken as one, since
    a stack too many costs a moment, and one too few would not be deployed.
    """
    places = [at for at, word in enumerate(line[:-2]) if Path(word).name in _PROGRAMS and line[at + 1] in _COMMANDS]
    words = line[places[0] + 2 :] if places else []
    if not words or words[0] not in known or any(_PATTERN & {*word} for word in words if not word.startswith("-")):
        return []
    return [word for word in words if word in known]


def _command_line(process: str) -> list[str]:
    """Give the words of a process's command line; none where it cannot be read."""
    if not process.isdecimal():
        return []
    try:  # https://man7.org/linux/man-pages/man5/proc_pid_cmdline.5.html
        return [word.decode(errors="replace") for word in Path("/proc", process, "cmdline").read_bytes().split(b"\0")]
    except OSError:
        pass
    try:
        done = subprocess.run(["ps", "-o", "args=", "-p", process], capture_output=True, text=True, check=False)
    except OSError:
        return []
    return done.stdout.split()
