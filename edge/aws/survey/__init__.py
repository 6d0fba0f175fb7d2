"""What already stands in the accounts of what a plan would create: found by identity, and whose it is by proof."""
