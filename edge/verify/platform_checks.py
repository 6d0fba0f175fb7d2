"""What is read of the zones, the load balancer and the instances as wholes, beside asking each host."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from edge.verify.check import Outcome
from edge.verify.clients import Clients
from edge.verify.resolution import LoadBalancer
from edge.verify.side_by_side import Lane, SideBySide
from edge.verify.standing import (
    bypass,
    exposure,
    fleet,
    guards,
    listener_certificates,
    network,
    records,
    rules,
    settings,
    topic,
    user_pool,
)
from environments.checked import Environment
from environments.partitions import partition_of
from environments.platforms import ManagedPlatform
from environments.sign_in import CognitoSignIn


class PlatformChecks:
    """The checks of one run that no single host is the subject of; `balancer` is what most of them begin with."""

    def __init__(
        self, environment: Environment, beside: SideBySide, clients: Clients, balancer: Outcome[LoadBalancer]
    ) -> None:
        self._environment, self._beside, self._aws, self._dns = environment, beside, clients.aws, clients.dns
        self._balancer, self._name = balancer, environment.load_balancer_name

    def check_the_instances(self) -> Lane[Outcome[list[str]]]:
        """Check the Auto Scaling group, and who reaches its instances; the value is the ids of those in service."""
        environment, aws = self._environment, self._aws
        name = environment.autoscaling_group_name
        ids = self._beside.ask(name, "Auto Scaling group", partial(fleet.scaling_group, environment, aws=aws))
        self._beside.ask(name, "instances", partial(fleet.instances, environment, aws=aws), after=[ids])
        self._beside.ask(name, "attachment", partial(fleet.attachment, environment, aws=aws))
        self._beside.ask(
            name, "exposure", lambda: exposure.exposure(environment, ids.value().value, aws=aws), after=[ids]
        )
        return ids

    def check_the_records(self, authority: Mapping[str, Outcome[Any]]) -> None:
        """Check the records of each zone in which hosts lie."""
        environment = self._environment
        for zone, outcome in authority.items():
            if any(environment.zone_of(host) == zone for host in environment.hosts):
                self._beside.ask(
                    zone,
                    "records",
                    partial(self._records, zone),
                    after=[outcome, self._balancer],
                )

    def _records(self, zone: str) -> Any:
        return records.records(self._environment, zone, self._balancer.value, aws=self._aws)

    def check_the_load_balancer(self, ids: Lane[Outcome[list[str]]]) -> None:
        """Check what clients of the load balancer can do beside what they should."""
        environment, aws, balancer = self._environment, self._aws, self._balancer
        self._beside.ask(
            self._name,
            "network",
            lambda: network.network(environment, balancer.value, ids.value().value, aws=aws),
            after=[balancer, ids],
        )
        questions = {
            "rules": lambda: rules.rules(environment, balancer.value.arn, aws=aws),
            "clients": lambda: exposure.clients(environment, balancer.value, aws=aws),
            "listener certificates": lambda: listener_certificates.served(
                environment, balancer.value.arn, dns=self._dns, aws=aws
            ),
            "settings": lambda: settings.settings(environment, balancer.value.arn, aws=aws),
            "TLS policy": lambda: guards.tls_policy(balancer.value.arn, aws=aws),
        }
        if bypass.guarded(environment):
            questions["bypass"] = lambda: bypass.bypass(environment, balancer.value.arn, aws=aws)
        platform = environment.platform
        if isinstance(platform, ManagedPlatform):
            questions["protection"] = lambda: guards.protection(environment, platform, balancer.value.arn, aws=aws)
            if platform.balancer.web_acl:
                questions["web ACL"] = lambda: guards.web_acl(environment, balancer.value.arn, aws=aws)
        for check, question in questions.items():
            self._beside.ask(self._name, check, question, after=[balancer])

    def check_who_signs_in_and_who_is_notified(self) -> None:
        """Check the user pool, where a service signs in by it, and the topic that alarms notify."""
        environment, aws = self._environment, self._aws
        sign_ins = [service.sign_in for service in environment.services.values()]
        if any(isinstance(sign_in, CognitoSignIn) for sign_in in sign_ins):
            question = partial(user_pool.user_pool, environment, aws=aws)
            self._beside.ask(str(environment.user_pool_name), "user pool", question)
        name = environment.alert_topic_name
        account = environment.accounts[environment.platform.account].id
        arn = f"arn:{partition_of(environment.region)}:sns:{environment.region}:{account}:{name}"
        self._beside.ask(name, "alert topic", partial(topic.alert_topic, environment, arn, aws=aws))
