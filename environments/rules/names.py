"""Names: what AWS and Terraform call a service's parts is short enough, and no two parts have one name."""

from collections.abc import Iterator

from environments import naming
from environments.aws_limits import CERTIFICATE_FIRST_NAME_MAX_CHARACTERS
from environments.faults import Fault, dotted
from environments.rules.rule import Rule, fault, named, names_on_certificates, repeated
from environments.schema import EnvironmentFile
from environments.text import shown


def _target_group_names_fit(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, physical in _target_groups(environment).items():
        if len(physical) > naming.TARGET_GROUP_NAME_MAX_CHARACTERS:
            problem = (
                f"its target group's name {shown(physical)} has {len(physical)} characters, and AWS takes "
                f"{naming.TARGET_GROUP_NAME_MAX_CHARACTERS}; shorten the prefix or the service's name"
            )
            yield fault(dotted("services", name), problem, "prefix", dotted("services", name, "generation"))


def _certificates_can_be_requested(environment: EnvironmentFile) -> Iterator[Fault]:
    first: dict[str, tuple[str, str]] = {}
    for path, name, host in names_on_certificates(environment):
        first.setdefault(name, (path, host))
    for path, host in first.values():
        if len(host) > CERTIFICATE_FIRST_NAME_MAX_CHARACTERS:
            problem = (
                f"{named(host)} has {len(host)} characters, and the first name on a certificate takes "
                f"{CERTIFICATE_FIRST_NAME_MAX_CHARACTERS}; put a shorter host first"
            )
            yield fault(path, problem)


def _output_names_are_distinct(environment: EnvironmentFile) -> Iterator[Fault]:
    """Compare what a title swallows: `a-1` and `a1` are both `A1`. Physical names keep every letter."""
    outputs = {name: naming.output_name(service=name, quantity="") for name in environment.services}
    for name, other in repeated(outputs):
        problem = f"gives the same output names as services.{other}; rename one of them"
        yield fault(dotted("services", name), problem, dotted("services", other))


def _former_names_are_free(environment: EnvironmentFile) -> Iterator[Fault]:
    former = {name: service.renamed_from for name, service in environment.services.items() if service.renamed_from}
    for name, old in former.items():
        path = dotted("services", name, "renamed_from")
        if old in environment.services:
            held = "this service" if old == name else f"services.{old}"
            yield fault(path, f"{shown(old)} is the name of {held}; remove it, or the table of that name", "services")
    for name, other in repeated(former):
        path = dotted("services", name, "renamed_from")
        problem = f"{shown(former[name])} is also the former name of services.{other}; keep one of them"
        yield fault(path, problem, dotted("services", other, "renamed_from"))


def _target_groups(environment: EnvironmentFile) -> dict[str, str]:
    return {
        name: naming.target_group_name(prefix=environment.prefix, service=name, generation=service.generation)
        for name, service in environment.services.items()
    }


RULES: tuple[Rule, ...] = (
    _target_group_names_fit,
    _certificates_can_be_requested,
    _output_names_are_distinct,
    _former_names_are_free,
)
