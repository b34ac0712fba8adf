"""`python -m agent` is `perfclaims`."""

from agent.commands.app import main

if __name__ == "__main__":
    main()
