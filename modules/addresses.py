"""Terraform addresses: readable, stable and unique, because people meet them in plans and in state.

An address is identity: a new one for the same thing destroys and creates it, so a rename needs a `moved` block and a
line in CHANGELOG.md. Names stand for what the resource is about (a service, a host), never for a position in a list;
those made of hosts are in `environments/addresses.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar
from weakref import WeakKeyDictionary

from imports.terraform import Construct, TerraformElement, TerraformResource, TerraformStack

Element = TypeVar("Element", bound=TerraformElement)

NAMED_AFTER_HOSTS = "aws_route53_record"

_taken: WeakKeyDictionary[TerraformStack, set[tuple[str, str]]] = WeakKeyDictionary()


_taken_of_this_stack: ContextVar[set[tuple[str, str]] | None] = ContextVar("addresses", default=None)


@contextmanager
def addresses_of(stack: TerraformStack) -> Iterator[None]:
    """Say that all elements to which the block gives an address are of one stack, of which jsii is asked otherwise."""
    before = _taken_of_this_stack.set(_taken.setdefault(stack, set()))
    try:
        yield
    finally:
        _taken_of_this_stack.reset(before)


def attribute(type: str, address: str, name: str) -> str:
    """Refer to an attribute of a resource by its address, as CDKTF would, which asks jsii for each."""
    return f"${{{type}.{address}.{name}}}"


def addressed(element: Element, name: str) -> Element:
    """Give an element its address in place of CDKTF's hashed one: `addressed(LbTargetGroup(…), "link")`.

    Raises ValueError where another element of the same type and stack has that name already.
    """
    address = (type(element).__name__, name)
    taken = _taken_of_this_stack.get()
    if taken is None:
        taken = _taken.setdefault(TerraformStack.of(element), set())
    if address in taken:
        message = f"two elements of type {address[0]} are named {name}; an address must be unique"
        raise ValueError(message)
    taken.add(address)
    element.override_logical_id(name)
    return element


def moved(scope: Construct, *, old: str, new: str) -> None:
    """Let what a service's name addresses in a scope take over what its old name addressed: `link_2` -> `go_2`.

    DNS records stay as they are, since hosts address them. An old address that no state holds does no harm, so the key
    may stay: https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
    """
    for element in scope.node.find_all():
        if isinstance(element, TerraformResource) and element.terraform_resource_type != NAMED_AFTER_HOSTS:
            part = element.friendly_unique_id.removeprefix(new)
            element.move_from_id(f"{element.terraform_resource_type}.{old}{part}")


def taken_over(stack: TerraformStack, imports: Mapping[str, str]) -> None:
    """Let a stack import what stands, by address and id; an address that the state holds already is not a fault.

    https://developer.hashicorp.com/terraform/language/block/import
    """
    if imports:
        stack.add_override("import", [{"to": address, "id": number} for address, number in sorted(imports.items())])


def let_go(stack: TerraformStack, addresses: Sequence[str]) -> None:
    """Let the state forget what stands, and AWS keep it; an address that the state does not hold is not a fault.

    https://developer.hashicorp.com/terraform/language/block/removed, of Terraform 1.7 and later
    """
    if addresses:
        stack.add_override("removed", [{"from": address, "lifecycle": {"destroy": False}} for address in addresses])


def email_address(email: str) -> str:
    """Write an e-mail address as a Terraform name: `on.call@x.com` -> `to_on_call_AT_x_com`.

    No two addresses in lower case give the same name, since what is replaced by words is replaced by capital ones.
    """
    words = {"_": "_UNDERSCORE_", "+": "_PLUS_", "@": "_AT_"}
    return "to_" + "".join(words.get(character, character) for character in email).replace(".", "_")
