"""A plan that lies in a folder, checked for its review: what fails and is not waived is written beside it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from edge.cli.waiting import waiting
from edge.policy import checkov
from edge.policy.checkov import ScanError
from edge.policy.planned import Planned
from edge.policy.waivers import WAIVERS, unwaived, waivers
from edge.tfplan import plan_files
from edge.tfplan.digest import digest_of_bytes
from edge.tfplan.parse import read


def scan(folder: Path, *, required: bool = False) -> None:
    """Check the plan of a folder, as it is applied, and write what a review asks about into the folder.

    Where checkov is not set up, that is written instead, and the review reports it; with `required` it is a ScanError.
    Raises BadInputError for a file of waivers that cannot be used.
    """
    file = folder / plan_files.PLAN
    if required and not checkov.is_set_up():
        raise ScanError(f"The plan is to be checked, and {checkov.NOT_SET_UP}.")
    content: dict[str, Any] = {"plan": digest_of_bytes(file.read_bytes()) if file.is_file() else ""}
    if checkov.is_set_up():
        plan = read(file)
        accepted = waivers(WAIVERS)
        with waiting("checking the plan by checkov's rules"):
            failed = checkov.check(plan).failed
        found = unwaived(failed, accepted, Planned.of(plan))
        content["findings"] = [asdict(finding) for finding in found]
    else:
        content["not_scanned"] = checkov.NOT_SET_UP
    written = folder / plan_files.SCAN
    written.touch(mode=0o600)  # as all that lies beside a plan
    written.write_text(json.dumps(content), encoding="utf-8")
