"""The oracle can tell right from wrong: it acquits what is deployed, and condemns each breach by its own words."""

import tomllib
from typing import Any

import pytest
from hypothesis import given

from tests.support.files import EVERYTHING_TOML, MANAGED_TOML_FILE, PROD_TOML, STAGING_TOML
from tests.unit.properties import right, wrong_hosts, wrong_paths, wrong_platforms, wrong_settings, wrong_sign_ins
from tests.unit.properties.asking import examples
from tests.unit.properties.mutations import copied
from tests.unit.properties.oracle import breaches
from tests.unit.properties.toml_text import dumps
from tests.unit.properties.wrong_values import WRONG, WRONG_KEYS, put, put_key

TWO_SERVICES = """
prefix = "p"
region = "eu-central-1"
accounts.home = { id = "111111111111", profile = "home" }
zones = { "orcha.example" = "home" }

[platform]
kind = "existing"
account = "home"
load_balancer = "alb"
load_balancer_security_group = "alb-sg"
instance_security_group = "ec2-sg"
autoscaling_group = "asg"
alert_topic = "alerts"
user_pool = "people"

[services]
link = { port = 9999, priority = 20, hosts = ["link.orcha.example"] }
desk = { port = 7777, priority = 30, hosts = ["desk.orcha.example"] }
"""
RIGHT = (
    *(item.read_text(encoding="utf-8") for item in (PROD_TOML, MANAGED_TOML_FILE)),
    *(STAGING_TOML, EVERYTHING_TOML, TWO_SERVICES),
)
BREACHES = [
    var
    for module in (wrong_hosts, wrong_paths, wrong_platforms, wrong_settings, wrong_sign_ins)
    for var in vars(module).values()
    if hasattr(var, "words")
]


@pytest.mark.parametrize("text", RIGHT)
def test_the_oracle_acquits_what_is_right(text: str) -> None:
    assert breaches(tomllib.loads(text)) == []


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.__name__)
def test_the_oracle_condemns_each_breach_by_its_words(breach: Any) -> None:
    content = tomllib.loads(TWO_SERVICES)
    breach(content)
    found = breaches(content)
    assert [sentence for sentence in found if breach.words in sentence] != [], found


def test_the_oracle_condemns_every_wrong_value_and_name() -> None:
    acquitted = []
    for change, table in ((put, WRONG), (put_key, WRONG_KEYS)):
        for path, value in table:
            content = tomllib.loads(TWO_SERVICES)
            change(content, path, copied(value))
            acquitted += [] if breaches(content) else [(path, value)]
    assert acquitted == []


@examples(50)
@given(content=right.environments())
def test_what_is_written_as_toml_reads_the_same(content: dict[str, Any]) -> None:
    read = tomllib.loads(dumps(content))
    assert read == content
    assert list(read["zones"]) == list(content["zones"])
