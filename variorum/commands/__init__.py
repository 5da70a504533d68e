"""The commands of the command line; `SECTIONS` in `variorum/cli.py` lists them."""
