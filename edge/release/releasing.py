"""The steps of a release: write down what the state holds of a service, and take that away once it holds none of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.cli.exits import BadInputError, Exit
from edge.plan.errors import RefusedError
from edge.plan.state_file import StateFile
from edge.release.addresses import addresses_of
from edge.terraform.runner import Terraform
from environments import released_file
from environments.checked import Environment
from environments.text import listed


@dataclass(frozen=True)
class Release:
    """One release: `file` is where it is written, `shown` how its user would type that."""

    environment: Environment
    terraform: Terraform
    say: Callable[[str], None]
    file: Path
    shown: str

    def run(self, service: str) -> int:
        """Write down what is let go of a service; or remove the file, once the state holds none of it.

        Raises BadInputError for a service that there is not, and RefusedError for one that cannot go alone.
        """
        state = StateFile.of(self.terraform.pull(), "The stored state")
        if self.environment.released and not state.addresses & set(self.environment.let_go):
            self.file.unlink()
            self.say(f"The state holds nothing of what {self.shown} lets go; it is removed. Commit that.")
            return Exit.DONE
        if not service or service in self.environment.released:
            return self._say_what_is_left(state)
        if service not in self.environment.services:
            names = listed(list(self.environment.services)) or "none"
            raise BadInputError(f"{self.environment.name} has no service {service}; choose one of {names}")
        return self._write(service, state)

    def _write(self, service: str, state: StateFile) -> int:
        addresses = addresses_of(self.environment, service, state.addresses)
        if not addresses:
            raise RefusedError(
                f"The state holds nothing of services.{service}; remove [services.{service}] from the environment file"
            )
        released = {**self.environment.released, service: addresses}
        self.file.write_text(released_file.text(self.environment.name, released), encoding="utf-8")
        for address in addresses:
            self.say(f"  {address}")
        name = self.environment.name
        self.say(
            f"Wrote {self.shown}, with these {len(addresses)} addresses. In this order, so that nothing is lost:\n"
            f"  1. Remove [services.{service}] and its tables from {name}.toml: until then that file is refused.\n"
            f"  2. Commit both, and deploy: `edge deploy {name}` forgets them, and destroys nothing.\n"
            f"  3. `edge release {name}` removes {self.shown}. What stands is nobody's then: take it over with another "
            "tool, or with `edge adopt` in the environment that is to have it."
        )
        return Exit.DONE

    def _say_what_is_left(self, state: StateFile) -> int:
        """Report what a deploy has still to forget."""
        left = sorted(state.addresses & set(self.environment.let_go))
        if not left:
            raise BadInputError(f"Name the service, as in `edge release {self.environment.name} link`")
        self.say(f"The state still holds {listed(left)}; deploy {self.environment.name} first.")
        return Exit.FAILED
