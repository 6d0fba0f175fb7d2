"""Breaches of the rules of paths, made on purpose in a right environment, and values that are no lists of paths."""

from typing import Any

from tests.unit.properties.additions import HOME, Content, add, says

NO_PATHS: list[Any] = [
    *(
        "",
        "a",
        "*",
        "a/b",
        " /a",
        "/a b",
        "/a\n",
        "/é",
        "/%20",
        "/a&b",
        "/a=b",
        "/a#b",
        "/${a}",
        "/a;b",
        "/a\\",
        "/[a]",
    ),
    *("/" + "a" * 128, "/???????", "/*/*/*/*/*/*/*/", "/a\x00", "/a\u200b", "/a,b", "/(a)", "/a!"),
]
PATH_VALUES: list[Any] = [
    *([], {}, "/a", 5, [5], [["/a"]], [None], ["/a", "/a"], ["/*"], ["/", "/?*"], ["/?", "/??*", "/"]),
    *([path] for path in NO_PATHS),
]


@says("a request for one.new.example/api/v2/* goes to one")
def path_asked_after_one_that_covers_it(content: Content) -> None:
    add(content, "one", paths=["/api/*"], priority=7001)
    add(content, "two", hosts=[f"one.{HOME}"], paths=["/api/v2/*"], priority=7002)


@says("a request for one.new.example/api/* goes to one")
def path_asked_after_the_whole_host(content: Content) -> None:
    add(content, "one", priority=7001)
    add(content, "two", hosts=[f"one.{HOME}"], paths=["/api/*"], priority=7002)


@says("a request for a.deep.new.example/api/v? goes to any")
def path_asked_after_a_wildcard_that_covers_it(content: Content) -> None:
    add(content, "any", hosts=[f"any.{HOME}", f"*.deep.{HOME}"], paths=["/a*"], priority=7001)
    add(content, "two", hosts=[f"a.deep.{HOME}"], paths=["/api/v?"], priority=7002)


@says("and three declares one.new.example")
def path_that_two_services_take_together(content: Content) -> None:
    add(content, "one", paths=["/api/"], priority=7001)
    add(content, "two", hosts=[f"one.{HOME}"], paths=["/api/?*"], priority=7002)
    add(content, "three", hosts=[f"one.{HOME}"], paths=["/api/*"], priority=7003)


@says("priority 7003 is taken")
def third_priority_of_a_service_with_paths(content: Content) -> None:
    add(content, "six", hosts=[f"{number}.{HOME}" for number in range(6)], paths=["/1", "/2", "/3"], priority=7001)
    add(content, "one", priority=7003)


@says("needs a rule with 7 wildcards")
def more_wildcards_than_a_rule_takes(content: Content) -> None:
    add(content, "any", hosts=[f"any.{HOME}", f"*.any.{HOME}"], paths=["/???", "/*/*/*"])


@says("clients of two come back from a sign-in to one")
def two_sign_ins_on_one_host(content: Content) -> None:
    if content["platform"]["kind"] == "existing":
        content["platform"]["user_pool"] = "people"
    add(content, "one", paths=["/one/*"], login=True, priority=7001)
    add(content, "two", hosts=[f"one.{HOME}"], login=True, priority=7002)


@says("the document of one is asked for at one.new.example, and two answers")
def document_that_another_service_takes(content: Content) -> None:
    add(content, "one", oauth_discovery=True, priority=7002)
    add(content, "two", hosts=[f"one.{HOME}"], paths=["/.well-known/*"], priority=7001)


@says("the document of one is asked for at one.new.example, and None answers")
def document_at_none_of_the_paths(content: Content) -> None:
    add(content, "one", paths=["/api/*"], oauth_discovery=True)


@says("itself or as a wildcard, stands in")
def a_wildcard_owned_by_another_service_than_its_base_name(content: Content) -> None:
    add(content, "one", priority=7002)
    add(content, "two", hosts=[f"one.{HOME}", f"*.one.{HOME}"], paths=["/api/*"], priority=7001)
