"""The plan review: from `terraform show -json` to findings that a person can trust."""
