"""Real plans for the review to read: scenarios, and how `python -m tests.engine.plans` makes them."""
