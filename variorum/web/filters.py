"""Template filters: times, languages, redlines, addresses. Scraped text cannot become markup."""

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from scraper.patterns import lazy_pattern
from storage.articles.edits import edit_from_row
from storage.diff.edit import Hunk
from storage.diff.render import TERMINAL_CONTROL, clipped_sides, markup, sentence_sides
from storage.search.highlight import word_spans
from storage.timestamps import parse_timestamp
from storage.vocabulary import DATE_FIELDS
from variorum.notify.message import cut
from variorum.terminal.output import plural

# How much of a removed or added text a list shows; the page of the edit has more.
MAX_LIST_REDLINE_CHARACTERS = 280
LANGUAGE_TAG = lazy_pattern(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
RIGHT_TO_LEFT_LANGUAGES = ("ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv", "ckb")
WEB_URL = lazy_pattern(r"https?://[^\s\x00-\x20]+", re.IGNORECASE)
FIELD_LABELS = {
    "dek": "standfirst",
    "published_at": "published time",
    "modified_at": "modified time",
}


@cache
def environment() -> Environment:
    """The templates. They escape everything but the markup that these filters make."""
    env = Environment(
        loader=PackageLoader("variorum.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_without_controls,
    )
    env.filters.update(
        when=when, between_checks=between_checks, duration=duration, field=field_name, kind=kind_name, redline_html=redline_html,
        hunks_html=hunks_html, old_text=old_text, new_text=new_text, disclosure_label=disclosure_label, lang=lang, web=web_address, highlight=highlight,
        percent=percent, number=number, plural=plural, cut=cut, hours=hours,
    )  # fmt: skip
    return env


def _without_controls(value: Any) -> Any:
    """A value as a template prints it: without characters that move a cursor or turn the text direction."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return TERMINAL_CONTROL.sub("", value)
    return "" if value is None else value


def when(text: str | None) -> Markup:
    """A stored time for people to read, in UTC.

    >>> when("2026-05-14T23:24:05.123Z")
    Markup('<time datetime="2026-05-14T23:24:05Z">14 May 2026, 23:24</time>')
    """
    timestamp = parse_timestamp(text)
    if timestamp is None:
        return Markup("–")
    if not isinstance(timestamp, datetime):
        return Markup('<time datetime="{}">{}</time>').format(text, _long_date(timestamp))
    exact = timestamp.astimezone(UTC)
    return Markup('<time datetime="{}">{}, {:%H:%M}</time>').format(
        exact.strftime("%Y-%m-%dT%H:%M:%SZ"), _long_date(exact), exact
    )


def between_checks(row: dict[str, Any]) -> Markup:
    """The two checks between which an edit happened; a day that both share appears once."""
    begin, end = when(row["seen_after"]), when(row["seen_at"])
    if row["seen_after"][:10] == row["seen_at"][:10]:
        end = Markup('<time datetime="{}">{}</time>').format(row["seen_at"], row["seen_at"][11:16])
    return Markup("between {} and {} UTC").format(begin, end)


def _long_date(timestamp: date) -> str:
    return f"{timestamp.day} {timestamp:%B %Y}"


def duration(seconds: float | None) -> str:
    """A span of time in one unit.

    >>> duration(5), duration(90), duration(7200), duration(200_000)
    ('5 s', '2 min', '2 h', '2 days')
    """
    if seconds is None:
        return "–"
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= size * 1.5:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def hours(value: float | None) -> str:
    """Hours as a span."""
    return duration(None if value is None else value * 3_600)


def field_name(name: str) -> str:
    """What people call a field."""
    return FIELD_LABELS.get(name, name)


def kind_name(name: str) -> str:
    """A kind of edit in plain words."""
    return name.replace("_", " ")


def disclosure_label(disclosed: int | None) -> str:
    """Whether the publisher disclosed an edit, in one word."""
    return {None: "unknown", 0: "silent", 1: "disclosed"}[disclosed]


def percent(value: float | None) -> str:
    """A share (0 to 1) as a percentage; below 10 % with one decimal."""
    if value is None:
        return "–"
    return f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"


def number(value: float | None) -> str:
    """A figure with two significant digits, from 100 on without decimals.

    >>> number(1234.5), number(2.345), number(0.0)
    ('1,234', '2.3', '0')
    """
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}"


def lang(tag: str | None) -> Markup:
    """The attributes of an element in a language: `lang`, and the text direction.

    >>> lang("ko"), lang("ar-EG"), lang('"><b>')
    (Markup(' lang="ko" dir="auto"'), Markup(' lang="ar-EG" dir="rtl"'), Markup(' dir="auto"'))
    """
    if not tag or not LANGUAGE_TAG.fullmatch(tag):
        return Markup(' dir="auto"')
    direction = "rtl" if tag.lower().split("-")[0] in RIGHT_TO_LEFT_LANGUAGES else "auto"
    return Markup(' lang="{}" dir="{}"').format(tag, direction)


def web_address(url: str) -> str | None:
    """The address if a link may lead to it (http or https), else None.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    return url if WEB_URL.fullmatch(url) else None


def redline_html(row: dict[str, Any], limit: int = MAX_LIST_REDLINE_CHARACTERS) -> Markup:
    """An edit as a redline: removed text struck through, added text underlined.

    In a list (the default limit) with a few words around it, else in its whole sentence.
    """
    if row["field"] in DATE_FIELDS:
        return _join_markup(_when_or_none(row["old"], "del"), _when_or_none(row["new"], "ins"))
    edit = edit_from_row(row)
    old, new = cut(edit.old or "", limit), cut(edit.new or "", limit)
    if edit.op == "move":
        return Markup('<span class="moved">{}</span>').format(_escape(new))
    full_sides = [cut(text, limit) for text in sentence_sides(edit)]
    text_before, text_after = (
        clipped_sides(edit) if limit == MAX_LIST_REDLINE_CHARACTERS else full_sides
    )
    return _join_markup(
        _escape(text_before), _tag("del", old), _tag("ins", new), _escape(text_after)
    )


def hunks_html(parts: tuple[Hunk, ...]) -> Markup:
    """Both texts in one, with deletions and insertions."""
    return _join_markup(
        *(_escape(part.old) if part.op == "equal" else _replacement(part) for part in parts)
    )


def old_text(parts: tuple[Hunk, ...]) -> Markup:
    """The old text with the removed words marked."""
    return _join_markup(
        *(_escape(part.old) if part.op == "equal" else _tag("del", part.old) for part in parts)
    )


def new_text(parts: tuple[Hunk, ...]) -> Markup:
    """The new text with the added words marked."""
    return _join_markup(
        *(_escape(part.new) if part.op == "equal" else _tag("ins", part.new) for part in parts)
    )


def highlight(text: str, words: str) -> Markup:
    """A text with the words of a search marked."""
    parts, position = [], 0
    for begin, end in word_spans(words, text):
        parts += [_escape(text[position:begin]), _tag("mark", text[begin:end])]
        position = end
    return _join_markup(*parts, _escape(text[position:]))


def _replacement(part: Hunk) -> Markup:
    return _join_markup(_tag("del", part.old), _tag("ins", part.new))


def _when_or_none(text: str | None, tag: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), when(text)) if text else Markup("")


def _tag(name: str, text: str) -> Markup:
    """Text in an element; white space at its end stays outside, so that it is not underlined."""
    if not text:
        return Markup("")
    stripped = text.rstrip()
    return Markup("<{0}>{1}</{0}>{2}").format(
        Markup(name), _escape(stripped), text[len(stripped) :]
    )


def _escape(text: str) -> Markup:
    return Markup(markup(text))


def _join_markup(*parts: Markup) -> Markup:
    return Markup("").join(parts)
