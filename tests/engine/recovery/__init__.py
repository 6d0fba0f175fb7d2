"""The fault matrix: what one failure leaves, and what heals it."""
