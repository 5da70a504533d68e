"""Does an imported history say what its own pages show? Whoever can write a file can write any hash into it, too.

A version is verified against the pages of the check that brought it: nothing in it may be on none of them, and nothing
that they show may be missing without a reason. If today's extractor wrote the version, it must read the same from them.
Of a version by another extractor only the first holds: another program may leave out more.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import unescape

from scraper.article import Article, Timestamp
from scraper.errors import ExtractError
from scraper.extract import extract, extractor_for
from scraper.extract.html.document import Document
from scraper.extract.rules.rule import Rule
from scraper.patterns import lazy_pattern
from storage.articles.versions import article_from_row, content_hash, details_hash
from storage.database import Row
from storage.diff.noise.boilerplate import BoilerplateLine, boilerplate_of, without_boilerplate
from storage.diff.noise.exclusions import Exclusions, PageNoise, without_noise
from storage.diff.text.letters import ScatteredError, SearchedText, letters_of
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.errors import ArchiveError
from storage.queries.damage.edits import (
    VersionTexts,
    as_stored,
    edit_problem,
    last_modified_headers,
    with_todays_kind,
)
from storage.snapshots.store import Snapshot
from storage.transfer.jsonl import History
from storage.vocabulary import FIELDS, Field, Shape

# Gives the page that a row of `fetches` brought.
PageLoader = Callable[[Row], Snapshot]

UNICODE_ESCAPE = lazy_pattern(r"\\u([0-9a-fA-F]{4})")
MAX_QUOTE_CHARACTERS = 80
# A time without a zone may be read in two ways.
MAX_DIFFERENCE = timedelta(days=1)


class _Fault(Exception):
    """What in a version does not agree with its hash or its pages."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of a check: what today's extractor reads from it (None: no article), and all its letters."""

    article: Article | None
    text: SearchedText


@dataclass(frozen=True, slots=True)
class VerifiedHistory:
    """A history that agrees with its pages, its edits with today's kinds; and what no page proves of it.

    Another extractor wrote the text of `by_others` versions, so only its words were found on the pages. The
    sentences `left_out` are on the pages, and its exclusions leave them out.
    """

    history: History
    by_others: int
    left_out: frozenset[str]


def verify_history(
    history: History, rules: Sequence[Rule], load_page: PageLoader | None = None
) -> VerifiedHistory:
    """Verify every version of a history, and every edit against the versions it is between.

    Without `load_page` there are no pages: then only the hashes and the edits are verified. Raises ArchiveError with the
    line, the address, and the version or edit.
    """
    by_others, left_out = 0, set[str]()
    url = history.article["url"]
    exclusions = _exclusions(history.rows["exclusions"])
    texts: list[Article] = []
    for row, line in zip(history.rows["versions"], history.lines["versions"], strict=True):
        try:
            text = _text_of(row, url)
            before = texts[-1] if texts else None
            pages = [_read(load_page(fetch), url, rules) for fetch in _fetches_of(history, row)] if load_page else []  # fmt: skip
            if pages:
                is_ours = row.get("extractor") == extractor_for(url, rules)
                by_others += not is_ours
                left_out |= _verify_text(text, before, pages, exclusions, is_ours=is_ours)
        except (_Fault, ScatteredError) as fault:
            raise ArchiveError(
                f"{history.name}, line {line}: version {row['number']} of {url}: {fault}; nothing of it was imported"
            ) from fault
        texts.append(text)
    stamps, versions = (
        last_modified_headers(history.rows["versions"], history.rows["fetches"]),
        VersionTexts(texts),
    )
    for row, line in zip(history.rows["edits"], history.lines["edits"], strict=True):
        problem = edit_problem(row, versions, stamps)
        if problem:
            raise ArchiveError(
                f"{history.name}, line {line}: edit {row['id']} of {url} {problem}; nothing of it was imported"
            )
    edits = [with_todays_kind(row, versions) for row in history.rows["edits"]]
    named = replace(history, rows={**history.rows, "edits": edits})
    return VerifiedHistory(named, by_others, frozenset(left_out))


def _exclusions(rows: Sequence[Row]) -> Exclusions:
    """What is left out of the texts, as the file says."""
    noise, lines = list[PageNoise](), list[BoilerplateLine]()
    for row in rows:
        if row.get("restored_at") is None and row["kind"] == "volatile":
            noise.append(PageNoise(row["text"]))
        elif row.get("restored_at") is None and row["kind"] == "boilerplate":
            is_name = json.loads(row["evidence"])["field"] == "byline"
            lines.append(BoilerplateLine(row["text"], is_name))
    return replace(Exclusions().with_noise(tuple(noise)), boilerplate=boilerplate_of(tuple(lines)))


def _text_of(row: Row, url: str) -> Article:
    """The text of a version. Raises _Fault if it does not have the hash that is stored with it."""
    optional = ("dek", "section", "lang", "published_at", "modified_at")
    defaults = {"byline": "[]", "captions": "[]", "headlines": "{}", **dict.fromkeys(optional)}
    text = article_from_row({**defaults, **row}, url)
    if row.get("content_hash") not in (None, content_hash(text)):
        raise _Fault("its text does not have the hash that is stored with it")
    if row.get("details_hash") not in (None, details_hash(text)):
        raise _Fault(
            "its section, times or headlines do not have the hash that is stored with them"
        )
    return text


def _fetches_of(history: History, version: Row) -> Iterator[Row]:
    """The fetches of the check that brought a version, if their pages are in the file: the first, and the confirming one."""
    page_id = version.get("snapshot_id")
    fetches = [fetch for fetch in history.rows["fetches"] if fetch.get("snapshot_id") is not None]
    first = [fetch for fetch in fetches if fetch["snapshot_id"] == page_id]
    at_that_time = [fetch for fetch in first if fetch["fetched_at"] == version["seen_at"]]
    for fetch in (at_that_time or first)[:1]:
        yield fetch
        yield from (second for second in fetches if second.get("confirms") == fetch["id"])


def _read(page: Snapshot, url: str, rules: Sequence[Rule]) -> _Page:
    document = Document(page.raw, url, page.content_type)
    source = page.raw.decode("utf-8", "replace")
    plain = UNICODE_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), unescape(source))
    letters = letters_of(document.text) + "\n" + letters_of(plain)
    try:
        article = extract(page.raw, url, content_type=page.content_type, rules=rules)
    except ExtractError:
        article = None
    return _Page(article, SearchedText(letters))


def _verify_text(
    text: Article,
    before: Article | None,
    pages: list[_Page],
    exclusions: Exclusions,
    *,
    is_ours: bool,
) -> set[str]:
    """The sentences that all pages of its check show and a text lacks, since they are excluded.

    Raises _Fault if the text says what no page shows, or lacks what they show.
    """
    readings = [page.article for page in pages if page.article is not None]
    for line in (*_lines_of(text), *_unread_lines(text, readings)):
        if not any(page.text.has(line) for page in pages):
            raise _Fault(f"“{_quoted(line)}” is not on its page")
    for name in () if is_ours else ("published_at", "modified_at"):
        _verify_day(name, text, before, readings)
    if not is_ours:
        return set()
    if not readings:
        raise _Fault("its page shows no article")
    quiet = [_quiet(reading, exclusions) for reading in readings]
    for field in FIELDS:
        _verify_field(field, text, before, [*readings, *quiet])
    expected = set.intersection(*(_sentences_of(reading) for reading in quiet))
    if (
        before is not None
    ):  # what is new on a page may wait for a later check, or may have been no article text before
        expected &= _sentences_of(before)
    missing = expected - _sentences_of(text)
    if missing:
        raise _Fault(f"it lacks “{_quoted(min(missing))}”, which its page shows")
    shown = set.intersection(*(_sentences_of(reading) for reading in readings))
    kept = set.intersection(*(_sentences_of(reading) for reading in quiet))
    return shown - kept - _sentences_of(text)


def _verify_day(name: str, text: Article, before: Article | None, readings: list[Article]) -> None:
    """Raise _Fault if a time that another extractor read is days from what its pages, and the text before, have."""
    value = getattr(text, name)
    known = [getattr(one, name) for one in (*readings, *([before] if before else []))]
    if value and not any(one and abs(_day(value) - _day(one)) <= MAX_DIFFERENCE for one in known):
        raise _Fault(f"its page has another {name} than “{_quoted(str(value))}”")


def _day(value: Timestamp) -> date:
    return value.date() if isinstance(value, datetime) else value


def _verify_field(
    field: Field, text: Article, before: Article | None, readings: list[Article]
) -> None:
    """Raise _Fault if a field is neither as the pages have it nor as it was before."""
    known = [getattr(one, field.attribute) for one in (*readings, *([before] if before else []))]
    value = getattr(text, field.attribute)
    if field.shape in (Shape.TEXT, Shape.LINES):
        whole = SearchedText("\n".join(letters_of("\n".join(lines)) for lines in known))
        for line in (one for part in value for one in sentences(visible(part))):
            if not whole.has(line):
                raise _Fault(
                    f"its page does not show “{_quoted(line)}” as {field.name} of the article"
                )
    elif value not in known and as_stored(value) not in map(as_stored, known):
        raise _Fault(f"its page has another {field.name} than “{_quoted(str(value))}”")


def _quiet(reading: Article, exclusions: Exclusions) -> Article:
    return without_boilerplate(without_noise(reading, exclusions), exclusions.boilerplate)


def _lines_of(text: Article) -> Iterator[str]:
    """Everything that a text says, sentence by sentence; times are not on pages as they are stored."""
    yield text.headline
    yield from text.byline
    for part in (text.dek or "", *text.paragraphs, *text.captions):
        yield from sentences(visible(part))


def _unread_lines(text: Article, readings: list[Article]) -> set[str]:
    """The section of a text and its other headlines, but those that are read from its pages so."""
    read = {one for page in readings for one in (page.section, *page.headlines.values())}
    return {text.section or "", *text.headlines.values()} - read


def _sentences_of(text: Article) -> set[str]:
    return {one for part in (*text.paragraphs, *text.captions) for one in sentences(visible(part))}


def _quoted(text: str) -> str:
    return text if len(text) <= MAX_QUOTE_CHARACTERS else f"{text[: MAX_QUOTE_CHARACTERS - 1]}…"
