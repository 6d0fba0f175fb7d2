"""Settings of one service that depend on one another."""

import re
from collections.abc import Iterator

from environments.faults import Fault, dotted
from environments.platforms import ManagedPlatform
from environments.rules.rule import Rule, fault
from environments.schema import EnvironmentFile
from environments.sign_in import CognitoLogin, CognitoSignIn, OidcSignIn
from environments.text import shown

_RANGE = re.compile(r"(\d+)-(\d+)")


def _health_checks_end_before_the_next_begins(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        check, path = service.health_check, dotted("services", name, "health_check")
        if check.timeout_seconds >= check.interval_seconds:
            problem = f"{check.timeout_seconds} is not below the interval of {check.interval_seconds}; lower it"
            yield fault(f"{path}.timeout_seconds", problem, f"{path}.interval_seconds")


def _matchers_ascend(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        for low, high in _RANGE.findall(service.health_check.matcher):
            if int(low) > int(high):
                problem = f'{shown(service.health_check.matcher)} counts down; write "{high}-{low}"'
                yield fault(dotted("services", name, "health_check", "matcher"), problem)


def _sign_in_is_written_once(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if {"login", "sign_in"} <= service.model_fields_set:
            path = dotted("services", name, "sign_in")
            problem = f"stands beside login, which is the short form of it; remove {dotted('services', name, 'login')}"
            yield fault(path, problem, dotted("services", name, "login"))


def _cognito_has_a_user_pool(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if isinstance(service.sign_in, CognitoSignIn) and not environment.platform.has_user_pool:
            short = isinstance(service.sign_in, CognitoLogin)
            key, value = (("login",), "true") if short else (("sign_in", "kind"), '"cognito"')
            problem = f"{value} needs a Cognito user pool; name it in platform.user_pool"
            yield fault(dotted("services", name, *key), problem, "platform.user_pool")


def _ports_of_a_made_platform_are_opened_here(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, service in environment.services.items():
        if isinstance(environment.platform, ManagedPlatform) and not service.opens_port:
            problem = "false leaves the port closed: nothing else opens one on a platform that is made here; remove it"
            yield fault(dotted("services", name, "opens_port"), problem, "platform.kind")


def _a_client_secret_goes_to_one_provider(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse one secret for two clients: what leaks from one provider must not open the other."""
    first: dict[str, tuple[str, OidcSignIn]] = {}
    for name, service in environment.services.items():
        if not isinstance(service.sign_in, OidcSignIn):
            continue
        key = dotted("services", name, "sign_in", "client_secret_parameter")
        other, sign_in = first.setdefault(service.sign_in.client_secret_parameter, (name, service.sign_in))
        if (sign_in.token_endpoint, sign_in.client_id) != (service.sign_in.token_endpoint, service.sign_in.client_id):
            held_by = dotted("services", other, "sign_in")
            problem = (
                f"{shown(service.sign_in.client_secret_parameter)} is also the secret of {held_by}, another client or "
                "token endpoint; keep each client's secret in a parameter of its own"
            )
            yield fault(key, problem, held_by)


RULES: tuple[Rule, ...] = (
    _health_checks_end_before_the_next_begins,
    _matchers_ascend,
    _sign_in_is_written_once,
    _cognito_has_a_user_pool,
    _ports_of_a_made_platform_are_opened_here,
    _a_client_secret_goes_to_one_provider,
)
