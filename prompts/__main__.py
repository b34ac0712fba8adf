"""`python -m prompts [VERSION…]`: how many tokens each version puts in front of an abstract, estimated."""

import sys

from prompts import load, versions


def main(arguments: list[str]) -> None:
    """Write one line a version: its name, characters and tokens."""
    for version in arguments or versions():
        prompt = load(version)
        sys.stdout.write(f"{version}: {len(prompt.system)} characters, about {prompt.tokens_in_front} tokens\n")


if __name__ == "__main__":
    main(sys.argv[1:])
