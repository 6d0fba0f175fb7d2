"""The editors' schema refuses what the loader refuses, as far as JSON Schema can, and nothing that the loader takes.

`python -m tests.unit.test_editor_schema` prints the table of docs/environment-file.md: what only `edge validate` sees.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from environments import rules
from environments.editor_schema import json_schema
from environments.schema import EnvironmentFile
from tests.support.editor_files import EditedFile, as_json, right_files, validator
from tests.support.files import ROOT, prod
from tests.unit.properties import right
from tests.unit.properties.asking import examples
from tests.unit.properties.mutations import mutated
from tests.unit.properties.oracle import breaches
from tests.unit.test_bad_input import bad_environments

PAGE = ROOT / "docs" / "environment-file.md"
AGREEMENT = 0.8
OF_WRONG_FILES = 0.69
DRAWN_RIGHT, DRAWN_CHANGED = 80, 150
# What JSON Schema has had since draft 7, and Taplo does not know.
NEWER = {"prefixItems", "dependentSchemas", "dependentRequired", "unevaluatedProperties", "unevaluatedItems", "$anchor"}
NEWER |= {"minContains", "maxContains", "$dynamicRef"}


def wrong_files() -> Iterator[EditedFile]:
    for item in bad_environments():
        part, _, name = str(item.id).partition(": ")
        yield EditedFile(part, name, item.values[0].text, is_right=False)


def of_keyword(schema: Any, keyword: str) -> Iterator[Any]:
    if isinstance(schema, dict):
        yield from (value for key, value in schema.items() if key == keyword)
        for value in schema.values():
            yield from of_keyword(value, keyword)
    elif isinstance(schema, list):
        for item in schema:
            yield from of_keyword(item, keyword)


def table() -> str:
    rows: dict[str, list[EditedFile]] = {}
    for file in wrong_files():
        rows.setdefault(file.part, []).append(file)
    lines = ["| files about | of them wrong in an editor | only `edge validate` sees |", "|---|---|---|"]
    for part, files in rows.items():
        missed = [file.name for file in files if file.is_taken]
        lines.append(f"| {part.replace('_', ' ')} | {len(files) - len(missed)} of {len(files)} | {'; '.join(missed)} |")
    return "\n".join(lines)


def test_it_is_a_json_schema_without_words_that_taplo_ignores() -> None:
    schema = json_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    assert [keyword for keyword in sorted(NEWER) if list(of_keyword(schema, keyword))] == []


def test_no_regular_expression_looks_around_or_back() -> None:
    patterns = [pattern for pattern in of_keyword(json_schema(), "pattern") if isinstance(pattern, str)]
    assert len(patterns) > 30
    assert [pattern for pattern in patterns if re.search(r"\(\?|\\[1-9pPbB]", pattern)] == []


def test_agreement_with_the_loader_is_at_least_four_fifths() -> None:
    """Over the right and the wrong files; of the wrong ones alone it is less, since most rules compare several keys."""
    files = [*right_files(), *wrong_files()]
    wrong = [file for file in files if not file.is_right]
    assert [file.name for file in files if file.is_right and not file.is_taken] == []
    assert sum(file.is_taken == file.is_right for file in files) / len(files) >= AGREEMENT
    assert sum(not file.is_taken for file in wrong) / len(wrong) >= OF_WRONG_FILES


def test_the_table_of_what_it_cannot_say_is_current() -> None:
    found = re.search(r"<!-- editors -->\n(.*?)\n<!-- /editors -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    assert found[1].strip().splitlines() == table().splitlines()


def test_every_example_is_right_and_most_texts_have_one() -> None:
    schema = json_schema()
    examples_seen = 0
    for definition in (schema, *schema["$defs"].values()):
        for key, settings in definition.get("properties", {}).items():
            own = {"$defs": schema["$defs"], **settings}
            for example in settings.get("examples", ()):
                jsonschema.Draft7Validator(own).validate(example)
                examples_seen += 1
            assert settings["description"], key
    assert examples_seen >= 20


def changed(**service: Any) -> dict[str, Any]:
    content = prod()
    content["services"]["link"] |= service
    return content


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (changed(port=22), ["services", "link", "port"]),
        (changed(login=True), ["services", "link", "login"]),
        (changed(hosts=["-a.getorcha.com", "link.prod.getorcha.com"]), ["services", "link", "hosts", 0]),
        (changed(login=True, sign_in={"kind": "cognito"}), ["services", "link", "login"]),
        (changed(hosts=[f"h{n}.prod.getorcha.com" for n in range(11)]), ["services", "link", "hosts"]),
        (changed(paths=["/a"], oauth_discovery=True), ["services", "link", "paths"]),
    ],
)
def test_a_fault_is_shown_where_it_is(content: dict[str, Any], place: list[str]) -> None:
    assert place in [list(error.absolute_path) for error in validator().iter_errors(content)]


@pytest.mark.parametrize(
    "host",
    [
        "a--b.getorcha.com",  # only the third and fourth place are kept for punycode
        "xn--bcher-kva.getorcha.com",
        "bücher.prod.getorcha.com",
        "1.2.3.getorcha.com",
        f"{'a' * 63}.getorcha.com",
        "*.x.getorcha.com",
        "क्‍ष.getorcha.com",  # a joiner, which is right in some scripts
        "x--y.getorcha.com",
    ],
)
def test_no_right_host_is_refused(host: str) -> None:
    content = changed(hosts=["link.prod.getorcha.com", host])
    assert rules.faults(EnvironmentFile.model_validate({**content, "name": "prod"}), "") == []
    assert list(validator().iter_errors(content)) == []


@examples(DRAWN_RIGHT)
@given(content=right.environments())
def test_no_drawn_environment_that_is_right_is_refused(content: dict[str, Any]) -> None:
    assert [error.message for error in validator().iter_errors(content)] == []


def test_of_environments_that_nobody_wrote_by_hand_it_judges_most_as_the_oracle_does() -> None:
    """Held out: these files are drawn, and what is wrong with them was in nobody's mind when the schema was written."""
    answers: Counter[tuple[bool, bool]] = Counter()

    @examples(DRAWN_CHANGED)
    @given(content=mutated())
    def ask(content: dict[str, Any]) -> None:
        answers[breaches(content) == [], validator().is_valid(as_json(content))] += 1

    ask()
    assert answers[True, False] == 0, "the schema refuses what is right"
    agreed = answers[True, True] + answers[False, False]
    assert agreed / answers.total() >= AGREEMENT, answers
    assert min(answers[True, True], answers[False, False]) > 0.1 * answers.total()


def test_the_file_of_the_schema_is_readable_text() -> None:
    text = (ROOT / "environments" / "environment.schema.json").read_text(encoding="utf-8")
    assert json.loads(text)["title"] == "Environment"
    assert text.isascii()


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
