"""The demo: checks a small news site again and again, with the code that `run` uses."""

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
from variorum.config.settings import Config
from variorum.context import now
from variorum.demo.site import DemoSite
from variorum.terminal.output import plural, say
from variorum.terminal.results import print_check

# Between two passes, so that a person can follow. The whole demo takes less than 20 s.
PAUSE_SECONDS = 0.6
EXAMPLE_QUERY = "select seen_at, headline, old, new from edit_log order by seen_at desc limit 20"


async def show_demo(config: Config, path: Path) -> None:
    """Check the demo site at each of its stages and print the edits; the database stays at `path`."""
    db = open_database(path)
    with DemoSite() as site:
        say(
            "A small news site is running on this machine. Half of each page is page noise that changes"
        )
        say(
            "with every response: tickers, reactions, rankings. Its articles are edited while you watch."
        )
        async with Fetcher(user_agent=config.user_agent, limits=config.limits) as fetcher:
            network = Network(fetcher, Hosts(now, timedelta(0)), now)
            await _check_all(db, network, site, "First check")
            await _check_all(
                db, network, site, "Second check: only tickers, counts and lists have changed"
            )
            while site.advance():
                await asyncio.sleep(PAUSE_SECONDS)
                await _check_all(db, network, site, "The newsroom has edited its articles")
            await _check_all(
                db,
                network,
                site,
                "Last check: an earlier headline that came back counts once seen twice",
            )
    _print_next_steps(path, db.execute("select count(*) from edits").fetchone()[0])


async def _check_all(db: Database, network: Network, site: DemoSite, title: str) -> None:
    """Check every article of the site once."""
    say()
    say(title, bold=True)
    for url in site.urls:
        watch_article(db, url, at=now())
    await check_due(db, network, jobs=1, report=print_check)


def _print_next_steps(path: Path, edits: int) -> None:
    """Print commands to try next; with the folder of this program if the shell does not find it."""
    name = shlex.quote(str(path))
    program = Path(sys.argv[0]).with_name("variorum")
    folder = (
        ""
        if shutil.which("variorum") or not program.is_file()
        else f"{shlex.quote(str(program.parent))}/"
    )
    say()
    say(f"{plural(edits, 'edit')} logged. Try next:", bold=True)
    for command in (
        f"{folder}variorum --db {name} log",
        f"{folder}variorum --db {name} log --silent",
        f"{folder}variorum --db {name} search 온실",
        f'{folder}sqlite-utils {name} "{EXAMPLE_QUERY}" --table',
    ):
        click.echo(f"  {command}")  # to be copied, so never wrapped
