"""The variables under which the data plane publishes where it serves; `edge.verify` and people's shells read them."""

PREFIX = "ORCHA_VERIFY_"

# address:port of the resolver; the file of the authority to trust; the file that routes addresses to loopback ports.
DNS, CA_FILE, ROUTES = f"{PREFIX}DNS", f"{PREFIX}CA_FILE", f"{PREFIX}ROUTES"
