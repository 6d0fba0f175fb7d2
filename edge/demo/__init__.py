"""`edge demo`: an environment on an embedded AWS, from nothing to a verified service, in one screen."""
