"""The kinds of value that an environment file holds: names, texts and paths, each with what AWS and DNS take of it."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints, ValidatorFunctionWrapHandler, WithJsonSchema
from pydantic_core import PydanticCustomError

from environments import aws_limits, dns_names, patterns
from environments.text import shown

# A host-header condition takes 128 characters:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#host-conditions
HOST_MAX_CHARACTERS = 128
PREFIX_MAX_CHARACTERS = 24

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#path-conditions
# AWS also takes `&`, written as `&amp;`, and does not say which of the two it then compares with; `?` takes it too.
PATH_PATTERN_MAX_CHARACTERS = 128
_PATH_CHARACTERS = r"A-Za-z0-9_.$/~\"'@:+*?-"

# RFC 1918 and RFC 6598: what AWS routes inside a VPC and nowhere else.
_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
_EMAIL = re.compile(r"[a-z0-9]+([.+_-][a-z0-9]+)*@[a-z0-9]+([.-][a-z0-9]+)*\.[a-z]{2,}")


def checked(check: Callable[[str], str]) -> AfterValidator:
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


def _path_pattern(pattern: str) -> str:
    strange = re.findall(f"[^{_PATH_CHARACTERS}]", pattern)
    if strange:
        message = (
            f"holds {shown(strange[0])}; use A-Z, a-z, 0-9 and _ - . $ / ~ \" ' @ : +, and for others the wildcards * "
            "(any characters) and ? (exactly one)"
        )
        raise ValueError(message)
    if not pattern.startswith("/"):
        raise ValueError("does not begin with a slash; write a path such as /api/*")
    if len(pattern) > PATH_PATTERN_MAX_CHARACTERS:
        message = f"has {len(pattern)} characters, and a listener rule takes {PATH_PATTERN_MAX_CHARACTERS}; shorten it"
        raise ValueError(message)
    if (found := patterns.wildcards([pattern])) > aws_limits.CONDITION_WILDCARDS_PER_RULE:
        message = f"holds {found} wildcards, and a listener rule takes {aws_limits.CONDITION_WILDCARDS_PER_RULE}"
        raise ValueError(f"{message}; write fewer")
    return pattern


_NO_BLOCK = "is no IPv4 block; give one such as 10.0.0.0/16"


def _cidr(block: str) -> str:
    try:
        network = IPv4Network(block, strict=False)
    except ValueError:
        raise ValueError(_NO_BLOCK) from None
    length = block.partition("/")[2]
    if length and length != str(network.prefixlen):  # a netmask, or 016, which IPv4Network takes and AWS does not
        raise ValueError(_NO_BLOCK)
    if block.partition("/")[0] != str(network.network_address):
        raise ValueError(f"is an address within a block; write {shown(str(network))}")
    shortest, longest = aws_limits.VPC_SHORTEST_PREFIX, aws_limits.VPC_LONGEST_PREFIX
    if not shortest <= network.prefixlen <= longest:
        message = f"is a /{network.prefixlen}; give a block between a /{shortest} and a /{longest}"
        raise ValueError(message)
    if not any(network.subnet_of(private) for private in _PRIVATE):
        raise ValueError("is not private; give a block of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10")
    return block


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address):
        raise ValueError("is not an e-mail address in lower case; give one such as oncall@getorcha.com")
    return address


def _text(text: str) -> str:
    if text != text.strip():
        raise ValueError("begins or ends with a space; remove it")
    return text


def _aws_name(name: str) -> str:
    if name.startswith("arn:"):
        raise ValueError("is an ARN; give the name alone")
    return name


def _group_name(name: str) -> str:
    """Refuse an id: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html."""
    if name.startswith("sg-"):
        raise ValueError("is the id of a security group; give its name")
    return name


def _state_key(key: str) -> str:
    """Refuse what Terraform does: https://developer.hashicorp.com/terraform/language/backend/s3#key."""
    if key.startswith("/") or key.endswith("/"):
        raise ValueError(f"begins or ends with a slash; write {shown(key.strip('/') or 'edge/prod.tfstate')}")
    if "//" in key:
        raise ValueError("holds two slashes in a row; remove one")
    return key


def _image(image: str) -> str:
    if "://" in image:
        raise ValueError(f"is a URL; write {shown(image.partition('://')[2], 200)}")
    return image


def zones_once(zones: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    """Refuse two spellings of one zone: in Unicode and in punycode."""
    checked = validate(zones)
    if len(checked) < len(zones):
        raise PydanticCustomError("sentence", "{sentence}", {"sentence": "names one zone twice; keep one of them"})
    return checked


Cidr = Annotated[str, checked(_cidr), WithJsonSchema({"type": "string", "pattern": r"^[0-9.]+/(1[6-9]|2[0-4])$"})]
Email = Annotated[str, checked(_email), WithJsonSchema({"type": "string", "pattern": f"^{_EMAIL.pattern}$"})]
Host = Annotated[str, checked(_host), WithJsonSchema({"type": "string", "pattern": dns_names.HOST_PATTERN})]
PathPattern = Annotated[
    str,
    checked(_path_pattern),
    WithJsonSchema(
        {"type": "string", "pattern": f"^/[{_PATH_CHARACTERS}]*$", "maxLength": PATH_PATTERN_MAX_CHARACTERS}
    ),
]
Zone = Annotated[
    str, checked(dns_names.to_ascii), WithJsonSchema({"type": "string", "pattern": dns_names.NAME_PATTERN})
]
# What AWS takes in names, without the signs that Terraform would read as the start of an expression: $ % { } " \\
_TEXT_PATTERN = r"^[A-Za-z0-9 ._:/()#,@+=&;!*'-]{1,255}$"


def _but_not(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": _TEXT_PATTERN, "not": {"pattern": pattern}})


Text = Annotated[str, StringConstraints(pattern=_TEXT_PATTERN), checked(_text), _but_not("^ | $")]
AwsName = Annotated[Text, checked(_aws_name), _but_not("^ | $|^arn:")]
GroupName = Annotated[AwsName, checked(_group_name), _but_not("^ | $|^arn:|^sg-")]
StateKey = Annotated[Text, checked(_state_key), _but_not("^[ /]|[ /]$|//")]
Image = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,511}$"), checked(_image)]
# RFC 3986 sections 3.3 and 3.4: what a path and a query may hold.
UrlPath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*$", max_length=1024)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=32)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=PREFIX_MAX_CHARACTERS)]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,4}(-[a-z]+)+-[0-9]$")]
