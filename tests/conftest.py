"""What every test may rely on, however the run was started."""

import signal

# A shell without job control starts background jobs with SIGINT ignored, and every child inherits it: the tests that
# interrupt a process would wait for ever. Whoever handles SIGINT here hands the default on to its children.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
