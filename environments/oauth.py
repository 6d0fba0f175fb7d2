"""OAuth 2.0 authorization server metadata: where a service that is an issuer publishes its document."""

# https://datatracker.ietf.org/doc/html/rfc8414#section-3, for an issuer without a path
DISCOVERY_PATH = "/.well-known/oauth-authorization-server"
