"""Expressions that would show a secret: Terraform hides what it knows to be one, and these make it forget.

A review shows what Terraform does not hide, on a page that everyone who reads the repository can read, so whoever can
open a pull request could read the secrets of the state.
https://developer.hashicorp.com/terraform/language/functions/nonsensitive
https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/ssm_parameter (insecure_value)
"""

import re
from collections.abc import Iterable, Iterator

_NONSENSITIVE = re.compile(r"\bnonsensitive(?:\s|/\*.*?\*/|(?:#|//)[^\n]*\n)*\(", re.DOTALL)
_PARAMETER = re.compile(r"\baws_ssm_parameter\b")
# The one attribute that is hidden; a whole parameter, or an index into it, could be any other.
_HIDDEN_VALUE = re.compile(r"\bdata\.aws_ssm_parameter\.[\w-]+\.value(?![\w-])")


def revealing(expressions: Iterable[str]) -> Iterator[str]:
    """Say of expressions by what they would show a secret."""
    texts = list(expressions)
    if any(_NONSENSITIVE.search(text) for text in texts):
        yield "nonsensitive()"
    if any(len(_PARAMETER.findall(text)) > len(_HIDDEN_VALUE.findall(text)) for text in texts):
        yield "more of an SSM parameter than its value"
