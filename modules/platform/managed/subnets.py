"""The subnets of one availability zone, as the network makes them and its routes take them."""

from dataclasses import dataclass

from imports.aws_platform import Subnet


@dataclass(frozen=True, kw_only=True)
class Subnets:
    """A public and a private subnet of one availability zone."""

    public: Subnet
    private: Subnet
