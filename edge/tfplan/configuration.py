"""What a plan's configuration says beyond the changes: accounts, the environment's name, and what is set by whom."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}):")
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')


@dataclass(frozen=True)
class Configuration:
    """All modules: the account of each address, and the attributes that are set there with what they refer to.

    `accounts` are the names of the accounts, which are the providers' aliases, with their ids. `environments` are the
    names in the providers' default tags.
    """

    environments: frozenset[str]
    accounts: Mapping[str, str]
    account_of: Mapping[str, str]
    expressions: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Configuration":
        """Read the `configuration` of a plan."""
        providers = {
            provider.get("alias"): provider.get("expressions", {})
            for provider in raw.get("provider_config", {}).values()
        }
        resources = dict(_resources(raw.get("root_module") or {}, ""))
        return cls(
            environments=frozenset(filter(None, map(_environment, providers.values()))),
            accounts={alias: _account_id(expressions) for alias, expressions in providers.items() if alias},
            account_of={address: _account(resource) for address, resource in resources.items()},
            expressions={address: resource.get("expressions", {}) for address, resource in resources.items()},
        )

    def settings(self, address: str) -> Mapping[str, tuple[str, ...]]:
        """Give the attributes that are set for an address, each with the addresses that it refers to."""
        expressions = self.expressions.get(without_indices(address), {})
        return {name: tuple(_references(value)) for name, value in expressions.items()}


@dataclass(frozen=True)
class Accounts:
    """Finds the account of a resource, also of one that the configuration no longer has."""

    configuration: Configuration
    of_zone_id: Mapping[str, str]

    @classmethod
    def of(cls, configuration: Configuration, prior_state: Mapping[str, Any]) -> "Accounts":
        """Learn from the state before the plan in which account each hosted zone lies."""
        resources = standing(prior_state)
        known = {
            zone_id: account
            for resource in resources
            if (account := configuration.account_of.get(without_indices(resource["address"])))
            and isinstance(zone_id := resource.get("values", {}).get("zone_id"), str)
            and resource["type"].startswith("aws_route53_")
        }
        return cls(configuration, known)

    def account_of(self, address: str, attributes: Mapping[str, Any]) -> str | None:
        """Find the account by the configuration's provider, else by an ARN or a zone among the attributes."""
        configured = self.configuration.account_of.get(without_indices(address))
        if configured:
            return configured
        names = {account_id: name for name, account_id in self.configuration.accounts.items()}
        ids = (
            found.group(1) for value in attributes.values() if isinstance(value, str) and (found := _ARN.match(value))
        )
        of_arn = next((names.get(name, name) for name in ids), None)
        return of_arn or self.of_zone_id.get(str(attributes.get("zone_id")))


def without_indices(address: str) -> str:
    """Give an address without the indices of `count` and `for_each`."""
    return _INDEX.sub("", address)


def _resources(module: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """List the resources of a module and of those that it calls, by their addresses without indices."""
    for resource in module.get("resources", ()):
        yield path + resource["address"], resource
    for name, call in module.get("module_calls", {}).items():
        yield from _resources(call.get("module") or {}, f"{path}module.{name}.")


def standing(prior_state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """List the resources and data sources of the state before a plan, of all modules."""
    yield from _of_module(prior_state.get("values", {}).get("root_module", {}))


def _of_module(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _of_module(child)


def _account(resource: Mapping[str, Any]) -> str:
    """Give the alias of a resource's provider, `aws.prod` or in a module `module.edge:aws.prod`; empty for others."""
    provider = str(resource.get("provider_config_key", "")).rpartition(":")[2]
    return provider.rpartition(".")[2] if provider.partition(".")[0] == "aws" else ""


def _environment(expressions: Mapping[str, Any]) -> str | None:
    for tags in expressions.get("default_tags", ()):
        constant = tags.get("tags", {}).get("constant_value")
        name = constant.get("Environment") if isinstance(constant, dict) else None
        if isinstance(name, str):
            return name
    return None


def _account_id(expressions: Mapping[str, Any]) -> str:
    return next(iter(expressions.get("allowed_account_ids", {}).get("constant_value") or ()), "unknown")


def _references(expression: Any) -> Iterator[str]:
    """List what an expression refers to, however deep: it is a table, or a list of blocks of tables."""
    if isinstance(expression, dict):
        references = expression.get("references")
        if isinstance(references, list):
            yield from (reference for reference in references if isinstance(reference, str))
        else:
            for value in expression.values():
                yield from _references(value)
    elif isinstance(expression, list):
        for value in expression:
            yield from _references(value)
