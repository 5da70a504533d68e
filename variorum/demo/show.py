"""The demo: look at the little site again and again through the code that `run` uses."""

import asyncio
import itertools
import shlex
from datetime import timedelta
from pathlib import Path

from schedules.network import Network
from schedules.politeness import Hosts
from schedules.run import look_at_due
from scraper.fetch import Fetcher
from storage.database import open_database
from storage.watch import watch_article
from variorum.config import Config
from variorum.context import now, plural, say
from variorum.demo.site import DemoSite
from variorum.looking import tell

# Between two passes, so that a person can follow; the whole demo stays under 20 s.
PAUSE_SECONDS = 0.6
QUERY = "select seen_at, headline, old, new from edit_log order by seen_at desc limit 20"


async def show(config: Config, path: Path) -> None:
    """Look at the demo site at each of its stages, print the edits, leave the database at `path`."""
    db = open_database(path)
    with DemoSite() as site:
        say(
            "A small news site is up on this machine. Its pages are half ticker, reactions and rankings,"
        )
        say("other in every response; its articles are edited while you watch.")
        async with Fetcher(user_agent=config.user_agent, limits=config.limits) as fetcher:
            network = Network(fetcher, Hosts(now, timedelta(0)), now)
            for number in itertools.count(1):
                say()
                say(f"Pass {number}", bold=True)
                for url in site.urls:
                    watch_article(db, url, at=now())
                await look_at_due(
                    db, network, jobs=1, report=lambda checked: tell(checked, as_json=False)
                )
                if not site.advance():
                    break
                await asyncio.sleep(PAUSE_SECONDS)
    _tell_what_is_left(path, db.execute("select count(*) from edits").fetchone()[0])


def _tell_what_is_left(path: Path, edits: int) -> None:
    name = shlex.quote(str(path))
    say()
    say(f"{plural(edits, 'edit')} logged, no page noise among them. Go on with", bold=True)
    for command in (
        f"variorum --db {name} log",
        f"variorum --db {name} log --silent",
        f"variorum --db {name} search 온실",
        f'sqlite-utils {name} "{QUERY}" --table',
    ):
        say(f"  {command}")
