"""A server in a process of its own, on a free port of the loopback interface."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE = 60.0
"""Seconds that a server may take until it answers."""


@contextmanager
def serving(module: str, *options: str, ready: str = "/v1/models") -> Iterator[str]:
    """The address of `python -m MODULE --port PORT OPTIONS…`, once it answers its page `ready`; ended at the end."""
    port = _free_port()
    command = [sys.executable, "-m", module, "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(f"http://127.0.0.1:{port}{ready}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{url}: no answer; its server {'hangs' if process.poll() is None else 'has ended'}")
