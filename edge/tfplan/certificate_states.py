"""The states of a certificate at ACM out of which it never comes.

The provider replaces a certificate in VALIDATION_TIMED_OUT, and none in one of these; every later deploy fails on it:
https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html ("request a new certificate").
"""

DEAD = frozenset({"FAILED", "EXPIRED", "REVOKED"})
