"""How a correction takes the place of moto's code: narrowly, and loudly when moto has changed."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any


def replace(owner: type | ModuleType, name: str, make: Callable[[Any], Any]) -> None:
    """Put `make(original)` where `owner.name` was.

    Raises AttributeError where moto no longer has that attribute, or has it with other parameters: then read moto's
    new code, and correct or drop the correction.
    """
    original = inspect.getattr_static(owner, name)
    replacement = make(original)
    expected, found = _parameters(original), _parameters(replacement)
    if expected != found:
        raise AttributeError(f"moto's {owner.__name__}.{name} now takes {expected}; the correction takes {found}")
    setattr(owner, name, replacement)


def add(owner: type, name: str, made: Callable[..., Any]) -> None:
    """Add what moto does not have. Raises AttributeError where it has it by now: then drop the correction."""
    if hasattr(owner, name):
        raise AttributeError(f"moto's {owner.__name__} has a {name} of its own now; drop the correction")
    setattr(owner, name, made)


def _parameters(attribute: Any) -> list[str]:
    """Name what a function takes; a property takes nothing."""
    return list(inspect.signature(attribute).parameters) if callable(attribute) else []
