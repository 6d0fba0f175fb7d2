"""Which version of a state is meant."""

from pydantic import BaseModel, ConfigDict


class State(BaseModel):
    """Which version of which state a plan was made against; Terraform counts the serial up with every change."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    lineage: str
    serial: int
