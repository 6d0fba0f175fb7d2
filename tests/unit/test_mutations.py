"""The command that puts faults in: which faults it makes, and that its lists fit the code."""

import ast

import pytest

from tests.mutations import plans, selection
from tests.mutations.copies import copied
from tests.mutations.mutators import count, mutant
from tests.mutations.plans import Fault, StaleError
from tests.support.files import ROOT

TEXT = '''"""Docstrings stay."""
import os


def judged(value: int, *, strict: bool = True) -> str | None:
    """So does this one."""
    if value < 3 and not strict:
        print("small", end="")
    names = [name for name in os.listdir() if name.startswith("a")]
    table = {"one": 1, **{}}
    return join(names, table, key=value)
'''


def faults(text: str) -> list[tuple[str, str, str]]:
    made = [mutant("a.py", text, number) for number in range(count(text))]
    return [(fault.function, fault.what, fault.text) for fault in made]


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("Lt -> LtE", "    if value <= 3 and (not strict):"),
        ("And -> Or", "    if value < 3 or not strict:"),
        ("not strict -> without not", "    if value < 3 and strict:"),
        ("3 -> 4", "    if value < 4 and (not strict):"),
        ("True -> False", "def judged(value: int, *, strict: bool=False) -> str | None:"),
        ("'small' -> 'small~'", "        print('small~', end='')"),
        ("print('small', end='') removed", "        pass"),
        ("end= removed from print()", "        print('small')"),
        ("the filter name.startswith('a') removed", "    names = [name for name in os.listdir()]"),
        ("'one' removed", "    table = {**{}}"),
        ("{} removed", "    table = {'one': 1}"),
        ("key= removed from join()", "    return join(names, table)"),
        ("the first arguments of join() swapped", "    return join(table, names, key=value)"),
        ("return join(names, table, key=value) -> return None", "    return None"),
    ],
)
def test_a_fault_changes_one_place_and_says_which(what: str, line: str) -> None:
    (text,) = (text for function, found, text in faults(TEXT) if found == what and function == "judged")
    before = ast.unparse(ast.parse(TEXT)).splitlines()
    changed = [after for after in text.splitlines() if after not in before]
    assert changed == [line]


def test_what_no_test_can_see_is_left_alone() -> None:
    for _, what, text in faults(TEXT):
        assert "Docstrings stay." in text, what
        assert "value: int" in text, what
        assert "import os" in text, what


def test_elements_of_a_table_are_left_out_one_by_one() -> None:
    removed = [what for _, what, _ in faults("RULES = (first, second)\n") if what.endswith("removed")]
    assert removed == ["first removed", "second removed"]


def test_a_condition_that_compares_nothing_is_turned_around() -> None:
    assert ("the module", "ready -> not", "x = 1 if not ready else 2\n") in faults("x = 1 if ready else 2\n")


def test_a_seed_draws_the_same_faults_again_and_as_many_of_each_room() -> None:
    first, again, other = (plans.sample(9, seed) for seed in (7, 7, 8))
    assert [str(fault.mutant) for fault in first] == [str(fault.mutant) for fault in again]
    assert [str(fault.mutant) for fault in first] != [str(fault.mutant) for fault in other]
    for room in plans.SAMPLED:
        assert sum(fault.mutant.file.startswith(f"{room}/") for fault in first) == 3


@pytest.mark.parametrize("fault", plans.listed(), ids=lambda fault: fault.mutant.what)
def test_a_listed_fault_fits_the_code_and_names_tests_of_make_check(fault: Fault) -> None:
    ast.parse(fault.mutant.text)
    assert fault.tests
    assert all(test.startswith(("tests/unit/", "tests/architecture/")) for test in fault.tests)


def test_a_listed_fault_whose_text_is_gone_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"why": "gone", "file": "main.py", "old": "no such text", "new": "", "tests": []}
    monkeypatch.setattr("tomllib.loads", lambda _: {"mutation": [entry]})
    with pytest.raises(StaleError, match=r"gone: its text stands 0 times in main\.py; write it as the code has it now"):
        plans.listed()


def test_every_explained_fault_can_still_be_made() -> None:
    explained = plans.explained()
    files = sorted({file for file, _, _ in explained})
    known = {(fault.mutant.file, fault.mutant.function, fault.mutant.what) for fault in plans.every(files)}
    assert set(explained) - known == set()


def test_the_tests_of_a_file_are_those_that_import_it_or_use_a_stack_that_it_makes() -> None:
    assert "tests/unit/test_alarms.py" in selection.tests_of("modules/alarms.py")
    assert "tests/unit/review/test_guards.py" in selection.tests_of("edge/review/risks/guards.py")
    assert "tests/unit/test_relay.py" not in selection.tests_of("modules/alarms.py")
    assert "tests/unit/review/test_reading.py" in selection.tests_of("edge/review/command.py")  # loaded by its name
    assert selection.tests_of("docs/no_such_file.py") == []


@pytest.mark.slow
def test_a_fault_in_the_copy_is_killed_and_the_project_stays_as_it_is() -> None:
    fault = plans.listed()[0]
    file = ROOT / fault.mutant.file
    before = file.read_bytes()
    with copied() as copy:
        with copy.changed(fault.mutant.file, fault.mutant.text):
            killed = copy.run(fault.tests)
            assert file.read_bytes() == before
        assert (copy.folder / fault.mutant.file).read_bytes() == before
        healthy = copy.run(fault.tests)
    assert (killed.failed, healthy.failed) == (True, False)
    assert killed.first.startswith(f"{fault.tests[0]}::")
