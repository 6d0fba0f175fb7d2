"""`edge release`: which addresses are a service's, the file of what is let go, and what the stack makes of it."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from edge.cli.exits import BadInputError
from edge.plan.errors import RefusedError
from edge.release.addresses import addresses_of
from edge.release.releasing import Release
from edge.review.closed_world import trespasses
from edge.review.code_changes import Code, Comparison
from edge.review.reviewing import review
from edge.terraform.runner import Terraform
from environments import released_file
from environments.checked import Environment
from environments.faults import InvalidEnvironmentError
from environments.loader import load, load_all, names
from tests.support.authorization.examples import EXAMPLES
from tests.support.files import PROD_TOML, environment_of
from tests.support.reviewing import environment as environment_of_plan
from tests.support.reviewing import plan
from tests.support.synthesizing import synthesize

ADDRESSES = ["aws_lb_target_group.link", "aws_route53_record.link_getorcha_com"]
RIGHT = released_file.text("prod", {"gone": ADDRESSES})


def made_by(environment: Environment) -> set[str]:
    """List the addresses that a stack makes."""
    made = synthesize(environment).get("resource", {})
    return {f"{kind}.{name}" for kind, named in made.items() for name in named if name != "//"}


def without(environment: Environment, service: str) -> Environment:
    others = {name: settings for name, settings in environment.services.items() if name != service}
    return environment.model_copy(update={"services": others})


# Which addresses


@pytest.mark.parametrize("name", ["prod", "everything", "staging"])
def test_a_service_is_all_that_a_plan_without_it_would_destroy(name: str) -> None:
    environment, asked = EXAMPLES[name], 0
    standing = made_by(environment)
    for service in environment.services:
        try:
            found = addresses_of(environment, service, standing)
        except RefusedError:
            continue
        assert set(found) == standing - made_by(without(environment, service))
        asked += 1
    assert asked


def test_a_service_that_shares_a_host_does_not_go_alone() -> None:
    shared = PROD_TOML.read_text(encoding="utf-8") + (
        '\n[services.docs]\nport = 9997\npriority = 15\npaths = ["/docs/*"]\nhosts = ["link.getorcha.com"]\n'
    )
    environment = environment_of(shared)
    for service, other in (("link", "docs"), ("docs", "link")):
        with pytest.raises(
            RefusedError, match=rf"services\.{service} shares the host link\.getorcha\.com with {other},"
        ):
            addresses_of(environment, service, made_by(environment))


# The file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "prod.toml").write_text(PROD_TOML.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("ENVIRONMENTS_DIR", str(tmp_path))
    return tmp_path


def test_the_file_is_read_with_its_environment_and_is_none_itself(folder: Path) -> None:
    (folder / "prod.released.toml").write_text(RIGHT, encoding="utf-8")
    assert names() == ("prod",)
    (environment,) = load_all()
    assert environment.released == {"gone": tuple(ADDRESSES)}
    assert environment.let_go == tuple(ADDRESSES)
    assert tomllib.loads(RIGHT)["environment"] == "prod"


FAULTS = {
    'environment = "staging"\n[released]': 'environment: names "staging", and the file\'s name says prod; write',
    "[released]": "prod.released.toml: environment: is missing, and the file's name says prod; write the file again",
    'environment = "prod"': "prod.released.toml: released: is not a table of services and their addresses; write",
    'environment = "prod"\n[released]\na = "b"': "prod.released.toml: released.a: is not a list of addresses of resou",
    'environment = "prod"\n[released]\na = ["b"]': "prod.released.toml: released.a: is not a list of addresses of res",
    'environment = "prod"\n[released]\na = [1]': "prod.released.toml: released.a: is not a list of addresses of reso",
    'environment = "prod"\n[released]\nlink = ["aws_lb.a"]': (
        "prod.released.toml: released.link: is still a service of prod.toml; remove [services.link] and its tables"
    ),
    'environment = "prod"\nmore = 1\n[released]': "prod.released.toml: more: is not a key of such a file; write",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_faulty_file_is_one_line_with_its_place(folder: Path, text: str) -> None:
    (folder / "prod.released.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidEnvironmentError) as error:
        load_all()
    assert FAULTS[text] in str(error.value)
    assert "\n" not in str(error.value)


def test_the_stack_forgets_what_the_file_names_and_is_otherwise_the_same() -> None:
    plain = without(EXAMPLES["prod"], "link")
    before, after = (
        synthesize(one) for one in (plain, plain.model_copy(update={"released": {"link": tuple(ADDRESSES)}}))
    )
    assert after.pop("removed") == [
        {"from": "aws_lb_target_group.link", "lifecycle": {"destroy": False}},
        {"from": "aws_route53_record.link_getorcha_com", "lifecycle": {"destroy": False}},
    ]
    assert after == before


@pytest.mark.parametrize("block", [[], [{"from": "aws_lb.a", "lifecycle": {"destroy": False}}], "aws_lb.a"])
def test_a_configuration_that_lets_go_anything_else_is_refused(block: Any) -> None:
    environment = without(EXAMPLES["prod"], "link").model_copy(update={"released": {"link": tuple(ADDRESSES)}})
    right = synthesize(environment)
    assert trespasses(right, environment) == ()
    (found,) = trespasses({**right, "removed": block}, environment)
    assert (found.address, found.problem) == ("removed", "is not what prod.released.toml says")


def test_a_thing_that_is_destroyed_when_it_is_let_go_is_refused() -> None:
    environment = without(EXAMPLES["prod"], "link").model_copy(update={"released": {"link": tuple(ADDRESSES)}})
    content = synthesize(environment)
    content["removed"][0]["lifecycle"]["destroy"] = True
    assert [found.address for found in trespasses(content, environment)] == ["removed"]


# The command


class Holding(Terraform):
    """Terraform with a state that holds some addresses."""

    def __init__(self, addresses: list[str]) -> None:
        super().__init__(Path(), {})
        self.addresses = addresses

    def pull(self) -> str:
        resources = [
            {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": {}}]}
            for kind, _, name in (address.partition(".") for address in self.addresses)
        ]
        return json.dumps({"version": 4, "lineage": "a", "serial": 1, "resources": resources})


def release(folder: Path, addresses: list[str], service: str) -> tuple[int, str, Path]:
    (environment,) = load(["prod"])
    output: list[str] = []
    file = folder / "prod.released.toml"
    code = Release(environment, Holding(addresses), output.append, file, "prod.released.toml").run(service)
    return code, "\n".join(output), file


def test_it_writes_what_the_state_holds_of_the_service(folder: Path) -> None:
    code, output, file = release(folder, [*ADDRESSES, "aws_lb.other"], "link")
    assert (code, tomllib.loads(file.read_text(encoding="utf-8"))["released"]) == (0, {"link": ADDRESSES})
    assert "Remove [services.link] and its tables from prod.toml" in output


def test_while_the_state_holds_some_of_it_the_file_stays(folder: Path) -> None:
    (folder / "prod.released.toml").write_text(RIGHT, encoding="utf-8")
    code, output, file = release(folder, ADDRESSES[:1], "")
    assert (code, output, file.exists()) == (
        1,
        "The state still holds aws_lb_target_group.link; deploy prod first.",
        True,
    )


@pytest.mark.parametrize("service", ["", "gone"])
def test_once_the_state_holds_none_of_it_the_file_goes(folder: Path, service: str) -> None:
    (folder / "prod.released.toml").write_text(RIGHT, encoding="utf-8")
    code, output, file = release(folder, ["aws_lb.other"], service)
    assert (code, file.exists()) == (0, False)
    assert output == "The state holds nothing of what prod.released.toml lets go; it is removed. Commit that."


@pytest.mark.parametrize(
    ("service", "addresses", "sentence"),
    [
        ("lnik", ADDRESSES, "prod has no service lnik; choose one of link"),
        ("", ADDRESSES, "Name the service, as in `edge release prod link`"),
        ("link", ["aws_lb.other"], r"The state holds nothing of services\.link; remove \[services\.link\] from the"),
    ],
)
def test_what_cannot_be_released_is_one_sentence(
    folder: Path, service: str, addresses: list[str], sentence: str
) -> None:
    with pytest.raises(BadInputError, match=sentence):
        release(folder, addresses, service)
    assert not (folder / "prod.released.toml").exists()


# The review


def test_a_review_asks_once_for_a_service_that_is_let_go_and_says_what_stays() -> None:
    """A stored plan that removes a service, as it would be with the released file beside its environment's."""
    content = plan("removed_service")
    gone = [change for change in content["resource_changes"] if change["change"]["actions"] == ["delete"]]
    for change in gone:
        change["change"]["actions"] = ["forget"]
    (service,) = {change["name"].partition("_")[0] for change in gone if change["type"] == "aws_lb_target_group"}
    addresses = tuple(sorted(change["address"] for change in gone))
    letting_go = environment_of_plan("removed_service").model_copy(update={"released": {service: addresses}})
    made = synthesize(letting_go)
    found = review(content, letting_go, Code(made, Comparison.of("main", made, made)))
    assert {risk.kind for risk in found.risks} == {"FORGET"}
    assert len(found.risks) == len(gone)
    assert {risk.group_id for risk in found.risks} == {f"FORGET:services.{service}"}
    assert (found.exit_code, found.accepting([f"FORGET:services.{service}"]).exit_code) == (1, 0)
    sentences = [line.sentence for line in found.lines if line.address in addresses]
    assert len(sentences) == len(gone)
    assert all("is left as it is, and Terraform no longer knows it" in sentence for sentence in sentences)
