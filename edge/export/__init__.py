"""The way out: an environment as plain Terraform that needs neither Python nor CDKTF."""
