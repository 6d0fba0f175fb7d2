"""A platform that the environment makes itself, and the hosted zones that it creates."""

from collections.abc import Iterator

from environments.aws_limits import CERTIFICATE_FIRST_NAME_MAX_CHARACTERS
from environments.dns_names import base_name, parent
from environments.faults import Fault, dotted
from environments.platforms import ManagedPlatform
from environments.rules.rule import Rule, certificate_names, fault, hosts, named, repeated
from environments.schema import EnvironmentFile
from environments.text import shown

# "You can't use aws, amazon, or cognito in the domain prefix":
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
RESERVED_IN_SIGN_IN_DOMAINS = ("amazon", "aws", "cognito")

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
RESERVED_STARTS = {"internal-": "load balancer's name", "sg-": "security group's name"}


def _sizes_ascend(environment: EnvironmentFile) -> Iterator[Fault]:
    if isinstance(environment.platform, ManagedPlatform):
        smallest, largest = environment.platform.instances.min_size, environment.platform.instances.max_size
        if smallest > largest:
            problem = f"{smallest} is above platform.instances.max_size of {largest}; lower it, or raise that"
            yield fault("platform.instances.min_size", problem, "platform.instances.max_size")


def _prefix_begins_as_aws_takes_it(environment: EnvironmentFile) -> Iterator[Fault]:
    """Load balancers' names and security groups' begin with the prefix on a platform that is made here."""
    for start, what in RESERVED_STARTS.items():
        if isinstance(environment.platform, ManagedPlatform) and environment.prefix.startswith(start):
            problem = f"{shown(environment.prefix)} begins with {start}, which AWS takes for no {what}; choose another"
            yield fault("prefix", problem, "platform.kind")


def _emails_are_distinct(environment: EnvironmentFile) -> Iterator[Fault]:
    if isinstance(environment.platform, ManagedPlatform):
        emails = environment.platform.alert_emails
        for number, email in enumerate(emails):
            first = emails.index(email)
            if first != number:
                path = dotted("platform", "alert_emails", first)
                yield fault(
                    dotted("platform", "alert_emails", number), f"{shown(email)} is also {path}; keep one", path
                )


def _sign_in_domain_is_allowed(environment: EnvironmentFile) -> Iterator[Fault]:
    domain = environment.sign_in_domain or ""
    for word in RESERVED_IN_SIGN_IN_DOMAINS:
        if word in domain:
            problem = f"{shown(domain)} holds {word}, which Cognito takes in no sign-in domain"
            yield fault("platform.login.domain_prefix", f"{problem}; give another one", "prefix")
            return


def _load_balancer_has_a_name_of_its_own(environment: EnvironmentFile) -> Iterator[Fault]:
    """Demand a zone in the platform's account, in which the load balancer's default certificate is proven."""
    if not isinstance(environment.platform, ManagedPlatform):
        return
    name = environment.default_certificate_name
    if name is None:
        account = environment.platform.account
        problem = f'has no zone of account "{account}", in which the load balancer proves its certificate; add one'
        yield fault("zones", problem, "platform.account", "accounts")
    elif len(name) > CERTIFICATE_FIRST_NAME_MAX_CHARACTERS:
        problem = (
            f"the load balancer's own name {shown(name)} has {len(name)} characters, and a certificate takes "
            f"{CERTIFICATE_FIRST_NAME_MAX_CHARACTERS}; shorten the prefix, or put a shorter zone first"
        )
        yield fault("prefix", problem, "zones")


def _load_balancers_name_is_no_host(environment: EnvironmentFile) -> Iterator[Fault]:
    """Refuse a host with the name of the default certificate: both would write one validation record."""
    for path, _, host in (*hosts(environment), *certificate_names(environment)):
        if base_name(host) == environment.default_certificate_name:
            problem = f"{named(host)} is the load balancer's own name, made of the prefix and the zone; use another"
            yield fault(path, problem, "prefix", "zones", "platform.account")


def _created_zones_have_a_parent(environment: EnvironmentFile) -> Iterator[Fault]:
    """Demand the zone that delegates to a zone made here: without it no resolver finds it, and no certificate comes."""
    for zone, declared in environment.zones.items():
        if declared.create and environment.find_parent(zone) is None:
            problem = (
                f"is made here, and no declared zone delegates to it; declare {shown(parent(zone))} with its account"
            )
            yield fault(dotted("zones", zone), f"{problem}, or make the zone by hand and drop create", "zones")


def _made_zones_have_no_id_yet(environment: EnvironmentFile) -> Iterator[Fault]:
    for zone, declared in environment.zones.items():
        if declared.create and declared.id is not None:
            problem = f"{shown(declared.id)} is the id of a zone that stands, and create makes one; remove one of them"
            yield fault(dotted("zones", zone, "id"), problem, dotted("zones", zone, "create"))


def _zones_have_an_id_of_their_own(environment: EnvironmentFile) -> Iterator[Fault]:
    ids = {zone: declared.id for zone, declared in environment.zones.items() if declared.id is not None}
    for zone, other in repeated(ids):
        path = dotted("zones", other, "id")
        yield fault(dotted("zones", zone, "id"), f"{shown(ids[zone])} is also {path}; correct one of them", path)


RULES: tuple[Rule, ...] = (
    _sizes_ascend,
    _prefix_begins_as_aws_takes_it,
    _emails_are_distinct,
    _sign_in_domain_is_allowed,
    _load_balancer_has_a_name_of_its_own,
    _load_balancers_name_is_no_host,
    _created_zones_have_a_parent,
    _made_zones_have_no_id_yet,
    _zones_have_an_id_of_their_own,
)
