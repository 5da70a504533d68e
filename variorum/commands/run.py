"""Commands that check articles again and again: run, demo."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from variorum.commands.options import delay_option, host_jobs_option, json_option
from variorum.context import Context, now, open_network
from variorum.errors import ConfigError, UsageError
from variorum.monitor.log import LOGGER, log_as_json, log_check
from variorum.terminal.output import say
from variorum.terminal.results import print_check, print_check_json

if TYPE_CHECKING:
    from schedules.check import Checked
    from schedules.daemon import Daemon
    from schedules.daemon.runner import Runner
    from schedules.hosts.network import Network
    from storage.database import Database
    from variorum.monitor.heartbeat import Heartbeat


@click.command("run")
@click.option("--once", is_flag=True, help="Check what is due, then exit (for cron and systemd timers).")  # fmt: skip
@delay_option
@host_jobs_option
@click.option("--cluster", metavar="ADDRESS", help="Let the workers of a Dask cluster fetch and extract: tcp://HOST:8786, or tls://.")  # fmt: skip
@json_option
@click.option("--log", "log_form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="json: write one line per check and event to standard error, for a log collector.")  # fmt: skip
@click.pass_obj
def run_command(
    context: Context,
    once: bool,
    delay: float | None,
    jobs: int | None,
    cluster: str | None,
    is_json: bool,
    log_form: str,
) -> None:
    """Run the daemon: check every article when it is due, until it is stopped.

    The daemon also sends the notifications. On SIGHUP it reads the settings again.

    \b
    variorum run                         until Ctrl-C or SIGTERM
    variorum run --once                  one pass; put this line in a crontab
    variorum run --cluster tcp://10.0.0.1:8786 --jobs 200
    """
    if log_form == "json":
        log_as_json()
    asyncio.run(
        _run(
            context,
            once=once,
            delay=delay,
            jobs=jobs,
            cluster=cluster,
            output="log" if log_form == "json" else "json" if is_json else "text",
        )
    )


async def _run(
    context: Context,
    *,
    once: bool,
    delay: float | None,
    jobs: int | None,
    cluster: str | None,
    output: str,
) -> None:
    """Run the daemon, or make one pass. `output` is "text", "json" or "log"."""
    from schedules.daemon import Daemon
    from schedules.daemon.clock import SteadyClock
    from schedules.delivery import Deliveries
    from variorum.notify.channels import open_channels

    db, clock = context.open_writable(), SteadyClock(now)
    async with (
        open_network(context.config, delay, db, clock.now) as network,
        _cluster_workers(context, network, cluster),
    ):
        deliveries = Deliveries(db, clock.now, open_channels(context.config, db, now))
        heartbeat = _heartbeat(context, db, once=once)
        runner = _runner(context, db, network, heartbeat, jobs=jobs, output=output)
        if once:
            check_count = await _make_pass(context, runner)
            await deliveries.send_due()
            heartbeat.beat(clock.now())
            if not check_count and output == "text":
                say("nothing is due; `variorum list` shows when the next check is")
            return
        if output == "text":
            say("watching; stop with Ctrl-C")

        def reload_settings(daemon: Daemon) -> None:
            reload(context, daemon, jobs=jobs, delay=delay)

        await Daemon(
            runner, deliveries, context.config.budget, clock, heartbeat.beat, reload_settings
        ).run()


@asynccontextmanager
async def _cluster_workers(
    context: Context, network: "Network", address: str | None
) -> AsyncIterator[None]:
    """Within it, the workers of the cluster at an address send the requests; None is no cluster."""
    if address is None:
        yield
        return
    from schedules.cluster.client import Certificates, ClusterError, open_cluster  # needs Dask

    files = context.config.cluster
    certificates = (
        Certificates(files.authority, files.certificate, files.key) if files.authority else None
    )
    keeps_unchanged = context.config.storage.snapshots == "all"
    try:
        async with open_cluster(
            address,
            network.fetcher,
            network.now,
            network.reader,
            keeps_unchanged=keeps_unchanged,
            certificates=certificates,
        ) as cluster:
            network.remote = cluster.send_by_worker
            yield
    except ClusterError as error:
        raise UsageError(str(error)) from error


def _heartbeat(context: Context, db: "Database", *, once: bool) -> "Heartbeat":
    """The heartbeat that the settings ask for. One pass is too short to serve metrics."""
    from variorum.monitor.heartbeat import Heartbeat
    from variorum.monitor.metrics import serve_metrics

    alive = context.config.alive
    metrics = serve_metrics(alive.metrics_port) if alive.metrics_port and not once else None
    return Heartbeat(alive, db, metrics)


def _runner(
    context: Context,
    db: "Database",
    network: "Network",
    heartbeat: "Heartbeat",
    *,
    jobs: int | None,
    output: str,
) -> "Runner":
    """What checks the articles that are due, and reports each check."""
    from schedules.daemon.runner import Runner

    print_result = {"text": print_check, "json": print_check_json, "log": log_check}[output]

    def report(checked: "Checked") -> None:
        if heartbeat.metrics:
            heartbeat.metrics.count(checked)
        print_result(checked)

    return Runner(db, network, jobs or context.config.jobs, report, context.check_settings(db))


async def _make_pass(context: Context, runner: "Runner") -> int:
    """Check what is due now; gives how many checks that took."""
    from schedules.cadence.budget import update_check_rate

    check_rate = update_check_rate(runner.db, context.config.budget, now=runner.network.now())
    runner.settings = replace(runner.settings, check_rate=check_rate)
    return await runner.until_idle()


def reload(context: Context, daemon: "Daemon", *, jobs: int | None, delay: float | None) -> None:
    """Read the settings file again and apply it. If it is invalid, the old settings stay in force.

    `jobs` and `delay` are the options of the command line: they win over the file.
    """
    from variorum.config.settings import read_config
    from variorum.notify.channels import open_channels

    runner = daemon.runner
    try:
        config = read_config(context.config_path)
        channels = open_channels(config, runner.db, now)
        settings = replace(context, config=config).check_settings(runner.db)
    except ConfigError as error:
        LOGGER.error("the settings were not reloaded, the old ones stay in force: %s", error)
        return
    daemon.budget, daemon.deliveries.channels = config.budget, channels
    runner.settings, runner.jobs = settings, jobs or config.jobs
    runner.network.hosts.delay = config.host_delay if delay is None else runner.network.hosts.delay
    runner.network.fetcher.limits = config.limits
    runner.network.fetcher.pools.allowed = config.allowed_hosts
    runner.network.fetcher.user_agent = config.user_agent
    LOGGER.warning("the settings were reloaded; `db` and [alive] change only at the next start")


@click.command("demo")
@click.option("--keep", type=click.Path(path_type=Path), default=Path("variorum-demo.db"), show_default=True,
              help="Where to leave the database.")  # fmt: skip
@click.pass_obj
def demo_command(context: Context, keep: Path) -> None:
    """Try it: a small news site on this machine edits its articles while you watch.

    The demo needs no network. It leaves a database for you to explore.

    \b
    variorum demo
    """
    from variorum.demo.show import show_demo

    asyncio.run(show_demo(context.config, _free_path(keep)))


def _free_path(path: Path) -> Path:
    """The path, or the first one that is free with a number (from 2) added to its name."""
    numbered_paths = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(free for free in chain([path], numbered_paths) if not free.exists())
