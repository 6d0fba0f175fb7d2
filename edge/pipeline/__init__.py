"""What the workflows ask of GitHub, and how they sign in to AWS: the logic that would otherwise stand in YAML."""
