"""Which attributes differ, before and after, without what is secret and without what only looks different."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edge.review.resource_names import values
from edge.tfplan.model import Change, hides, part

HIDDEN = "(sensitive)"
UNKNOWN = "(known after the deploy)"
# What follows from others: the tags with the defaults, and what names a thing a second time.
_FOLLOWING = {"tags_all": "tags", "arn_suffix": "arn", "id": "arn"}


@dataclass(frozen=True)
class Difference:
    """One attribute that differs: its dotted path, and what was and will be there, written and shortened."""

    path: str
    before: str
    after: str

    @property
    def attribute(self) -> str:
        """The attribute that the path lies in: `health_check` of `health_check[0].path`."""
        return self.path.partition(".")[0].partition("[")[0]

    def __str__(self) -> str:
        return f"new {self.path}" if self.after == UNKNOWN else f"{self.path} {self.before} → {self.after}"


def differences(change: Change) -> tuple[Difference, ...]:
    """List what differs between before and after, in the order of the attributes' names."""
    before, after = dict(change.before), dict(change.after)
    unknown = change.unknown if isinstance(change.unknown, dict) else {}
    for name, state in unknown.items():
        if state is True:
            after[name] = UNKNOWN
    found = {
        name: tuple(_compare(name, before.get(name), after.get(name), _Masks.of(change, name)))
        for name in sorted({*before, *after})
    }
    leading = {name: finding for name, finding in found.items() if not found.get(_FOLLOWING.get(name, ""))}
    return tuple(difference for every in leading.values() for difference in every)


@dataclass(frozen=True)
class _Masks:
    """What is secret, before and after, and what is unknown after, in the shape of the value or one word for all."""

    before: Any
    after: Any
    unknown: Any

    @classmethod
    def of(cls, change: Change, name: str) -> "_Masks":
        return cls(change.before_sensitive, change.after_sensitive, change.unknown).at(name)

    def at(self, key: str | int) -> "_Masks":
        return _Masks(part(self.before, key), part(self.after, key), part(self.unknown, key))

    @property
    def hide(self) -> bool:
        """Whether something of the value is secret, before or after."""
        return hides(self.before) or hides(self.after)

    def redacted(self, value: Any) -> Any:
        """Give a value without what is secret before or after: what becomes secret may have been there before."""
        return redacted(redacted(value, self.before), self.after)


def _compare(path: str, before: Any, after: Any, masks: _Masks) -> Iterator[Difference]:
    if masks.unknown is True:
        after = UNKNOWN
    elif masks.unknown is False and meaning(before) == meaning(after):
        return
    if True in (masks.before, masks.after) or (masks.hide and not (_is_structured(before) and _is_structured(after))):
        yield Difference(path, HIDDEN, HIDDEN)
    else:
        yield from _compare_shown(path, before, after, masks)


def _compare_shown(path: str, before: Any, after: Any, masks: _Masks) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after, *_unknown_keys(masks)}):
            yield from _compare(f"{path}.{key}", before.get(key), after.get(key), masks.at(key))
    elif _is_blocks(before) and _is_blocks(after) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            place = path if len(before) == 1 else f"{path}[{index}]"
            yield from _compare(place, old, new, masks.at(index))
    elif masks.hide:
        yield from _compare_redacted(path, masks.redacted(before), masks.redacted(after))
    else:
        yield from _compare_written(path, before, after)


def _compare_redacted(path: str, before: Any, after: Any) -> Iterator[Difference]:
    """Compare what is left of two values that hold something secret; where that is the same, the secret differs."""
    if meaning(before) == meaning(after):
        yield Difference(path, HIDDEN, HIDDEN)
    else:
        yield from _compare_written(path, before, after)


def _compare_written(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if (kinds := _kinds(before)) != (new_kinds := _kinds(after)) and None not in (kinds, new_kinds):
        yield Difference(path, str(kinds), str(new_kinds))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _members(path, [meaning(member) for member in before], [meaning(member) for member in after])
    elif meaning(before) != meaning(after):
        yield Difference(path, *_written(before, after))


def redacted(value: Any, mask: Any) -> Any:
    """Give a value with what its mask hides put out of sight."""
    if mask is True:
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: redacted(inner, part(mask, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [redacted(inner, part(mask, index)) for index, inner in enumerate(value)]
    return value


def _unknown_keys(masks: _Masks) -> set[str]:
    return set(masks.unknown) if isinstance(masks.unknown, dict) else set()


def _members(path: str, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    """Say what leaves a list and what comes to it; where both have the same members, their order."""
    gone = [member for member in before if member not in after]
    new = [member for member in after if member not in before]
    if gone or new:
        yield Difference(path, *_written(gone or None, new or None))
    elif before != after:
        yield Difference(path, *_written(before, after))


def _kinds(blocks: Any) -> str | None:
    """Write blocks that say what they are by that, as in "authenticate-cognito, forward"; None for all others."""
    if not _is_blocks(blocks) or not all(isinstance(block.get("type"), str) for block in blocks):
        return None
    return ", ".join(block["type"] for block in blocks)


def _is_structured(value: Any) -> bool:
    """Tell whether a value is made of keys, so that what is secret can be kept apart from what is not."""
    return not value or isinstance(value, dict) or _is_blocks(value)


def _is_blocks(values: Any) -> bool:
    return isinstance(values, list) and bool(values) and all(isinstance(value, dict) for value in values)


def meaning(raw: Any) -> Any:
    """Give a value without what says nothing: providers write what is not set as null, as empty, as 0 or as false."""
    if isinstance(raw, Mapping):
        kept = {key: meaning(item) for key, item in raw.items()}
        return {key: content for key, content in kept.items() if content is not None} or None
    if isinstance(raw, list):
        return [meaning(item) for item in raw] or None
    return raw if raw not in ("", 0, False) else None


def _written(before: Any, after: Any) -> tuple[str, str]:
    old, new = values(before, after)
    return _word(before) or old, _word(after) or new


def _word(raw: Any) -> str | None:
    if raw == UNKNOWN:
        return UNKNOWN
    return "(none)" if meaning(raw) is None and not isinstance(raw, bool | int) else None
