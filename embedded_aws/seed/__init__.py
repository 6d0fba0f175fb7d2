"""What stands before the first deploy: hosted zones, the state bucket, and the platform as CDK left it.

A zone or a platform that an environment makes itself does not stand yet.

Several environments share one server. What they name in common, a zone or a whole platform, is made once. Everything is
made with boto3 calls, as another tool would: moto's CloudFormation skips what it does not know.
"""

from collections.abc import Sequence
from typing import Any

from embedded_aws import accounts
from embedded_aws.accounts import ClientFor
from embedded_aws.seed import zones
from embedded_aws.seed.cdk_services import names_of
from embedded_aws.seed.client_secrets import make_client_secrets
from embedded_aws.seed.instances import make_fleet
from embedded_aws.seed.load_balancer import make_balancer
from embedded_aws.seed.network import make_network
from embedded_aws.seed.permissions_boundaries import make_boundary
from embedded_aws.seed.user_pool import make_users
from environments.backend import Backend
from environments.checked import Environment
from environments.platforms import ExistingPlatform


def make(environments: Sequence[Environment], client: ClientFor, *, with_buckets: bool = True) -> None:
    """Make what the environments expect to find; `client` reaches each account of an empty embedded AWS."""
    zones.make_zones(accounts.standing_zones(environments), client, accounts.zone_ids(environments))
    buckets = {environment.backend.bucket: environment for environment in environments if environment.backend}
    for environment in buckets.values() if with_buckets else ():
        make_bucket(environment, client)
    for environment in environments:
        make_client_secrets(environment, client)
        make_boundary(environment, client)
    for environment in _distinct_platforms(environments):
        make_platform(environment, client)


def make_bucket(environment: Environment, client: ClientFor) -> None:
    """Make the bucket that holds the Terraform state, versioned, in the backend's account."""
    backend = environment.backend
    if backend is None:
        return
    account = environment.accounts[backend.account or environment.platform.account]
    s3 = client("s3", account.id, backend.region)
    s3.create_bucket(Bucket=backend.bucket, **_location(backend))
    s3.put_bucket_versioning(Bucket=backend.bucket, VersioningConfiguration={"Status": "Enabled"})


def _location(backend: Backend) -> dict[str, Any]:
    """Name the bucket's region; S3's first region must not be named (API_CreateBucket, LocationConstraint)."""
    first = backend.region == "us-east-1"
    return {} if first else {"CreateBucketConfiguration": {"LocationConstraint": backend.region}}


def _distinct_platforms(environments: Sequence[Environment]) -> list[Environment]:
    """List one environment for each platform that CDK made: account, region and load balancer tell them apart."""
    distinct = {
        (
            environment.accounts[environment.platform.account].id,
            environment.region,
            environment.load_balancer_name,
        ): environment
        for environment in reversed(environments)
        if isinstance(environment.platform, ExistingPlatform)
    }
    return list(reversed(distinct.values()))


def make_platform(environment: Environment, client: ClientFor) -> None:
    """Make one platform, in the order in which its parts need each other."""
    account_id = environment.accounts[environment.platform.account].id

    def here(service: str) -> Any:
        return client(service, account_id, environment.region)

    topic = here("sns").create_topic(Name=names_of(environment).alert_topic)["TopicArn"]
    here("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="alerts@example.com")
    users = make_users(environment, here)
    network = make_network(environment, here)
    target_groups = make_balancer(environment, here, client, network=network, users=users)
    make_fleet(environment, here, network=network, target_groups=target_groups)
