"""AWS as the checks ask it: read-only calls, each noted as a request."""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

from edge.aws.sessions import ClientOf
from edge.aws.survey.acm_lists import KEY_TYPES
from edge.verify import record_pages
from edge.verify.check import CheckFailedError
from edge.verify.noted_clients import NotedClients, every
from edge.verify.read_once import ReadOnce
from edge.verify.requests import Requests
from environments import naming
from environments.checked import Environment
from environments.dns_names import canonical
from environments.schema import Account
from environments.text import listed

_GLOBAL = "us-east-1"


class AwsClient:
    """Asks the accounts of one environment.

    What the checks of every service build on, such as the listener's rules, is read once, and again as soon as a check
    fails and is to be asked again. Every method raises botocore's errors; what is not there raises CheckFailedError.
    """

    def __init__(self, environment: Environment, client_of: ClientOf, requests: Requests) -> None:
        self._environment, self._clients = environment, NotedClients(client_of, requests)
        self._once = ReadOnce(requests).ask

    @cached_property
    def _platform_account(self) -> Account:
        return self._environment.accounts[self._environment.platform.account]

    def client(self, service: str, account: Account | None = None) -> Any:
        """Give a client in an account, by default the platform's; each call is noted."""
        account = account or self._platform_account
        return self._clients.client(service, account.id, _GLOBAL if service == "route53" else self._environment.region)

    def zone_account(self, zone: str) -> tuple[str, Account]:
        """Give the name and the settings of the account that holds a declared zone."""
        name = self._environment.zones[zone].account
        return name, self._environment.accounts[name]

    def hosted_zones(self, zone: str) -> dict[str, tuple[str, ...]]:
        """Give the name servers of each public hosted zone of a name by its id; of the declared id alone, if any."""
        return self._once(lambda: self._hosted_zones(zone), "hosted zones", zone)

    def _hosted_zones(self, zone: str) -> dict[str, tuple[str, ...]]:
        _, account = self.zone_account(zone)
        route53 = self.client("route53", account)
        ids = [
            hosted["Id"].rpartition("/")[2]
            for hosted in route53.list_hosted_zones_by_name(DNSName=zone, MaxItems="100")["HostedZones"]
            if canonical(hosted["Name"]) == zone and not hosted["Config"]["PrivateZone"]
        ]
        wanted = self._environment.zones[zone].id
        sets = {id: route53.get_hosted_zone(Id=id)["DelegationSet"] for id in ids if wanted in (None, id)}
        return {id: tuple(sorted(map(canonical, delegation["NameServers"]))) for id, delegation in sets.items()}

    def records(self, zone: str) -> list[dict[str, Any]]:
        """List the record sets of a declared zone."""
        route53, id = self._zone(zone)
        return every(route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=id)

    def records_below(self, zone: str, name: str) -> list[dict[str, Any]]:
        """List the record sets at and below a name of a declared zone."""
        return list(record_pages.below(*self._zone(zone), name))

    def _zone(self, zone: str) -> tuple[Any, str]:
        """Give a client in the account of a declared zone, and the only hosted zone's id."""
        ids = self.hosted_zones(zone)
        if len(ids) != 1:
            raise self.not_one(zone, ids, ())
        (id,) = ids
        return self.client("route53", self.zone_account(zone)[1]), id

    def not_one(self, zone: str, found: Mapping[str, tuple[str, ...]], delegated: tuple[str, ...]) -> CheckFailedError:
        """Say that an account holds no public hosted zone of a name, or several, and to which of them DNS leads."""
        account, _ = self.zone_account(zone)
        id = self._environment.zones[zone].id
        if not found:
            with_id = f" with the id {id}" if id else ""
            what = "the id or the account" if id else "its account"
            message = f"account {account} holds no public hosted zone {zone}{with_id}"
            return CheckFailedError(message, f"make it, or correct {what} in [zones]")
        leads = {id: " (the parent delegates to it)" for id, servers in found.items() if servers == delegated}
        ids = listed(f"{id}{leads.get(id, '')}" for id in found)
        message = f"account {account} holds {len(found)} public hosted zones {zone}, not one: {ids}"
        this = next(iter(leads), "Z…")
        return CheckFailedError(message, f'say which in [zones]: {{ account = "{account}", id = "{this}" }}')

    def load_balancer(self) -> dict[str, Any]:
        """Describe the environment's load balancer."""
        return self._once(self._load_balancer, "load balancer")

    def _load_balancer(self) -> dict[str, Any]:
        name = self._environment.load_balancer_name
        elbv2 = self.client("elbv2")
        try:
            (found,) = elbv2.describe_load_balancers(Names=[name])["LoadBalancers"]
        except elbv2.exceptions.LoadBalancerNotFoundException:
            message = f"there is no load balancer {name} in account {self._platform_account.id}"
            raise CheckFailedError(message, "correct the name or the account in [platform]") from None
        return dict(found)

    def listeners(self, load_balancer_arn: str) -> list[dict[str, Any]]:
        """List the listeners of a load balancer."""
        question = partial(every, self.client("elbv2"), "describe_listeners", "Listeners")
        return self._once(lambda: question(LoadBalancerArn=load_balancer_arn), "listeners", load_balancer_arn)

    def listener(self, load_balancer_arn: str, *, port: int) -> dict[str, Any]:
        """Describe the listener on a port."""
        found = [listener for listener in self.listeners(load_balancer_arn) if listener["Port"] == port]
        if not found:
            message = f"the load balancer has no listener on port {port}"
            raise CheckFailedError(message, f"make the listener on port {port} again")
        return found[0]

    def rules(self, load_balancer_arn: str, *, port: int) -> list[dict[str, Any]]:
        """List the rules of the listener on a port, as they are asked: by priority, the default one last."""
        return self.rules_of(self.listener(load_balancer_arn, port=port)["ListenerArn"])

    def rules_of(self, listener_arn: str) -> list[dict[str, Any]]:
        """List the rules of a listener, as they are asked."""
        question = partial(every, self.client("elbv2"), "describe_rules", "Rules", ListenerArn=listener_arn)
        return self._once(lambda: sorted(question(), key=_priority), "rules", listener_arn)

    def target_group(self, arn: str) -> dict[str, Any]:
        """Describe a target group."""
        listed = self.target_groups(self.load_balancer()["LoadBalancerArn"])
        found = next((group for group in listed if group["TargetGroupArn"] == arn), None)
        return found or dict(self.client("elbv2").describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0])

    def target_groups(self, load_balancer_arn: str) -> list[dict[str, Any]]:
        """List the target groups to which a load balancer's rules forward."""
        question = partial(every, self.client("elbv2"), "describe_target_groups", "TargetGroups")
        return self._once(lambda: question(LoadBalancerArn=load_balancer_arn), "target groups", load_balancer_arn)

    def target_health(self, arn: str) -> list[dict[str, Any]]:
        """List the targets of a target group, each with its state."""
        question = self.client("elbv2").describe_target_health
        return self._once(lambda: list(question(TargetGroupArn=arn)["TargetHealthDescriptions"]), "target health", arn)

    def instances(self, ids: list[str]) -> list[dict[str, Any]]:
        """Describe instances."""
        return self._once(lambda: self._instances(ids), "instances", *ids)

    def _instances(self, ids: list[str]) -> list[dict[str, Any]]:
        pages = self.client("ec2").get_paginator("describe_instances").paginate(InstanceIds=ids)
        return [
            instance for page in pages for reservation in page["Reservations"] for instance in reservation["Instances"]
        ]

    def security_group_rules(self, groups: list[str]) -> list[dict[str, Any]]:
        """List the rules of security groups."""
        return self._once(lambda: self._security_group_rules(groups), "security-group rules", *groups)

    def _security_group_rules(self, groups: list[str]) -> list[dict[str, Any]]:
        paginator = self.client("ec2").get_paginator("describe_security_group_rules")
        pages = paginator.paginate(Filters=[{"Name": "group-id", "Values": groups}])
        return [rule for page in pages for rule in page["SecurityGroupRules"] if rule["GroupId"] in groups]

    def certificates(self, hosts: tuple[str, ...]) -> list[dict[str, Any]]:
        """Describe the certificates that name any of the hosts; by default ACM lists only those with RSA keys."""
        question = partial(every, self.client("acm"), "list_certificates", "CertificateSummaryList")
        listed = self._once(lambda: question(Includes={"keyTypes": list(KEY_TYPES)}), "certificates")
        described = [self.certificate(certificate["CertificateArn"]) for certificate in listed]
        return [item for item in described if set(hosts) & {item["DomainName"], *item["SubjectAlternativeNames"]}]

    def certificate(self, arn: str) -> dict[str, Any]:
        """Describe one certificate."""
        question = self.client("acm").describe_certificate
        return self._once(lambda: dict(question(CertificateArn=arn)["Certificate"]), "certificate", arn)

    def alarms(self) -> list[dict[str, Any]]:
        """List the alarms that are named as the environment's, of all its services."""
        question = partial(every, self.client("cloudwatch"), "describe_alarms", "MetricAlarms")
        return self._once(lambda: question(AlarmNamePrefix=f"{self._environment.prefix}-"), "alarms")

    def user_pool(self) -> dict[str, Any]:
        """Describe the environment's user pool."""
        pool_name, cognito = self._environment.user_pool_name, self.client("cognito-idp")
        pools = every(cognito, "list_user_pools", "UserPools", MaxResults=60)
        pool_id = _only(pools, "Name", pool_name, f"user pool {pool_name}", "Id")
        return dict(cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"])

    def sign_in(self, name: str) -> dict[str, Any]:
        """Describe the sign-in of a service: `domain`, `client_id`, `callbacks`, and the whole `client`."""
        pool, cognito = self.user_pool(), self.client("cognito-idp")
        if not (pool.get("Domain") or pool.get("CustomDomain")):
            raise CheckFailedError(f"{pool['Name']} has no sign-in pages", "make its domain again; deploy again")
        client_name = naming.user_pool_client_name(prefix=self._environment.prefix, service=name)
        clients = every(cognito, "list_user_pool_clients", "UserPoolClients", UserPoolId=pool["Id"], MaxResults=60)
        client_id = _only(clients, "ClientName", client_name, f"user pool client {client_name}", "ClientId")
        client = cognito.describe_user_pool_client(UserPoolId=pool["Id"], ClientId=client_id)["UserPoolClient"]
        prefixed = f"{pool.get('Domain')}.auth.{self._environment.region}.amazoncognito.com"
        return {
            "domain": pool.get("CustomDomain") or prefixed,
            "client_id": client_id,
            "callbacks": client.get("CallbackURLs", []),
            "client": dict(client),
        }


def _priority(rule: dict[str, Any]) -> float:
    return float("inf") if rule["Priority"] == "default" else int(rule["Priority"])


def _only(things: list[dict[str, Any]], key: str, name: str | None, what: str, wanted: str) -> str:
    found = [thing[wanted] for thing in things if thing[key] == name]
    if len(found) != 1:
        raise CheckFailedError(f"there are {len(found)} of {what}, not one", "correct [platform], or deploy again")
    return str(found[0])
