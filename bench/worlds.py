"""The environments that are measured: of as many services and files as are asked for, and no other difference."""

from pathlib import Path

_FILE = """
prefix = "{name}"
region = "eu-central-1"

[backend]
bucket = "{name}-state"
key    = "edge.tfstate"
region = "eu-central-1"

[accounts.prod]
id      = "111111111111"
profile = "prod"

[accounts.management]
id      = "222222222222"
profile = "management"

[zones]
"{name}.prod.example.com" = "prod"
"{name}.example.com"      = "management"

[platform]
kind                         = "existing"
account                      = "prod"
load_balancer                = "{name}-alb"
load_balancer_security_group = "{name}-alb-sg"
instance_security_group      = "{name}-ec2-sg"
autoscaling_group            = "{name}-asg"
alert_topic                  = "{name}-alerts"
"""
_LIMITS = """
[limits]
certificates_per_application_load_balancer = 51
"""
_FIRST_PORT = 9000
_SERVICE = """
[services.s{number}]
port     = {port}
priority = {priority}
hosts    = ["s{number}.{below}prod.example.com", "s{number}.{below}example.com"]
"""
# Not right below the zones, whose own wildcard proofs whoever made the platform has often made already.
_WILDCARDS = 'certificate_names = ["*.{below}prod.example.com", "*.{below}example.com"]\n'
_SHARED = 'certificate = "s1"\n'
FIRST = "bench1"  # the file that is asked for


def write(folder: Path, *, services: int, files: int, shared: bool = False) -> None:
    """Write the files of environments: the first has so many services, each other one has one.

    With `shared`, one certificate with wildcards serves all services of a file; without, each has its own, which more
    than AWS's 25 of a load balancer need a raised quota for.
    """
    folder.mkdir(parents=True)
    for number in range(1, files + 1):
        name = f"bench{number}"
        numbers = range(1, (services if name == FIRST else 1) + 1)
        made = "".join(_service(at, name, shared=shared) for at in numbers)
        text = _FILE.format(name=name) + ("" if shared else _LIMITS) + made
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def ports(services: int) -> list[int]:
    """Give the ports of so many services."""
    return [_FIRST_PORT + at for at in range(1, services + 1)]


def _service(at: int, name: str, *, shared: bool) -> str:
    below = f"apps.{name}." if shared else f"{name}."
    text = _SERVICE.format(number=at, below=below, port=_FIRST_PORT + at, priority=100 + at)
    certificate = (_WILDCARDS.format(below=below) if at == 1 else _SHARED) if shared else ""
    return text + certificate
