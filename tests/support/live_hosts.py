"""The hosts of the live service whose names come, go and change places, and the file that says so."""

from tests.support.files import PROD_TOML

TOML = PROD_TOML.read_text(encoding="utf-8")
PRIMARY, SHORT = "link.prod.getorcha.com", "link.getorcha.com"
NEW_PRIMARY, THIRD = "start.prod.getorcha.com", "go.getorcha.com"


def with_hosts(*hosts: str) -> str:
    """Give production's file with other hosts; the first is the primary one."""
    listed = ", ".join(f'"{host}"' for host in hosts)
    return TOML.replace(f'["{PRIMARY}", "{SHORT}"]', f"[{listed}]")
