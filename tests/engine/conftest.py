"""One embedded AWS for all tests that ask it questions; it holds two environments, as CI's would."""

import tomllib
from collections.abc import Generator, Iterator

import pytest

from embedded_aws.child import Server
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.files import STAGING_TOML, environment, prod


@pytest.fixture(scope="session")
def prod_environment() -> Environment:
    """Production with a user pool, so that the admin service asks for a sign-in."""
    content = prod()
    content["platform"]["user_pool"] = "v1-orcha-users"
    return environment(content)


@pytest.fixture(scope="session")
def staging_environment() -> Environment:
    """A staging that shares the management account and its zone with production."""
    content = tomllib.loads(STAGING_TOML)
    content["accounts"]["management"] = {"id": "222222222222", "role_arn": "arn:aws:iam::222222222222:role/deploy"}
    content["zones"]["getorcha.com"] = "management"
    return environment(content, "staging")


@pytest.fixture(scope="session")
def embedded_aws(prod_environment: Environment, staging_environment: Environment) -> Iterator[LocalAws]:
    """Both environments in one server."""
    with LocalAws.start([prod_environment, staging_environment], lifetime_seconds=3600) as aws:
        yield aws


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show of a failed test what each server of this process has written: its own failures."""
    report = yield
    if report.failed:
        for server in list(Server.started):
            if words := server.last_words():
                report.sections.append((f"embedded AWS at {server.url}", words))
    return report
