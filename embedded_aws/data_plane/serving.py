"""How the data plane's servers run: each in a thread that ends with the process."""

import socketserver
import threading

_POLL_SECONDS = 60.0  # how often one looks whether it is to end, which nobody asks of it


def serve(server: socketserver.BaseServer) -> None:
    """Let a server answer from now on."""
    threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
