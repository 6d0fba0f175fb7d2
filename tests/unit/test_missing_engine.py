"""Without Terraform the engine tests fail in CI, with a sentence, and are skipped visibly elsewhere."""

import pytest

from edge.terraform.toolchain import ToolMissingError
from tests.support import workspace

SENTENCE = "There is no Terraform here; run `make setup`."


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> dict[str, str]:
        raise ToolMissingError(SENTENCE)

    monkeypatch.setattr(workspace, "command_environment", missing)


def test_in_ci_it_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must run the engine tests: There is no Terraform here"):
        workspace.engine_environment()


def test_elsewhere_it_is_a_visible_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="There is no Terraform here"):
        workspace.engine_environment()
