"""`python -m edge.validate`: check every environment file, and nothing else. `--schema` prints their JSON Schema.

Starts no jsii: it answers in a fraction of a second, also for a hundred services.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

from environments import quota_usage
from environments.faults import InvalidEnvironmentError
from environments.loader import load_all, ports_are_compared
from environments.schema import EnvironmentFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def main(arguments: Sequence[str]) -> int:
    """Check the files: 0 when all are right, 2 with one line for each fault on stderr."""
    if "--schema" in arguments:
        print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return 0
    try:
        environments = load_all()
    except InvalidEnvironmentError as error:
        print(error, file=sys.stderr)
        return 2
    for environment in environments:
        print(f"{environment.name} is right; services: {', '.join(environment.services) or 'none'}")
        for entry in quota_usage.take(environment):
            print(f"  {entry.used:>5} of {entry.limit:>5} {entry.what}")
    if not ports_are_compared():
        print(
            "No deploy/docker-compose.yml stands beside the folder: ports were not compared with it.", file=sys.stderr
        )
    return 0


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema of an environment file, by which editors complete and check it.

    The environment's name is the file's and no key in it, so it is left out. Rules across keys are not in it.
    """
    schema = EnvironmentFile.model_json_schema()
    del schema["properties"]["name"]
    schema["required"].remove("name")
    return {"$schema": DIALECT, **schema}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
