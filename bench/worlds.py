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

[limits]
certificates_per_application_load_balancer = 51
"""
_SERVICE = """
[services.s{number}]
port     = {port}
priority = {priority}
hosts    = ["s{number}.{name}.prod.example.com", "s{number}.{name}.example.com"]
"""
FIRST = "bench1"  # the file that is asked for


def write(folder: Path, *, services: int, files: int) -> None:
    """Write the files of environments: the first has so many services, each other one has one."""
    folder.mkdir(parents=True)
    for number in range(1, files + 1):
        name = f"bench{number}"
        numbers = range(1, (services if name == FIRST else 1) + 1)
        made = "".join(_SERVICE.format(number=at, name=name, port=9000 + at, priority=100 + at) for at in numbers)
        (folder / f"{name}.toml").write_text(_FILE.format(name=name) + made, encoding="utf-8")
