"""`python -m agent` is `perfclaims`."""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while the command loads, Ctrl-C ends it without a traceback

from agent.commands.app import main

if __name__ == "__main__":
    main()
