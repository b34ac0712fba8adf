"""`python -m tests.wire.record [NAME…]` records the cassettes anew, all of them unless some are named.

The cassette of the local model takes some minutes on a CPU, and the packages that `tests.wire.local_model` names.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from agent.commands.app import run
from tests.wire.tape import recording
from tests.wire.tapes import TAPES, Tape


def record(tape: Tape) -> int:
    """Run a tape's command against its service; gives the exit status."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tape.service() as base_url,
        recording(tape.path, tape.about) as cassette,
    ):
        status = run(tape.command(base_url, Path(folder)))
        sys.stdout.write(f"{tape.path.name}: {len(cassette)} exchanges, exit status {status}\n")
    return status


def main() -> None:
    """Record; the exit status is that of the worst run."""
    names = {tape.name: tape for tape in TAPES}
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    wanted = options.parse_args().names or list(names)
    if unknown := set(wanted) - set(names):
        options.error(f"no cassette {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    sys.exit(max(record(names[name]) for name in wanted))


if __name__ == "__main__":
    main()
