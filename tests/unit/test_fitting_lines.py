"""On a terminal of 80 columns no word is broken, and nothing is cut off; for a file and a program a line stays one."""

import io
from contextlib import redirect_stdout

import pytest

from edge import scan
from edge.cli.lines import fitted, say
from edge.policy.checkov import Finding, Result
from edge.policy.planned import Planned
from edge.preflight.accounts import accounts
from edge.prerequisites import command as prerequisites
from edge.prerequisites.step import Kind, Step
from tests.support.files import PROD_TOML, environment_of

ROLE = "arn:aws:iam::222222222222:role/orcha-edge-prod-deploy-of-all-that-lies-in-the-management-account"
DETAIL = "lends itself to repo:getorcha/edge:environment:prod in environment.yml, for as long as a session lasts"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("COLUMNS", "80")
    return Terminal()


def whole(terminal: Terminal, *words: str) -> list[str]:
    """Check that every line fits, or is one word that cannot, and that the words are there; give the lines."""
    lines = terminal.getvalue().splitlines()
    assert [line for line in lines if len(line) > 80 and len(line.split()) > 1] == []
    assert {word for word in words if word not in terminal.getvalue().split()} == set()
    return lines


def test_the_accounts_of_a_deploy_show_each_sign_in_whole(terminal: Terminal) -> None:
    text = PROD_TOML.read_text(encoding="utf-8").replace('profile = "orcha"', f'role_arn = "{ROLE}"')
    for line in accounts(environment_of(text)):
        say(line, terminal)
    lines = whole(terminal, f"{ROLE}:", "(222222222222),", "(111111111111),", "orcha-prod:")
    assert lines[0] == "prod changes these accounts:"
    assert [line for line in lines[1:] if not line.startswith("  ")] == []


def test_what_bootstrap_needs_is_whole(terminal: Terminal) -> None:
    with redirect_stdout(terminal):
        prerequisites._show("prod", [Step("management", f"role {ROLE}", Kind.MAKE, DETAIL)], as_json=False)
    lines = whole(terminal, f"{ROLE}:", *DETAIL.split())
    assert lines[:2] == ["What prod needs before its first deploy:", "  make: account management, role"]


def test_what_a_scan_finds_is_whole(terminal: Terminal) -> None:
    address = f"aws_vpc_security_group_ingress_rule.{'instances_from_the_load_balancer_' * 2}"
    finding = Finding(check="CKV_AWS_24", resource=address, demand="Ensure " + "that nothing is open " * 6)
    with redirect_stdout(terminal):
        scan._print({"prod": scan.Scanned(Result(passed=3, failed=(finding,)), Planned({}, {}))}, {"prod": [finding]})
    whole(terminal, f"{address}:", "CKV_AWS_24")


def test_what_goes_on_below_is_indented_and_lines_of_others_stay_lines() -> None:
    text = f"  waiting: {'word ' * 30}\nError: it failed\n\n  on line 3"
    lines = list(fitted(text, Terminal(), widest=40))
    assert lines[0].startswith("  waiting: ")
    assert lines[1].startswith("    word")
    assert lines[-3:] == ["Error: it failed", "", "  on line 3"]


def test_elsewhere_than_on_a_terminal_a_line_is_one() -> None:
    stream = io.StringIO()
    say("word " * 60, stream)
    assert stream.getvalue() == f"{'word ' * 60}\n"
