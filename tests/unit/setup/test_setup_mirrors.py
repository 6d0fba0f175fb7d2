"""Which folders count as mirrors of the AWS provider, and what Terraform's configuration holds of them."""

import os
import re
from importlib import metadata
from pathlib import Path

import pytest

from bootstrap import cli_config, mirrors, synthesis_engines
from bootstrap.mirrors import Mirror
from bootstrap.places import HERE
from bootstrap.processes import Session
from bootstrap.terraform import Engine
from imports import engine

ADDRESS = "registry.terraform.io/hashicorp/aws"
TERRAFORM = Engine("/bin/terraform", "Terraform", "1.11.4")
TOFU = Engine("/bin/tofu", "OpenTofu", "1.10.1")


def unpacked(folder: Path, *, version: str = "5.100.0", platform: str = "linux_amd64", address: str = ADDRESS) -> Path:
    package = folder / address / version / platform
    package.mkdir(parents=True)
    (package / f"terraform-provider-aws_v{version}_x5").touch()
    return folder


def packed(folder: Path) -> Path:
    package = folder / ADDRESS / "terraform-provider-aws_5.100.0_linux_amd64.zip"
    package.parent.mkdir(parents=True)
    package.touch()
    return folder


def found_in(folder: Path) -> Mirror | None:
    return mirrors.mirror_in(folder, address=ADDRESS, platform="linux_amd64", version="5.100.0")


def test_both_layouts_of_a_mirror_are_found(tmp_path: Path) -> None:
    assert found_in(unpacked(tmp_path / "a")) == Mirror(tmp_path / "a", unpacked=True)
    assert found_in(packed(tmp_path / "b")) == Mirror(tmp_path / "b", unpacked=False)


@pytest.mark.parametrize(
    "lack",
    [
        {"version": "5.99.1"},
        {"platform": "darwin_arm64"},
        {"address": "registry.opentofu.org/hashicorp/aws"},
    ],
)
def test_a_mirror_without_the_pinned_package_is_none(tmp_path: Path, lack: dict[str, str]) -> None:
    assert found_in(unpacked(tmp_path, **lack)) is None


def test_an_empty_package_folder_is_no_package(tmp_path: Path) -> None:
    (tmp_path / ADDRESS / "5.100.0" / "linux_amd64").mkdir(parents=True)
    assert found_in(tmp_path) is None


def test_folders_under_opt_come_before_the_implied_mirrors(tmp_path: Path) -> None:
    (tmp_path / "opt" / "plugins").mkdir()
    environ = {"HOME": "/home/me", "XDG_DATA_DIRS": "/usr/local/share:/usr/share"}
    listed = mirrors.candidates(environ=environ, system="linux")
    assert [str(folder) for folder in listed] == [
        f"{tmp_path}/opt/plugins",
        "/home/me/.terraform.d/plugins",
        "/home/me/.local/share/terraform/plugins",
        "/usr/local/share/terraform/plugins",
        "/usr/share/terraform/plugins",
    ]


def test_xdg_data_home_moves_the_users_implied_mirror() -> None:
    environ = {"HOME": "/home/me", "XDG_DATA_HOME": "/data"}
    listed = mirrors.candidates(environ=environ, system="linux")
    assert Path("/data/terraform/plugins") in listed
    assert Path("/home/me/.local/share/terraform/plugins") not in listed


def test_macos_has_implied_mirrors_of_its_own() -> None:
    listed = mirrors.candidates(environ={"HOME": "/Users/me"}, system="darwin")
    assert listed[-2:] == [
        Path("/Users/me/Library/Application Support/io.terraform/plugins"),
        Path("/Library/Application Support/io.terraform/plugins"),
    ]


def test_the_registry_is_not_asked_for_what_the_mirror_holds(tmp_path: Path) -> None:
    text = cli_config.render(mirror=Mirror(tmp_path, unpacked=True), address=ADDRESS, plugin_cache=tmp_path)
    assert re.search(rf'direct \{{\s+exclude = \["{ADDRESS}"\]', text)
    assert re.search(rf'path    = "{tmp_path}"\s+include = \["{ADDRESS}"\]', text)


def test_without_a_mirror_the_registry_is_the_only_source_and_there_is_a_cache(session: Session) -> None:
    cli_config.write(session, TERRAFORM)
    text = session.places.cli_config.read_text(encoding="utf-8")
    assert re.search(r"provider_installation \{\s+direct \{\}\s+\}", text)
    assert f'plugin_cache_dir = "{session.places.plugin_cache}"' in text
    assert session.places.plugin_cache.is_dir()


def test_a_provider_in_the_repository_is_no_source(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pull request could put one there."""
    monkeypatch.setattr(cli_config, "platform_name", lambda: "linux_amd64")
    unpacked(session.places.root / "terraform.d" / "plugins")
    assert cli_config.mirror_for(session.places, session.environ, TERRAFORM) is None
    cli_config.write(session, TERRAFORM)
    assert "filesystem_mirror" not in session.places.cli_config.read_text(encoding="utf-8")


def test_a_written_configuration_is_left_as_it_is(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_config, "platform_name", lambda: "linux_amd64")
    cli_config.write(session, TERRAFORM)
    assert session.steps == 1
    cli_config.write(session, TERRAFORM)
    assert session.steps == 1
    unpacked(tmp_path / "home" / ".terraform.d" / "plugins")
    cli_config.write(session, TERRAFORM)
    assert session.steps == 2
    assert "filesystem_mirror" in session.places.cli_config.read_text(encoding="utf-8")


def test_opentofu_is_not_given_a_mirror_of_terraforms_registry(
    session: Session, no_mirrors_of_this_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_config, "platform_name", lambda: "linux_amd64")
    folder = unpacked(no_mirrors_of_this_machine / "plugins")
    assert cli_config.mirror_for(session.places, session.environ, TERRAFORM) == Mirror(folder, unpacked=True)
    assert cli_config.mirror_for(session.places, session.environ, TOFU) is None


def test_an_existing_configuration_that_the_user_names_is_respected(session: Session, tmp_path: Path) -> None:
    named = tmp_path / "mine.rc"
    named.touch()
    session.environ = {**session.environ, "TF_CLI_CONFIG_FILE": str(named)}
    cli_config.write(session, TERRAFORM)
    assert not session.places.cli_config.exists()


def test_a_named_configuration_that_does_not_exist_is_replaced(session: Session, tmp_path: Path) -> None:
    session.environ = {**session.environ, "TF_CLI_CONFIG_FILE": str(tmp_path / "missing.rc")}
    cli_config.write(session, TERRAFORM)
    assert session.places.cli_config.exists()


def test_the_projects_own_configuration_is_not_taken_for_the_users(session: Session) -> None:
    cli_config.write(session, TERRAFORM)
    environ = {**session.environ, "TF_CLI_CONFIG_FILE": str(session.places.cli_config)}
    assert cli_config.users_own(session.places, environ, brand="Terraform") is None


@pytest.mark.parametrize(
    ("text", "respected"), [("provider_installation {}", True), ("disable_checkpoint = true", False)]
)
def test_a_configuration_at_home_is_respected_where_it_says_where_providers_come_from(
    session: Session, tmp_path: Path, text: str, *, respected: bool
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".terraformrc").write_text(text, encoding="utf-8")
    found = cli_config.users_own(session.places, session.environ, brand="Terraform")
    assert found == (home / ".terraformrc" if respected else None)


def test_the_mirror_is_searched_for_the_version_that_the_bindings_ask_for() -> None:
    chosen = synthesis_engines.chosen(HERE, os.environ)
    description = metadata.distribution(engine.chosen(os.environ).distribution).read_text("METADATA") or ""
    assert re.findall(r"bindings for hashicorp/aws provider version (\S+)", description) == [chosen.provider_version]


def test_a_mirror_of_the_default_engines_provider_is_none_for_another_engine(
    session: Session, no_mirrors_of_this_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terraform would find no version there, and not ask the registry either."""
    monkeypatch.setattr(cli_config, "platform_name", lambda: "linux_amd64")
    both = unpacked(unpacked(no_mirrors_of_this_machine / "plugins"), version="6.25.0")
    named = {**session.environ, "EDGE_ENGINE": "cdktf-aws6"}
    assert cli_config.mirror_for(session.places, named, TERRAFORM) == Mirror(both, unpacked=True)
    assert cli_config.mirror_for(session.places, {**named, "EDGE_ENGINE": "cdktn"}, TERRAFORM) is None
