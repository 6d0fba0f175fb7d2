"""How Terraform, and the synthesis before it, is run."""
