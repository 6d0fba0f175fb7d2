"""Accounts: each can be entered, is one account only, and is declared where it is named."""

from collections.abc import Iterator

from environments.faults import Fault, dotted
from environments.rules.rule import Rule, fault, repeated
from environments.schema import EnvironmentFile
from environments.text import listed, shown


def _can_be_entered(environment: EnvironmentFile) -> Iterator[Fault]:
    for name, account in environment.accounts.items():
        path = dotted("accounts", name)
        if account.profile is None and account.role_arn is None:
            problem = "has neither profile nor role_arn; give one of them"
            yield fault(path, problem, f"{path}.profile", f"{path}.role_arn")
        if account.profile is not None and account.role_arn is not None:
            yield fault(path, "has both profile and role_arn; keep one of them")
        if account.role_arn is not None and account.role_arn.split(":")[4] != account.id:
            problem = f"{shown(account.role_arn)} is a role of another account than {account.id}; correct one of them"
            yield fault(f"{path}.role_arn", problem, f"{path}.id")


def _have_distinct_ids(environment: EnvironmentFile) -> Iterator[Fault]:
    ids = {name: account.id for name, account in environment.accounts.items()}
    for name, other in repeated(ids):
        problem = f'{shown(ids[name])} is also the id of accounts.{other}; correct it, or use "{other}" in its place'
        yield fault(dotted("accounts", name, "id"), problem, dotted("accounts", other, "id"))


def _are_declared_where_named(environment: EnvironmentFile) -> Iterator[Fault]:
    places = {dotted("zones", zone): declared.account for zone, declared in environment.zones.items()}
    places["platform.account"] = environment.platform.account
    if environment.backend and environment.backend.account:
        places["backend.account"] = environment.backend.account
    for path, account in places.items():
        if account not in environment.accounts:
            declared = listed(environment.accounts)
            problem = f"{shown(account)} is not a declared account; add [accounts.{account}], or use one of {declared}"
            yield fault(path, problem, "accounts")


def _the_states_key_is_in_the_buckets_region(environment: EnvironmentFile) -> Iterator[Fault]:
    """S3 takes a key of the bucket's region only.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    """
    backend = environment.backend
    if backend is None or backend.kms_key_arn is None:
        return
    region = backend.kms_key_arn.split(":")[3]
    if region != backend.region:
        problem = f"{shown(backend.kms_key_arn)} is in {region}, and S3 needs a key of the bucket's region"
        yield fault("backend.kms_key_arn", f"{problem}, {backend.region}; name another", "backend.region")


RULES: tuple[Rule, ...] = (
    _can_be_entered,
    _have_distinct_ids,
    _are_declared_where_named,
    _the_states_key_is_in_the_buckets_region,
)
