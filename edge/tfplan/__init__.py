"""A Terraform plan as a value: read from what Terraform shows, and digested."""
