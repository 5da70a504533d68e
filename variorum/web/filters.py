"""How things are set in a page: times, languages, redlines, addresses. What was scraped cannot become markup."""

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from storage.articles.edits import edit_of
from storage.diff.edit import Hunk
from storage.diff.render import CONTROL, around, markup, sides
from storage.search.highlight import first_places
from storage.timestamps import parsed
from variorum.context import plural
from variorum.notify.message import cut

# How much of what left or came is shown in a list; the edit's own page has more.
SHORT = 280
LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv", "ckb")
LINKS = re.compile(r"https?://[^\s\x00-\x20]+", re.IGNORECASE)
FIELDS = {
    "dek": "standfirst",
    "published_at": "published time",
    "modified_at": "modified time",
}
STAMPS = ("published_at", "modified_at")


@cache
def environment() -> Environment:
    """The templates, which escape everything but what these functions set."""
    env = Environment(
        loader=PackageLoader("variorum.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_clean,
    )
    env.filters.update(
        when=when, between=between, span=span, field=field_name, kind=kind_name, redline=redline,
        hunks=hunks, before=before, after=after, said=said, lang=lang, web=web_address, marked=marked,
        percent=percent, number=number, plural=plural, cut=cut, hours=hours,
    )  # fmt: skip
    return env


def _clean(value: Any) -> Any:
    """What a template prints: nothing that could move a cursor or turn the line round."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return CONTROL.sub("", value)
    return "" if value is None else value


def when(text: str | None) -> Markup:
    """A stored time as a person reads it, in UTC.

    >>> when("2026-05-14T23:24:05.123Z")
    Markup('<time datetime="2026-05-14T23:24:05Z">14 May 2026, 23:24</time>')
    """
    stamp = parsed(text)
    if stamp is None:
        return Markup("–")
    if not isinstance(stamp, datetime):
        return Markup('<time datetime="{}">{}</time>').format(text, _day(stamp))
    exact = stamp.astimezone(UTC)
    return Markup('<time datetime="{}">{}, {:%H:%M}</time>').format(
        exact.strftime("%Y-%m-%dT%H:%M:%SZ"), _day(exact), exact
    )


def between(row: dict[str, Any]) -> Markup:
    """The two looks between which an edit lies; a day that both share is said once."""
    begin, end = when(row["seen_after"]), when(row["seen_at"])
    if row["seen_after"][:10] == row["seen_at"][:10]:
        end = Markup('<time datetime="{}">{}</time>').format(row["seen_at"], row["seen_at"][11:16])
    return Markup("between {} and {} UTC").format(begin, end)


def _day(stamp: date) -> str:
    return f"{stamp.day} {stamp:%B %Y}"


def span(seconds: float | None) -> str:
    """How long, in one unit.

    >>> span(5), span(90), span(7200), span(200_000)
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
    return span(None if value is None else value * 3_600)


def field_name(name: str) -> str:
    """A field as a person calls it."""
    return FIELDS.get(name, name)


def kind_name(name: str) -> str:
    """A kind of edit in words."""
    return name.replace("_", " ")


def said(disclosed: int | None) -> str:
    """Did the publisher say so?"""
    return {None: "unknown", 0: "silent", 1: "disclosed"}[disclosed]


def percent(value: float | None) -> str:
    """A share; a small one keeps a digit."""
    if value is None:
        return "–"
    return f"{value:.1%}" if 0 < value < 0.1 else f"{value:.0%}"


def number(value: float | None) -> str:
    """A figure with the digits that matter.

    >>> number(1234.5), number(2.345), number(0.0)
    ('1,234', '2.3', '0')
    """
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}"


def lang(tag: str | None) -> Markup:
    """The attributes of a text in a language: `lang`, and which way it runs.

    >>> lang("ko"), lang("ar-EG"), lang('"><b>')
    (Markup(' lang="ko" dir="auto"'), Markup(' lang="ar-EG" dir="rtl"'), Markup(' dir="auto"'))
    """
    if not tag or not LANG.fullmatch(tag):
        return Markup(' dir="auto"')
    way = "rtl" if tag.lower().split("-")[0] in RIGHT_TO_LEFT else "auto"
    return Markup(' lang="{}" dir="{}"').format(tag, way)


def web_address(url: str) -> str | None:
    """An address that a browser may be sent to; None for every other scheme.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    return url if LINKS.fullmatch(url) else None


def redline(row: dict[str, Any], limit: int = SHORT) -> Markup:
    """An edit in its sentence: what left struck through, what came underlined; in a list, the words around it."""
    if row["field"] in STAMPS:
        return _join(_when_or_none(row["old"], "del"), _when_or_none(row["new"], "ins"))
    edit = edit_of(row)
    old, new = cut(edit.old or "", limit), cut(edit.new or "", limit)
    if edit.op == "move":
        return Markup('<span class="moved">{}</span>').format(_safe(new))
    whole = [cut(text, limit) for text in sides(edit)]
    before_it, after_it = around(edit) if limit == SHORT else whole
    return _join(_safe(before_it), _tag("del", old), _tag("ins", new), _safe(after_it))


def hunks(parts: tuple[Hunk, ...]) -> Markup:
    """Both texts in one."""
    return _join(*(_safe(part.old) if part.op == "equal" else _changed(part) for part in parts))


def before(parts: tuple[Hunk, ...]) -> Markup:
    """The old text with what left marked in it."""
    return _join(
        *(_safe(part.old) if part.op == "equal" else _tag("del", part.old) for part in parts)
    )


def after(parts: tuple[Hunk, ...]) -> Markup:
    """The new text with what came marked in it."""
    return _join(
        *(_safe(part.new) if part.op == "equal" else _tag("ins", part.new) for part in parts)
    )


def marked(text: str, words: str) -> Markup:
    """A text with the words of a search marked in it."""
    parts, at = [], 0
    for begin, end in first_places(words, text):
        parts += [_safe(text[at:begin]), _tag("mark", text[begin:end])]
        at = end
    return _join(*parts, _safe(text[at:]))


def _changed(part: Hunk) -> Markup:
    return _join(_tag("del", part.old), _tag("ins", part.new))


def _when_or_none(text: str | None, tag: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), when(text)) if text else Markup("")


def _tag(name: str, text: str) -> Markup:
    """Marked text; white space at its end stays outside, where it cannot be underlined."""
    if not text:
        return Markup("")
    bare = text.rstrip()
    return Markup("<{0}>{1}</{0}>{2}").format(Markup(name), _safe(bare), text[len(bare) :])


def _safe(text: str) -> Markup:
    return Markup(markup(text))


def _join(*parts: Markup) -> Markup:
    return Markup("").join(parts)
