"""What a plan does that does not follow from its configuration, resource for resource and output for output."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edge.review.differences import differences
from edge.review.explained.expressions import NotUnderstoodError, evaluate
from edge.review.explained.values import Place, Unexplained, unexplained
from edge.tfplan.blocks import blocks
from edge.tfplan.certificate_states import DEAD
from edge.tfplan.model import GONE, REPLACEMENTS, UNKNOWN, Change, Plan, with_unknown

# What Terraform reads of a block itself, and no provider gets:
# https://developer.hashicorp.com/terraform/language/meta-arguments
_META = frozenset({"provider", "depends_on", "lifecycle"})
_BY_ITSELF = {
    "replace_because_tainted": "its creation failed halfway",
    "replace_by_triggers": "what it is tied to changes",
}
# From provider 6 on every regional resource has one, which is the provider's own where the configuration sets none:
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support (How `region` works)
_REGION = "region"
_NONE: Mapping[str, str] = {}
_OPTIONS, _NAMES = "domain_validation_options", "subject_alternative_names"


@dataclass(frozen=True)
class Stray:
    """What the configuration does not explain of one resource, data source or output.

    `statements` go on after its name; `masks` say what is secret in its values.
    """

    address: str
    change: Change | None
    masks: tuple[Any, ...]
    statements: tuple[str, ...] = ()
    values: tuple[Unexplained, ...] = ()


def strays(plan: Plan, configuration: Mapping[str, Any], imports: Mapping[str, str] = _NONE) -> Iterator[Stray]:
    """Find everything that a plan does and its configuration does not explain.

    What is destroyed or let go is left out: it asks already, whatever explains it. `imports` are explained too.
    """
    known = _Known(plan, blocks(configuration), imports)
    for address, values in plan.data.items():
        found = tuple(known.of_data(address, values))
        if found:
            yield Stray(address, None, (plan.masks.get(address),), values=found)
    for change in plan.changes:
        if change.action in GONE or change.deposed:
            continue
        found, statements = tuple(known.of_change(change)), tuple(known.deeds(change))
        if found or statements:
            masks = change.before_sensitive, change.after_sensitive
            yield Stray(change.address, change, masks, statements, found)
    for name, value in plan.output_values.items():
        found, address = tuple(known.of_output(name, value)), f"output.{name}"
        if found:
            yield Stray(address, None, (plan.masks.get(address), known.is_secret(address)), values=found)


class _Known:
    """What a plan knows of the things that expressions refer to, and what the configuration says of each."""

    def __init__(self, plan: Plan, configuration: Mapping[str, Any], imports: Mapping[str, str]) -> None:
        self._blocks = configuration
        self._moved = _listed(configuration.get("moved"))
        self._imported = {(entry.get("to"), entry.get("id")) for entry in _listed(configuration.get("import"))}
        self._imported |= set(imports.items())
        self._tags = {
            alias.removeprefix("provider.aws."): _default_tags(block)
            for alias, block in configuration.items()
            if alias.startswith("provider.aws.")
        }
        self._regions = {
            alias.removeprefix("provider."): block.get(_REGION)
            for alias, block in configuration.items()
            if alias.startswith("provider.aws.") and isinstance(block, Mapping)
        }
        self._things: dict[str, Mapping[str, Any]] = dict(plan.data)
        self._things |= {change.address: _planned(change) for change in plan.changes if not change.deposed}

    def of_change(self, change: Change) -> Iterator[Unexplained]:
        planned = _planned(change)
        block = self._blocks.get(change.address)
        if not isinstance(block, Mapping):
            return
        before = {} if change.action in REPLACEMENTS else change.before
        kept = _kept(block, planned, before) | self._region_of_the_provider(block, planned)
        for name in sorted({*block, *planned} - _META - kept):
            place = Place(change.type, name, (before[name],) if name in before else ())
            yield from self._of_attribute(place, block, planned, name)

    def _region_of_the_provider(self, block: Mapping[str, Any], planned: Mapping[str, Any]) -> set[str]:
        """Name the region where the configuration sets none and the plan has that of the resource's provider."""
        follows = planned.get(_REGION) is not None and planned[_REGION] == self._regions.get(str(block.get("provider")))
        return {_REGION} if _REGION not in block and follows else set()

    def _of_attribute(
        self, place: Place, block: Mapping[str, Any], planned: Mapping[str, Any], name: str
    ) -> Iterator[Unexplained]:
        try:
            expected = self._expected(place.type, block, name)
        except NotUnderstoodError:
            if planned.get(name) not in place.before:
                yield Unexplained(name, block[name], planned.get(name))
            return
        if place.type == "aws_acm_certificate" and name == _OPTIONS and _are_options(planned):
            return
        yield from unexplained(place, expected, planned.get(name))

    def _expected(self, type: str, block: Mapping[str, Any], name: str) -> Any:
        if name == "tags_all":
            tags = self._resolved(block.get("tags") or {})
            account = str(block.get("provider")).removeprefix("aws.")
            return {**self._tags.get(account, {}), **tags}
        expected = self._resolved(block.get(name))
        if type == "aws_acm_certificate" and name == _NAMES:  # ACM proves the domain's own name as well
            return list(dict.fromkeys([*(expected or ()), block.get("domain_name")]))
        return expected

    def deeds(self, change: Change) -> Iterator[str]:
        """Say which of the things that Terraform does to a resource the configuration does not ask for."""
        if change.address not in self._blocks:
            yield "does not stand in the configuration"
        if change.moved_from and {"from": change.moved_from, "to": change.address} not in self._moved:
            yield f"comes from the address {change.moved_from}, which the configuration does not say"
        if change.imported_id is not None and (change.address, change.imported_id) not in self._imported:
            yield f"is imported as {change.imported_id}, which the configuration does not say"
        if change.action in REPLACEMENTS and not self._is_replaced_for_a_reason(change):
            yield "is replaced though nothing in the configuration asks for that"

    def _is_replaced_for_a_reason(self, change: Change) -> bool:
        is_dead = change.type == "aws_acm_certificate" and change.before.get("status") in DEAD
        if change.reason in _BY_ITSELF or is_dead:
            return True
        return bool({difference.attribute for difference in differences(change)} & {*change.replaced_for})

    def of_data(self, address: str, values: Mapping[str, Any]) -> Iterator[Unexplained]:
        """Compare what was looked up with what the configuration asks for; what AWS answers is AWS's."""
        block = self._blocks.get(f"data.{address.removeprefix('data.')}")
        if not isinstance(block, Mapping):
            yield Unexplained("data source", None, address)
            return
        for name in sorted(block.keys() - _META):
            place = Place(address.split(".")[1], name, (values.get(name),))
            yield from self._of_attribute(place, block, values, name)

    def of_output(self, name: str, value: Any) -> Iterator[Unexplained]:
        block = self._blocks.get(f"output.{name}")
        try:
            expected = self._resolved(block["value"] if isinstance(block, Mapping) else None)
        except NotUnderstoodError:
            expected = None
        yield from unexplained(Place("output", "value", ()), expected, value)

    def is_secret(self, output: str) -> bool:
        """Say whether the configuration hides an output."""
        block = self._blocks.get(output)
        return isinstance(block, Mapping) and bool(block.get("sensitive"))

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._resolved(content) for key, content in value.items()}
        if isinstance(value, list):
            return [self._resolved(content) for content in value]
        return evaluate(value, self._lookup) if isinstance(value, str) else value

    def _lookup(self, address: str) -> Any:
        if address not in self._things:
            raise NotUnderstoodError(address)
        return self._things[address]


def _planned(change: Change) -> Mapping[str, Any]:
    found: Mapping[str, Any] = with_unknown(change.after, change.unknown)
    return found


def _kept(block: Mapping[str, Any], planned: Mapping[str, Any], before: Mapping[str, Any]) -> set[str]:
    """Name the attributes that the configuration lets Terraform leave as they are, and that stay so."""
    lifecycle = block.get("lifecycle")
    ignored = lifecycle.get("ignore_changes", []) if isinstance(lifecycle, Mapping) else []
    names = planned.keys() if ignored == "all" else ignored
    return {name for name in names if name in before and planned.get(name) == before[name]}


def _are_options(planned: Mapping[str, Any]) -> bool:
    """Say whether a certificate's proofs are of its own names, and else unknown, as they are before ACM makes them."""
    names, options = planned.get(_NAMES), planned.get(_OPTIONS)
    if not isinstance(names, list) or not isinstance(options, list):
        return False
    return all(
        isinstance(option, Mapping)
        and option.get("domain_name") in names
        and all(value is UNKNOWN for key, value in option.items() if key != "domain_name")
        for option in options
    )


def _default_tags(block: Any) -> Mapping[str, Any]:
    tags = block.get("default_tags") if isinstance(block, Mapping) else None
    first = tags[0] if isinstance(tags, list) and tags else tags
    return dict(first.get("tags") or {}) if isinstance(first, Mapping) else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
