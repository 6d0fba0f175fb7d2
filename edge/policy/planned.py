"""What a plan says of one resource, for a waiver that expects something of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Planned:
    """The resources of a plan by their addresses: the values that they will have, and the expressions behind them."""

    values: Mapping[str, Mapping[str, Any]]
    expressions: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> "Planned":
        """Read `terraform show -json` of a plan; https://developer.hashicorp.com/terraform/internals/json-format."""
        will = plan.get("planned_values", {}).get("root_module", {}).get("resources", ())
        written = plan.get("configuration", {}).get("root_module", {}).get("resources", ())
        return cls(
            {resource["address"]: resource.get("values", {}) for resource in will},
            {resource["address"]: resource.get("expressions", {}) for resource in written},
        )

    def value(self, address: str, path: str) -> Any:
        """Give an attribute by its dotted path; None where there is none, or it is known only after the apply."""
        return _at(self.values.get(address, {}), path)

    def references(self, address: str, path: str) -> frozenset[str]:
        """Give what an attribute refers to, each as far as the resource: `aws_lb.edge`, `data.aws_lb.edge`."""
        found = _at(self.expressions.get(address.partition("[")[0], {}), path)
        references = found.get("references", ()) if isinstance(found, dict) else ()
        return frozenset(_resources(references))


def _at(content: Any, path: str) -> Any:
    for key in path.split("."):
        inner = content[0] if isinstance(content, list) and content else content
        content = inner.get(key) if isinstance(inner, dict) else None
    return content


def _resources(references: Sequence[str]) -> Iterator[str]:
    for reference in references:
        parts = reference.partition("[")[0].split(".")
        yield ".".join(parts[: 3 if parts[0] == "data" else 2])
