"""An article: its headlines, its looks and versions, any two of them compared, its sentences."""

from dataclasses import dataclass
from typing import Any

from storage.articles.state import article_from_row, version_row
from storage.database import Database
from storage.diff.align.side_by_side import SideBySideRow, side_by_side_rows
from storage.diff.render import markup, printable
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.queries.sentences import current_sentences, removed_sentences
from storage.queries.stream import EditFilter, edit_batch
from variorum.notify.message import cut
from variorum.web.request import BadRequestError, WebRequest
from variorum.web.response import View
from variorum.web.views.edits import (
    EDIT_COLUMNS,
    EDITS_PER_FEED,
    edits_by_update,
    entries,
    public_edit,
)
from variorum.web.views.timeline import SAW_ARTICLE, Timeline, seconds_apart, timeline

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SkippedParagraphs:
    """So many paragraphs are not shown, and so many of them are not the same in both versions."""

    paragraphs: int
    changed: int


VERSION_COLUMNS = "number, seen_at, last_seen_at, headline, lang, reverts_to, technical, content_hash, published_at, modified_at"
SENTENCE_COLUMNS = (
    "sentence",
    "added_version",
    "added_at",
    "removed_version",
    "removed_at",
    "paragraph",
)
# What is listed of an article that has been looked at for years: versions, headlines, looks and edits; the versions
# that are drawn, and those that are offered to compare, which take less room.
(
    MAX_LISTED_VERSIONS,
    MAX_LISTED_HEADLINES,
    MAX_LISTED_CHECKS,
    MAX_LISTED_EDITS,
    MAX_DRAWN_VERSIONS,
    MAX_COMPARABLE_VERSIONS,
) = 40, 20, 1_000, 10, 100, 300
# So many bytes of the text's room on a page go to each version that is drawn.
BYTES_PER_DRAWN_VERSION = 250
# So many bytes of markup have room on a page for two versions, and for sentences with what stands around each.
MAX_TEXT_BYTES, MARKUP_BYTES_PER_SENTENCE = 45_000, 180


def article_page(db: Database, web_request: WebRequest) -> View:
    """One article with everything known of it, two of its versions compared."""
    article = _article_row(db, web_request)
    versions = _version_rows(db, article["id"])
    checks = _check_rows(db, article["id"])
    found = edit_batch(db, EditFilter(article_id=article["id"]), limit=_edit_limit(web_request))
    comparison = (
        _comparison(db, article, versions, web_request)
        if versions and web_request.ending == "html"
        else {}
    )
    return View(
        "article.html",
        cut(printable(article["headline"] or article["url"]), 120),
        {
            "article": article,
            "lang_of": versions[-1]["lang"] if versions else None,
            "versions": versions[-MAX_LISTED_VERSIONS:][::-1],
            "headlines": headlines(versions),
            "listed": MAX_LISTED_HEADLINES,
            "line": _article_timeline(versions, checks),
            "drawn": min(len(versions), MAX_DRAWN_VERSIONS),
            "troubles": [check for check in checks if check["outcome"] not in SAW_ARTICLE][-5:][
                ::-1
            ],
            "groups": edits_by_update(found.rows),
            "more_edits": found.before is not None,
            **comparison,
        },
        EDIT_COLUMNS,
        [public_edit(row, web_request) for row in found.rows],
        {"article": article, "versions": [*versions], "headlines": headlines(versions)},
        entries(found.rows, web_request),
    )


def sentences_page(db: Database, web_request: WebRequest) -> View:
    """Since when each sentence of an article stands, and which ones left it."""
    article = _article_row(db, web_request)
    number = article["latest_version"]
    current = current_sentences(db, article["id"], number) if number else []
    removed = removed_sentences(db, article["id"])
    rows = edit_batch(db, EditFilter(article_id=article["id"]), limit=EDITS_PER_FEED).rows
    version = version_row(db, article["id"], number) if number else {"lang": None}
    paragraphs = dict[int, list[Row]]()
    for row in _sentences_that_fit(current):
        paragraphs.setdefault(row["paragraph"], []).append(row)
    return View(
        "sentences.html",
        f"Sentences: {cut(printable(article['headline'] or article['url']), 100)}",
        {
            "article": article,
            "lang_of": version["lang"],
            "paragraphs": list(paragraphs.values()),
            "current": len(current),
            "gone": _sentences_that_fit(removed),
            "left": len(removed),
        },
        SENTENCE_COLUMNS,
        [{name: row[name] for name in SENTENCE_COLUMNS} for row in [*current, *removed]],
        {"article": article},
        entries(rows, web_request),
    )


def headlines(versions: list[Row]) -> list[Row]:
    """The headlines in the order they stood, each with the times it did and its share of the time.

    `returns` is true where it had stood before.
    """
    runs = list[Row]()
    seconds_shown = dict[str, float]()
    last = None
    for version in versions:
        text = visible(version["headline"])
        if text == last:
            runs[-1].update(last_seen_at=version["last_seen_at"], to_version=version["number"])
        else:
            runs.append(
                {
                    "headline": version["headline"], "seen_at": version["seen_at"], "last_seen_at": version["last_seen_at"],
                    "from_version": version["number"], "to_version": version["number"], "returns": text in seconds_shown,
                }
            )  # fmt: skip
        last = text
        seconds_shown.setdefault(text, 0.0)
    for run in runs:
        seconds_shown[visible(run["headline"])] += seconds_apart(
            run["seen_at"], run["last_seen_at"]
        )
    total = sum(seconds_shown.values())
    for run in runs:
        run["share"] = seconds_shown[visible(run["headline"])] / total if total else None
    return runs


def split_sentences(text: str) -> list[tuple[str, str]]:
    """The sentences of a paragraph, each with the white space before it, of which Japanese has none.

    >>> split_sentences("One. Two.\\nThree."), split_sentences("雨が降った。寒い。")
    ([('', 'One.'), (' ', 'Two.'), ('\\n', 'Three.')], [('', '雨が降った。'), ('', '寒い。')])
    """
    found, position = list[tuple[str, str]](), 0
    for sentence in sentences(text):
        begin = text.index(sentence, position)
        found.append((text[position:begin], sentence))
        position = begin + len(sentence)
    return found


def _article_row(db: Database, web_request: WebRequest) -> Row:
    for row in db.query(
        "select * from articles where id = ?", [int(web_request.path_values["id"])]
    ):
        return dict(row)
    raise BadRequestError(f"There is no article {web_request.path_values['id']}.", 404)


def _version_rows(db: Database, article_id: int) -> list[Row]:
    return list(
        db.query(
            f"select {VERSION_COLUMNS} from versions where article_id = ? order by number",
            [article_id],
        )
    )


def _check_rows(db: Database, article_id: int) -> list[Row]:
    """The last looks, the oldest first; a second request of one look aside."""
    rows = db.query(
        "select fetched_at, outcome, reason from fetches"
        " where article_id = ? and confirms is null order by id desc limit ?",
        [article_id, MAX_LISTED_CHECKS],
    )
    return list(rows)[::-1]


def _article_timeline(versions: list[Row], checks: list[Row]) -> Timeline | None:
    """The picture of the last versions, with the looks since the first of them."""
    drawn_versions = versions[-MAX_DRAWN_VERSIONS:]
    if len(drawn_versions) < len(versions):
        checks = [check for check in checks if check["fetched_at"] >= drawn_versions[0]["seen_at"]]
    return timeline(drawn_versions, checks)


def _comparison(db: Database, article: Row, versions: list[Row], web_request: WebRequest) -> Row:
    """Two versions side by side or in one text; by default the last edit."""
    latest = versions[-1]["number"]
    newer = web_request.number("to") or latest
    older = web_request.number("from") or max(1, newer - 1)
    for number in (older, newer):
        if not 1 <= number <= latest:
            raise BadRequestError(f"There is no version {number}; versions are 1 to {latest}.", 404)
    texts = [
        article_from_row(version_row(db, article["id"], number), article["url"])
        for number in (older, newer)
    ]
    found = side_by_side_rows(*texts)
    since = {}
    if newer == latest:
        since = {row["sentence"]: row for row in current_sentences(db, article["id"], latest)}
    return {
        "older": older,
        "newer": newer,
        "latest": latest,
        "unlisted": _unlisted(versions, older, newer),
        "view": web_request.choice("view", ("inline", "side")) or "inline",
        "blocks": _near_changes(
            found, MAX_TEXT_BYTES - BYTES_PER_DRAWN_VERSION * min(len(versions), MAX_DRAWN_VERSIONS)
        ),
        "is_same": all(block.op == "equal" for block in found),
        "since": since,
        "parted": split_sentences,
    }


def _unlisted(versions: list[Row], *chosen: int) -> list[int]:
    """The numbers of versions that are not listed but may be compared, or are; the last first."""
    numbers = {version["number"] for version in versions[-MAX_COMPARABLE_VERSIONS:]} | {*chosen}
    return sorted(
        numbers - {version["number"] for version in versions[-MAX_LISTED_VERSIONS:]}, reverse=True
    )


def _near_changes(
    found: tuple[SideBySideRow, ...], bytes_left: int
) -> list[SideBySideRow | SkippedParagraphs]:
    """The blocks; in a text that takes more bytes than there is room only those near a change, as many as fit."""
    lengths = [_markup_bytes(block.old) + _markup_bytes(block.new) for block in found]
    on_page = list[SideBySideRow | SkippedParagraphs]()
    is_long = sum(lengths) > bytes_left
    for position, (block, length) in enumerate(zip(found, lengths, strict=True)):
        is_near_change = any(
            neighbour.op != "equal" for neighbour in found[max(0, position - 1) : position + 2]
        )
        if (block.field == "body" and is_long and not is_near_change) or length > bytes_left:
            last = on_page.pop() if on_page and isinstance(on_page[-1], SkippedParagraphs) else None
            on_page.append(
                _skip_block(
                    last if isinstance(last, SkippedParagraphs) else SkippedParagraphs(0, 0), block
                )
            )
        else:
            bytes_left -= length
            on_page.append(block)
    return on_page


def _skip_block(skipped: SkippedParagraphs, block: SideBySideRow) -> SkippedParagraphs:
    return SkippedParagraphs(skipped.paragraphs + 1, skipped.changed + (block.op != "equal"))


def _markup_bytes(text: str) -> int:
    """How long a text is in a page."""
    return len(markup(text).encode("utf-8", "replace"))


def _sentences_that_fit(rows: list[Row]) -> list[Row]:
    """As many sentences as a page has room for."""
    on_page, bytes_left = list[Row](), MAX_TEXT_BYTES
    for row in rows:
        bytes_left -= _markup_bytes(row["sentence"]) + MARKUP_BYTES_PER_SENTENCE
        if bytes_left < 0:
            break
        on_page.append(row)
    return on_page


def _edit_limit(web_request: WebRequest) -> int:
    return MAX_LISTED_EDITS if web_request.ending == "html" else EDITS_PER_FEED
