"""What a plan means for clients, in the words of a person who must approve it."""

import pytest

from edge.review.render_markdown import markdown
from edge.review.screen import screen
from edge.review.served import Serving, starts_and_stops, together
from tests.support.reviewing import Plan, changed_review, resource, stored_review


def after_meaning(name: str) -> str:
    return "\n".join(stored_review(name).meaning)


def test_a_host_of_which_another_service_takes_some_paths_does_not_move() -> None:
    assert stored_review("login_path_opened").meaning[0] == (
        "app (admin.staging.getorcha.com, app.staging.getorcha.com): app.staging.getorcha.com from now on only at "
        "/assets/*; admin.staging.getorcha.com is served here too at /assets/*, beside admin; seconds without service "
        "for what stays are not known, see the risks."
    )


def test_a_service_that_gets_all_paths_back_says_so() -> None:
    def swap(content: Plan) -> None:
        change = resource(content, "aws_lb_listener_rule.app")["change"]
        change["before"], change["after"] = change["after"], change["before"]

    (line,) = (text for text in changed_review("login_path_opened", swap).meaning if text.startswith("app"))
    assert "app.staging.getorcha.com from now on at every path" in line
    assert "admin.staging.getorcha.com moves to admin" in line


@pytest.mark.parametrize(
    ("before", "after", "phrase"),
    [
        (["/a"], ["/a", "/b"], "from now on also at /b"),
        (["/a", "/b"], ["/a"], "no longer at /b"),
        (["/a", "/b"], ["/a", "/c"], "from now on only at /a, /c"),
        (["/a"], ["/*"], "from now on at every path"),
        (["/*"], ["/a"], "from now on only at /a"),
    ],
)
def test_other_paths_are_said_by_what_clients_notice(before: list[str], after: list[str], phrase: str) -> None:
    sides = (
        Serving({"app": ("a.com",)}, {("app", "a.com"): frozenset(paths)}, frozenset()) for paths in (before, after)
    )
    assert list(starts_and_stops("app", *sides)) == [f"a.com {phrase}"]


def test_paths_that_are_not_known_yet_are_not_said_to_change() -> None:
    before = Serving({"app": ("a.com",)}, {("app", "a.com"): frozenset({"/a"})}, frozenset())
    after = Serving({"app": ("a.com",)}, {}, frozenset())
    assert list(starts_and_stops("app", before, after)) == []


def test_a_host_of_which_others_serve_the_rest_is_named_with_its_paths() -> None:
    serving = Serving({"docs": ("a.com",)}, {("docs", "a.com"): frozenset({"/docs"})}, frozenset({"docs"}))
    assert serving.shown("docs", "a.com") == "a.com at /docs"
    assert serving.shown("app", "b.com") == "b.com"


def test_services_without_hosts_are_not_written_by_a_pattern() -> None:
    assert together({f"s{number}": () for number in range(9)}) == ", ".join(f"s{number}" for number in range(9))


def test_hosts_that_move_together_are_named_together() -> None:
    assert "link.getorcha.com, link.prod.getorcha.com move here from link;" in after_meaning("renamed_without_moved")


def test_hosts_of_a_zone_that_goes_are_found_no_more() -> None:
    assert stored_review("zone_destroyed").meaning[0] == (
        "admin.staging.getorcha.com, app.staging.getorcha.com, link.staging.getorcha.com: clients no longer find them, "
        "since staging.getorcha.com goes."
    )


def test_a_rule_of_no_declared_service_is_called_so() -> None:
    assert (
        "any (*.prod.getorcha.com): starts, without a sign-in, though the environment file does not declare it."
        in stored_review("shadowed_rule").meaning
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("destroy_all", "link (link.getorcha.com, link.prod.getorcha.com): each stops."),
        ("staging_first_deploy", "link (link.staging.getorcha.com): each starts, without a sign-in."),
        ("staging_first_deploy", "admin (admin.staging.getorcha.com): starts, for those who sign in."),
        ("staging_first_deploy", "link.staging.getorcha.com: is made."),
        (
            "login_added",
            "Who may enter docs.getorcha.com, docs.prod.getorcha.com: those who sign in; elsewhere as before.",
        ),
        ("without_create_before_destroy", "seconds without service for what stays are not known, see the risks."),
        ("second_factor_off", "The platform, which serves admin.staging.getorcha.com, app.staging.getorcha.com,"),
        ("second_factor_off", "link.staging.getorcha.com: 0 s without service."),
        ("ttl_raised", "docs.prod.getorcha.com): 0 s without service."),
        ("world_open", "link.prod.getorcha.com): 0 s without service."),
        ("user_pool_replaced", "seconds without service are not known"),
        ("instances_reached", "seconds without service are not known"),
        ("record_misled", "seconds without service are not known"),
    ],
)
def test_effects_are_whole_sentences(name: str, words: str) -> None:
    assert words in after_meaning(name)


def test_many_services_alike_name_their_zones_once() -> None:
    many = {f"s{number}": (f"s{number}.a.com", f"s{number}.b.com") for number in (10, 9, 2, 1, 3, 4, 5, 6, 7)}
    assert together(many) == "9 services, each at NAME.a.com and NAME.b.com (s1, s2, s3, s4, s5, s6, s7, s9, s10)"
    assert together({**many, "x": ("y.a.com",)}).startswith("s10 (s10.a.com, s10.b.com), s9 (")
    assert together({"a": ("a.com",), "b": ()}) == "a (a.com), b"


# What came besides


def besides(name: str) -> tuple[str, ...]:
    return screen(stored_review(name)).besides


def test_what_others_did_is_said_with_its_effect_and_with_what_the_plan_does_about_it() -> None:
    found = besides("drift_ignored")
    assert found[0].endswith("threshold 2 → 30 (account prod); this plan sets it back.")
    assert found[1] == (
        "record docs.getorcha.com (CNAME) was removed outside Terraform: clients no longer find the name "
        "(account management); this plan makes it again."
    )
    assert found[2].endswith("(account management); this plan leaves it so.")


def test_what_an_earlier_deploy_left_is_named() -> None:
    assert besides("deposed") == (
        "From an earlier deploy that did not finish: what is left of an earlier target group of link "
        "(v1-orcha-link-tg).",
        "Nothing else: every change follows from the environment file.",
    )


def test_a_destroy_does_not_follow_from_the_file() -> None:
    assert besides("destroy_all") == ("Nothing: the plan removes everything.",)


# The risks' sentences


def test_a_service_that_may_be_renamed_hears_of_renamed_from() -> None:
    sentences = [risk.sentence for risk in stored_review("renamed_without_moved").risks if risk.kind == "HANDOVER"]
    hint = '. If services.go is services.link under another name, write renamed_from = "link" in it'
    assert [text.endswith(hint) for text in sentences] == [True]
    assert "renamed_from" not in markdown(stored_review("host_moved"))


def test_values_that_the_configuration_does_not_set_are_said_together() -> None:
    (risk,) = (risk for risk in stored_review("rule_redirected").risks if risk.kind == "UNEXPLAINED")
    assert risk.sentence.count("action.redirect.") == 4
    assert risk.sentence.endswith(", of which it sets none")


def test_blocks_without_an_address_are_words() -> None:
    assert "| to be fixed | the list of imports is not what prod.imports.toml says |" in markdown(
        stored_review("imported")
    )
    assert "<summary>Changed code adds the list of imports</summary>" in markdown(stored_review("imported"))
    assert "the list of resources to be released is not what prod.released.toml says" in markdown(
        stored_review("forget")
    )
