"""CDKTF's own names: what a stack is made of."""

from cdktf import (
    App,
    Postcondition,
    S3Backend,
    TerraformDataSource,
    TerraformElement,
    TerraformOutput,
    TerraformProvider,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
    Testing,
)
from constructs import Construct

__all__ = [
    "App",
    "Construct",
    "Postcondition",
    "S3Backend",
    "TerraformDataSource",
    "TerraformElement",
    "TerraformOutput",
    "TerraformProvider",
    "TerraformResource",
    "TerraformResourceLifecycle",
    "TerraformStack",
    "Testing",
]
