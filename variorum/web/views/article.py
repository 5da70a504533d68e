"""An article: its headlines, its looks and versions, any two of them compared, its sentences."""

from dataclasses import dataclass
from typing import Any

from storage.articles.state import article_of, version_row
from storage.database import Database
from storage.diff.align.side_by_side import Block, blocks
from storage.diff.render import markup, printable
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.queries.sentences import blame, departed
from storage.queries.stream import Wanted, stretch
from variorum.notify.message import cut
from variorum.web.request import Asked, AskedWrongError
from variorum.web.response import Page
from variorum.web.views.edits import COLUMNS, IN_FEED, entries, grouped, public
from variorum.web.views.timeline import SAW, Timeline, seconds, timeline

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Skipped:
    """So many paragraphs are not shown, and so many of them are not the same in both versions."""

    paragraphs: int
    changed: int


VERSION_COLUMNS = "number, seen_at, last_seen_at, headline, lang, reverts_to, technical, content_hash, published_at, modified_at"
SENTENCES = ("sentence", "came_version", "came_at", "left_version", "left_at", "paragraph")
# What is listed of an article that has been looked at for years: versions, headlines, looks and edits; the versions
# that are drawn, and those that are offered to compare, which take less room.
LISTED, HEADLINES, LOOKS, EDITS, DRAWN, OFFERED = 40, 20, 1_000, 10, 100, 300
# So many bytes of the text's room on a page go to each version that is drawn.
BESIDE = 250
# So many bytes of markup have room on a page for two versions, and for sentences with what stands around each.
ALL, AROUND = 45_000, 180


def article_page(db: Database, asked: Asked) -> Page:
    """One article with everything known of it, two of its versions compared."""
    article = _article(db, asked)
    versions = _versions(db, article["id"])
    looks = _looks(db, article["id"])
    found = stretch(db, Wanted(article_id=article["id"]), limit=_edits_shown(asked))
    shown = _compared(db, article, versions, asked) if versions and asked.ending == "html" else {}
    return Page(
        "article.html",
        cut(printable(article["headline"] or article["url"]), 120),
        {
            "article": article,
            "lang_of": versions[-1]["lang"] if versions else None,
            "versions": versions[-LISTED:][::-1],
            "headlines": headlines(versions),
            "listed": HEADLINES,
            "line": _line(versions, looks),
            "drawn": min(len(versions), DRAWN),
            "troubles": [look for look in looks if look["outcome"] not in SAW][-5:][::-1],
            "groups": grouped(found.rows),
            "more_edits": found.before is not None,
            **shown,
        },
        COLUMNS,
        [public(row, asked) for row in found.rows],
        {"article": article, "versions": [*versions], "headlines": headlines(versions)},
        entries(found.rows, asked),
    )


def sentences_page(db: Database, asked: Asked) -> Page:
    """Since when each sentence of an article stands, and which ones left it."""
    article = _article(db, asked)
    number = article["latest_version"]
    standing = blame(db, article["id"], number) if number else []
    gone = departed(db, article["id"])
    rows = stretch(db, Wanted(article_id=article["id"]), limit=IN_FEED).rows
    version = version_row(db, article["id"], number) if number else {"lang": None}
    paragraphs = dict[int, list[Row]]()
    for row in _first(standing):
        paragraphs.setdefault(row["paragraph"], []).append(row)
    return Page(
        "sentences.html",
        f"Sentences: {cut(printable(article['headline'] or article['url']), 100)}",
        {
            "article": article,
            "lang_of": version["lang"],
            "paragraphs": list(paragraphs.values()),
            "standing": len(standing),
            "gone": _first(gone),
            "left": len(gone),
        },
        SENTENCES,
        [{name: row[name] for name in SENTENCES} for row in [*standing, *gone]],
        {"article": article},
        entries(rows, asked),
    )


def headlines(versions: list[Row]) -> list[Row]:
    """The headlines in the order they stood, each with the times it did and its share of the time.

    `returns` is true where it had stood before.
    """
    runs = list[Row]()
    stood = dict[str, float]()
    last = None
    for version in versions:
        text = visible(version["headline"])
        if text == last:
            runs[-1].update(last_seen_at=version["last_seen_at"], to_version=version["number"])
        else:
            runs.append(
                {
                    "headline": version["headline"], "seen_at": version["seen_at"], "last_seen_at": version["last_seen_at"],
                    "from_version": version["number"], "to_version": version["number"], "returns": text in stood,
                }
            )  # fmt: skip
        last = text
        stood.setdefault(text, 0.0)
    for run in runs:
        stood[visible(run["headline"])] += seconds(run["seen_at"], run["last_seen_at"])
    total = sum(stood.values())
    for run in runs:
        run["share"] = stood[visible(run["headline"])] / total if total else None
    return runs


def parted(text: str) -> list[tuple[str, str]]:
    """The sentences of a paragraph, each with the white space before it, of which Japanese has none.

    >>> parted("One. Two.\\nThree."), parted("雨が降った。寒い。")
    ([('', 'One.'), (' ', 'Two.'), ('\\n', 'Three.')], [('', '雨が降った。'), ('', '寒い。')])
    """
    found, at = list[tuple[str, str]](), 0
    for sentence in sentences(text):
        begin = text.index(sentence, at)
        found.append((text[at:begin], sentence))
        at = begin + len(sentence)
    return found


def _article(db: Database, asked: Asked) -> Row:
    for row in db.query("select * from articles where id = ?", [int(asked.named["id"])]):
        return dict(row)
    raise AskedWrongError(f"There is no article {asked.named['id']}.", 404)


def _versions(db: Database, article_id: int) -> list[Row]:
    return list(
        db.query(
            f"select {VERSION_COLUMNS} from versions where article_id = ? order by number",
            [article_id],
        )
    )


def _looks(db: Database, article_id: int) -> list[Row]:
    """The last looks, the oldest first; a second request of one look aside."""
    rows = db.query(
        "select fetched_at, outcome, reason from fetches"
        " where article_id = ? and confirms is null order by id desc limit ?",
        [article_id, LOOKS],
    )
    return list(rows)[::-1]


def _line(versions: list[Row], looks: list[Row]) -> Timeline | None:
    """The picture of the last versions, with the looks since the first of them."""
    drawn = versions[-DRAWN:]
    if len(drawn) < len(versions):
        looks = [look for look in looks if look["fetched_at"] >= drawn[0]["seen_at"]]
    return timeline(drawn, looks)


def _compared(db: Database, article: Row, versions: list[Row], asked: Asked) -> Row:
    """Two versions side by side or in one text; by default the last edit."""
    latest = versions[-1]["number"]
    newer = asked.number("to") or latest
    older = asked.number("from") or max(1, newer - 1)
    for number in (older, newer):
        if not 1 <= number <= latest:
            raise AskedWrongError(f"There is no version {number}; versions are 1 to {latest}.", 404)
    texts = [
        article_of(version_row(db, article["id"], number), article["url"])
        for number in (older, newer)
    ]
    found = blocks(*texts)
    since = {}
    if newer == latest:
        since = {row["sentence"]: row for row in blame(db, article["id"], latest)}
    return {
        "older": older,
        "newer": newer,
        "latest": latest,
        "unlisted": _unlisted(versions, older, newer),
        "view": asked.choice("view", ("inline", "side")) or "inline",
        "blocks": _near_changes(found, ALL - BESIDE * min(len(versions), DRAWN)),
        "is_same": all(block.op == "equal" for block in found),
        "since": since,
        "parted": parted,
    }


def _unlisted(versions: list[Row], *chosen: int) -> list[int]:
    """The numbers of versions that are not listed but may be compared, or are; the last first."""
    numbers = {version["number"] for version in versions[-OFFERED:]} | {*chosen}
    return sorted(numbers - {version["number"] for version in versions[-LISTED:]}, reverse=True)


def _near_changes(found: tuple[Block, ...], room: int) -> list[Block | Skipped]:
    """The blocks; in a text that takes more bytes than there is room only those near a change, as many as fit."""
    lengths = [_bytes(block.old) + _bytes(block.new) for block in found]
    kept = list[Block | Skipped]()
    is_long = sum(lengths) > room
    for at, (block, length) in enumerate(zip(found, lengths, strict=True)):
        near = any(other.op != "equal" for other in found[max(0, at - 1) : at + 2])
        if (block.field == "body" and is_long and not near) or length > room:
            last = kept.pop() if kept and isinstance(kept[-1], Skipped) else None
            kept.append(_and_one(last if isinstance(last, Skipped) else Skipped(0, 0), block))
        else:
            room -= length
            kept.append(block)
    return kept


def _and_one(skipped: Skipped, block: Block) -> Skipped:
    return Skipped(skipped.paragraphs + 1, skipped.changed + (block.op != "equal"))


def _bytes(text: str) -> int:
    """How long a text is in a page."""
    return len(markup(text).encode("utf-8", "replace"))


def _first(rows: list[Row]) -> list[Row]:
    """As many sentences as a page has room for."""
    kept, room = list[Row](), ALL
    for row in rows:
        room -= _bytes(row["sentence"]) + AROUND
        if room < 0:
            break
        kept.append(row)
    return kept


def _edits_shown(asked: Asked) -> int:
    return EDITS if asked.ending == "html" else IN_FEED
