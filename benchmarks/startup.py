"""Start-up and the whole listing page by rules, as ratios taken in one run: `python -m benchmarks.startup`."""

import subprocess
import sys
import tempfile

from benchmarks.feeds import LISTING
from benchmarks.processes import cost_of, python, quick


def main() -> None:
    """Print the figures."""
    typer = quick(python("-c", "import typer"))
    help_page = quick(python("-m", "agent", "--help"))
    print(f"perfclaims --help: {help_page:.3f} s, {help_page / typer:.2f} x `import typer` ({typer:.3f} s)")
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as output:
        command = python("-m", "agent", "batch", str(LISTING), "--engine", "rules", "-o", output.name)
        cost = cost_of(command)
        print(f"203 abstracts by rules: {cost.wall:.2f} s wall, {cost.cpu:.2f} s CPU, {cost.megabytes:.0f} MB")
    loaded = "import sys, agent; agent.summarize; print([m for m in ('openai', 'instructor') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.strip()
    print(f"of openai and instructor, `from agent import summarize` loads: {out}")


if __name__ == "__main__":
    main()
