"""What a report says of an environment, before it is laid out: values, and no HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from edge.cli.exits import BadInputError
from edge.tfplan import strict_json
from edge.verify.check import Result
from environments import quota_usage
from environments.checked import Environment

_OF_CERTIFICATES = ("certificate", "expiry", "issued", "renewal")


@dataclass(frozen=True)
class Bar:
    """How much of a quota the environment's file needs."""

    what: str
    used: int
    limit: int

    @property
    def percent(self) -> int:
        """The share that is used; above 100 where the quota is exceeded."""
        return round(100 * self.used / self.limit)


class LastPlan(BaseModel):
    """What a review of the last plan said, out of its review.json; other keys are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    environment: str
    verdict: str
    digest: str
    summary: dict[str, int]
    risks: list[dict[str, Any]]


@dataclass(frozen=True)
class Alarm:
    """An alarm's name in CloudWatch, and what it says when it fires."""

    name: str
    fires_when: str


@dataclass(frozen=True)
class Contents:
    """A report: when it was made, of what, and all that it shows; `results` is None where nothing was verified."""

    environment: Environment
    made_at: str
    picture: str
    alarms: Sequence[Alarm]
    results: Sequence[Result] | None
    plan: LastPlan | None

    @property
    def certificates(self) -> list[Result]:
        """The results about certificates: what covers a host, for how many days, and whether ACM can renew it."""
        return [result for result in self.results or () if result.check in _OF_CERTIFICATES]

    def results_by_subject(self) -> Mapping[str, list[Result]]:
        """Give the other results by what they are about, in the order in which they were asked."""
        found: dict[str, list[Result]] = {}
        for result in self.results or ():
            if result.check not in _OF_CERTIFICATES:
                found.setdefault(result.subject, []).append(result)
        return found

    def bars(self) -> list[Bar]:
        """Give the quotas that the file counts against, by what is counted."""
        return [Bar(entry.what, entry.used, entry.limit) for entry in quota_usage.take(self.environment)]


def alarms_of(document: Mapping[str, Any]) -> tuple[Alarm, ...]:
    """Give the alarms that a synthesized configuration makes, in its order."""
    made = document.get("resource", {}).get("aws_cloudwatch_metric_alarm", {})
    return tuple(Alarm(str(alarm["alarm_name"]), str(alarm["alarm_description"])) for alarm in made.values())


def last_plan(folder: Path, environment: str, *, demanded: bool) -> LastPlan | None:
    """Read what the review of an environment's plan found; None where there is none and none was asked for.

    Raises BadInputError for a file that cannot be read, and for a plan of another environment.
    """
    file = folder / "review.json"
    if not demanded and not file.is_file():
        return None
    if not file.is_file():
        raise BadInputError(
            f"{folder} is not the folder of a reviewed plan, since it holds no {file.name}; name another with --plan, "
            f"or plan into it with `edge plan {environment} --write={folder}` and review that with "
            f"`edge review --plan={folder}`."
        )
    try:
        found = LastPlan.model_validate(strict_json.loads(file.read_bytes()))
    except OSError as error:
        reason = error.strerror
    except (ValueError, ValidationError):
        reason = "not a review's JSON"
    else:
        if found.environment == environment:
            return found
        raise BadInputError(
            f"{file} is a review of {found.environment}; name the folder of a plan of {environment} with --plan."
        )
    raise BadInputError(f"{file} cannot be read ({reason}); write it with `edge review --plan={folder}`.")
