"""Environment files as an editor meets them: right ones, wrong ones, and what the editors' schema says of each."""

import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema

from environments.editor_schema import json_schema
from tests.support.files import ENVIRONMENTS, EVERYTHING_TOML, OWN, ROOT, STAGING_TOML


@dataclass(frozen=True)
class EditedFile:
    """A file: the part of the product that it is about, its name, its text, and whether the loader takes it."""

    part: str
    name: str
    text: str
    is_right: bool

    @property
    def is_taken(self) -> bool:
        """Whether an editor shows no fault; what is not TOML, no editor takes."""
        try:
            return bool(validator().is_valid(as_json(tomllib.loads(self.text))))
        except tomllib.TOMLDecodeError:
            return False


def as_json(value: Any) -> Any:
    """Give what JSON has for what TOML says: it knows no NaN, and editors' parsers write null for it."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


@cache
def validator() -> Any:
    return jsonschema.Draft7Validator(json_schema())


def right_files() -> Iterator[EditedFile]:
    """Go over the files that the loader takes: the tests' own, those of the stored plans, and the gallery's."""
    folders = (ENVIRONMENTS, OWN / "plans", ROOT / "docs" / "gallery")
    for file in (file for folder in folders for file in sorted(folder.glob("*.toml"))):
        yield EditedFile(file.parent.name, file.stem, file.read_text(encoding="utf-8"), is_right=True)
    for name, text in (("everything", EVERYTHING_TOML), ("staging of CDK", STAGING_TOML)):
        yield EditedFile("files", name, text, is_right=True)
