"""Synthesized stacks; each is made once for the whole run, since jsii is what takes the time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from environments.checked import Environment
from tests.support.files import EVERYTHING_TOML, STAGING_TOML, environment, environment_of, managed, prod
from tests.support.synthesizing import synthesize

Synthesized = dict[str, Any]


@pytest.fixture(scope="session")
def prod_stack() -> Synthesized:
    return synthesize(environment(prod()))


@pytest.fixture(scope="session")
def staging_stack() -> Synthesized:
    return synthesize(environment_of(STAGING_TOML, "staging"))


@pytest.fixture(scope="session")
def everything_stack() -> Synthesized:
    """An environment that uses every optional part: login, apex, wildcard, seven hosts, a third account."""
    return synthesize(environment_of(EVERYTHING_TOML))


@pytest.fixture(scope="session")
def managed_stack() -> Synthesized:
    """The staging environment: its platform and its zone are made in the same plan."""
    return synthesize(environment(managed(), "staging"))


@pytest.fixture(scope="session")
def synthesized() -> Callable[[Environment], Synthesized]:
    return synthesize


@pytest.fixture
def fake_terraform(tmp_path: Path) -> str:
    """A program that says it is Terraform, for what needs one to start and never runs it."""
    program = tmp_path / "terraform"
    program.write_text("#!/bin/sh\necho 'Terraform v1.12.0'\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)
