"""The plans of production: two services on a platform that CDK made, changed in every way."""

from tests.engine.plans import attacks, edits
from tests.engine.plans.making import Scenario, Stage, World, changed
from tests.support import manual_changes
from tests.support.files import PROD_TOML, environment_of

LINK = PROD_TOML.read_text(encoding="utf-8")
DOCS = """
[services.docs]
port     = 9100
priority = 30
hosts    = ["docs.prod.getorcha.com", "docs.getorcha.com"]
"""
BOTH = LINK + DOCS
BILLING = """
[services.billing]
port     = 9200
priority = 40
hosts    = ["billing.prod.getorcha.com"]
"""
ALARMS = """
[services.docs.alarms]
latency_p95_seconds = 0.5
"""
RAISED_LIMIT = """
[limits]
certificates_per_application_load_balancer = 51
"""
HEALTH_CHECK = 'path = "/health"'
PRIMARY, SHORT = '"link.prod.getorcha.com"', '"link.getorcha.com"'

WITH_USER_POOL = changed(BOTH, "[services.link]\n", 'user_pool = "v1-orcha-users"\n\n[services.link]\n')
WITH_LOGIN = changed(WITH_USER_POOL, "= 9100", "= 9100\nlogin = true")
WITH_THIRD_HOST = changed(BOTH, f", {SHORT}", f', {SHORT}, "go.getorcha.com"')
SHORT_OF_DOCS_MOVED = changed(
    changed(BOTH, ', "docs.getorcha.com"', ""), f", {SHORT}", f', {SHORT}, "docs.getorcha.com"'
)
SECOND_GENERATION = changed(BOTH, "= 9999", "= 9998\ngeneration = 2")
SWAPPED = changed(BOTH, "= 20", "= 30").replace(DOCS, DOCS.replace("= 30", "= 20"))
RENAMED = BOTH.replace("[services.link", "[services.go")


def one_of_many(number: int) -> str:
    """Write a service with a host in each account."""
    hosts = f'"s{number}.prod.getorcha.com", "s{number}.getorcha.com"'
    return f"\n[services.s{number}]\nport = {9100 + number}\npriority = {100 + number}\nhosts = [{hosts}]\n"


FROM_NOTHING = (
    Scenario(name="first_deploy", toml=LINK),
    Scenario(name="fifty_services", toml=LINK + RAISED_LIMIT + "".join(map(one_of_many, range(1, 50)))),
)

BY_FILE = (
    Scenario(name="no_change", toml=BOTH),
    Scenario(name="new_service", toml=BOTH + BILLING),
    Scenario(name="removed_service", toml=LINK),
    Scenario(name="san_added", toml=WITH_THIRD_HOST),
    Scenario(name="san_removed", toml=changed(BOTH, f", {SHORT}", "")),
    Scenario(name="host_moved", toml=SHORT_OF_DOCS_MOVED),
    Scenario(name="primary_replaced", toml=changed(BOTH, PRIMARY, '"start.prod.getorcha.com"')),
    Scenario(name="port_with_generation", toml=SECOND_GENERATION),
    Scenario(name="port_without_generation", toml=changed(BOTH, "= 9999", "= 9998")),
    Scenario(name="priority_changed", toml=changed(BOTH, "= 20", "= 21")),
    Scenario(name="priority_swap", toml=SWAPPED),
    Scenario(name="renamed_service", toml=changed(RENAMED, "[services.go]", '[services.go]\nrenamed_from = "link"')),
    Scenario(name="renamed_without_moved", toml=RENAMED),
    Scenario(name="login_added", toml=WITH_LOGIN),
    Scenario(name="alarms_changed", toml=BOTH + ALARMS),
    Scenario(name="settings_changed", toml=changed(BOTH, HEALTH_CHECK, 'path = "/ready"\ninterval_seconds = 10')),
)

BY_OPTION = (
    Scenario(name="destroy_all", toml=BOTH, options=("-destroy",)),
    Scenario(name="targeted", toml=BOTH + BILLING, options=("-target=aws_lb_target_group.billing",)),
)

BY_EDIT = (
    Scenario(name="alarm_removed", toml=BOTH, edit=edits.alarm_removed),
    Scenario(name="imported", toml=BOTH, edit=edits.imported),
    Scenario(name="foreign_record", toml=BOTH, edit=edits.foreign_record),
    Scenario(name="foreign_record_changed", toml=BOTH, edit=edits.foreign_record_changed),
    Scenario(name="world_open", toml=BOTH, edit=edits.world_open),
    Scenario(name="shadowed_rule", toml=BOTH, edit=edits.shadowed_rule),
    Scenario(name="read_at_apply", toml=BOTH, edit=edits.read_at_apply),
    Scenario(name="forget", toml=BOTH, edit=edits.forget),
    Scenario(name="record_misled", toml=BOTH, edit=attacks.record_misled),
    Scenario(name="alias_misled", toml=BOTH, edit=attacks.alias_misled),
    Scenario(name="ttl_raised", toml=BOTH, edit=attacks.ttl_raised),
    Scenario(name="rule_misrouted", toml=BOTH, edit=attacks.rule_misrouted),
    Scenario(name="rule_redirected", toml=BOTH, edit=attacks.rule_redirected),
    Scenario(name="instances_reached", toml=BOTH, edit=attacks.instances_reached),
    Scenario(name="alarm_redirected", toml=BOTH, edit=attacks.alarm_redirected),
    Scenario(name="alarm_deafened", toml=BOTH, edit=attacks.alarm_deafened),
    Scenario(name="without_create_before_destroy", toml=WITH_THIRD_HOST, edit=edits.without_create_before_destroy),
)

PROD_WORLD = World(
    name="prod",
    expecting=environment_of(WITH_USER_POOL),
    stages=(
        Stage(scenarios=FROM_NOTHING),
        Stage(deploy=BOTH, by_hand=manual_changes.made, scenarios=BY_FILE + BY_OPTION + BY_EDIT),
        Stage(
            by_hand=manual_changes.altered,
            scenarios=(
                Scenario(name="drift_only", toml=BOTH),
                Scenario(name="drift", toml=changed(BOTH, HEALTH_CHECK, 'path = "/ready"')),
            ),
        ),
        Stage(by_hand=manual_changes.unproven, scenarios=(Scenario(name="drift_ignored", toml=BOTH),)),
        Stage(by_hand=manual_changes.holding, scenarios=()),
        Stage(
            deploy=SECOND_GENERATION,
            stops=True,
            scenarios=(Scenario(name="deposed", toml=SECOND_GENERATION),),
        ),
    ),
)
