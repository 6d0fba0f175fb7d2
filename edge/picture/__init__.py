"""The request path of an environment as a picture, drawn from what is synthesized."""
