"""Reads what `terraform show -json` gives of a plan.

The format: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation. Unknown fields are left
alone, and whatever could hide a change (another major version, an unknown action, half a plan) is refused.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edge.tfplan import strict_json
from edge.tfplan.configuration import Accounts, Configuration, standing
from edge.tfplan.contradictions import contradictions
from edge.tfplan.model import Change, Plan, PlanError, hides, with_unknown
from edge.tfplan.shown_plan import AGAIN, Document, ResourceChange, action_of

_MAJOR_VERSION = "1"


def read(file: Path) -> Mapping[str, Any]:
    """Read the JSON of a plan. Raises PlanError."""
    try:
        if file.exists() and not file.is_file():  # a pipe or a device has no end
            raise PlanError(f"{file}: is not a file; {AGAIN}")
        content = strict_json.loads(file.read_bytes())
        json.dumps(content, ensure_ascii=False).encode()  # halves of a UTF-16 pair could not be written again
    except (FileNotFoundError, NotADirectoryError):
        raise PlanError(f"{file}: is not there; name the folder of a plan, such as plans/prod, or {AGAIN}") from None
    except OSError as error:
        raise PlanError(f"{file}: cannot be read: {error.strerror}; {AGAIN}") from None
    except (ValueError, RecursionError) as error:
        twice = f" ({error})" if "stands twice" in str(error) else ""
        raise PlanError(f"{file}: is not JSON, as `terraform show -json` writes it{twice}; {AGAIN}") from None
    if not isinstance(content, dict):
        raise PlanError(f"{file}: is JSON, but not of a plan; {AGAIN}")
    return content


def parse(content: Mapping[str, Any]) -> Plan:
    """Read the plan that Terraform's JSON holds. Raises PlanError."""
    document = _document(content)
    configuration = Configuration.of(document.configuration)
    accounts = Accounts.of(configuration, document.prior_state)

    def changes(raw: Sequence[ResourceChange]) -> Iterator[Change]:
        yield from (_change(entry, configuration, accounts) for entry in raw if entry.mode == "managed")

    plan = Plan(
        environments=configuration.environments,
        accounts=configuration.accounts,
        changes=tuple(changes(document.resource_changes)),
        drift=tuple(changes(document.resource_drift)),
        outputs={name: action_of(name, output.actions) for name, output in document.output_changes.items()},
        output_values={
            name: with_unknown(output.after, output.after_unknown)
            for name, output in document.output_changes.items()
            if output.actions != ("delete",)
        },
        data=dict(_data(document)),
        warnings=tuple(_warnings(document)),
        masks=dict(_masks(document)),
        gaps=tuple(_gaps(document)),
        left=_left(document),
    )
    for problem in contradictions(document):
        raise PlanError(f"{problem}, which Terraform never writes; {AGAIN}")
    return plan


def _data(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give what was looked up before the plan, and what Terraform may look up only while it deploys."""
    for resource in standing(document.prior_state):
        if resource.get("mode") == "data":
            yield resource["address"], resource.get("values") or {}
    for raw in document.resource_changes:
        if raw.mode == "data" and raw.change.after is not None:
            yield raw.address, with_unknown(_attributes(raw, raw.change.after), raw.change.after_unknown)


def _masks(document: Document) -> Iterator[tuple[str, Any]]:
    """Say what is secret in what was looked up, and in the outputs: one that was a secret counts as one."""
    for resource in standing(document.prior_state):
        if resource.get("mode") == "data":
            yield resource["address"], resource.get("sensitive_values") or False
    for raw in document.resource_changes:
        if raw.mode == "data":
            yield raw.address, raw.change.after_sensitive
    for name, output in document.output_changes.items():
        yield f"output.{name}", hides(output.before_sensitive) or hides(output.after_sensitive)


def _document(content: Mapping[str, Any]) -> Document:
    if "values" in content and "configuration" not in content:
        raise PlanError(f"is a state and not a plan; {AGAIN}")
    try:
        document = Document.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise PlanError(f"is not a Terraform plan ({place}: {first['msg'].lower()}); {AGAIN}") from None
    if document.format_version.split(".")[0] != _MAJOR_VERSION:
        version = document.format_version
        raise PlanError(f"has the format {version}, and {_MAJOR_VERSION}.x is the one that is read here; {AGAIN}")
    if document.errored:
        raise PlanError(f"ended with an error, so it says only a part of what would happen; fix that, then {AGAIN}")
    if document.action_invocations:
        raise PlanError("invokes actions of providers, of which no review knows what they do; read it by hand")
    return document


def _change(raw: ResourceChange, configuration: Configuration, accounts: Accounts) -> Change:
    body = raw.change
    before, after = _attributes(raw, body.before), _attributes(raw, body.after)
    return Change(
        address=raw.address,
        type=raw.type,
        name=raw.name,
        action=action_of(raw.address, body.actions),
        before=before,
        after=after,
        unknown=body.after_unknown,
        before_sensitive=body.before_sensitive,
        after_sensitive=body.after_sensitive,
        replaced_for=tuple(dict.fromkeys(str(path[0]) for path in body.replace_paths if path)),
        reason=raw.action_reason,
        moved_from=raw.previous_address if raw.previous_address != raw.address else None,
        imported_id=None if body.importing is None else str(body.importing.get("id", "its identity")),
        deposed=raw.deposed,
        account=accounts.account_of(raw.address, before or after),
        settings=configuration.settings(raw.address),
    )


def _attributes(raw: ResourceChange, value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PlanError(f"gives {raw.address} no table of attributes; {AGAIN}")
    return value


def _gaps(document: Document) -> Iterator[str]:
    if document.deferred_changes:
        yield f"Terraform put off {len(document.deferred_changes)} changes"
    elif not document.complete:
        yield "Terraform planned a part of it alone, as with -target"


def _left(document: Document) -> frozenset[str]:
    stands = {resource["address"] for resource in standing(document.prior_state) if resource.get("mode") == "managed"}
    return frozenset(
        stands - {entry.address for entry in document.resource_changes if entry.change.actions == ("delete",)}
    )


def _warnings(document: Document) -> Iterator[str]:
    for check in document.checks:
        if check.get("status") in ("fail", "error"):
            yield f"The check of {check.get('address', {}).get('to_display', 'a resource')} fails."
