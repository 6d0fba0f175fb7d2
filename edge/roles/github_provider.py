"""GitHub's identity provider, as IAM knows it: whose tokens roles trust, and for whom those are made out.

https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
"""

PROVIDER, AUDIENCE = "token.actions.githubusercontent.com", "sts.amazonaws.com"
