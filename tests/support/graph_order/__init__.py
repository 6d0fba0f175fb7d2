"""The order of Terraform's own steps, asked of Terraform in a second instead of AWS in minutes."""
