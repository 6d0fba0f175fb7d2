"""The closed world: what a synthesized configuration may hold at all, whoever changed which code.

Terraform runs what a configuration says: a provisioner, a module or a foreign provider is code on the machine that
plans, before anybody has read the plan. So what this product never makes is refused by name, and no one can accept it.
Provider and backend settings are compared with the environment file, not with the code that wrote them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from edge.review.made_types import DATA_SOURCE_TYPES, RESOURCE_TYPES
from edge.review.revealing import revealing
from edge.tfplan.blocks import COMMENT
from environments import imports_file, naming, released_file
from environments.checked import Environment
from environments.schema import Account

_BLOCKS = frozenset({COMMENT, "data", "import", "moved", "output", "provider", "removed", "resource", "terraform"})
_TERRAFORM = frozenset({"backend", "required_providers", "required_version"})
_SOURCES = frozenset({"aws", "hashicorp/aws", "registry.terraform.io/hashicorp/aws"})
# Blocks that run commands or sign in to machines: https://developer.hashicorp.com/terraform/language/resources/provisioners/syntax
_RUNNING = ("connection", "provisioner")
# Functions that read the machine which plans: https://developer.hashicorp.com/terraform/language/functions
_READING = re.compile(
    r"\b(file|fileexists|fileset|filebase64|file[a-z]+\d*|templatefile|pathexpand)(?:\s|/\*.*?\*/|(?:#|//)[^\n]*\n)*\(",
    re.DOTALL,
)
_EXPRESSION = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")


@dataclass(frozen=True)
class Trespass:
    """One thing that a configuration may not hold: its address and what is wrong, a sentence after the address."""

    address: str
    problem: str


def trespasses(configuration: Mapping[str, Any], environment: Environment) -> tuple[Trespass, ...]:
    """List everything of a configuration that lies outside the closed world; empty where nothing does."""
    return tuple(_trespasses(configuration, environment))


def _trespasses(configuration: Mapping[str, Any], environment: Environment) -> Iterator[Trespass]:
    for block in sorted(configuration.keys() - _BLOCKS):
        yield Trespass(block, "is a kind of block that this product never makes")
    yield from _terraform(configuration.get("terraform"), environment)
    yield from _providers(configuration.get("provider"), environment)
    yield from _typed(configuration.get("resource", {}), "", RESOURCE_TYPES, environment)
    yield from _typed(configuration.get("data", {}), "data.", DATA_SOURCE_TYPES, environment)
    yield from _imports(configuration.get("import", []), environment)
    yield from _removed(configuration.get("removed", []), environment)
    for block in ("output", "moved"):
        yield from _reading(block, configuration.get(block, {}))


def _imports(content: Any, environment: Environment) -> Iterator[Trespass]:
    """Compare what is taken over with the imports file beside the environment's: an import makes a thing ours."""
    if content != [{"to": address, "id": id_} for address, id_ in sorted(environment.imports.items())]:
        yield Trespass("import", f"is not what {environment.name}{imports_file.SUFFIX} says")


def _removed(content: Any, environment: Environment) -> Iterator[Trespass]:
    """Compare what is let go with the file beside the environment's: what is forgotten, no later review sees."""
    if content != [{"from": address, "lifecycle": {"destroy": False}} for address in environment.let_go]:
        yield Trespass("removed", f"is not what {environment.name}{released_file.SUFFIX} says")


def _typed(content: Any, prefix: str, types: frozenset[str], environment: Environment) -> Iterator[Trespass]:
    if not isinstance(content, Mapping):
        yield Trespass(prefix.rstrip(".") or "resource", "is not written as a table of types")
        return
    for type_, named in content.items():
        if type_ not in types:
            yield Trespass(f"{prefix}{type_}", "is a type that this product never makes")
        elif not isinstance(named, Mapping):
            yield Trespass(f"{prefix}{type_}", "is not written as a table of names")
        else:
            for name, block in named.items():
                yield from _block(f"{prefix}{type_}.{name}", block, environment)


def _block(address: str, block: Any, environment: Environment) -> Iterator[Trespass]:
    if not isinstance(block, Mapping):
        yield Trespass(address, "is not written as one table")
        return
    for key in _RUNNING:
        if key in block:
            yield Trespass(address, f"has a {key}, which runs commands")
    if block.get("provider") not in {f"aws.{account}" for account in environment.accounts}:
        yield Trespass(address, "names the provider of no account of the environment file")
    yield from _reading(address, block)


def _reading(address: str, content: Any) -> Iterator[Trespass]:
    """Find expressions that read files of the machine which plans, or show secrets; such words alone are none."""
    expressions = [text for text in _texts(_plain(content)) if _EXPRESSION.search(text)]
    for what in revealing(expressions):
        yield Trespass(address, f"would show a secret, by {what}")
    texts = sorted({found[1] for text in expressions for found in _calls(text)})
    if texts:
        yield Trespass(address, f"reads files of the machine that plans, with {', '.join(texts)}()")


def _calls(text: str) -> Iterator["re.Match[str]"]:
    return _READING.finditer(text)


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from (key, *_texts(value))
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)


def _terraform(settings: Any, environment: Environment) -> Iterator[Trespass]:
    if not isinstance(settings, Mapping):
        yield Trespass("terraform", "is not written as one table")
        return
    for key in sorted(settings.keys() - _TERRAFORM):
        yield Trespass(f"terraform.{key}", "is a setting that this product never makes")
    for name, required in settings.get("required_providers", {}).items():
        if name != "aws" or not isinstance(required, Mapping) or required.get("source") not in _SOURCES:
            yield Trespass(f"terraform.required_providers.{name}", "is not the provider hashicorp/aws")
    expected = _expected_backend(environment)
    found = {kind: _plain(backend) for kind, backend in dict(settings.get("backend") or {}).items()}
    if expected is None:
        if found and not _is_local_state(found, environment):
            yield Trespass("terraform.backend", "is not the local state that an environment file without [backend] has")
    elif found != expected:
        yield Trespass("terraform.backend", f"is not what the environment file says{_differing(expected, found)}")


def _is_local_state(found: Mapping[str, Any], environment: Environment) -> bool:
    path = PurePath(str(dict(found.get("local") or {}).get("path", "")))
    return list(found) == ["local"] and path.name == f"terraform.{environment.name}.tfstate"


def _expected_backend(environment: Environment) -> dict[str, Any] | None:
    backend = environment.backend
    if backend is None:
        return None
    account = environment.accounts[backend.account or environment.platform.account]
    settings = {
        "bucket": backend.bucket,
        "key": backend.key,
        "region": backend.region,
        "encrypt": True,
        "use_lockfile": True,
        "allowed_account_ids": [account.id],
        **({"kms_key_id": backend.kms_key_arn} if backend.kms_key_arn else {}),
        **_signing_in(account, one=True),
    }
    return {"s3": settings}


def _providers(content: Any, environment: Environment) -> Iterator[Trespass]:
    if not isinstance(content, Mapping):
        yield Trespass("provider", "is not written as one table")
        return
    for name in sorted(content.keys() - {"aws"}):
        yield Trespass(f"provider.{name}", "is a provider that this product never uses")
    configured = content.get("aws", [])
    blocks = configured if isinstance(configured, list) else [configured]
    expected = {name: _expected_provider(name, account, environment) for name, account in environment.accounts.items()}
    found: set[str] = set()
    for block in blocks:
        alias = str(block.get("alias")) if isinstance(block, Mapping) else "None"
        if alias in found or alias not in expected:
            yield Trespass(f"provider.aws.{alias}", "is the provider of no account of the environment file")
        elif _plain(block) != expected[alias]:
            problem = f"is not set as the environment file says{_differing(expected[alias], _plain(block))}"
            yield Trespass(f"provider.aws.{alias}", problem)
        found.add(alias)


def _expected_provider(name: str, account: Account, environment: Environment) -> dict[str, Any]:
    return {
        "alias": name,
        "region": environment.region,
        "allowed_account_ids": [account.id],
        "default_tags": [{"tags": dict(naming.default_tags(environment.name))}],
        **_signing_in(account, one=False),
    }


def _signing_in(account: Account, *, one: bool) -> dict[str, Any]:
    """Give the settings by which an account is entered; a backend takes one role, a provider a list of them."""
    settings: dict[str, Any] = {"profile": account.profile} if account.profile else {}
    if account.role_arn:
        role = {"role_arn": account.role_arn, "session_name": "orcha-edge"}
        settings["assume_role"] = role if one else [role]
    return settings


def _plain(block: Any) -> Any:
    return {key: value for key, value in block.items() if key != COMMENT} if isinstance(block, Mapping) else block


def _differing(expected: Any, found: Any) -> str:
    """Name the settings that differ, in parentheses; nothing where the two cannot be compared key by key."""
    if list(expected) == ["s3"]:
        expected, found = expected["s3"], dict(found or {}).get("s3")
    if not isinstance(found, Mapping):
        return ""
    keys = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
    return f" ({', '.join(keys)})"
