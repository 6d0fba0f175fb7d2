"""What stands beside an environment in its accounts and is not its own, as far as a change can meet it."""
