"""The Terraform addresses of the people who hear of alarms: readable, and never the same for two of them."""

import itertools

import pytest

from modules.addresses import email_address


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("on.call@x.com", "to_on_call_AT_x_com"),
        ("on_call@x.com", "to_on_UNDERSCORE_call_AT_x_com"),
        ("on+call@x.com", "to_on_PLUS_call_AT_x_com"),
        ("on-call@x.com", "to_on-call_AT_x_com"),
    ],
)
def test_an_e_mail_address_is_written_as_a_terraform_name(email: str, address: str) -> None:
    assert email_address(email) == address


def test_no_two_e_mail_addresses_have_one_name() -> None:
    emails = ["".join(letters) for letters in itertools.product("a._+@-", repeat=4)]
    assert len({email_address(email) for email in emails}) == len(emails)
