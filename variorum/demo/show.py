"""The demo: look at the little site again and again through the code that `run` uses."""

import asyncio
import shlex
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import click

from schedules.daemon.runner import check_due
from schedules.hosts.network import Network
from schedules.hosts.politeness import Hosts
from scraper.fetch import Fetcher
from storage.articles.watch import watch_article
from storage.database import Database, open_database
from variorum.config import Config
from variorum.context import now
from variorum.demo.site import DemoSite
from variorum.terminal.output import plural, say
from variorum.terminal.results import print_check

# Between two passes, so that a person can follow; the whole demo stays under 20 s.
PAUSE_SECONDS = 0.6
EXAMPLE_QUERY = "select seen_at, headline, old, new from edit_log order by seen_at desc limit 20"


async def show_demo(config: Config, path: Path) -> None:
    """Look at the demo site at each of its stages, print the edits, leave the database at `path`."""
    db = open_database(path)
    with DemoSite() as site:
        say(
            "A small news site is up on this machine. Its pages are half ticker, reactions and rankings,"
        )
        say("other in every response; its articles are edited while you watch.")
        async with Fetcher(user_agent=config.user_agent, limits=config.limits) as fetcher:
            network = Network(fetcher, Hosts(now, timedelta(0)), now)
            await _check_all(db, network, site, "First look")
            await _check_all(
                db, network, site, "Another look: only tickers, counts and lists have moved"
            )
            while site.advance():
                await asyncio.sleep(PAUSE_SECONDS)
                await _check_all(db, network, site, "The newsroom was at work")
    _print_next_steps(path, db.execute("select count(*) from edits").fetchone()[0])


async def _check_all(db: Database, network: Network, site: DemoSite, title: str) -> None:
    """Look at every article of the site once more."""
    say()
    say(title, bold=True)
    for url in site.urls:
        watch_article(db, url, at=now())
    await check_due(db, network, jobs=1, report=print_check)


def _print_next_steps(path: Path, edits: int) -> None:
    """What to type next; with the folder of this program where it is not on the path."""
    name = shlex.quote(str(path))
    program = Path(sys.argv[0]).with_name("variorum")
    folder = (
        ""
        if shutil.which("variorum") or not program.is_file()
        else f"{shlex.quote(str(program.parent))}/"
    )
    say()
    say(f"{plural(edits, 'edit')} logged. Go on with", bold=True)
    for command in (
        f"{folder}variorum --db {name} log",
        f"{folder}variorum --db {name} log --silent",
        f"{folder}variorum --db {name} search 온실",
        f'{folder}sqlite-utils {name} "{EXAMPLE_QUERY}" --table',
    ):
        click.echo(f"  {command}")  # to be copied: never folded
