"""The data plane of the embedded AWS: DNS, TLS and HTTP as its APIs describe them, on loopback."""
