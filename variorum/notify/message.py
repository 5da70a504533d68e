"""The message of a notification, as text and as JSON, cut to the size that a channel accepts."""

import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from scraper.patterns import lazy_pattern
from storage.articles.edits import edit_from_row, edit_label
from storage.diff.render import printable, redline

# Code points that, like combining marks, extend the character before them. They are joiners, vowels and
# finals of decomposed Korean syllables, the second half of a flag, skin tones and tags.
EXTENDING_CHARACTER = lazy_pattern(
    "[\u1160-\u11ff\u200c\u200d\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
# Where a text of an article would begin something else in a message: a mention (@everyone, <!channel>), an element or
# a comment of HTML, a reference (&lt;), a link of Markdown, an escape (\[), a spoiler (||), an emoji (:name:), a heading, a
# list or a quotation, an address that mail and chat programs make a link of and load for a preview.
BEGINS_COMMAND = lazy_pattern(
    r"(?<=[@＠﹫<＜])(?=\S)|(?<=\\)|(?<=&)(?=[#\w])|(?<=\])(?=[(\[:])|(?<=\|)(?=\|)|(?<=(?<!\w):)(?=[\w+-])"
    r"|(?<=[^\W\d_]:)(?=\S)|(?<=\w\.)(?=[^\W\d_]{2})|(?m:^)(?=[#>+= \t-]|\d+[.)])"
)
# What marks a word of Markdown from both sides: no space without width keeps it from that, so another sign that looks
# like it takes its place. Within a word (snake_case) a low line marks nothing.
MARKS_WORD = lazy_pattern(r"[*`~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
LOOKALIKES = {"*": "\u2217", "`": "\u02cb", "~": "\u223c", "_": "\u02cd"}
ZERO_WIDTH_SPACE = "\u200b"
# What may stay as it is in the path of an address: no mention and no bracket is among it.
PLAIN_IN_URL = "/?#:&=%+~,;$-._*'"
ZERO_WIDTH_JOINER = "\u200d"
ELLIPSIS = "…"
# A cut moves back to the end of a word if that costs no more than this share of the text.
MAX_CUT_BACK_SHARE = 0.2
# Apprise writes the subject of a mail in one line with three signs for a byte, and mail servers take none above
# 998 (RFC 5321, 4.5.3.1.6).
MAX_TITLE_BYTES = 300
MAX_TITLE_HOSTS = 3
SEPARATOR = "\n\n"
# Each edit of a message gets at least this much room; one cut below the second figure is not readable.
MIN_EDIT_CHARACTERS, MIN_READABLE_CHARACTERS = 200, 60
MAX_JSON_TEXT_CHARACTERS = 2_000
EDIT_KEYS = (
    "delivery", "id", "url", "host", "headline", "field", "op", "kind", "old", "new", "context", "disclosed",
    "seen_after", "seen_at", "from_version", "to_version",
)  # fmt: skip


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` characters, cut at the end of a word if one is near.

    A character that is made of several code points is never split.

    >>> cut("Fire kills twelve in the old mill", 20)
    'Fire kills twelve…'
    """
    if len(text) <= limit:
        return text
    end = max(limit - len(ELLIPSIS), 0)
    space = text.rfind(" ", 0, end + 1)
    if space > end * (1 - MAX_CUT_BACK_SHARE):
        end = space
    while end and (_is_extending(text[end]) or text[end - 1] == ZERO_WIDTH_JOINER):
        end -= 1
    return text[:end].rstrip() + ELLIPSIS[:limit]


def _is_extending(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or EXTENDING_CHARACTER.match(char) is not None


def message_title(edits: Sequence[dict[str, Any]]) -> str:
    """One line for one edit or several."""
    if len(edits) == 1:
        edit = edits[0]
        headline = " ".join(defused(edit["headline"]).split())
        return _cut_title(f"{printable(edit['host'])}: {edit['field']} edited – {headline}")
    hosts = list(dict.fromkeys(edit["host"] for edit in edits))
    others = " and others" if len(hosts) > MAX_TITLE_HOSTS else ""
    return _cut_title(f"{len(edits)} edits at {', '.join(hosts[:MAX_TITLE_HOSTS])}{others}")


def _cut_title(title: str) -> str:
    return cut(title, len(title.encode()[:MAX_TITLE_BYTES].decode(errors="ignore")))


def message_text(edits: Sequence[dict[str, Any]], limit: int) -> str:
    """The edits with their redlines in at most `limit` characters; the last line counts the rest."""
    parts = list[str]()
    characters_left = limit
    for number, edit in enumerate(edits):
        part_limit = max(characters_left // (len(edits) - number), MIN_EDIT_CHARACTERS)
        part = cut(_edit_paragraph(edit), min(part_limit, max(characters_left, 0)))
        rest = f"and {len(edits) - number} more"
        is_too_short = len(part) < MIN_READABLE_CHARACTERS
        if is_too_short or len(part) + len(rest) + len(SEPARATOR) > characters_left:
            parts.append(cut(rest if number else part, max(characters_left, 0)))
            break
        parts.append(part)
        characters_left -= len(part) + len(SEPARATOR)
    return SEPARATOR.join(parts)


def message_json(edits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The message for a program: a title, a text, and every edit with its delivery ID."""
    return {
        "title": message_title(edits),
        "text": message_text(edits, MAX_JSON_TEXT_CHARACTERS),
        "edits": [{name: edit[name] for name in EDIT_KEYS} for edit in edits],
    }


def message_number(edits: Sequence[dict[str, Any]]) -> int:
    """The number of a message, the same on every retry: the first of its deliveries."""
    return int(edits[0].get("message") or edits[0]["delivery"])


def defused(text: str) -> str:
    """A text of an article for a message: words, and nothing that mail or chat programs act on.

    A space without width breaks what they would take for a mention, for markup or for a link. Signs that
    would make words bold, struck out or code are replaced by others that look like them.

    >>> defused("@everyone <!channel> **12.5**").replace("\\u200b", "·")
    '@·everyone <·!channel> ∗∗12.5∗∗'
    """
    text = MARKS_WORD.sub(lambda sign: LOOKALIKES[sign[0]], printable(text))
    return BEGINS_COMMAND.sub(ZERO_WIDTH_SPACE, text)


def plain_url(url: str) -> str:
    """The address of an article for a message: a link, and nothing else.

    >>> plain_url("https://example.org/@here/(1)")
    'https://example.org/%40here/%281%29'
    """
    parts = urlsplit(printable(url))
    quoted = (quote(part, safe=PLAIN_IN_URL) for part in parts[2:])
    return urlunsplit((*parts[:2], *quoted))


def _edit_paragraph(edit: dict[str, Any]) -> str:
    """An edit for a person. The address comes early, so that it is never cut off."""
    headline = " ".join(defused(edit["headline"]).split())
    label = f"{edit['field']}, {edit_label(edit, ', ')}"
    return f"{headline}\n{plain_url(edit['url'])}\n{label}: {defused(redline(edit_from_row(edit)))}"
