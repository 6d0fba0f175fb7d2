"""The plans of staging, which makes its platform itself: what holds data, or carries everything, is changed or goes."""

from tests.engine.plans import edits
from tests.engine.plans.making import Scenario, Stage, World, changed
from tests.support.files import MANAGED_TOML_FILE, environment_of

TOML = MANAGED_TOML_FILE.read_text(encoding="utf-8")
BILLING = """
[services.billing]
port     = 9100
priority = 30
hosts    = ["billing.staging.getorcha.com", "billing.getorcha.com"]
"""
NEW_IMAGE = changed(TOML, "/orcha:2026.11.1", "/orcha:2026.11.2")
UNPROTECTED = changed(TOML, "[platform.balancer]\n", "[platform.balancer]\ndeletion_protection = false\n")
LOOKED_UP_ZONE = changed(TOML, '{ account = "staging", create = true }', '"staging"')
ENVIRONMENT = environment_of(TOML, "staging")

BY_FILE = (
    Scenario(name="staging_no_change", toml=TOML),
    Scenario(name="staging_new_service", toml=TOML + BILLING),
    Scenario(name="instances_changed", toml=NEW_IMAGE),
    Scenario(name="deletion_protection_lifted", toml=UNPROTECTED),
    Scenario(name="zone_destroyed", toml=LOOKED_UP_ZONE),
    Scenario(name="network_replaced", toml=changed(TOML, "10.30.0.0/16", "10.31.0.0/16")),
)

BY_OPTION = (Scenario(name="listener_replaced", toml=TOML, options=("-replace=aws_lb_listener.https_443",)),)

BY_EDIT = (
    Scenario(name="network_changed", toml=TOML, edit=edits.network_changed),
    Scenario(name="load_balancer_replaced", toml=TOML, edit=edits.load_balancer_replaced),
    Scenario(name="user_pool_protection_lifted", toml=TOML, edit=edits.user_pool_protection_lifted),
    Scenario(name="user_pool_replaced", toml=TOML, edit=edits.user_pool_replaced),
    Scenario(name="bucket_destroyed", toml=TOML, edit=edits.bucket_destroyed),
)

STAGING_WORLD = World(
    name="staging",
    expecting=ENVIRONMENT,
    stages=(
        Stage(scenarios=(Scenario(name="staging_first_deploy", toml=TOML),)),
        Stage(deploy=TOML, scenarios=BY_FILE + BY_OPTION + BY_EDIT),
    ),
)
