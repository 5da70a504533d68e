"""Articles with their histories, invented row by row in the order in which checks write them."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.support.made_words import Language, Sentence
from scraper.article import Article
from storage.articles.versions import content_hash

HISTORY_SPAN = timedelta(days=730)
KOREAN_SHARE = 0.7
KIND_WEIGHTS = (("number", 20), ("name", 8), ("date", 6), ("quote", 6), ("attribution", 4), ("wording", 25),
         ("spelling", 8), ("punctuation", 6), ("typography", 2), ("added", 8), ("removed", 6),
         ("moved", 0.9), ("correction_note", 0.1))  # fmt: skip
FIELD_WEIGHTS = (
    ("body", 84),
    ("headline", 10),
    ("dek", 4),
    ("byline", 1.5),
    ("caption", 0.45),
    ("section", 0.05),
)
FIELD_LENGTH = 40  # in characters
SEARCHED_FIELDS = ("headline", "dek", "caption")
STATE_WEIGHTS = (("finished", 60), ("active", 37), ("paused", 2), ("gone", 1))
TABLE_COLUMNS = {
    "articles": "id url host headline first_seen_at checked_at changed_at next_check_at next_check_reason state"
    " latest_version born_at rate_shape rate_scale",
    "aliases": "url article_id",
    "versions": "id article_id number seen_at last_seen_at headline dek byline section lang published_at captions"
    " body content_hash technical extractor headlines",
    "fetches": "id article_id url fetched_at outcome http_status etag bytes elapsed_ms version_id container_path"
    " late_seconds",
    "last_pages": "article_id etag container_path",
    "edits": "id article_id from_version to_version seen_after seen_at field op kind old new context context_at"
    " paragraph disclosed",
    "sentences": "id article_id sentence added_version removed_version",
    "exclusions": "host article_id kind text evidence since",
    "outbox": "edit_id channel created_at delivered_at attempts next_attempt_at",
    "version_words": "rowid words",
    "removed_words": "rowid words",
}


@dataclass(frozen=True, slots=True)
class HistoryShape:
    """The size of a history. `versions` per article and `sentences` per version are averages."""

    articles: int
    versions: float = 10
    sentences: int = 10
    hosts: int = 2_000
    has_search: bool = True
    overdue: int = 1_000
    seed: int = 1


@dataclass(slots=True)
class HistoryMaker:
    """Owns the random source and the last id of each table while a history is made."""

    shape: HistoryShape
    now: datetime
    languages: list[Language]
    rng: random.Random
    ids: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLE_COLUMNS, 0))
    days: dict[int, str] = field(default_factory=dict)

    def next_id(self, table: str) -> int:
        """The next id of a table."""
        self.ids[table] += 1
        return self.ids[table]

    def at(self, seconds: float) -> str:
        """A time as text, from seconds since 1970."""
        day, rest = divmod(int(seconds), 86_400)
        if day not in self.days:
            self.days[day] = datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()
        return f"{self.days[day]}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}.000Z"


RowsByTable = dict[str, list[tuple[Any, ...]]]


@dataclass(slots=True)
class MadeArticle:
    """An article while its history is made."""

    id: int
    url: str
    host: str
    language: Language
    first_seen_at: float
    fields: dict[str, str]
    body: list[Sentence]
    added_in: dict[int, int]
    number: int = 0
    version_id: int = 0
    seen_at: float = 0.0


def batch_rows(maker: HistoryMaker, numbered_hosts: list[tuple[int, str]]) -> RowsByTable:
    """The rows of some articles and their histories, by table, in the order of the checks."""
    rows: RowsByTable = {table: [] for table in TABLE_COLUMNS}
    checks: list[tuple[float, MadeArticle, bool]] = []
    articles = [_start_article(maker, number, host, rows) for number, host in numbered_hosts]
    latest = maker.now.timestamp() - 60
    for article in articles:
        checks.extend(
            (min(at, latest), article, is_edit) for at, is_edit in _check_times(maker, article)
        )
    checks.sort(key=lambda check: check[0])
    for at, article, is_edit in checks:
        _add_check(maker, article, at, is_edit, rows)
    for article in articles:
        _add_article_row(maker, article, rows)
    return rows


def _start_article(maker: HistoryMaker, number: int, host: str, rows: RowsByTable) -> MadeArticle:
    rng, shape = maker.rng, maker.shape
    language = maker.languages[rng.random() > KOREAN_SHARE]
    share = (number + rng.random()) / shape.articles
    first_seen_at = maker.now.timestamp() - HISTORY_SPAN.total_seconds() * (1 - share)
    count = max(3, int(rng.gauss(shape.sentences, shape.sentences / 3)))
    body = list(dict.fromkeys(rng.choices(language.sentences, k=count)))
    article_id = maker.next_id("articles")
    url = f"https://{host}/{maker.at(first_seen_at)[:10].replace('-', '/')}/article-{number}"
    rows["aliases"].append((url, article_id))
    if rng.random() < 0.2:
        rows["aliases"].append((f"{url}/amp", article_id))
    names = [name for name, _ in FIELD_WEIGHTS if name != "body"]
    fields = {name: rng.choice(language.sentences).text[:FIELD_LENGTH] for name in names}
    return MadeArticle(article_id, url, host, language, first_seen_at, fields, body, {})


def _check_times(maker: HistoryMaker, article: MadeArticle) -> Iterator[tuple[float, bool]]:
    """The times of an article's checks, mostly in its first days, and whether each sees an edit."""
    rng = maker.rng
    at = article.first_seen_at
    yield at, True
    for _ in range(min(int(rng.expovariate(1 / (maker.shape.versions - 0.5))), 80)):
        at += rng.expovariate(1 / 20_000)
        yield at, True
        if rng.random() < 0.5:
            yield at + 120, False


def _add_check(
    maker: HistoryMaker, article: MadeArticle, at: float, is_edit: bool, rows: RowsByTable
) -> None:
    rng = maker.rng
    outcome = "edited" if article.number else "new"
    seen_at = maker.at(at)
    if is_edit:
        article.number += 1
        if article.number > 1:
            _add_edit(maker, article, at, rows)
        else:
            for sentence in article.body:
                article.added_in[id(sentence)] = 1
        _add_version(maker, article, seen_at, rows)
        article.seen_at = at
    else:
        outcome = "failed" if rng.random() < 0.02 else "unchanged"
    raw = f"{article.id}-{seen_at}"
    rows["fetches"].append(
        (maker.next_id("fetches"), article.id, article.url, seen_at, outcome,
         None if outcome == "failed" else 200, f'"{raw[:12]}"', 48_000, 180,
         None if outcome == "failed" else article.version_id, "article.story" if outcome == "new" else None,
         round(rng.expovariate(0.1), 1))
    )  # fmt: skip


def _add_version(
    maker: HistoryMaker, article: MadeArticle, seen_at: str, rows: RowsByTable
) -> None:
    body = "\n\n".join(
        " ".join(sentence.text for sentence in article.body[at : at + 2])
        for at in range(0, len(article.body), 2)
    )
    article.version_id = version_id = maker.next_id("versions")
    fields = article.fields
    byline, captions = (fields["byline"],), (fields["caption"],)
    text = Article(
        article.url, fields["headline"], dek=fields["dek"], byline=byline, captions=captions,
        section=fields["section"], paragraphs=tuple(body.split("\n\n")),
    )  # fmt: skip
    published_at = maker.at(article.first_seen_at - 600)
    rows["versions"].append(
        (version_id, article.id, article.number, seen_at, seen_at, text.headline, text.dek, _json(byline), text.section,
         article.language.code, published_at, _json(captions), body, content_hash(text), 0, "1", "{}")
    )  # fmt: skip
    if maker.shape.has_search:
        words = [
            *(Sentence(fields[name]).bigram_text for name in SEARCHED_FIELDS),
            *(sentence.bigram_text for sentence in article.body),
        ]
        rows["version_words"].append((version_id, " ".join(words)))


def _json(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False)


def _add_edit(maker: HistoryMaker, article: MadeArticle, at: float, rows: RowsByTable) -> None:
    """Replace one sentence of the text or one field by another sentence, and add the edit."""
    rng = maker.rng
    index = rng.randrange(len(article.body))
    new = rng.choice(article.language.sentences)
    name = _weighted_choice(rng, FIELD_WEIGHTS)
    if name == "body" and id(new) in article.added_in:
        name = "headline"
    if name == "body":
        old_text, new_text = article.body[index].text, new.text
        _replace_sentence(maker, article, index, new, rows)
    else:
        old_text, new_text = article.fields[name], new.text[:FIELD_LENGTH]
        article.fields[name] = new_text
        if maker.shape.has_search and name in SEARCHED_FIELDS:
            rows["removed_words"].append((article.version_id, Sentence(old_text).bigram_text))
    kind = _weighted_choice(rng, KIND_WEIGHTS)
    disclosed = _weighted_choice(rng, ((None, 40), (0, 40), (1, 20)))
    edit_id = maker.next_id("edits")
    rows["edits"].append(
        (edit_id, article.id, article.number - 1, article.number, maker.at(article.seen_at), maker.at(at), name,
         "replace", kind, old_text[:14], new_text[:14], new_text, 0, index // 2, disclosed)
    )  # fmt: skip
    if rng.random() < 0.05:
        is_sent = at < maker.now.timestamp() - 600
        rows["outbox"].append((edit_id, "desk", maker.at(at), maker.at(at + 5) if is_sent else None,
                               int(is_sent), maker.at(at)))  # fmt: skip


def _replace_sentence(
    maker: HistoryMaker, article: MadeArticle, index: int, new: Sentence, rows: RowsByTable
) -> None:
    old = article.body[index]
    if maker.shape.has_search:
        rows["removed_words"].append((article.version_id, old.bigram_text))
    rows["sentences"].append((maker.next_id("sentences"), article.id, old.text,
                              article.added_in.pop(id(old)), article.number))  # fmt: skip
    article.added_in[id(new)] = article.number
    article.body[index] = new


def _add_article_row(maker: HistoryMaker, article: MadeArticle, rows: RowsByTable) -> None:
    """Add the article's own row, its current sentences, its last page and an exclusion."""
    rng = maker.rng
    rows["sentences"].extend(
        (
            maker.next_id("sentences"),
            article.id,
            sentence.text,
            article.added_in[id(sentence)],
            None,
        )
        for sentence in article.body
    )
    rows["last_pages"].append((article.id, f'"{article.id}"', "article.story"))
    if rng.random() < 0.05:
        evidence = json.dumps({"first": "14 readers", "second": "15 readers", "after": None})
        rows["exclusions"].append((article.host, article.id, "volatile", "14 readers", evidence, maker.at(article.seen_at)))  # fmt: skip
    state = _weighted_choice(rng, STATE_WEIGHTS)
    now = maker.now.timestamp()
    is_overdue = rng.random() < maker.shape.overdue / maker.shape.articles
    next_check = (
        now - 3600 * rng.random() if is_overdue else now + 60 + 2_592_000 * rng.random() ** 3
    )
    rows["articles"].append(
        (article.id, article.url, article.host, article.fields["headline"], maker.at(article.first_seen_at),
         maker.at(min(article.seen_at + 120, now - 30)), maker.at(article.seen_at) if article.number > 1 else None,
         maker.at(next_check), "every 4 h while it is young", state, article.number,
         maker.at(article.first_seen_at - 600), 0.8, 1.2)
    )  # fmt: skip


def _weighted_choice(rng: random.Random, weighted: Sequence[tuple[Any, float]]) -> Any:
    """One of the values by their weights, which sum to about 100."""
    remaining = rng.random() * 100
    for value, weight in weighted:
        remaining -= weight
        if remaining < 0:
            return value
    return weighted[0][0]
