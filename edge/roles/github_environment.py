"""How GitHub is made to guard an environment: the commands of its command line, `gh`.

https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment
https://docs.github.com/en/rest/deployments/branch-policies#create-a-deployment-branch-policy
"""

from edge.roles.trust import BRANCH, plain_name

REVIEWERS = "TEAM_ID"


def commands(repository: str, environment: str) -> list[str]:
    """Write the commands that let main alone deploy, after a review by a team whose id stands for TEAM_ID."""
    place = f"repos/{plain_name(repository)}/environments/{environment}"
    settings = {
        "reviewers[][type]": "Team",
        "reviewers[][id]": REVIEWERS,
        "prevent_self_review": "true",
        "deployment_branch_policy[protected_branches]": "false",
        "deployment_branch_policy[custom_branch_policies]": "true",
    }
    fields = " ".join(f"-F '{name}={value}'" for name, value in settings.items())
    return [
        f"gh api --method PUT {place} {fields}",
        f"gh api --method POST {place}/deployment-branch-policies -f name={BRANCH} -f type=branch",
    ]
