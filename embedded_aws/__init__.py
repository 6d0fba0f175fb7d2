"""The embedded AWS: moto on loopback, corrected where it is kinder than AWS, with what CDK left there.

`process.LocalAws` starts it for tests and tools; `edge embedded-aws prod` runs it by hand. This package's root
imports nothing, so that the server process starts as fast as moto does.
"""
