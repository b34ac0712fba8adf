"""What perfclaims costs, measured: each module is run with `python -m`."""
