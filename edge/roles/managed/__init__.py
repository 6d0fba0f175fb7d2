"""A platform that the environment makes itself: what a plan reads of it, and what a deploy may make and change."""

from edge.roles.documents import Statement
from edge.roles.home import Home
from edge.roles.managed import alerts, balancer, instances, logs, network, users
from edge.roles.services import Shared
from environments.platforms import ManagedPlatform


def shared(home: Home) -> Shared:
    """Name what services share; the user pool's id is not known before, so that its tags bind it."""
    return Shared(
        load_balancer=home.name("alb"),
        autoscaling_group=home.name("asg"),
        alert_topic=home.name("alerts"),
        user_pool=users.pools(home)[0],
        user_pool_tags=home.ours,
    )


def reads(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let a plan compare the platform with what stands."""
    return [
        *network.reads(home),
        *balancer.reads(home, settings),
        *logs.reads(home),
        *instances.reads(home),
        *users.reads(home),
        *alerts.reads(home, settings),
    ]


def writes(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let a deploy make, change and remove the platform."""
    return [
        *network.writes(home),
        *balancer.writes(home, settings),
        *logs.writes(home, settings),
        *instances.writes(home, settings),
        *users.writes(home),
        *alerts.writes(home, settings),
    ]
