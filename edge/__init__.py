"""What people run around a plan."""
