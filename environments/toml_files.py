"""TOML files as users write them: read whole, with one fault for whatever keeps one from being read."""

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from environments.faults import Fault, InvalidEnvironmentError, dotted
from environments.text import shortened

_MAX_PARSER_CHARACTERS = 200  # the parser repeats keys in full
_DECLARED_TWICE = re.compile(r"Cannot declare (\(.*\)) twice", re.DOTALL)  # it writes a key as Python does
_OVERWRITTEN = "Cannot overwrite a value"
_MAX_DEPTH = 50  # the format needs five levels; what reads and shows a table calls itself for each
_MAX_BYTES = 5_000_000  # a hundred times what two hundred services take
_MAX_BITS = 10_000  # fewer than the digits that Python writes; hexadecimal numbers are read at any length


def read(file: Path, shown: str) -> dict[str, Any]:
    """Read a TOML file; `shown` is its path as a user types it. Raises InvalidEnvironmentError with the one fault."""
    try:
        if file.exists() and not file.is_file() and not file.is_dir():  # a pipe or a device has no end
            problem = "is not a regular file; make it a file that you may read"
            raise InvalidEnvironmentError([Fault(shown, "", problem)])
        with file.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            problem = f"is larger than {_MAX_BYTES} bytes; name a file that holds an environment alone"
            raise InvalidEnvironmentError([Fault(shown, "", problem)])
        return _bounded(tomllib.loads(content.decode("utf-8-sig")))
    except OSError as error:
        problem = f"cannot be read: {error.strerror}; make it a file that you may read"
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"is not UTF-8 text in line {line}; save it as UTF-8"
    except RecursionError:
        problem = "is nested too deeply; write it as flat tables"
    except tomllib.TOMLDecodeError as error:
        problem = f"is not valid TOML: {_sentence(str(error))}"
    except ValueError:  # of Python's own limit on digits
        problem = "holds a number that is too long to read; shorten it"
    raise InvalidEnvironmentError([Fault(shown, "", problem)])


def _sentence(message: str) -> str:
    """Say what the parser found: in its words, but for what stands there twice, whose name it leaves out or garbles."""
    remedy = "correct the line"
    if found := _DECLARED_TWICE.match(message):
        table = dotted(*ast.literal_eval(found[1]))
        message, remedy = (
            f"[{table}] stands there twice{message[found.end() :]}",
            "write all of its keys below one of them",
        )
    elif message.startswith(_OVERWRITTEN):
        message, remedy = message.replace(_OVERWRITTEN, "this key stands there twice"), "keep one of them"
    return f"{shortened(message, _MAX_PARSER_CHARACTERS)}; {remedy}"


def _bounded(content: dict[str, Any]) -> dict[str, Any]:
    """Refuse what TOML's parser takes and Python cannot copy or write: dotted keys and hexadecimal have no end."""
    level: list[Any] = [content]
    for _ in range(_MAX_DEPTH):
        if any(isinstance(value, int) and value.bit_length() > _MAX_BITS for value in level):
            raise ValueError
        level = [inner for value in level for inner in _values(value)]
        if not level:
            return content
    raise RecursionError


def _values(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
