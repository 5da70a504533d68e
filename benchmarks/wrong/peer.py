"""What a tracker without Variorum's rules logs of the same answers: extract, compare with the last one."""

from benchmarks.wrong.judge import Ledger
from benchmarks.wrong.records import Row, plain
from benchmarks.wrong.replies.answers import WireAnswer
from benchmarks.wrong.site import Scene
from scraper.article import Article
from scraper.errors import ScraperError
from scraper.extract import extract
from storage.diff import compare


def peer_false_rows(scene: Scene) -> int:
    """The edits that no real edit explains, if every answer with a text is taken for the article."""
    readings: dict[bytes, Article | None] = {}
    last: dict[int, Article] = {}
    ledgers = {number: Ledger(story) for number, story in scene.stories.items()}
    false_rows = 0
    for exchange in scene.exchanges:
        article = _read(exchange.answer, scene.frame.base + exchange.path, readings)
        if article is None:
            continue
        previous, last[exchange.number] = last.get(exchange.number), article
        if previous is None or previous == article:
            continue
        for edit in compare(previous, article):
            row = Row(exchange.number, 0, exchange.at, edit.field, plain(edit.old), plain(edit.new))
            false_rows += not ledgers[exchange.number].explains(row, scene)
    return false_rows


def _read(answer: WireAnswer, url: str, readings: dict[bytes, Article | None]) -> Article | None:
    """The article of an answer; None where a plain client gets none."""
    is_packed = any(name == "Content-Encoding" for name, _ in answer.headers)
    if is_packed or not 200 <= answer.status < 300:
        return None
    if answer.body not in readings:
        try:
            readings[answer.body] = extract(answer.body, url)
        except ScraperError:
            readings[answer.body] = None
    return readings[answer.body]
