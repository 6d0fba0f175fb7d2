"""`python -m tests.variations [variation …] [-- command …]`: what if the user's files said something else?

Each variation is a checkout of its own, whose user begins with the tests' files and changes them. There the command is
run, by default `make check`; all that is changed is right, so that nothing may fail. Set-up is that of this checkout.
The one that changes most runs in every `make test`, see `test_tests_own_their_files.py`.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support.checkout import check_out
from tests.support.files import ROOT

COMPOSE, WAIVERS = Path("deploy") / "docker-compose.yml", Path("policy") / "waivers.toml"
CHECK = ("make", "check", "PYTHON=true")  # what is linked counts as set up
_OF_OUTER_RUNS = ("ENVIRONMENTS_DIR", "PYTEST", "MAKE", "MFLAGS")
_OF_SERVICES = ("aws_lb_target_group", "aws_autoscaling_attachment", "aws_route53_record")
_TWO_CONTAINERS = """
services:
  shop:
    image: registry.example/shop:1
    ports: ["4000-4001:80-81"]
    volumes: ["/root{0}:/data", "/opt{0}-data:/more"]
  people:
    image: registry.example/people:1
    ports: [{{target: 80, published: 4100}}]
"""
_OTHER_SERVICES = """
[services.shop]
port     = 4000
priority = 7
hosts    = ["shop.prod.getorcha.com", "*.shop.prod.getorcha.com", "prod.getorcha.com"]

[services.people]
port     = 4100
priority = 900
hosts    = ["people.prod.getorcha.com"]
"""
_OTHER_WORDS = {
    "111111111111": "610000000001",
    "222222222222": "610000000002",
    "333333333333": "610000000003",
    "staging.getorcha.com": "try.shop.example",
    "prod.getorcha.com": "live.acme.example",
    "getorcha.com": "shop.example",
    "v1-orcha": "acme",
    "orcha": "acme",
    "eu-central-1": "us-west-2",
    '= "prod"': '= "live"',
    "[accounts.prod]": "[accounts.live]",
}


def edit(file: Path, changes: dict[str, str]) -> None:
    """Replace texts of a file, one after the other; each must be there."""
    text = file.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{file.name} no longer holds {old}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def billing(checkout: Path, port: int = 9100) -> None:
    """Follow "Add a service" of the README to the letter, with the port that it gives or another."""
    readme = (checkout / "README.md").read_text(encoding="utf-8").partition("\n## Add a service\n")[2]
    table, entry = (re.search(pattern, readme, re.DOTALL) for pattern in (r"```toml\n(.*?)```", r'`(- "9100:9100")`'))
    assert table
    assert entry
    with (checkout / "environments" / "prod.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + table[1].replace("9100", str(port)))
    published = entry[1].replace("9100", str(port))
    edit(checkout / COMPOSE, {"    ports:\n": f"    ports:\n      {published}\n", " 9999; do": f" 9999 {port}; do"})


def billing_elsewhere(checkout: Path) -> None:
    billing(checkout, 9200)


def own_ids(checkout: Path) -> None:
    """Take the first step of "First real deploy"."""
    ids = {old: new for old, new in _OTHER_WORDS.items() if old.isdigit()}
    edit(checkout / "environments" / "prod.toml", {old: new for old, new in ids.items() if old != "333333333333"})
    edit(checkout / "environments" / "staging.toml", {old: new for old, new in ids.items() if old != "111111111111"})


def other_words(checkout: Path) -> None:
    """Change every name: accounts and their ids, prefix, zones and all hosts, region, platform."""
    for file in (checkout / "environments").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        edit(file, {old: new for old, new in _OTHER_WORDS.items() if old in text})


def other_services(checkout: Path) -> None:
    """Remove every service, and add others in containers of another kind."""
    for name in ("prod", "staging"):
        file = checkout / "environments" / f"{name}.toml"
        kept = file.read_text(encoding="utf-8").partition("[services.")[0]
        file.write_text(kept + _OTHER_SERVICES.replace("prod.getorcha", f"{name}.getorcha"), encoding="utf-8")
    (checkout / COMPOSE).write_text(_TWO_CONTAINERS.format("/acme"), encoding="utf-8")


def renamed(checkout: Path) -> None:
    """Rename both environments, one of them to a word that means something else in the modules."""
    folder = checkout / "environments"
    (folder / "prod.toml").rename(folder / "production.toml")
    (folder / "staging.toml").rename(folder / "platform.toml")


def without_platform(checkout: Path, name: str = "platform") -> None:
    """Delete the environment that makes its own platform, and what `edge scan` then calls idle."""
    (checkout / "environments" / f"{name}.toml").unlink()
    head, *waivers = (checkout / WAIVERS).read_text(encoding="utf-8").split("[[waiver]]")
    kept = [waiver for waiver in waivers if any(f'"{kind}.*"' in waiver for kind in _OF_SERVICES)]
    (checkout / WAIVERS).write_text("[[waiver]]".join([head, *kept]), encoding="utf-8")


def without_staging(checkout: Path) -> None:
    """Delete staging, and the ports; no instance is made of the compose file."""
    without_platform(checkout, "staging")
    edit(checkout / COMPOSE, {'      - "8888:8888" # app\n': "", '      - "7777:7777" # admin\n': "", " 8888 7777": ""})
    with (checkout / COMPOSE).open("a", encoding="utf-8") as file:
        file.write("#" * 14_000)  # more than a start script takes, and without a line feed


def without_any(checkout: Path) -> None:
    """Delete every environment and the compose file, and waive nothing."""
    for file in (*(checkout / "environments").glob("*.toml"), checkout / COMPOSE):
        file.unlink()
    (checkout / WAIVERS).write_text("", encoding="utf-8")


VARIATIONS: dict[str, tuple[Callable[[Path], None], ...]] = {
    "everything": (other_services, other_words, renamed, without_platform),
    "service-and-without-staging": (billing, without_staging),
    "service": (billing,),
    "service-elsewhere": (billing_elsewhere,),
    "ids": (own_ids,),
    "words": (other_words,),
    "services": (other_services,),
    "renamed": (renamed,),
    "without-staging": (without_staging,),
    "without-any": (without_any,),
}


def prepare(checkout: Path, name: str) -> None:
    """Make the checkout of a variation, with a repository of its own, since some tests ask git for the files."""
    check_out(checkout)
    for change in VARIATIONS[name]:
        change(checkout)
    for arguments in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *arguments], cwd=checkout, check=True)


def run_in(
    checkout: Path, command: Sequence[str], *, seconds: float | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command as from a shell that stands in a checkout; give both of its outputs as one."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(_OF_OUTER_RUNS)}
    environ["MYPY_CACHE_DIR"] = str(ROOT / ".mypy_cache")
    out, err = subprocess.PIPE, subprocess.STDOUT
    return subprocess.run(
        command, cwd=checkout, env=environ, stdout=out, stderr=err, text=True, timeout=seconds, check=False
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command on the named variations, or on all: 0 if it succeeds on each, 1 if not, 2 for an unknown name."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    names, command = arguments[:end] or list(VARIATIONS), arguments[end + 1 :] or CHECK
    unknown = sorted(set(names) - set(VARIATIONS))
    for name in unknown:
        print(f"{name}: is not a variation; take one of {', '.join(VARIATIONS)}", file=sys.stderr)
    if unknown:
        return 2
    codes = [_report(name, command) for name in names]
    return 1 if any(codes) else 0


def _report(name: str, command: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="orcha-variation-") as folder:
        checkout = Path(folder) / "edge"
        prepare(checkout, name)
        done = run_in(checkout, command)
    lines = done.stdout.splitlines()
    print(
        f"{name}: {lines[-1] if lines else 'nothing printed'}"
        if done.returncode == 0
        else f"{done.stdout}{name}: FAILED"
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
