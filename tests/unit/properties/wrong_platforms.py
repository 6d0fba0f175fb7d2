"""Breaches of the kinds of platform and of created zones, made on purpose in a right environment."""

from tests.unit.properties.additions import HOME, Content, add, first_zone, managed, says
from tests.unit.properties.right_platforms import NEEDED, make_of_kind

ABROAD = {"id": "987654321098", "profile": "abroad"}


@says("'load_balancer' is not a key of the format")
def managed_with_a_key_of_an_existing_one(content: Content) -> None:
    managed(content)["load_balancer"] = "v1-orcha-alb"


@says("'user_pool' is not a key of the format")
def managed_with_a_user_pool_to_look_up(content: Content) -> None:
    managed(content)["user_pool"] = "people"


@says("'opens_sign_in_port' is not a key of the format")
def managed_with_a_firewall_to_be_told_about(content: Content) -> None:
    managed(content)["opens_sign_in_port"] = False


@says("'alert_emails' is not a key of the format")
def existing_with_e_mails(content: Content) -> None:
    make_of_kind(content, "existing")
    content["platform"]["alert_emails"] = []


@says("'network' is not a key of the format")
def existing_with_a_network(content: Content) -> None:
    make_of_kind(content, "existing")
    content["platform"]["network"] = {}


@says("load_balancer is missing")
def kind_changed_and_nothing_else(content: Content) -> None:
    managed(content)["kind"] = "existing"


@says("instances is missing")
def managed_without_instances(content: Content) -> None:
    del managed(content)["instances"]


@says("image is missing")
def instances_without_an_image(content: Content) -> None:
    managed(content)["instances"] = {"min_size": 2}


@says("kind is None")
def platform_without_its_kind(content: Content) -> None:
    del managed(content)["kind"]


@says("at least 6 instances run, and at most 5")
def sizes_descend(content: Content) -> None:
    managed(content)["instances"] |= {"min_size": 6, "max_size": 5}


@says("at least 5 instances run, and at most 4")
def fewest_above_the_default_most(content: Content) -> None:
    managed(content)["instances"] = {"image": "orcha:1", "min_size": 5}


@says("at least 2 instances run, and at most 1")
def most_below_the_default_fewest(content: Content) -> None:
    managed(content)["instances"] = {"image": "orcha:1", "max_size": 1}


@says("the address a@b.co stands there again")
def address_twice(content: Content) -> None:
    managed(content)["alert_emails"] = ["a@b.co", "c@b.co", "a@b.co"]


@says("holds aws")
def sign_in_domain_with_a_word_of_aws(content: Content) -> None:
    managed(content)["login"] = {"domain_prefix": "jigsaws", "keep_user_pool": True}


@says("holds amazon")
def sign_in_domain_in_the_amazon(content: Content) -> None:
    managed(content)["login"] = {"domain_prefix": "9amazons", "keep_user_pool": True}


@says("the sign-in domain my-cognito holds cognito")
def sign_in_domain_of_the_prefix(content: Content) -> None:
    managed(content)["login"] = {"keep_user_pool": True}
    content["prefix"] = "my-cognito"


@says("starts within a block")
def block_that_starts_within_a_block(content: Content) -> None:
    managed(content)["network"] = {"cidr_block": "10.0.128.0/16"}


@says("is not private")
def block_of_others(content: Content) -> None:
    managed(content)["network"] = {"cidr_block": "172.32.0.0/16"}


@says("the platform's account has no zone")
def managed_in_an_account_without_a_zone(content: Content) -> None:
    content["accounts"]["abroad"] = ABROAD
    managed(content)["account"] = "abroad"
    content.pop("services", None)


@says("is the load balancer's own name")
def own_name_as_a_host(content: Content) -> None:
    managed(content)
    content["prefix"] = "one"
    add(content, "first", hosts=[f"a.{HOME}", f"one.{first_zone(content)}"])


@says("is the load balancer's own name")
def own_name_as_a_wildcard(content: Content) -> None:
    managed(content)
    add(content, "any", hosts=[f"a.{HOME}", f"*.{content['prefix']}.{first_zone(content)}"])


@says("is the load balancer's own name")
def own_name_in_unicode(content: Content) -> None:
    account = managed(content)["account"]
    content["zones"] = {"xn--tda.example": {"account": account}, **content["zones"]}
    add(content, "one", hosts=[f"a.{HOME}", f"{content['prefix']}.ü.example"])


@says("is the load balancer's own name")
def own_name_in_the_first_zone_of_the_account(content: Content) -> None:
    """Another account's zone comes before it, and decides nothing."""
    managed(content)
    zone = first_zone(content)
    content["accounts"]["abroad"] = ABROAD
    content["zones"] = {"far.example": {"account": "abroad"}, **content["zones"]}
    add(content, "one", hosts=[f"a.{HOME}", f"{content['prefix']}.{zone}"])


@says("the load balancer's own name has 65 characters")
def own_name_too_long(content: Content) -> None:
    account = managed(content)["account"]
    zone = "l" * (64 - len(content["prefix"]) - len(".example")) + ".example"
    content["zones"] = {zone: account, **content["zones"]}


@says("the load balancer's own name has 65 characters")
def own_name_too_long_in_punycode(content: Content) -> None:
    account = managed(content)["account"]
    zone = "l" * (64 - len(content["prefix"]) - len(".xn--tda.example")) + ".ü.example"
    content["zones"] = {zone: account, **content["zones"]}


@says("rules into the load balancer")
def world_that_the_firewall_does_not_take(content: Content) -> None:
    managed(content)
    del content["services"]
    content["limits"] = {"rules_per_security_group": 1}


@says("rules out of the load balancer")
def managed_sign_in_port_that_the_firewall_does_not_take(content: Content) -> None:
    managed(content)
    add(content, "sign-in", login=True)
    content["limits"] = {"rules_per_security_group": len(content["services"])}


@says("no declared zone delegates to it")
def created_zone_without_a_parent(content: Content) -> None:
    content["zones"]["alone.example"] = {"account": content["platform"]["account"], "create": True}


@says("no declared zone delegates to it")
def created_zone_that_only_ends_like_another(content: Content) -> None:
    account = content["platform"]["account"]
    content["zones"] |= {"like.example": account, "xlike.example": {"account": account, "create": True}}


@says("no declared zone delegates to it")
def created_zone_above_the_only_other(content: Content) -> None:
    account = content["platform"]["account"]
    content["zones"] |= {"a.high.example": account, "high.example": {"account": account, "create": True}}


@says("is named and not declared")
def created_zone_of_an_undeclared_account(content: Content) -> None:
    content["zones"] |= {
        "up.example": content["platform"]["account"],
        "low.up.example": {"account": "nobody", "create": True},
    }


@says("stands there 2 times")
def zone_in_two_spellings_and_both_forms(content: Content) -> None:
    account = content["platform"]["account"]
    content["zones"] |= {"ü.example": account, "u\u0308.example": {"account": account, "create": False}}


@says("lies in no zone of the platform's account")
def primary_host_in_a_created_zone_of_another_account(content: Content) -> None:
    content["accounts"]["abroad"] = ABROAD
    content["zones"][f"deep.{HOME}"] = {"account": "abroad", "create": True}
    add(content, "astray", hosts=[f"astray.deep.{HOME}", f"astray.{HOME}"])


@says("account is missing")
def zone_without_its_account(content: Content) -> None:
    content["zones"]["lost.example"] = {"create": False}


@says("is missing")
def existing_without_one_of_its_names(content: Content) -> None:
    make_of_kind(content, "existing")
    del content["platform"][NEEDED[1]]
