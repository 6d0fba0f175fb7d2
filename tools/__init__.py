"""The tools that people run around a plan: they read environments, plans and live AWS, and never the modules."""
