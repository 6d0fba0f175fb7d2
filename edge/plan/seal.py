"""The seal of a plan: which environment, configuration, tool and state it was made for, from and with."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from edge.plan.errors import RefusedError
from edge.terraform.state import State
from edge.tfplan.digest import digest_of_bytes, digest_of_json

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class Seal(BaseModel):
    """What is sealed. `files` are the digests of the folder's other files, `checksum` that of the seal itself.

    The checksum finds an edit by mistake. Who could change the folder could change the seal as well: what was reviewed
    is named by a digest that travels apart from the folder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    environment: str
    digest: Digest
    configuration: Digest
    terraform: str
    state: State | None
    commit: str | None
    time: str
    files: dict[str, Digest]
    checksum: str = ""

    def sealed(self) -> Self:
        """Give the seal with its checksum."""
        return self.model_copy(update={"checksum": self._sum()})

    @classmethod
    def parse(cls, content: bytes, shown: str) -> Self:
        """Read a seal; `shown` names the folder in the RefusedError for one that is damaged."""
        try:
            seal = cls.model_validate_json(content)
        except ValidationError:
            seal = None
        if seal is None or seal.checksum != seal._sum():
            why = "has a damaged seal.json"
            raise RefusedError.because(shown, why, "plan again with `edge plan`, and leave its files as they are")
        return seal

    @staticmethod
    def matches(content: bytes, digest: str) -> bool:
        """Tell whether content is what was sealed under a digest."""
        return digest_of_bytes(content) == digest

    def _sum(self) -> str:
        return digest_of_json(self.model_dump(exclude={"checksum"}))
