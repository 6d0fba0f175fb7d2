"""The IAM policies of the roles that deploy and plan an environment, derived from its file."""
