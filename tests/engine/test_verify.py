"""`make verify` against one deployed stack: it passes as deployed, and names the cause of every fault seeded since."""

import json
import os
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dns.message
import dns.query
import pytest

from edge.aws.neighbours.model import Neighbours
from edge.aws.neighbours.reading import foreign_rule
from edge.demo.command import DemoError, verify_and_show
from edge.plan.neighbour_answers import beside_neighbours
from edge.verify import shell_commands
from edge.verify.check import Result
from edge.verify.endpoints import settings_from
from edge.verify.report import line
from edge.verify.severity import OF_CHECKS
from embedded_aws.process import LocalAws
from tests.engine.faults.changes import FIXED, conditions, forward, rule
from tests.engine.faults.fault import Fault, Harmless
from tests.engine.faults.table import HARMLESS, NEW, run_fault, run_harmless, sampled
from tests.engine.mutations import instances, listeners, names
from tests.support.deployed_stack import SEED_TOML, Stack
from tests.support.files import ROOT, environment_of
from tests.support.workspace import synthesize

pytestmark = pytest.mark.takes(minutes=2.5)

LINK, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
DISCOVERY = "/.well-known/oauth-authorization-server"
# In test_sign_in.py, in tests/unit/test_verify_sign_in.py, and of a managed platform in test_managed_platform.py.
ASKED_ELSEWHERE = {"identity provider", "answers", "protection", "web ACL"}
Mutation = Callable[[Stack], AbstractContextManager[None]]

# What is broken, the service that is verified, and how the first line that fails begins.
MUTATIONS: list[tuple[Mutation, str, str]] = [
    (names.host_record_missing, "link", f"{LINK}: resolves: {LINK} has no address; the record {LINK} is missing"),
    (names.short_host_missing, "link", f"{SHORT}: resolves: {SHORT} has no address; the record {SHORT} is missing"),
    (
        names.wildcard_record_missing,
        "app",
        "*.app.prod.getorcha.com: resolves: orcha-verify.app.prod.getorcha.com does not exist",
    ),
    (
        names.cname_to_a_wrong_name,
        "link",
        f"{SHORT}: resolves: lnik.prod.getorcha.com does not exist ({SHORT} -> lnik.prod.getorcha.com); the CNAME",
    ),
    (names.cname_loop, "link", f"{SHORT}: resolves: CNAME loop: {SHORT} -> loop.getorcha.com -> {SHORT}"),
    (
        names.alias_to_another_load_balancer,
        "link",
        f"{LINK}: resolves: {LINK} leads to 192.0.2.2, not to the load balancer at 192.0.2.1",
    ),
    (names.caa_forbids_amazon, "link", f"{LINK}: CAA: CAA at getorcha.com forbids Amazon: issue 'letsencrypt.org'"),
    (names.caa_forbids_wildcards, "app", "*.app.prod.getorcha.com: CAA: CAA at prod.getorcha.com forbids Amazon"),
    (
        names.delegation_to_other_name_servers,
        "link",
        "prod.getorcha.com: delegation: getorcha.com delegates prod.getorcha.com to ns1.example.net, ns2.example.net, "
        "not to our hosted zone",
    ),
    (
        names.delegation_missing,
        "link",
        "prod.getorcha.com: delegation: getorcha.com delegates prod.getorcha.com to nobody; set the NS record",
    ),
    (
        names.a_second_zone_of_the_same_name,
        "link",
        "prod.getorcha.com: delegation: account prod holds 2 public hosted zones prod.getorcha.com, not one: ",
    ),
    (names.validation_record_gone, "link", f"{SHORT}: renewal: the validation CNAME _"),
    (names.validation_record_with_another_value, "link", f"{LINK}: renewal: the validation CNAME _"),
    (
        listeners.no_sni_certificate,
        "link",
        f"{SHORT}: certificate: SNI {SHORT} gets a certificate for *.prod.getorcha.com, which does not cover it",
    ),
    (
        listeners.certificate_without_the_short_host,
        "link",
        f"{SHORT}: certificate: SNI {SHORT} gets a certificate for *.prod.getorcha.com, which does not cover it",
    ),
    (listeners.expired_certificate, "link", f"{LINK}: TLS: the certificate is not trusted: certificate has expired"),
    (listeners.certificate_about_to_expire, "link", f"{LINK}: expiry: the certificate expires in 10 days"),
    (listeners.certificate_that_acm_does_not_renew, "link", f"{LINK}: issued: arn:aws:acm:"),
    (listeners.no_redirect, "link", f"{LINK}: redirect: port 80 answers 200, and does not redirect to HTTPS"),
    (
        listeners.redirect_to_another_host,
        "link",
        f"{LINK}: redirect: port 80 redirects to https://www.getorcha.com:443/health?from=orcha-verify, not to",
    ),
    (
        listeners.redirect_to_the_front_page,
        "link",
        f"{LINK}: redirect: port 80 redirects to https://{LINK}:443/?from=orcha-verify, not to",
    ),
    (listeners.no_listener_on_port_80, "link", f"{LINK}: redirect: no answer from 192.0.2.1:80: Server disconnected"),
    (
        listeners.wrong_host_in_the_rule,
        "link",
        f"{SHORT}: routing: no listener rule takes {SHORT}, so that the default action answers",
    ),
    (
        listeners.rule_to_another_service,
        "link",
        f"{LINK}: routing: rule 20 takes {LINK} first and forwards to v1-orcha-app-tg, not to v1-orcha-link-tg",
    ),
    (
        listeners.rule_shadowed_by_a_higher_priority,
        "link",
        f"{LINK}: routing: rule 3 takes {LINK} first and does fixed-response, not to v1-orcha-link-tg",
    ),
    (
        listeners.another_document_on_the_short_host,
        "link",
        f"{SHORT}: OAuth discovery: https://{SHORT}{DISCOVERY} is another document than https://{LINK}{DISCOVERY}",
    ),
    (
        listeners.callback_missing,
        "admin",
        "admin.getorcha.com: sign-in: the user pool client takes no callback "
        "https://admin.getorcha.com/oauth2/idpresponse",
    ),
    (
        listeners.sign_in_as_another_client,
        "admin",
        "admin.prod.getorcha.com: sign-in: the sign-in has the wrong client_id",
    ),
    (listeners.no_sign_in, "admin", "admin.prod.getorcha.com: sign-in: it answers 200, and asks for no sign-in"),
    (instances.targets_deregistered, "link", "link: targets: no target is registered"),
    (instances.instances_stopped, "link", "link: targets: no target is healthy: unused, unused (Target.InvalidState)"),
    (
        instances.target_group_on_another_port,
        "link",
        f"{LINK}: routing: v1-orcha-link-tg sends to port 9998, and the service listens on 9999",
    ),
    (
        instances.missing_egress_rule,
        "link",
        "link: firewall: the load balancer's group lets no TCP 9999 out to the instances",
    ),
    (
        instances.missing_ingress_rule,
        "link",
        "link: firewall: the instances' group lets no TCP 9999 in from the load balancer",
    ),
    (instances.closed_to_clients, "link", f"{LINK}: TLS: no TLS connection to 192.0.2.1:443"),
    (
        instances.no_way_to_the_identity_provider,
        "admin",
        "admin: firewall: the load balancer's group lets no TCP 443 out, so that every sign-in ends in 500",
    ),
    (instances.health_500, "link", f"{LINK}: health: https://{LINK}/health answers 500, not 200"),
    (instances.discovery_404, "link", f"{LINK}: OAuth discovery: https://{LINK}{DISCOVERY} answers 404, not 200"),
    (
        instances.discovery_as_html,
        "link",
        f"{LINK}: OAuth discovery: https://{LINK}{DISCOVERY} is text/html, not application/json",
    ),
    (instances.discovery_not_json, "link", f"{LINK}: OAuth discovery: https://{LINK}{DISCOVERY} holds no JSON object"),
    (instances.discovery_a_list, "link", f"{LINK}: OAuth discovery: https://{LINK}{DISCOVERY} holds no JSON object"),
    (instances.wrong_issuer, "link", f'{LINK}: OAuth discovery: issuer is "https://{SHORT}", not "https://{LINK}"'),
    (
        instances.issuer_with_a_slash,
        "link",
        f'{LINK}: OAuth discovery: issuer is "https://{LINK}/", not "https://{LINK}"',
    ),
    (instances.issuer_over_http, "link", f'{LINK}: OAuth discovery: issuer is "http://{LINK}", not "https://{LINK}"'),
    (instances.token_endpoint_missing, "link", f"{LINK}: OAuth discovery: token_endpoint is missing"),
    (
        instances.token_endpoint_over_http,
        "link",
        f'{LINK}: OAuth discovery: token_endpoint is "http://{LINK}/oauth2/token", not a URL with https',
    ),
]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Deploy once for all questions."""
    environment = environment_of(SEED_TOML)
    with LocalAws.start([environment], lifetime_seconds=3600, plane=True) as aws:
        workspace = synthesize(SEED_TOML, name="prod", folder=tmp_path_factory.mktemp("verify"), aws=aws)
        workspace.apply()
        yield Stack(aws, environment)
        assert aws.last_words() == ""


@pytest.fixture(scope="module")
def as_deployed(stack: Stack) -> list[Result]:
    return stack.verify()


def not_passed(results: list[Result]) -> list[str]:
    return [line(result) for result in results if result.outcome != "passed"]


def test_what_was_deployed_serves(as_deployed: list[Result]) -> None:
    assert not_passed(as_deployed) == []


def test_every_host_is_asked_everything(stack: Stack, as_deployed: list[Result]) -> None:
    checks = {(result.subject, result.check) for result in as_deployed}
    for name, service in stack.environment.services.items():
        answers = {"sign-in"} if service.sign_in else {"health"}
        answers |= {"OAuth discovery"} if service.oauth_discovery else set()
        for host in service.hosts:
            expected = {"resolves", "CAA", "TLS", "certificate", "expiry", "redirect", "routing", *answers}
            assert {(host, check) for check in expected} <= checks
        assert {(name, "targets"), (name, "firewall"), (name, "certificates")} <= checks
    assert len(checks) == len(as_deployed), "no check is reported twice"


def test_a_client_meets_the_checks_in_this_order(as_deployed: list[Result]) -> None:
    order = [(result.subject, result.check) for result in as_deployed]
    places = [
        order.index(text)
        for text in (
            ("getorcha.com", "delegation"),
            ("prod.getorcha.com", "delegation"),
            ("v1-orcha-alb", "load balancer"),
            (LINK, "resolves"),
            (LINK, "TLS"),
            (LINK, "redirect"),
            (LINK, "routing"),
            ("link", "firewall"),
            (LINK, "health"),
            (LINK, "OAuth discovery"),
            (LINK, "renewal"),
        )
    ]
    assert places == sorted(places)


def test_the_page_lists_every_check(as_deployed: list[Result]) -> None:
    page = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
    table = page.partition("## What is checked")[2].partition("\n- ")[0]
    listed = re.findall(r"^\| `([\w -]+)` \|", table, re.MULTILINE)
    assert set(listed) == set(OF_CHECKS) == {result.check for result in as_deployed} | ASKED_ELSEWHERE


def test_every_request_that_a_check_lists_was_made(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted where the packets leave is what the results say."""
    made: list[str] = []  # which many threads add to

    def counting(kind: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            made.append(kind)
            return original(*arguments, **named)

        return call

    monkeypatch.setattr(dns.query, "udp_with_fallback", counting("dns", dns.query.udp_with_fallback))
    monkeypatch.setattr(socket, "create_connection", counting("connection", socket.create_connection))
    results = stack.verify("link")
    assert not_passed(results) == []
    assert all(result.requests for result in results)
    sent = [request for result in results for request in result.requests if not request.endswith(", as read before")]
    listed = Counter(request.split()[0] for request in sent)
    assert Counter(made) == {"dns": listed["dns"], "connection": listed["tls"] + listed["http"] + listed["https"]}
    assert listed["aws"] > 0


def test_without_a_network_nothing_passes_that_needs_one(stack: Stack, tmp_path: Path) -> None:
    routes = tmp_path / "routes.json"
    routes.write_text("{}", encoding="utf-8")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        silent.close()
        cut_off = {"ORCHA_VERIFY_DNS": f"127.0.0.1:{port}", "ORCHA_VERIFY_ROUTES": str(routes)}
        results = stack.verify("link", **cut_off)
    passed = {result.check for result in results if result.outcome == "passed"}
    of_aws_alone = {
        "certificates",
        "issued",
        "Auto Scaling group",
        "instances",
        "attachment",
        "exposure",
        "alert topic",
    }
    assert passed == of_aws_alone
    assert {result.outcome for result in results} == {"passed", "failed", "not asked"}


@pytest.mark.parametrize(
    ("mutation", "service", "expected"), MUTATIONS, ids=[mutation.__name__ for mutation, _, _ in MUTATIONS]
)
def test_a_seeded_fault_is_named_first(stack: Stack, mutation: Mutation, service: str, expected: str) -> None:
    with mutation(stack):
        results = stack.verify(service)
    first = next(line(result) for result in results if result.outcome != "passed")
    assert first.startswith(f"FAILED {expected}")


@pytest.mark.parametrize("row", sampled(NEW, "prod"), ids=lambda row: row.name)
def test_a_fault_of_the_table_is_named_with_its_severity(stack: Stack, row: Fault) -> None:
    assert run_fault(stack, row).problem == ""


@pytest.mark.parametrize("row", sampled(HARMLESS, "prod"), ids=lambda row: row.name)
def test_a_harmless_change_raises_no_alarm(stack: Stack, row: Harmless) -> None:
    assert run_harmless(stack, row).problem == ""


def test_the_mutations_are_many_and_each_is_in_the_table() -> None:
    defined = {
        var
        for module in (names, listeners, instances)
        for name, var in vars(module).items()
        if callable(var) and not name.startswith("_") and getattr(var, "__module__", "") == module.__name__
    }
    assert {mutation for mutation, _, _ in MUTATIONS} == defined
    assert len(MUTATIONS) >= 25


def run_tool(stack: Stack, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environ = stack.aws.child_environment(os.environ)
    command = [sys.executable, "-m", "edge", "verify", "prod", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_exits_with_0_and_prints_json(stack: Stack) -> None:
    done = run_tool(stack, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(done.stdout)
    assert {result["outcome"] for result in results} == {"passed"}
    assert f"prod serves: all {len(results)} checks passed" in done.stderr


def test_only_the_chosen_severities_are_reported_and_judged(stack: Stack) -> None:
    with instances.health_500(stack):
        done = run_tool(stack, "--wait", "0", "--only", "security,operations", "--json")
    results = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {result["severity"] for result in results} == {"security", "operations"}
    assert {"exposure", "TLS policy", "alarms", "alert topic"} <= {result["check"] for result in results}


def test_the_command_exits_with_1_where_a_check_fails(stack: Stack) -> None:
    with instances.health_500(stack):
        done = run_tool(stack, "--wait", "0")
    assert done.returncode == 1
    assert f"FAILED {LINK}: health: https://{LINK}/health answers 500, not 200" in done.stdout
    assert "prod does not serve" in done.stderr
    assert "not passed: 2 outage;" in done.stderr


def test_the_demonstration_fails_where_a_check_fails(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    with instances.health_500(stack), pytest.raises(DemoError, match=r"prod does not serve: \d+ of \d+ checks"):
        verify_and_show(stack.environment, stack.aws, by_hand=False)
    assert "answers 500" in capsys.readouterr().out


def test_it_waits_for_what_is_warming_up(stack: Stack) -> None:
    """The fault is fixed while it waits."""
    environ = stack.aws.child_environment(os.environ)
    command = [sys.executable, "-m", "edge", "verify", "prod", "--wait", "60"]
    with instances.health_500(stack):
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for line in process.stdout:  # the line before the one that has to wait
            if "firewall" in line:
                break
    output, _ = process.communicate(timeout=100)
    assert process.returncode == 0, output


def test_the_lines_to_check_by_hand_work(stack: Stack, as_deployed: list[Result]) -> None:
    settings = settings_from(stack.aws.variables)
    link = stack.environment.model_copy(update={"services": {"link": stack.environment.services["link"]}})
    lines = list(shell_commands.lines(link, settings, as_deployed))
    assert [item.split()[0] for item in lines] == ["dig", "curl", "curl"] * 2
    for item in lines:
        words = item.split()
        if words[0] == "dig":
            query = dns.message.make_query(words[-1], "A")
            answer = dns.query.udp(query, words[1].removeprefix("@"), timeout=5, port=int(words[3]))
            assert "192.0.2.1" in answer.to_text()
        else:
            done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=True)
            assert done.stdout.startswith("HTTP/1.1 200 OK")


def test_a_neighbour_that_answers_otherwise_after_an_apply_is_named(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an apply does is a call here: a rule that takes a neighbour's host away."""
    for name, value in stack.aws.child_environment(os.environ).items():
        monkeypatch.setenv(name, value)
    shop = conditions("shop.prod.getorcha.com")
    theirs = foreign_rule({"RuleArn": "x", "Priority": "80", "Conditions": shop, "Actions": [FIXED]}, {})
    folder: Any = SimpleNamespace(surveyed=lambda: Neighbours(rules=(theirs,)))
    elbv2, listener = stack.client("elbv2"), stack.listener(443)["ListenerArn"]

    def take() -> int:
        elbv2.create_rule(ListenerArn=listener, Priority=2, Conditions=shop, Actions=[forward(stack, "admin")])
        stack.client("elbv2").deregister_targets(**nobody)
        return 0

    group = stack.target_group("admin")["TargetGroupArn"]
    nobody = {"TargetGroupArn": group, "Targets": [{"Id": id} for id in stack.instance_ids()]}
    with rule(stack, 80, shop, FIXED):
        assert beside_neighbours(folder, stack.environment, lambda: 0, sleep=lambda _: None) == 0
        assert beside_neighbours(folder, stack.environment, take, sleep=lambda _: None) == 1
    elbv2.register_targets(**nobody)
    elbv2.delete_rule(RuleArn=stack.rule(2)["RuleArn"])
    before, after = capsys.readouterr().err.splitlines()
    assert before == "Hosts and paths of others that answer as before: 1 of 1."
    assert after.startswith("NEIGHBOUR shop.prod.getorcha.com/ (rule 80) answered 200, and now 503")


def test_after_all_that_it_serves_again(stack: Stack) -> None:
    """Last in this file: every mutation was undone, so that none was seen through another's fault."""
    assert not_passed(stack.verify()) == []
