"""An article: its headlines, its checks and versions, any two of them compared, its sentences."""

from collections.abc import Sequence
from typing import Any

from storage.articles.versions import version_row
from storage.database import Database, Row
from storage.diff.render import printable
from storage.diff.text.visible import visible
from storage.queries.edits import EditFilter, edit_batch
from storage.queries.sentences import current_sentences, removed_sentences
from storage.vocabulary import ARTICLE_THERE
from variorum.notify.message import cut
from variorum.web.request import BadRequestError, WebRequest
from variorum.web.response import View
from variorum.web.views.comparison import (
    MAX_DRAWN_VERSIONS,
    MAX_LISTED_VERSIONS,
    comparison,
    sentences_that_fit,
)
from variorum.web.views.edits import (
    EDIT_COLUMNS,
    EDITS_PER_FEED,
    edit_entries,
    edits_by_update,
    public_edit,
)
from variorum.web.views.timeline import Timeline, seconds_apart, timeline

VERSION_COLUMNS = "number, seen_at, last_seen_at, headline, lang, reverts_to, technical, content_hash, published_at, modified_at"
PUBLIC_SENTENCE_COLUMNS = (
    "sentence",
    "added_version",
    "added_at",
    "removed_version",
    "removed_at",
    "paragraph",
)
# What the page lists of an article that has been checked for years, each the newest.
MAX_LISTED_HEADLINES, MAX_LISTED_CHECKS, MAX_LISTED_FAILURES, MAX_LISTED_EDITS = 20, 1_000, 5, 10


def article_page(db: Database, web_request: WebRequest) -> View:
    """One article: its facts, timeline, headlines, two versions compared, edits and versions.

    Raises BadRequestError if there is no such article or version.
    """
    article = _article_row(db, web_request)
    versions = _version_rows(db, article["id"])
    headlines = headline_runs(versions)
    limit = MAX_LISTED_EDITS if web_request.ending == "html" else EDITS_PER_FEED
    batch = edit_batch(db, EditFilter(article_id=article["id"]), limit=limit)

    def variables() -> dict[str, Any]:
        checks = _check_rows(db, article["id"])
        failures = [check for check in checks if check["outcome"] not in ARTICLE_THERE]
        return {
            "article": article,
            "language": versions[-1]["lang"] if versions else None,
            "versions": versions[-MAX_LISTED_VERSIONS:][::-1],
            "headlines": headlines,
            "max_listed_headlines": MAX_LISTED_HEADLINES,
            "timeline": _article_timeline(versions, checks),
            "drawn_versions": min(len(versions), MAX_DRAWN_VERSIONS),
            "failed_checks": failures[-MAX_LISTED_FAILURES:][::-1],
            "updates": edits_by_update(batch.rows),
            "has_more_edits": batch.before is not None,
            **(comparison(db, article, versions, web_request) if versions else {}),
        }

    return View(
        template="article.html",
        title=_title(article, 120),
        variables=variables,
        columns=EDIT_COLUMNS,
        rows=lambda: [public_edit(row, web_request) for row in batch.rows],
        document=lambda: {"article": article, "versions": versions, "headlines": headlines},
        entries=lambda: edit_entries(batch.rows, web_request),
    )


def sentences_page(db: Database, web_request: WebRequest) -> View:
    """The current sentences of an article with the version that added each, and the removed ones.

    Raises BadRequestError if there is no such article.
    """
    article = _article_row(db, web_request)
    number = article["latest_version"]
    current = current_sentences(db, article["id"], number) if number else []
    removed = removed_sentences(db, article["id"])

    def variables() -> dict[str, Any]:
        paragraphs = dict[int, list[Row]]()
        for row in sentences_that_fit(current):
            paragraphs.setdefault(row["paragraph"], []).append(row)
        return {
            "article": article,
            "language": version_row(db, article["id"], number)["lang"] if number else None,
            "paragraphs": list(paragraphs.values()),
            "current_count": len(current),
            "removed_sentences": sentences_that_fit(removed),
            "removed_count": len(removed),
        }

    def entries() -> Any:
        newest = edit_batch(db, EditFilter(article_id=article["id"]), limit=EDITS_PER_FEED)
        return edit_entries(newest.rows, web_request)

    return View(
        template="sentences.html",
        title=f"Sentences: {_title(article, 100)}",
        variables=variables,
        columns=PUBLIC_SENTENCE_COLUMNS,
        rows=lambda: [
            {name: row[name] for name in PUBLIC_SENTENCE_COLUMNS} for row in current + removed
        ],
        document=lambda: {"article": article},
        entries=entries,
    )


def headline_runs(versions: Sequence[Row]) -> list[Row]:
    """The headlines in order, one row for each run of versions with the same headline.

    A row has `headline`, `seen_at`, `last_seen_at`, `from_version` and `to_version`. `returns` is true if an
    earlier run has the same headline. `share` is the headline's part of the time in which any was seen
    (0 to 1, None if that time is zero).
    """
    runs = list[Row]()
    seconds_shown = dict[str, float]()
    last = None
    for version in versions:
        text = visible(version["headline"])
        if text == last:
            runs[-1].update(last_seen_at=version["last_seen_at"], to_version=version["number"])
        else:
            runs.append(_headline_run(version, returns=text in seconds_shown))
        last = text
        seconds_shown.setdefault(text, 0.0)
    for run in runs:
        seconds = seconds_apart(run["seen_at"], run["last_seen_at"])
        seconds_shown[visible(run["headline"])] += seconds
    total = sum(seconds_shown.values())
    for run in runs:
        run["share"] = seconds_shown[visible(run["headline"])] / total if total else None
    return runs


def _headline_run(version: Row, *, returns: bool) -> Row:
    """The run that begins with this version."""
    return {
        "headline": version["headline"],
        "seen_at": version["seen_at"],
        "last_seen_at": version["last_seen_at"],
        "from_version": version["number"],
        "to_version": version["number"],
        "returns": returns,
    }


def _title(article: Row, limit: int) -> str:
    return cut(printable(article["headline"] or article["url"]), limit)


def _article_row(db: Database, web_request: WebRequest) -> Row:
    article_id = web_request.path_values["id"]
    for row in db.query("select * from articles where id = ?", [int(article_id)]):
        return dict(row)
    raise BadRequestError(f"There is no article {article_id}.", 404)


def _version_rows(db: Database, article_id: int) -> list[Row]:
    """The versions without their texts, oldest first."""
    return list(
        db.query(
            f"select {VERSION_COLUMNS} from versions where article_id = ? order by number",
            [article_id],
        )
    )


def _check_rows(db: Database, article_id: int) -> list[Row]:
    """The newest checks, oldest first: one row each, without the second fetch that confirmed it."""
    rows = db.query(
        "select fetched_at, outcome, reason from fetches"
        " where article_id = ? and confirms is null order by id desc limit ?",
        [article_id, MAX_LISTED_CHECKS],
    )
    return list(rows)[::-1]


def _article_timeline(versions: Sequence[Row], checks: Sequence[Row]) -> Timeline | None:
    """The timeline of the last versions, with the checks since the first of them."""
    drawn = versions[-MAX_DRAWN_VERSIONS:]
    if len(drawn) < len(versions):
        checks = [check for check in checks if check["fetched_at"] >= drawn[0]["seen_at"]]
    return timeline(drawn, checks)
