"""The hosts of the live service whose names come, go and change places, its neighbour, and the file that says so."""

from tests.support.files import PROD_TOML

TOML = PROD_TOML.read_text(encoding="utf-8")
PRIMARY, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
NEW_PRIMARY, THIRD = "start.prod.getorcha.com", "go.getorcha.com"
DOCS_HOSTS = ["docs.prod.getorcha.com", "docs.getorcha.com"]
WITH_DOCS = f"""{TOML}
[services.docs]
port     = 9100
priority = 30
hosts    = ["docs.prod.getorcha.com", "docs.getorcha.com"]
"""


def with_hosts(*hosts: str) -> str:
    """Give production's file with other hosts; the first is the primary one."""
    listed = ", ".join(f'"{host}"' for host in hosts)
    return TOML.replace(f'["{PRIMARY}", "{SHORT}"]', f"[{listed}]")
