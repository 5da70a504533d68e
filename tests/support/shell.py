"""The command line as a user types it, on one database."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from variorum.cli import main


class Shell:
    """Runs commands on one database in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.db = folder / "v.db"

    def __call__(self, *arguments: str, stdin: str | bytes | None = None) -> Result:
        """The result of a command."""
        return CliRunner().invoke(main, ["--db", str(self.db), *arguments], input=stdin)

    def json(self, *arguments: str) -> list[dict[str, object]]:
        """The JSON objects that a command prints."""
        return [json.loads(line) for line in self(*arguments).stdout.splitlines()]
