"""What `run` does: the daemon or one pass, made of what the settings say."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from schedules.cadence.budget import update_check_rate
from schedules.check import Checked
from schedules.daemon import Daemon
from schedules.daemon.delivery import Deliveries
from schedules.daemon.runner import Runner
from schedules.hosts.network import Network
from storage.database import Database
from variorum.commands.looking import check_settings, print_checked
from variorum.config import ConfigError, read_config
from variorum.context import Context, UsageError, network, now, say
from variorum.monitor.heartbeat import Heartbeat, log_check, serve_metrics
from variorum.notify.channels import open_channels

log = logging.getLogger("variorum")


async def runner(
    context: Context,
    *,
    once: bool,
    delay: float | None,
    jobs: int | None,
    as_json: bool,
    cluster: str | None = None,
    log_json: bool = False,
) -> None:
    """The daemon, or one pass over what is due; announcements are sent beside it."""
    db = context.open_writable()
    async with network(context.config, delay, db) as net, _workers(context, net, cluster):
        try:
            runner, deliveries, heartbeat = _build_daemon(context, db, net, jobs, once=once)
        except ConfigError as error:
            raise UsageError(str(error)) from error

        def report(checked: Checked) -> None:
            if heartbeat.metrics:
                heartbeat.metrics.count(checked)
            if log_json:
                log_check(checked)
            else:
                print_checked(checked, as_json=as_json)

        runner.report = report
        if once:
            budget = context.config.budget
            check_rate = update_check_rate(db, budget, now=now())
            runner.settings = replace(runner.settings, check_rate=check_rate)
            check_count = await runner.until_idle()
            await deliveries.send_due()
            heartbeat.beat(now())
            if not check_count and not as_json and not log_json:
                say("nothing is due; `variorum list` shows when the next look is")
            return
        if not as_json and not log_json:
            say("watching; Ctrl-C ends it")

        def reload_settings(daemon: Daemon) -> None:
            reload(context, daemon, jobs=jobs, delay=delay)

        await Daemon(
            runner, deliveries, context.config.budget, heartbeat.beat, reload_settings
        ).run()


@asynccontextmanager
async def _workers(
    context: Context, net: Network, cluster_address: str | None
) -> AsyncIterator[None]:
    """Have the looks made by a cluster, where there is one."""
    if cluster_address is None:
        yield
        return
    from schedules.cluster.client import ClusterError, open_cluster  # most have none

    keeps_unchanged = context.config.storage.snapshots == "all"
    try:
        async with open_cluster(
            cluster_address, net.fetcher, now, keeps_unchanged=keeps_unchanged
        ) as cluster:
            net.remote = cluster.send_by_worker
            yield
    except ClusterError as error:
        raise UsageError(str(error)) from error


def _build_daemon(
    context: Context, db: Database, net: Network, jobs: int | None, *, once: bool
) -> tuple[Runner, Deliveries, Heartbeat]:
    """What the daemon is made of, by the settings; raises ConfigError."""
    config = context.config
    deliveries = Deliveries(db, now, open_channels(config, db, now))
    alive = config.alive
    metrics = serve_metrics(alive.metrics_port) if alive.metrics_port and not once else None
    heartbeat = Heartbeat(alive, db, metrics)
    runner = Runner(db, net, jobs or config.jobs, lambda checked: None, check_settings(context, db))
    return runner, deliveries, heartbeat


def reload(context: Context, daemon: Daemon, *, jobs: int | None, delay: float | None) -> None:
    """Read the settings file again and go by it, the schedule untouched; if it is wrong, go on as before."""
    runner = daemon.runner
    try:
        config = read_config(context.config_path)
        channels = open_channels(config, runner.db, now)
        settings = check_settings(replace(context, config=config), runner.db)
    except ConfigError as error:
        log.error("the settings were not read again, the old ones hold: %s", error)
        return
    daemon.budget, daemon.deliveries.channels = config.budget, channels
    runner.settings, runner.jobs = settings, jobs or config.jobs
    runner.network.hosts.delay = config.host_delay if delay is None else runner.network.hosts.delay
    runner.network.fetcher.limits = config.limits
    runner.network.fetcher.user_agent = config.user_agent
    log.warning("the settings were read again; `db` and [alive] need a new start to change")
