"""Breaches of accounts, ports, names, settings and quotas, made on purpose in a right environment."""

from tests.unit.properties.additions import HOME, Content, add, add_many, open_every_port, says, two
from tests.unit.properties.oracle.shared_certificates import on_certificate
from tests.unit.properties.right_platforms import make_of_kind

OTHER = "987654321098"


@says("stands there 2 times")
def same_port(content: Content) -> None:
    first, second = two(content)
    second["port"] = first["port"]


@says("account id")
def same_account_id(content: Content) -> None:
    taken = next(iter(content["accounts"].values()))["id"]
    content["accounts"]["again"] = {"id": taken, "profile": "again"}


@says("zone id")
def same_zone_id(content: Content) -> None:
    account = content["platform"]["account"]
    content["zones"] |= {f"{name}.example": {"account": account, "id": "Z0SAME"} for name in ("one-id", "two-names")}


@says("is another account's")
def role_of_another_account(content: Content) -> None:
    content["accounts"]["other"] = {"id": OTHER, "role_arn": "arn:aws:iam::987654321099:role/deploy"}


@says("is entered by 0")
def neither_profile_nor_role(content: Content) -> None:
    content["accounts"]["other"] = {"id": OTHER}


@says("is entered by 2")
def both_profile_and_role(content: Content) -> None:
    role = f"arn:aws:iam::{OTHER}:role/deploy"
    content["accounts"]["other"] = {"id": OTHER, "profile": "other", "role_arn": role}


@says("is named and not declared")
def zone_of_an_undeclared_account(content: Content) -> None:
    content["zones"]["far.example"] = "nobody"


@says("is named and not declared")
def backend_in_an_undeclared_account(content: Content) -> None:
    backend = {"bucket": "state", "key": "edge", "region": "eu-central-1", "account": "nobody"}
    content["backend"] = backend


@says("is not in")
def state_key_in_another_region(content: Content) -> None:
    key = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    content["backend"] = {"bucket": "state", "key": "edge", "region": "eu-central-1", "kms_key_arn": key}


@says("has 33 characters")
def target_group_name_too_long(content: Content) -> None:
    add(content, "n" * (29 - len(content["prefix"])), hosts=[f"a.{HOME}"])


@says("has 33 characters")
def target_group_name_too_long_by_its_generation(content: Content) -> None:
    add(content, "n" * (26 - len(content["prefix"])), hosts=[f"a.{HOME}"], generation=10)


@says("output")
def same_output_names(content: Content) -> None:
    add(content, "y-1")
    add(content, "y1")


@says("is a service's name")
def renamed_from_a_declared_service(content: Content) -> None:
    first, second, *_ = content["services"]
    content["services"][first]["renamed_from"] = second


@says("is a service's name")
def renamed_from_itself(content: Content) -> None:
    name = next(iter(content["services"]))
    content["services"][name]["renamed_from"] = name


@says("former name")
def two_renamed_from_one(content: Content) -> None:
    first, second = two(content)
    first["renamed_from"] = second["renamed_from"] = "before"


@says("waits 7 s")
def timeout_of_an_interval(content: Content) -> None:
    two(content)[0]["health_check"] = {"interval_seconds": 7, "timeout_seconds": 7}


@says("waits 5 s")
def interval_of_the_default_timeout(content: Content) -> None:
    two(content)[0]["health_check"] = {"interval_seconds": 5}


@says("asks every 30 s")
def timeout_above_the_default_interval(content: Content) -> None:
    two(content)[0]["health_check"] = {"timeout_seconds": 31}


@says("descends")
def matcher_range_descends(content: Content) -> None:
    two(content)[0]["health_check"] = {"matcher": "200,399-300"}


@says("is not a range")
def matcher_range_of_three(content: Content) -> None:
    two(content)[0]["health_check"] = {"matcher": "200-250-299"}


@says("the platform no user pool")
def login_without_a_user_pool(content: Content) -> None:
    make_of_kind(content, "existing")
    two(content)[0].pop("sign_in", None)
    two(content)[0]["login"] = True
    del content["platform"]["user_pool"]


@says("26 certificates")
def more_certificates_than_fit_with_one_replaced(content: Content) -> None:
    """Of those that stand, some may be served with the certificates of others."""
    content.pop("limits", None)
    services = content["services"]
    add_many(content, 25 + sum(not on_certificate(services, name) for name in services))


@says("51 target groups")
def more_services_than_the_group_takes(content: Content) -> None:
    content["limits"] = {"certificates_per_application_load_balancer": 100}
    add_many(content, 51)


@says("11 names on the certificate")
def more_hosts_than_a_certificate_takes(content: Content) -> None:
    content.pop("limits", None)
    add(content, "many", hosts=[f"{number}.{HOME}" for number in range(11)])


@says("listener rules")
def more_rules_than_the_listener_takes(content: Content) -> None:
    """The second rule of six hosts is one too many."""
    add(content, "six", hosts=[f"{number}.{HOME}" for number in range(6)])
    content["limits"] = {"rules_per_application_load_balancer": len(content["services"])}


@says("rules out of the load balancer")
def more_services_than_the_firewall_takes(content: Content) -> None:
    open_every_port(content)
    content["limits"] = {"rules_per_security_group": len(content["services"]) - 1}


@says("rules out of the load balancer")
def sign_in_port_that_the_firewall_does_not_take(content: Content) -> None:
    make_of_kind(content, "existing")
    two(content)[0].pop("sign_in", None)
    two(content)[0]["login"] = True
    content["platform"]["opens_sign_in_port"] = True
    open_every_port(content)
    content["limits"] = {"rules_per_security_group": len(content["services"])}


@says("does not open its port")
def port_that_nobody_opens(content: Content) -> None:
    make_of_kind(content, "managed")
    add(content, "closed", opens_port=False)
