"""The plans of staging, which makes its platform itself: what holds data, or carries everything, is changed or goes."""

from tests.engine.plans import attacks, edits
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
ADMIN_HOST, APP_HOST = '["admin.staging.getorcha.com"]', '["app.staging.getorcha.com"]'
BOTH_HOSTS = '["app.staging.getorcha.com", "admin.staging.getorcha.com"]'
LOGIN = "login    = true\n"
NO_LOGIN = changed(TOML, LOGIN, "")
OPTIONAL = changed(TOML, LOGIN, 'sign_in = { kind = "cognito", on_unauthenticated_request = "allow" }\n')
MOVED = changed(changed(TOML, ADMIN_HOST, '["console.staging.getorcha.com"]'), APP_HOST, BOTH_HOSTS)
PATH_OPENED = changed(TOML, APP_HOST, f'{BOTH_HOSTS}\npaths    = ["/assets/*"]')
LOWERED = changed(
    changed(TOML, "min_size      = 2", "min_size      = 1"),
    "[services.app]\n",
    '[platform.login]\nmfa = "optional"\nsession_timeout_seconds = 604800\n\n[services.app]\n',
)
ENVIRONMENT = environment_of(TOML, "staging")

BY_FILE = (
    Scenario(name="staging_no_change", toml=TOML),
    Scenario(name="staging_new_service", toml=TOML + BILLING),
    Scenario(name="instances_changed", toml=NEW_IMAGE),
    Scenario(name="deletion_protection_lifted", toml=UNPROTECTED),
    Scenario(name="zone_destroyed", toml=LOOKED_UP_ZONE),
    Scenario(name="network_replaced", toml=changed(TOML, "10.30.0.0/16", "10.31.0.0/16")),
    Scenario(name="login_dropped", toml=NO_LOGIN),
    Scenario(name="login_host_moved", toml=MOVED),
    Scenario(name="login_path_opened", toml=PATH_OPENED),
    Scenario(name="sign_in_optional", toml=OPTIONAL),
    Scenario(name="guards_lowered", toml=LOWERED),
)

BY_OPTION = (Scenario(name="listener_replaced", toml=TOML, options=("-replace=aws_lb_listener.https_443",)),)

BY_EDIT = (
    Scenario(name="network_changed", toml=TOML, edit=edits.network_changed),
    Scenario(name="load_balancer_replaced", toml=TOML, edit=edits.load_balancer_replaced),
    Scenario(name="user_pool_protection_lifted", toml=TOML, edit=edits.user_pool_protection_lifted),
    Scenario(name="user_pool_replaced", toml=TOML, edit=edits.user_pool_replaced),
    Scenario(name="bucket_destroyed", toml=TOML, edit=edits.bucket_destroyed),
    Scenario(name="callback_elsewhere", toml=TOML, edit=attacks.callback_elsewhere),
    Scenario(name="second_factor_off", toml=TOML, edit=attacks.second_factor_off),
)

STAGING_WORLD = World(
    name="staging",
    expecting=ENVIRONMENT,
    stages=(
        Stage(scenarios=(Scenario(name="staging_first_deploy", toml=TOML),)),
        Stage(deploy=TOML, scenarios=BY_FILE + BY_OPTION + BY_EDIT),
    ),
)
