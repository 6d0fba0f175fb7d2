"""Environments for tests: files of their own below `tests/`, and variations of them.

The files in `environments/` and `deploy/`, and `policy/waivers.toml`, are the user's. What they say, and how they are
called, is not ours to know: no test reads them but `test_users_files.py`.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from environments.checked import Environment
from environments.compose import text_for_user_data
from environments.loader import ENVIRONMENTS_DIR
from environments.schema import EnvironmentFile

OWN = Path(__file__).resolve().parents[1]  # laid out as the project is, as far as the app looks for files
ROOT = OWN.parent
ENGINE = OWN / "engine"
ENVIRONMENTS = OWN / "environments"
PROD_TOML = ENVIRONMENTS / "prod.toml"
MANAGED_TOML_FILE = ENVIRONMENTS / "staging.toml"
COMPOSE_FILE = OWN / "deploy" / "docker-compose.yml"
WAIVERS = OWN / "policy" / "waivers.toml"
_USERS = re.compile(r"environments/[^/]+\.toml|deploy/.+|policy/waivers\.toml")

# A staging whose platform CDK made, as prod's is: one account, local state.
STAGING_TOML = """
prefix = "v1-orcha-staging"
region = "eu-central-1"

[accounts.staging]
id      = "333333333333"
profile = "orcha-staging"

[zones]
"staging.getorcha.com" = "staging"

[platform]
kind                         = "existing"
account                      = "staging"
load_balancer                = "v1-orcha-staging-alb"
load_balancer_security_group = "v1-orcha-staging-alb-sg"
instance_security_group      = "v1-orcha-staging-ec2-sg"
autoscaling_group            = "v1-orcha-staging-asg"
alert_topic                  = "v1-orcha-staging-alerts"

[services.link]
port     = 9999
priority = 20
hosts    = ["link.staging.getorcha.com"]
"""

# A service that signs in at a provider of somebody else's.
OIDC_SERVICE = """
[services.board]
port     = 7790
priority = 60
hosts    = ["board.prod.getorcha.com", "board.getorcha.com"]
[services.board.sign_in]
kind                    = "oidc"
issuer                  = "https://id.example.com/tenant"
authorization_endpoint  = "https://id.example.com/tenant/oauth2/authorize"
token_endpoint          = "https://api.example.com/oauth2/token"
user_info_endpoint      = "https://api.example.com/oauth2/userinfo"
client_id               = "orcha-board"
client_secret_parameter = "/orcha/prod/board/oidc-client-secret"
scope                   = "openid email"
"""

# Every optional part: both sign-ins, apex, wildcard, seven hosts, a second generation, a third account by its role, and
# a service that takes some paths of another one's hosts.
EVERYTHING_TOML = (
    PROD_TOML.read_text(encoding="utf-8")
    .replace("[zones]\n", '[zones]\n"orcha.example" = "brand"\n')
    .replace('kind                         = "existing"', 'kind = "existing"\nuser_pool = "v1-orcha-users"')
    + """
[accounts.brand]
id       = "444444444444"
role_arn = "arn:aws:iam::444444444444:role/deploy"

[services.app]
port         = 8888
priority     = 15
hosts        = ["link.prod.getorcha.com", "link.getorcha.com"]
paths        = ["/api/*", "/v?/status"]
health_check = { path = "/api/health" }

[services.desk]
port     = 7780
priority = 30
login    = true
hosts    = ["desk.prod.getorcha.com", "desk.getorcha.com"]

[services.web]
port               = 8890
priority           = 40
generation         = 2
slow_start_seconds = 60
stickiness_seconds = 3600
hosts              = [
    "web.prod.getorcha.com",
    "*.web.prod.getorcha.com",
    "getorcha.com",
    "www.getorcha.com",
    "orcha.example",
    "www.orcha.example",
    "shop.orcha.example",
]
"""
    + OIDC_SERVICE
)


def read_own_files() -> None:
    """Point the app at the tests' own environments, in this process and in all that it starts."""
    os.environ[ENVIRONMENTS_DIR] = str(ENVIRONMENTS)


def is_users(path: str) -> bool:
    """Tell whether a file of the repository is the user's to change, rename and remove; `path` begins at the root."""
    return _USERS.fullmatch(path) is not None


def prod() -> dict[str, Any]:
    """Read the production environment, for a test to change."""
    return tomllib.loads(PROD_TOML.read_text(encoding="utf-8"))


def environment_of(toml: str, name: str = "prod") -> Environment:
    """Validate the text of an environment file."""
    return environment(tomllib.loads(toml), name)


def environment(content: dict[str, Any], name: str = "prod") -> Environment:
    """Validate the content of an environment file."""
    file = EnvironmentFile.model_validate({**content, "name": name})
    return Environment.of(file, compose_file=text_for_user_data(COMPOSE_FILE))


def managed() -> dict[str, Any]:
    """Read the staging environment, which makes its platform itself, for a test to change."""
    return tomllib.loads(MANAGED_TOML_FILE.read_text(encoding="utf-8"))
