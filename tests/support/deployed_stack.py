"""A deployed stack that is verified, changed behind Terraform's back, and verified again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from edge.verify.check import Result, Run
from edge.verify.checklist import verify
from edge.verify.clients import Clients
from edge.verify.endpoints import settings_from
from edge.verify.requests import Requests
from embedded_aws.data_plane.applications import key
from embedded_aws.data_plane.start import APPLICATIONS_FILE
from embedded_aws.process import LocalAws
from environments.checked import Environment
from tests.support.aws_calls import PROD, REGION
from tests.support.files import PROD_TOML

# The seed's three services, all of them this stack's own: Link, Admin with its sign-in, and App with a wildcard.
SEED_TOML = (
    PROD_TOML.read_text(encoding="utf-8").replace(
        'kind                         = "existing"',
        'kind = "existing"\nuser_pool = "v1-orcha-users"\nopens_sign_in_port = false',
    )
    + """
[services.admin]
port     = 7777
priority = 30
login    = true
hosts    = ["admin.prod.getorcha.com", "admin.getorcha.com"]

[services.app]
port     = 8888
priority = 40
hosts    = ["app.prod.getorcha.com", "*.app.prod.getorcha.com"]
"""
)


@dataclass(frozen=True)
class Stack:
    """The deployed stack, and what a test needs to look at it and to break it."""

    aws: LocalAws
    environment: Environment

    def verify(self, *services: str, **variables: str) -> list[Result]:
        """Verify some of the services, or all; nothing is asked twice. `variables` go before the embedded AWS's."""
        chosen = {name: self.environment.services[name] for name in services or self.environment.services}
        environment = self.environment.model_copy(update={"services": chosen})
        requests = Requests()
        run = Run(requests)
        clients = Clients.make(environment, self.aws.client, settings_from(self.aws.variables | variables), requests)
        verify(environment, run, clients)
        return run.results

    @property
    def account(self) -> str:
        return self.environment.accounts[self.environment.platform.account].id

    def client(self, service: str, account: str | None = None) -> Any:
        return self.aws.client(service, account or self.account, REGION)

    def load_balancer(self) -> dict[str, Any]:
        name = self.environment.load_balancer_name
        (found,) = self.client("elbv2").describe_load_balancers(Names=[name])["LoadBalancers"]
        return dict(found)

    def listener(self, port: int) -> dict[str, Any]:
        arn = self.load_balancer()["LoadBalancerArn"]
        listeners = self.client("elbv2").describe_listeners(LoadBalancerArn=arn)["Listeners"]
        return next(dict(listener) for listener in listeners if listener["Port"] == port)

    def rule(self, priority: int) -> dict[str, Any]:
        rules = self.client("elbv2").describe_rules(ListenerArn=self.listener(443)["ListenerArn"])["Rules"]
        return next(dict(rule) for rule in rules if rule["Priority"] == str(priority))

    def target_group(self, service: str) -> dict[str, Any]:
        groups = self.client("elbv2").describe_target_groups(Names=[f"{self.environment.prefix}-{service}-tg"])[
            "TargetGroups"
        ]
        return dict(groups[0])

    def instance_ids(self) -> list[str]:
        (group,) = self.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        return [instance["InstanceId"] for instance in group["Instances"]]

    def certificate_arn(self, host: str) -> str:
        """Find the certificate whose primary name is this host."""
        found = self.client("acm").list_certificates()["CertificateSummaryList"]
        return next(str(finding["CertificateArn"]) for finding in found if finding["DomainName"] == host)

    @contextmanager
    def answers(self, port: int, path: str, **answer: str | int) -> Iterator[None]:
        """Let what runs on the instances answer something else meanwhile."""
        file = self.aws.folder / APPLICATIONS_FILE
        before = file.read_text(encoding="utf-8")
        content = json.loads(before)
        answers = content[key(PROD, REGION, port)]
        answers[path] = {**answers.get(path, {}), **answer}
        file.write_text(json.dumps(content), encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(before, encoding="utf-8")

    def document(self, port: int) -> dict[str, Any]:
        """Give the OAuth document that the application on a port serves."""
        content = json.loads((self.aws.folder / APPLICATIONS_FILE).read_text(encoding="utf-8"))
        document: dict[str, Any] = json.loads(
            content[key(PROD, REGION, port)]["/.well-known/oauth-authorization-server"]["body"]
        )
        return document
