"""The command line of Variorum at a later time: `python -m benchmarks.support.later HOURS ARGUMENTS…`.

So a benchmark lets hours pass between two commands without waiting.
"""

import sys
from datetime import timedelta

from variorum import context


def main(hours: float, arguments: list[str]) -> None:
    """Run a command with a clock that is some hours ahead; ends as the command ends."""
    real_now = context.now
    context.now = lambda: real_now() + timedelta(hours=hours)
    from variorum.cli import main as run_command  # imported here: commands import `now` by its name

    run_command(arguments)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
