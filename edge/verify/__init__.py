"""Verify that what an environment exposes serves: asked from outside, as clients and certificate authorities ask."""
