"""Wrong times on real pages, put right: one repair for each kind of fault, in the order of `REPAIRS`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from scraper.article import Timestamp
from scraper.extract.dates.parse import ISO_DATE, day_of
from scraper.extract.dates.sources import DateSources

# Sources that a page shows, or that are a last resort: an earlier visible date corrects neither.
UNCORRECTED_SOURCES = ("visible", "visible modified", "script", "url")
# Publishers of these countries label local times "Z" (Hankyoreh and AKN GS, 2026).
MISLABELLED_ZONES = ("Asia/Seoul", "Asia/Tokyo")
AMERICAN_ZONE = ZoneInfo("America/New_York")
MIN_REPUBLICATION_GAP = timedelta(days=2)  # a day less is that of the printed paper
MAX_ZONE_GAP = timedelta(hours=12)  # between the day of a reader and that of a tag
PUBLICATION_SLACK = timedelta(minutes=30)  # some desks stamp the publication after the change
MAX_EARLY_MODIFICATION = timedelta(days=1)  # two time zones may put a modification a day early


@dataclass(frozen=True, slots=True)
class Times:
    """When a page was published and modified, and the source of each; None if unknown."""

    published_at: Timestamp | None
    published_source: str | None
    modified_at: Timestamp | None
    modified_source: str | None

    def with_published(self, timestamp: Timestamp | None, source: str | None) -> "Times":
        """The same with another publication."""
        return Times(timestamp, source, self.modified_at, self.modified_source)


Repair = Callable[[Times, DateSources], Times]


def use_other_day_order(times: Times, sources: DateSources) -> Times:
    """A visible 03/10/2023 that is the tenth of March elsewhere on the page, or in its address."""
    published_at = times.published_at
    if published_at is None or times.published_source not in ("visible", "time"):
        return times
    swapped = _with_day_as_month(published_at)
    if swapped is None or day_of(swapped) not in _unambiguous_days(sources):
        return times
    return times.with_published(swapped, times.published_source)


def _with_day_as_month(timestamp: Timestamp) -> Timestamp | None:
    """The timestamp with its day and month exchanged; None if that is none or the same."""
    if timestamp.day > 12 or timestamp.day == timestamp.month:
        return None
    return timestamp.replace(month=timestamp.day, day=timestamp.month)


def _unambiguous_days(sources: DateSources) -> Iterator[date]:
    """The days that the address, the tags and the `<time>` elements give in the order of ISO 8601."""
    yield from sources.claimed_days
    for mark in sources.document.tags.marks:
        timestamp = sources.parse_claim(mark.value) if ISO_DATE.match(mark.value) else None
        if timestamp is not None:
            yield day_of(timestamp)


def take_visible_date(times: Times, sources: DateSources) -> Times:
    """Tags that give the day a page was last published by its content system.

    The page still shows the day of publication by its headline. That counts if the tags put the publication
    at the modification or after it, or if the address or another tag gives the same day as the page shows.
    """
    published_at, modified_at = times.published_at, times.modified_at
    if published_at is None or times.published_source in UNCORRECTED_SOURCES:
        return times
    is_republication = modified_at is not None and not _is_before(published_at, modified_at)
    other_days = set(sources.claimed_days) - {day_of(published_at)}
    if not (is_republication or other_days) or sources.has_nearby(day_of(published_at)):
        return times
    shown = [
        e.timestamp for e in sources.visible if e.is_alone and not e.is_modified and e.is_set_apart
    ]
    if not shown or day_of(published_at) in map(day_of, shown):
        return times
    day = day_of(shown[0])
    is_agreed = day in other_days and abs(day_of(published_at) - day) >= MIN_REPUBLICATION_GAP
    if is_agreed or (is_republication and day < _earliest_day(published_at)):
        return times.with_published(shown[0], "visible")
    return times


def _earliest_day(timestamp: Timestamp) -> date:
    """The day of a timestamp, or the day before if readers in another time zone may see that."""
    if isinstance(timestamp, datetime):
        return (timestamp - MAX_ZONE_GAP).date()
    return timestamp - timedelta(days=1)


def _is_before(one: Timestamp, other: Timestamp) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one) < day_of(other)


def fix_utc_labels(times: Times, sources: DateSources) -> Times:
    """Local times labelled "Z": the page shows the same wall time without a zone."""
    zone = sources.context.zone
    if str(zone) not in MISLABELLED_ZONES:
        return times
    return Times(
        fix_utc_label(times.published_at, sources.unzoned_wall_times, zone),
        times.published_source,
        fix_utc_label(times.modified_at, sources.unzoned_wall_times, zone),
        times.modified_source,
    )


def fix_utc_label(
    timestamp: Timestamp | None, wall_times: Iterable[datetime], zone: tzinfo | None
) -> Timestamp | None:
    """The time in `zone` if its label is UTC and one of the visible `wall_times` is the same."""
    if not isinstance(timestamp, datetime) or timestamp.utcoffset():
        return timestamp
    stated_time = timestamp.replace(tzinfo=None, second=0, microsecond=0)
    is_mislabelled = any(wall_time.replace(second=0) == stated_time for wall_time in wall_times)
    return _with_local_offset(timestamp, zone) if is_mislabelled else timestamp


def fix_late_publication(times: Times, sources: DateSources) -> Times:
    """A publication hours after the last modification: only the former is labelled "Z" wrongly."""
    zone, published_at, modified_at = sources.context.zone, times.published_at, times.modified_at
    if (
        str(zone) in MISLABELLED_ZONES
        and isinstance(published_at, datetime)
        and isinstance(modified_at, datetime)
        and not published_at.utcoffset()
    ):
        local = _with_local_offset(published_at, zone)
        if PUBLICATION_SLACK < published_at - modified_at <= published_at - local:
            return times.with_published(local, times.published_source)
    return times


def use_readers_day(times: Times, sources: DateSources) -> Times:
    """A UTC time whose day is not the day that readers see (five American papers, 2026-11-24)."""
    zone, days = sources.context.zone, sources.visible_days
    published_at = to_readers_day(times.published_at, zone, days)
    return times.with_published(published_at, times.published_source)


def to_readers_day(
    timestamp: Timestamp | None, zone: tzinfo | None, days: Iterable[date]
) -> Timestamp | None:
    """A UTC time in the readers' zone if its day differs there, unless `days` has the UTC day.

    `days` are the days that the page shows. If no zone is known and the page shows the day before,
    its readers are American.
    """
    if not isinstance(timestamp, datetime) or timestamp.utcoffset():
        return timestamp
    local = timestamp.astimezone(zone or AMERICAN_ZONE)
    if local.date() == timestamp.date():
        return timestamp
    visible_days = set(days)
    if timestamp.date() in visible_days or (zone is None and local.date() not in visible_days):
        return timestamp
    return timestamp.astimezone(timezone(local.utcoffset() or timedelta(0)))


def drop_early_modification(times: Times, sources: DateSources) -> Times:
    """A modification before the publication, which belongs to a template or another article."""
    if (
        times.published_at
        and times.modified_at
        and day_of(times.modified_at) < day_of(times.published_at) - MAX_EARLY_MODIFICATION
    ):
        return Times(times.published_at, times.published_source, None, None)
    return times


def _with_local_offset(timestamp: datetime, zone: tzinfo | None) -> datetime:
    offset = timestamp.replace(tzinfo=zone).utcoffset()
    return timestamp.replace(tzinfo=timezone(offset or timedelta(0)))


# A label is put right before times are compared, and the day last, by the time that then holds.
REPAIRS: tuple[Repair, ...] = (
    use_other_day_order,
    take_visible_date,
    fix_utc_labels,
    fix_late_publication,
    use_readers_day,
    drop_early_modification,
)
