"""Where everything lies that set-up makes, relative to the repository's root and never to the working folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """The folders and files of one clone, given its root."""

    root: Path

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The virtual environment's Python."""
        return self.venv / "bin" / "python"

    @property
    def command(self) -> Path:
        """The project's command."""
        return self.venv / "bin" / "edge"

    @property
    def node_modules(self) -> Path:
        """The cdktf command line and what it needs."""
        return self.root / "node_modules"

    @property
    def locks(self) -> Path:
        """The exact Python packages, with a checksum of each."""
        return self.root / "locks"

    @property
    def tools(self) -> Path:
        """What set-up made that is neither a Python package nor a Node.js package."""
        return self.root / ".tools"

    @property
    def bin(self) -> Path:
        """The chosen Node.js, and Terraform where it was fetched."""
        return self.tools / "bin"

    @property
    def stamps(self) -> Path:
        """What finished, and from which inputs."""
        return self.tools / "stamps"

    @property
    def terraform(self) -> Path:
        """Terraform, where it was fetched."""
        return self.bin / "terraform"

    @property
    def terraform_choice(self) -> Path:
        """The record of the Terraform or OpenTofu that set-up chose."""
        return self.tools / "terraform.json"

    @property
    def cli_config(self) -> Path:
        """The project's own Terraform CLI configuration."""
        return self.tools / "terraform.rc"

    @property
    def policy_venv(self) -> Path:
        """The virtual environment of the policy's checks, apart from the project's."""
        return self.tools / "policy"

    @property
    def plugin_cache(self) -> Path:
        """Providers that Terraform downloaded, kept between working folders."""
        return self.tools / "plugin-cache"

    def foreign_path(self, environ: Mapping[str, str]) -> str:
        """Return PATH without the project's own folders, so that set-up never takes its own work for the machine's."""
        folders = environ.get("PATH", os.defpath).split(os.pathsep)
        return os.pathsep.join(f for f in folders if f and not Path(f).resolve().is_relative_to(self.root))


HERE = Places(Path(__file__).resolve().parents[1])
