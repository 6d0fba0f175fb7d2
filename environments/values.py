"""The kinds of value that an environment file holds: names, texts and paths, each with what AWS and DNS take of it."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints, ValidatorFunctionWrapHandler, WithJsonSchema
from pydantic_core import PydanticCustomError

from environments import dns_names

# A host-header condition takes 128 characters:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions
HOST_MAX_CHARACTERS = 128


def _name_checked(check: Callable[[str], str]) -> AfterValidator:
    """Make a validator of a function that raises ValueError with a sentence: what is wrong, and the remedy."""

    def validate(name: str) -> str:
        try:
            return check(name)
        except ValueError as error:
            raise PydanticCustomError("sentence", "{sentence}", {"sentence": str(error)}) from None

    return AfterValidator(validate)


def _host(name: str) -> str:
    host = dns_names.host_to_ascii(name)
    if len(host) > HOST_MAX_CHARACTERS:
        message = f"has {len(host)} characters, and a listener rule takes {HOST_MAX_CHARACTERS}; shorten it"
        raise ValueError(message)
    return host


def zones_once(zones: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    """Refuse two spellings of one zone: in Unicode and in punycode."""
    checked = validate(zones)
    if len(checked) < len(zones):
        raise PydanticCustomError("sentence", "{sentence}", {"sentence": "names one zone twice; keep one of them"})
    return checked


Host = Annotated[str, _name_checked(_host), WithJsonSchema({"type": "string", "pattern": dns_names.HOST_PATTERN})]
Zone = Annotated[
    str, _name_checked(dns_names.to_ascii), WithJsonSchema({"type": "string", "pattern": dns_names.NAME_PATTERN})
]
# What AWS takes in names, without the signs that Terraform would read as the start of an expression: $ % { } " \\
Text = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ._:/()#,@+=&;!*'-]{1,255}$")]
# RFC 3986 sections 3.3 and 3.4: what a path and a query may hold.
UrlPath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*$", max_length=1024)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=32)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=24)]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")]
