"""The judge of a soak: compares the database and the messages with what the world served."""

import contextlib
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.daemon.soak.receiver import Message
from benchmarks.daemon.soak.result import SoakResult
from benchmarks.daemon.soak.world import SoakWorld, Story

LOAD_COUNT = re.compile(r"counted (\d+) loads")
FIRST_LOAD_COUNT = 1000
# A response sent so shortly before the end of a process may belong to a check that ended with it.
IN_FLIGHT_SECONDS = 45.0
# An outage is noticed to be over within a minute; else something is always due somewhere.
MAX_RETURN_SECONDS, MAX_SILENCE_SECONDS = 60.0, 30.0
# Stopping takes some seconds, and starting on a busy machine as well.
MAX_RESTART_SECONDS = 30.0
# What a killed daemon was checking waits for ten minutes, a host that failed for one or two.
MAX_POSTPONED_SECONDS = 780.0
# What nobody's page in this world may come to.
FALSE_OUTCOMES = ("gone", "restored", "moved", "refused", "technical")


@dataclass(frozen=True, slots=True)
class LoggedEdit:
    """A row of `edits`: its id, its article, the editions it names, and its field and kind."""

    edit_id: int
    url: str
    editions: tuple[int, int] | None
    field: str
    kind: str
    numbers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class History:
    """What the database says: the editions of the versions by URL, the edits, and the notifications."""

    versions: dict[str, list[int | None]]
    edits: list[LoggedEdit]
    deliveries: dict[int, tuple[int, bool]]


def read_history(path: Path) -> History:
    """The history in a database."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        versions: dict[str, list[int | None]] = {}
        for url, body in db.execute(
            "select a.url, v.body from versions v join articles a on a.id = v.article_id order by v.article_id, v.number"
        ):
            versions.setdefault(url, []).append(_edition(LOAD_COUNT.search(body or "")))
        edits = [
            LoggedEdit(edit_id, url, _editions(old, new), field, kind, (from_version, to_version))
            for edit_id, url, old, new, field, kind, from_version, to_version in db.execute(
                "select e.id, a.url, e.old, e.new, e.field, e.kind, e.from_version, e.to_version"
                " from edits e join articles a on a.id = e.article_id order by e.id"
            )
        ]
        deliveries = {
            delivery: (edit_id, delivered_at is not None)
            for delivery, edit_id, delivered_at in db.execute(
                "select id, edit_id, delivered_at from outbox"
            )
        }
    return History(versions, edits, deliveries)


def _edition(count: re.Match[str] | None) -> int | None:
    return int(count[1]) - FIRST_LOAD_COUNT if count else None


def _editions(old: str | None, new: str | None) -> tuple[int, int] | None:
    """The editions that an edit names: it is the number alone, or the number with its word."""
    numbers = [re.match(r"\d+", text or "") for text in (old, new)]
    if None in numbers:
        return None
    before, after = (int(number[0]) - FIRST_LOAD_COUNT for number in numbers if number)
    return before, after


def judge_history(
    world: SoakWorld, urls: Iterable[tuple[str, Story]], history: History, result: SoakResult
) -> None:
    """Enter what is wrong with the versions and edits."""
    edits: dict[str, list[LoggedEdit]] = defaultdict(list)
    for edit in history.edits:
        edits[edit.url].append(edit)
    result.edits = len(history.edits)
    for url, story in urls:
        versions = history.versions.get(url, [])
        _judge_versions(world, story, url, versions, result)
        _judge_edits(url, versions, edits.pop(url, []), result)
    for url in edits:
        result.wrong("edit of an unknown article", url)


def _judge_versions(
    world: SoakWorld, story: Story, url: str, versions: list[int | None], result: SoakResult
) -> None:
    result.planned_edits += len(story.edits)
    served = {edition for _, edition in story.served_editions if edition is not None}
    result.served_edits += len(served - {min(served, default=0)})
    if not versions:
        result.wrong("article without a version", url)
        return
    known = [edition for edition in versions if edition is not None]
    if len(known) < len(versions) or any(b <= a for a, b in pairwise(known)):
        result.wrong("versions doubled or out of order", f"{url} {versions}")
    if never_served := set(known) - served:
        result.wrong("version that was never served", f"{url} {sorted(never_served)}")
    confirmed = confirmed_editions(story, world)
    result.confirmed_edits += len(confirmed - {min(served, default=0)})
    if missed := sorted(confirmed - set(known)):
        result.wrong("missed edit that lasted a whole check", f"{url} {missed}")
    if known and known[-1] != len(story.edits):
        result.wrong("last edit is missing", f"{url} {versions} of {len(story.edits)}")


def _judge_edits(
    url: str, versions: list[int | None], edits: list[LoggedEdit], result: SoakResult
) -> None:
    """Each version after the first must have one edit: from the edition before to its own."""
    expected = [
        (pair, (number, number + 1)) for number, pair in enumerate(pairwise(versions), start=1)
    ]
    logged = [(edit.editions, edit.numbers) for edit in edits]
    if logged != expected or any(edit.field != "body" for edit in edits):
        result.wrong("edits lost, doubled or false", f"{url}: {logged} instead of {expected}")


def confirmed_editions(story: Story, world: SoakWorld) -> set[int]:
    """The editions that two successive responses showed, without the end of a process around them."""
    confirmed = set[int]()
    for (early, edition), (late, next_edition) in pairwise(story.served_editions):
        end = recorded_by(late, world.blocked)
        was_stopped = any(early <= at <= end for at in world.stops)
        if edition == next_edition and edition is not None and not was_stopped:
            confirmed.add(edition)
    return confirmed


def recorded_by(at: float, blocked: Sequence[tuple[float, float]]) -> float:
    """The second by which a response of a second is recorded: later, if nothing could be written then."""
    end = at + IN_FLIGHT_SECONDS
    for begin, writable_at in sorted(blocked):
        if begin <= end:
            end = max(end, writable_at + IN_FLIGHT_SECONDS)
    return end


def judge_messages(
    messages: Sequence[Message], history: History, stops: Sequence[float], result: SoakResult
) -> None:
    """Each edit must have been sent under one id, and again only if it was not confirmed before.

    `stops` are the times at which a process of the daemon was ended: what it had sent may be sent again.
    """
    result.messages = len(messages)
    ids_of_edit: dict[int, set[str]] = defaultdict(set)
    by_id: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_id[message.message_id].append(message)
        for edit_id in message.edit_ids:
            ids_of_edit[edit_id].add(message.message_id)
    result.repeated_messages = len(messages) - len(by_id)
    for message_id, sent in by_id.items():
        _judge_message(message_id, sent, stops, result)
    notified = Counter(edit_id for edit_id, _ in history.deliveries.values())
    for edit in history.edits:
        if len(ids_of_edit[edit.edit_id]) != 1 or notified[edit.edit_id] != 1:
            result.wrong("edit not sent, or under two ids", f"{edit.edit_id} {ids_of_edit[edit.edit_id]}")  # fmt: skip
    if waiting := [number for number, (_, is_sent) in history.deliveries.items() if not is_sent]:
        result.wrong("notification that still waits", f"{waiting[:5]}")


def _judge_message(
    message_id: str, sent: list[Message], stops: Sequence[float], result: SoakResult
) -> None:
    if len({message.edit_ids for message in sent}) > 1:
        result.wrong("message changed when it was sent again", message_id)
    for before, after in pairwise(sent):
        if before.is_confirmed and not any(before.at - 1 <= at <= after.at for at in stops):
            result.wrong("message sent again though it was confirmed", f"{message_id} after {after.at - before.at:.1f} s")  # fmt: skip


def judge_outcomes(path: Path, result: SoakResult) -> None:
    """Enter how many checks there were, and what they came to."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        result.checks = db.execute(
            "select count(distinct coalesce(confirms, id)) from fetches"
        ).fetchone()[0]
        result.outcomes = dict(
            db.execute("select outcome, count(*) from fetches group by 1 order by 2 desc")
        )
    for outcome in FALSE_OUTCOMES:
        if outcome in result.outcomes:
            result.wrong("false outcome", f"{outcome} {result.outcomes[outcome]} times")


def judge_lateness(path: Path, world: SoakWorld, result: SoakResult) -> None:
    """Enter how late the checks were."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        rows = db.execute("select late_seconds from fetches where late_seconds is not null order by 1")  # fmt: skip
        late = [row[0] for row in rows]
    if late:
        result.late_median, result.late_p95 = late[len(late) // 2], late[int(len(late) * 0.95)]
    if late and late[-1] > world.elapsed + MAX_POSTPONED_SECONDS:
        result.wrong("late by more than the run", f"{late[-1]:.0f} s")


def judge_requests(world: SoakWorld, every: float, result: SoakResult) -> None:
    """Enter impolite requests, times without any, and articles that were left alone at the end.

    How late the checks are must be in the result already.
    """
    result.requests, result.page_faults = len(world.request_times), dict(world.faults)
    for text in world.violations:
        result.wrong("concurrent or early request", text)
    for _, end in world.outages:
        after = next((at for at in world.request_times if at > end), world.elapsed)
        seconds = _unexcused_seconds(end, after, [*world.blocked, *world.outages])
        result.longest_return = max(result.longest_return, seconds)
    if result.longest_return > MAX_RETURN_SECONDS:
        result.wrong("long return from an outage", f"{result.longest_return:.0f} s")
    excuses = [
        *world.blocked,
        *((begin, end + MAX_RETURN_SECONDS) for begin, end in world.outages),
        *((at, at + MAX_RESTART_SECONDS) for at in world.stops),
    ]
    for before, after in pairwise(world.request_times):
        if _unexcused_seconds(before, after, excuses) > MAX_SILENCE_SECONDS:
            result.wrong("nothing was requested", f"{after - before:.0f} s from {before:.0f} s on")
    latest = world.request_times[-1] - every - MAX_POSTPONED_SECONDS - result.late_p95
    for host in world.hosts:
        for story in host.stories.values():
            asked_at = story.served_editions[-1][0] if story.served_editions else 0.0
            if not host.has_feed and asked_at < latest:
                result.wrong("article left alone", f"{story.path} since {asked_at:.0f} s")


def _unexcused_seconds(begin: float, end: float, excuses: Iterable[tuple[float, float]]) -> float:
    """How long a time without requests is, from the end of what excuses it."""
    for first, last in sorted(excuses):
        if first <= end and begin <= last:
            begin = last
    return max(end - begin, 0.0)
