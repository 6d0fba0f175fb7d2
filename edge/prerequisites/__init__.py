"""What must stand before the first deploy: the state's bucket, and the roles by which GitHub deploys and plans.

Not to be confused with the folder `bootstrap/` in the project's root, which sets up a fresh clone.
"""
