"""Which version of a state is meant."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class State(BaseModel):
    """Which version of which state a plan was made against; Terraform counts the serial up with every change."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    lineage: str
    serial: int

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "State | None":
        """Read it of a state's JSON; None where there is no state yet."""
        return cls(lineage=content["lineage"], serial=content["serial"]) if content.get("lineage") else None
