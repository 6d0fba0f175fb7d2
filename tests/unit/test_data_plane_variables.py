"""The variables that the embedded AWS publishes are those that the verifier reads."""

from pathlib import Path

import pytest

from edge.verify.endpoints import Endpoint, Settings, SettingsError, settings_from
from embedded_aws.data_plane import start as plane
from embedded_aws.data_plane import variables
from embedded_aws.data_plane.start import PlaneOptions


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the data plane publishes, without an embedded AWS behind it: its API is asked at the first request only."""
    monkeypatch.setattr("embedded_aws.accounts.assume", lambda *_arguments, **_options: {})
    return plane.start(PlaneOptions((), {}), url="", zones={}, folder=tmp_path, changes=lambda: 0, again=dict)


def test_the_verifier_reads_every_variable_that_the_embedded_aws_publishes(
    published: dict[str, str], tmp_path: Path
) -> None:
    settings = settings_from(published)
    resolver = Endpoint.parse(published[variables.DNS])
    assert settings == Settings(resolver, ca_file=tmp_path / "ca.pem", routes=tmp_path / "routes.json")
    assert set(published) == {variables.DNS, variables.CA_FILE, variables.ROUTES}


@pytest.mark.parametrize("name", [variables.CA_FILE, variables.ROUTES, variables.DNS])
def test_the_verifier_names_the_variable_that_leads_nowhere(published: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: "):
        settings_from({**published, name: "/no/such/file"})


def test_every_variable_begins_as_those_that_a_child_process_does_not_inherit(published: dict[str, str]) -> None:
    assert all(name.startswith(variables.PREFIX) for name in published)
