"""The command line: one module for each command, `app` for what they share."""
