"""The command line of Variorum at a later time: `python -m benchmarks.support.later HOURS ARGUMENTS…`.

So a benchmark lets hours pass between two commands without waiting.
"""

import sys
from datetime import datetime, timedelta
from functools import partial

from variorum import context


def main(hours: float, arguments: list[str]) -> None:
    """Run a command with a clock that is some hours ahead; ends as the command ends."""
    real_now = context.now

    def later() -> datetime:
        return real_now() + timedelta(hours=hours)

    context.now = later
    context.open_network = partial(context.open_network, clock=later)
    from variorum.cli import (
        main as run_command,
    )  # imported here: commands import both by their names

    run_command(arguments)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
