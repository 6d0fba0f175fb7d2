"""A host that a wildcard answers gets its records before its proof, which would hide it (RFC 4592 section 2.2.2)."""

from collections.abc import Mapping
from typing import Any

import pytest

from environments.checked import Environment
from environments.wildcards import answered_by_wildcards, made_first
from tests.support.files import environment, prod
from tests.support.synthesizing import synthesize

HOME, AWAY = "prod.getorcha.com", "getorcha.com"
WEB = [f"web.{HOME}", f"*.web.{HOME}", f"web.{AWAY}", f"*.web.{AWAY}"]


def with_services(**hosts: list[str]) -> Environment:
    content = prod()
    for number, (name, listed) in enumerate(hosts.items()):
        content["services"][name] = {"port": 9100 + number, "priority": 30 + number, "hosts": listed}
    return environment(content)


def waits(stack: Mapping[str, Any], record: str) -> list[str]:
    found: list[str] = stack["resource"]["aws_route53_record"][record].get("depends_on", [])
    return found


@pytest.mark.parametrize(
    ("hosts", "answered"),
    [
        ([f"shop.web.{HOME}"], [f"shop.web.{HOME}"]),
        ([f"shop.{HOME}", f"*.shop.{HOME}", f"shop.web.{AWAY}"], [f"shop.web.{AWAY}"]),
        ([f"a.b.web.{HOME}"], [f"a.b.web.{HOME}"]),
        ([f"b.web.{HOME}", f"a.b.web.{HOME}"], [f"b.web.{HOME}"]),
        ([f"b.web.{HOME}", f"*.b.web.{HOME}"], [f"b.web.{HOME}", f"*.b.web.{HOME}"]),
        ([f"webshop.{HOME}"], []),
    ],
    ids=[
        "below it",
        "in the other zone",
        "far below it",
        "below a name that exists",
        "a wildcard below it",
        "beside it",
    ],
)
def test_a_wildcard_answers_what_has_no_closer_name(hosts: list[str], answered: list[str]) -> None:
    content = prod()
    content["services"]["shop"] = {"port": 9101, "priority": 30, "hosts": [f"first.{HOME}", *hosts]}
    content["services"]["web"] = {"port": 9100, "priority": 40, "hosts": WEB}
    assert answered_by_wildcards(environment(content)) == set(answered)


def test_a_wildcard_of_another_zone_answers_nothing() -> None:
    content = prod()
    content["zones"][f"web.{HOME}"] = "prod"
    content["services"]["shop"] = {"port": 9101, "priority": 30, "hosts": [f"shop.web.{HOME}"]}
    content["services"]["web"] = {"port": 9100, "priority": 40, "hosts": [f"first.{HOME}", f"*.{HOME}"]}
    assert answered_by_wildcards(environment(content)) == {f"first.{HOME}", f"link.{HOME}"}


def test_the_alias_comes_before_the_proof_and_goes_after_it() -> None:
    stack = synthesize(with_services(shop=[f"shop.web.{HOME}"], web=WEB))
    assert waits(stack, "shop_web_prod_getorcha_com") == []
    assert waits(stack, "shop_web_prod_getorcha_com__validation") == ["aws_route53_record.shop_web_prod_getorcha_com"]


def test_a_cname_comes_before_the_proof_and_after_its_primary_hosts_alias() -> None:
    stack = synthesize(with_services(shop=[f"shop.{HOME}", f"shop.web.{AWAY}"], web=WEB))
    assert made_first(with_services(shop=[f"shop.{HOME}", f"shop.web.{AWAY}"], web=WEB)) == {
        f"shop.{HOME}",
        f"shop.web.{AWAY}",
    }
    assert waits(stack, "shop_prod_getorcha_com") == []
    assert waits(stack, "shop_web_getorcha_com") == ["aws_route53_record.shop_prod_getorcha_com"]
    assert waits(stack, "shop_web_getorcha_com__validation") == ["aws_route53_record.shop_web_getorcha_com"]


def test_other_hosts_of_the_service_come_last_as_ever() -> None:
    stack = synthesize(with_services(shop=[f"shop.{HOME}", f"shop.web.{HOME}"], web=WEB))
    assert waits(stack, "shop_prod_getorcha_com") == ["aws_lb_listener_rule.shop"]
    assert waits(stack, "shop_prod_getorcha_com__validation") == []


def test_a_taken_over_host_behind_a_wildcard_waits_for_no_rule() -> None:
    """The rule waits for the certificate, and so for the proof: that would be a circle."""
    content = prod()
    shop = f"shop.web.{HOME}"
    content["services"]["web"] = {"port": 9100, "priority": 40, "hosts": [*WEB, shop]}
    table = {"port": 9101, "priority": 30, "hosts": [f"first.{HOME}", shop], "takes_over": [shop]}
    content["services"]["shop"] = table
    assert waits(synthesize(environment(content)), "shop_web_prod_getorcha_com") == []


def test_a_host_that_a_wildcard_of_others_answers_is_named_in_the_file() -> None:
    content = prod()
    content["services"]["link"]["records_first"] = ["link.getorcha.com"]
    stack = synthesize(environment(content))
    assert waits(stack, "link_getorcha_com__validation") == ["aws_route53_record.link_getorcha_com"]
    assert waits(stack, "link_getorcha_com") == ["aws_route53_record.link_prod_getorcha_com"]
    assert waits(stack, "link_prod_getorcha_com") == []
