"""What checkov found against a plan, as its scan wrote it beside the plan (edge/policy/folder_scan.py)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.review.findings import Risk
from edge.tfplan import plan_files
from edge.tfplan.digest import digest_of_bytes
from edge.tfplan.model import PlanError
from edge.tfplan.parse import read
from environments.text import printable


@dataclass(frozen=True)
class PolicyFindings:
    """The risks, and what the reader must know where the plan was not checked."""

    risks: tuple[Risk, ...] = ()
    notices: tuple[str, ...] = ()


def of_folder(folder: Path) -> PolicyFindings:
    """Read what was found against the plan of a folder; nothing where no scan was asked for. Raises PlanError."""
    file = folder / plan_files.SCAN
    if not file.is_file():
        return PolicyFindings()
    content = read(file)
    if content.get("plan") != digest_of_bytes((folder / plan_files.PLAN).read_bytes()):
        raise PlanError(f"{file}: is of another plan; review the plan again")
    if reason := content.get("not_scanned"):
        return PolicyFindings(notices=(f"The plan was not checked against checkov's rules: {reason}.",))
    return PolicyFindings(tuple(_risks(content["findings"])))


def _risks(findings: list[dict[str, str]]) -> Iterator[Risk]:
    for finding in findings:
        check, resource, demand = (printable(finding[key]) for key in ("check", "resource", "demand"))
        sentence = f"{resource} fails {check}, and no waiver covers it as planned: {demand[:1].lower()}{demand[1:]}"
        address = f"{resource}#{check}"
        yield Risk(kind="CHECK", address=address, service=None, account=None, sentence=sentence)
