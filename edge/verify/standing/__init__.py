"""What stands in AWS, read beside the environment file: what asking one host at one moment does not show."""
