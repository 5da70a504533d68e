"""What `run` does: the daemon or one pass, made of what the settings say."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from schedules.cadence.budget import move_pace
from schedules.check import Checked
from schedules.daemon import Daemon
from schedules.daemon.delivery import Outbox
from schedules.daemon.runner import Watch
from schedules.hosts.network import Network
from storage.database import Database
from variorum.commands.looking import looking_settings, tell
from variorum.config import ConfigError, read_config
from variorum.context import Context, Usage, network, now, say
from variorum.monitor.heartbeat import Heartbeat, log_look, serve_metrics
from variorum.notify.channels import open_channels

log = logging.getLogger("variorum")


async def watch(
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
    db = context.writable()
    async with network(context.config, delay, db) as way, _workers(context, way, cluster):
        try:
            watch, outbox, heart = _opened(context, db, way, jobs, once=once)
        except ConfigError as error:
            raise Usage(str(error)) from error

        def report(checked: Checked) -> None:
            if heart.metrics:
                heart.metrics.count(checked)
            if log_json:
                log_look(checked)
            else:
                tell(checked, as_json=as_json)

        watch.report = report
        if once:
            budget = context.config.budget
            pace = move_pace(db, budget, now=now())
            watch.settings = replace(watch.settings, pace=pace)
            looks = await watch.until_idle()
            await outbox.until_sent()
            heart.beat(now())
            if not looks and not as_json and not log_json:
                say("nothing is due; `variorum list` shows when the next look is")
            return
        if not as_json and not log_json:
            say("watching; Ctrl-C ends it")

        def read_again(daemon: Daemon) -> None:
            reload(context, daemon, jobs=jobs, delay=delay)

        await Daemon(watch, outbox, context.config.budget, heart.beat, read_again).run()


@asynccontextmanager
async def _workers(context: Context, way: Network, address: str | None) -> AsyncIterator[None]:
    """Have the looks made by a cluster, where there is one."""
    if address is None:
        yield
        return
    from schedules.cluster.client import ClusterError, connected  # most have none

    keeps_unchanged = context.config.storage.snapshots == "all"
    try:
        async with connected(address, way.fetcher, now, keeps_unchanged=keeps_unchanged) as cluster:
            way.elsewhere = cluster.ask
            yield
    except ClusterError as error:
        raise Usage(str(error)) from error


def _opened(
    context: Context, db: Database, way: Network, jobs: int | None, *, once: bool
) -> tuple[Watch, Outbox, Heartbeat]:
    """What the daemon is made of, by the settings; raises ConfigError."""
    config = context.config
    outbox = Outbox(db, now, open_channels(config, db, now))
    alive = config.alive
    metrics = serve_metrics(alive.metrics_port) if alive.metrics_port and not once else None
    heart = Heartbeat(alive, db, metrics)
    watch = Watch(db, way, jobs or config.jobs, lambda checked: None, looking_settings(context, db))
    return watch, outbox, heart


def reload(context: Context, daemon: Daemon, *, jobs: int | None, delay: float | None) -> None:
    """Read the settings file again and go by it, the schedule untouched; if it is wrong, go on as before."""
    watch = daemon.watch
    try:
        config = read_config(context.config_path)
        channels = open_channels(config, watch.db, now)
        settings = looking_settings(replace(context, config=config), watch.db)
    except ConfigError as error:
        log.error("the settings were not read again, the old ones hold: %s", error)
        return
    daemon.budget, daemon.outbox.channels = config.budget, channels
    watch.settings, watch.jobs = settings, jobs or config.jobs
    watch.network.hosts.delay = config.host_delay if delay is None else watch.network.hosts.delay
    watch.network.fetcher.limits = config.limits
    watch.network.fetcher.user_agent = config.user_agent
    log.warning("the settings were read again; `db` and [alive] need a new start to change")
