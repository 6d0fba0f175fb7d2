"""What is looked for, and what is found: values that recovery, adoption and the check before a plan share."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

_OF_OWNERS = {"Environment", "ManagedBy", "Service"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One thing that a plan would create: its address, type, account, and the attributes that the plan knows.

    `domain` is the domain that a validation record proves, which no attribute says before there is a certificate.
    `replaces` is the id of what stands at the address until then; empty where nothing does.
    """

    address: str
    type: str
    account: str
    values: Mapping[str, Any]
    domain: str | None = None
    replaces: str = ""

    @property
    def name(self) -> str:
        """The name in the address: `link` of `aws_lb_target_group.link`."""
        return self.address.rpartition(".")[2]

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags that it would carry and that say whose it is; empty for a type that takes none.

        Which other service's certificate a rule serves with changes with the file, and makes it nobody else's.
        """
        return {key: value for key, value in (self.values.get("tags_all") or {}).items() if key in _OF_OWNERS}


class Standing(Enum):
    """Whose a thing is that stands where the plan would create one."""

    OURS = "ours"  # proven: by our tags, or for a record by equal content
    ALIKE = "alike"  # made by somebody else, and as the plan wants it: `edge adopt` may take it over
    IN_THE_WAY = "in the way"  # somebody else's, and different: nothing here takes, changes or removes it


@dataclass(frozen=True, kw_only=True)
class Found:
    """A thing that stands under the identity of a wanted one.

    `import_id` is how Terraform imports it, `thing` how people call it, and `reason` one sentence, without a full
    stop, on why it is not ours, with the way out; empty where it is. `note` says why it was chosen among several.
    """

    wanted: Wanted
    import_id: str
    thing: str
    standing: Standing
    reason: str = ""
    note: str = ""

    @property
    def ours(self) -> bool:
        """Whether ownership is proven."""
        return self.standing is Standing.OURS


def has_tags(actual: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Tell whether a thing carries all tags of a wanted one, which must have some: the proof that we made it."""
    return bool(wanted) and wanted.items() <= actual.items()


def as_mapping(tags: Any) -> dict[str, str]:
    """Read AWS's list of tags: keys and values."""
    return {str(tag["Key"]): str(tag.get("Value", "")) for tag in tags or ()}


def judged(
    wanted: Wanted, *, import_id: str, thing: str, tags: Mapping[str, str], differences: list[str], fixed: list[str]
) -> Found:
    """Judge a taggable thing.

    `differences` are what it has otherwise than the plan wants, `fixed` those among them that AWS cannot change where
    it stands. Ours is what carries our tags, unless it would have to be replaced.
    """
    whose = has_tags(tags, wanted.tags)
    if whose and not fixed:
        return Found(wanted=wanted, import_id=import_id, thing=thing, standing=Standing.OURS)
    if fixed or differences:
        what = "; ".join(fixed or differences)
        reason = f"{what}; rename or remove one of the two, or change the environment file to what stands"
        return Found(wanted=wanted, import_id=import_id, thing=thing, standing=Standing.IN_THE_WAY, reason=reason)
    reason = "another tool made it, as the environment file wants it; take it over with `edge adopt`"
    return Found(wanted=wanted, import_id=import_id, thing=thing, standing=Standing.ALIKE, reason=reason)
