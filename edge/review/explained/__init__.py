"""Whether what a plan does follows from the configuration: every value that does not is asked about."""
