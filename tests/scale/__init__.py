"""`python -m tests.scale`: many services that share one certificate, planned, deployed and verified, with the costs."""
