"""Two versions of an article, prepared for a page: what to show of a long text, and what to skip."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.articles.versions import article_from_row, version_row
from storage.database import Database, Row
from storage.diff.align.side_by_side import SideBySideRow, side_by_side_rows
from storage.diff.render import markup
from storage.diff.text.sentences import sentences
from storage.queries.sentences import current_sentences
from variorum.web.request import BadRequestError, WebRequest

# An article may have thousands of versions. The page lists only the last ones. It draws more of them,
# and offers still more for comparison, since an option takes less room than a table row.
MAX_LISTED_VERSIONS, MAX_COMPARABLE_VERSIONS, MAX_DRAWN_VERSIONS = 40, 300, 100
# A page stays below 100 kB: this much of it is for text, less this much for each version drawn.
MAX_TEXT_BYTES, BYTES_PER_DRAWN_VERSION = 45_000, 250
# What the markup of one row in a list of sentences takes.
MARKUP_BYTES_PER_SENTENCE = 180


@dataclass(frozen=True, slots=True)
class SkippedParagraphs:
    """How many paragraphs in a row the page leaves out, and how many of those have changed."""

    paragraphs: int
    changed: int


def comparison(
    db: Database, article: Row, versions: Sequence[Row], web_request: WebRequest
) -> dict[str, Any]:
    """The template's variables for two versions, inline or side by side; by default the last edit.

    Raises BadRequestError if the request names a version that does not exist.
    """
    latest = versions[-1]["number"]
    older, newer = _chosen_numbers(web_request, latest)
    texts = [
        article_from_row(version_row(db, article["id"], number), article["url"])
        for number in (older, newer)
    ]
    rows = side_by_side_rows(*texts)
    sentence_rows = current_sentences(db, article["id"], latest) if newer == latest else []
    drawn_bytes = BYTES_PER_DRAWN_VERSION * min(len(versions), MAX_DRAWN_VERSIONS)
    return {
        "older": older,
        "newer": newer,
        "latest": latest,
        "unlisted_versions": _unlisted_versions(versions, older, newer),
        "view": web_request.choice("view", ("inline", "side")) or "inline",
        "blocks": _near_changes(rows, MAX_TEXT_BYTES - drawn_bytes),
        "is_same": all(row.op == "equal" for row in rows),
        "history_by_sentence": {row["sentence"]: row for row in sentence_rows},
        "split_sentences": split_sentences,
    }


def split_sentences(text: str) -> list[tuple[str, str]]:
    """The sentences of a paragraph, each with the white space before it, of which Japanese has none.

    >>> split_sentences("One. Two.\\nThree."), split_sentences("雨が降った。寒い。")
    ([('', 'One.'), (' ', 'Two.'), ('\\n', 'Three.')], [('', '雨が降った。'), ('', '寒い。')])
    """
    parts, position = list[tuple[str, str]](), 0
    for sentence in sentences(text):
        begin = text.index(sentence, position)
        parts.append((text[position:begin], sentence))
        position = begin + len(sentence)
    return parts


def sentences_that_fit(rows: Sequence[Row]) -> list[Row]:
    """The first rows (each with a `sentence`) for which a page has room."""
    on_page, bytes_left = list[Row](), MAX_TEXT_BYTES
    for row in rows:
        bytes_left -= _markup_bytes(row["sentence"]) + MARKUP_BYTES_PER_SENTENCE
        if bytes_left < 0:
            break
        on_page.append(row)
    return on_page


def _chosen_numbers(web_request: WebRequest, latest: int) -> tuple[int, int]:
    newer = web_request.number("to") or latest
    older = web_request.number("from") or max(1, newer - 1)
    for number in (older, newer):
        if not 1 <= number <= latest:
            raise BadRequestError(
                f"This article has no version {number}; choose one from 1 to {latest}.", 404
            )
    return older, newer


def _unlisted_versions(versions: Sequence[Row], *chosen: int) -> list[int]:
    """The version numbers that the table leaves out but the form offers, newest first."""
    numbers = {version["number"] for version in versions[-MAX_COMPARABLE_VERSIONS:]} | {*chosen}
    listed = {version["number"] for version in versions[-MAX_LISTED_VERSIONS:]}
    return sorted(numbers - listed, reverse=True)


def _near_changes(
    rows: Sequence[SideBySideRow], bytes_left: int
) -> list[SideBySideRow | SkippedParagraphs]:
    """All rows of a short text; of a long one those next to a change, as far as they fit."""
    lengths = [_markup_bytes(row.old) + _markup_bytes(row.new) for row in rows]
    is_long = sum(lengths) > bytes_left
    on_page = list[SideBySideRow | SkippedParagraphs]()
    for position, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        neighbours = rows[max(0, position - 1) : position + 2]
        is_near_change = any(neighbour.op != "equal" for neighbour in neighbours)
        if (row.field == "body" and is_long and not is_near_change) or length > bytes_left:
            _skip_row(on_page, row)
        else:
            bytes_left -= length
            on_page.append(row)
    return on_page


def _skip_row(on_page: list[SideBySideRow | SkippedParagraphs], row: SideBySideRow) -> None:
    """Count the row among the skipped ones at the end of the page."""
    last = on_page[-1] if on_page else None
    if isinstance(last, SkippedParagraphs):
        on_page.pop()
    else:
        last = SkippedParagraphs(0, 0)
    on_page.append(SkippedParagraphs(last.paragraphs + 1, last.changed + (row.op != "equal")))


def _markup_bytes(text: str) -> int:
    """How long a text is in the page's markup."""
    return len(markup(text).encode("utf-8", "replace"))
