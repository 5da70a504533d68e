"""Every figure in the README is a command here: `python -m benchmarks.<name> --help`."""
