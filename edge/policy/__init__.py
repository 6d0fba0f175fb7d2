"""Checkov's rules on a plan: what fails, what is waived for it and why, and what of that a review asks about."""
