"""Order that no reference gives, added once what is waited for has been made."""

from collections.abc import Iterable

from imports.terraform import TerraformResource


def wait(resources: Iterable[TerraformResource], *, for_: Iterable[TerraformResource]) -> None:
    """Let resources wait for others too, beside those that they wait for already."""
    awaited = [f"{element.terraform_resource_type}.{element.friendly_unique_id}" for element in for_]
    for resource in resources if awaited else ():
        resource.depends_on = list(dict.fromkeys([*(resource.depends_on or []), *awaited]))
