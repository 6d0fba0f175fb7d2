"""What the demonstration says of the services beside the new one."""

from edge.aws.inventory import Thing
from edge.demo import pages
from edge.demo.others import as_before
from edge.verify.neighbour_hosts import Answer, Question
from tests.support.files import environment, prod

SIGN_IN = "https://users.auth.eu-central-1.amazoncognito.com/oauth2/authorize"


def found(*answers: tuple[str, Answer]) -> list[str]:
    return list(as_before({Question(host, "/", "rule 5"): answer for host, answer in answers}))


def test_each_is_named_with_its_status_and_a_sign_in_as_such() -> None:
    assert found(
        ("admin.x.org", Answer(302, location=SIGN_IN)),
        ("app.x.org", Answer(200)),
        ("old.x.org", Answer(301, location="https://app.x.org/")),
        ("gone.x.org", Answer(None, reason="no connection")),
    ) == [
        "Others answer as before: admin.x.org 302 to its sign-in, app.x.org 200, old.x.org 301, gone.x.org",
        "  nothing.",
    ]


def test_a_platform_of_its_own_has_none_beside_it() -> None:
    assert found() == []


def test_many_hosts_are_several_lines_and_no_name_is_broken() -> None:
    lines = found(*((f"a-rather-long-name-{n}.x.org", Answer(200)) for n in range(9)))
    assert max(map(len, lines)) <= 100
    assert sum(line.count(".x.org") for line in lines) == 9


def test_a_validation_record_is_named_by_what_it_is_for() -> None:
    names = ("_c83e6c6ecce95733762a7319a7fca58f.link.prod.getorcha.com", "link.prod.getorcha.com")
    things = [Thing("prod", kind, name, "") for kind, name in zip(("record CNAME", "record A"), names, strict=True)]
    first, *_ = pages.inventory(environment(prod()), things)
    assert first == "New in account prod (111111111111): record CNAME for ACM; record A link.prod.getorcha.com"
