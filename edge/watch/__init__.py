"""What Terraform does to an environment, shown part by part while it does it, and every line of it kept in a file."""
