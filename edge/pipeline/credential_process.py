"""`python -m edge.pipeline.credential_process <role-arn> <region>`: the `credential_process` that `sign-in` writes."""

import sys

from edge.pipeline.errors import GitHubError
from edge.pipeline.sign_in import answer


def main(arn: str, region: str) -> int:
    """Print keys for a role as JSON: 0 when AWS lends it, 1 with the reason where it does not."""
    try:
        print(answer(arn, region))
    except GitHubError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
