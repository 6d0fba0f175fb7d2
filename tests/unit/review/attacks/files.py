"""The environment file alone, with trusted code: what it explains may still do harm, and then a rule of values asks.

Each plan changes what Terraform would change for that file, in the resources that matter here; the rest stands.
"""

from tests.unit.review.attacks import PROD, REFUSED, STAGING, Act, Attack, Desk, actions, after, both
from tests.unit.review.attacks.requests import ADMIN, ADMIN_HOST, APP, APP_HOST, LINK, hosts, login, only_forwards

LOGIN = "login    = true\n"
ADMIN_HOSTS, APP_HOSTS = f'["{ADMIN_HOST}"]', f'["{APP_HOST}"]'
CONSOLE = "console.staging.getorcha.com"
SHORT = ', "docs.getorcha.com"'
LOOKED_UP = "aws_lb_target_group.link"


def file(*changes: tuple[str, str]) -> Act:
    """Change texts of the environment file."""

    def act(desk: Desk) -> None:
        for old, new in changes:
            desk.write(old, new)

    return act


def taken_by_app(desk: Desk) -> None:
    """Move Admin's host to App, which asks for no sign-in."""
    file((ADMIN_HOSTS, f'["{CONSOLE}"]'), (APP_HOSTS, f'["{APP_HOST}", "{ADMIN_HOST}"]'))(desk)
    after(ADMIN, condition=hosts(CONSOLE))(desk)
    after(APP, condition=hosts(APP_HOST, ADMIN_HOST))(desk)


def taken_by_a_path(desk: Desk) -> None:
    """Let App, which is asked first, take some paths of Admin's host and of its own."""
    file((APP_HOSTS, f'["{APP_HOST}", "{ADMIN_HOST}"]\npaths    = ["/assets/*"]'))(desk)
    after(APP, condition=hosts(APP_HOST, ADMIN_HOST, path_pattern=["/assets/*"]))(desk)


def asks_nobody(desk: Desk) -> None:
    file((LOGIN, ""))(desk)
    only_forwards(desk)


def lets_through(desk: Desk) -> None:
    file((LOGIN, 'sign_in = { kind = "cognito", on_unauthenticated_request = "allow" }\n'))(desk)
    login(on_unauthenticated_request="allow")(desk)


def takes_a_short_name(desk: Desk) -> None:
    """Remove a host from the file and from its rule, and leave its record."""
    file((SHORT, ""))(desk)
    after("aws_lb_listener_rule.docs", condition=hosts("docs.prod.getorcha.com"))(desk)


def two_of_one_priority(desk: Desk) -> None:
    file(("priority = 20", "priority = 31"))(desk)
    after(LINK, priority=30)(desk)


ATTACKS = (
    Attack(name="file: a sign-in is dropped", desk=STAGING, act=asks_nobody, by=f"OPENED:{ADMIN}"),
    Attack(name="file: a sign-in is optional", desk=STAGING, act=lets_through, by=f"OPENED:{ADMIN}"),
    Attack(
        name="file: a host moves to a service without a sign-in", desk=STAGING, act=taken_by_app, by=f"OPENED:{APP}"
    ),
    Attack(name="file: a path moves to one", desk=STAGING, act=taken_by_a_path, by=f"OPENED:{APP}"),
    Attack(
        name="file: a host's record stays without a rule",
        desk=PROD,
        act=takes_a_short_name,
        by="UNROUTED:aws_lb_listener_rule.docs",
    ),
    Attack(name="file: the plan has another priority", desk=PROD, act=two_of_one_priority, by=f"PRIORITY:{LINK}"),
    Attack(
        name="file: deletion protection is lifted",
        desk=STAGING,
        act=both(
            file(("[platform.balancer]\n", "[platform.balancer]\ndeletion_protection = false\n")),
            after("aws_lb.load_balancer", enable_deletion_protection=False),
        ),
        by="UNPROTECTED:aws_lb.load_balancer#enable_deletion_protection",
    ),
    Attack(
        name="file: the web ACL goes",
        desk=STAGING,
        act=both(
            file(("web_acl         = true", "web_acl = false")),
            actions("aws_wafv2_web_acl_association.load_balancer", "delete"),
        ),
        by="DESTROY:aws_wafv2_web_acl_association.load_balancer",
    ),
    Attack(
        name="file: a plan of the file as it was",
        desk=PROD,
        act=file((SHORT, "")),
        by=REFUSED,
    ),
    Attack(
        name="file: another account under the same name",
        desk=PROD,
        act=file(('"222222222222"', '"999999999999"')),
        by=REFUSED,
    ),
    Attack(
        name="file: what the plan does not do",
        desk=PROD,
        act=both(file(("= 9999", "= 9998\ngeneration = 2")), after(LOOKED_UP, health_check__path="/other")),
        by=f"UNEXPLAINED:{LOOKED_UP}",
    ),
    Attack(
        name="file: a longer health check",
        desk=PROD,
        act=both(
            file(('path = "/health"', 'path = "/health"\nunhealthy_threshold = 10')),
            after(LOOKED_UP, health_check__unhealthy_threshold=10),
        ),
        harmless="the schema takes it, and whoever reviews the file sees it: a target is noticed later, not never",
    ),
    Attack(
        name="file: alarms at the edge of what the schema takes",
        desk=PROD,
        act=both(
            file(("priority = 30", "priority = 30\nalarms = { error_share_percent = 100 }")),
            after(
                "aws_cloudwatch_metric_alarm.docs_5xx",
                threshold=100,
                alarm_description="Docs answers more than 100 % of its requests with an error of its own",
            ),
        ),
        harmless="the schema takes it, and whoever reviews the file sees it",
    ),
)
