"""Many histories rebuilt together, until none changes any more.

The articles of a host are evidence for each other: a text that several of them show is the site's. But what a history
says of that is what an earlier program recorded. So a copy of the database is rebuilt, again for the hosts where
something changed, and only what it comes to is compared with the database.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from schedules.replay.rebuild import ReplayedArticle, replay_all
from scraper.extract import extractor_for
from scraper.extract.rules.rule import Rule
from scraper.urls import hostname
from storage.articles.replace import replace_history
from storage.articles.stories import teach_missing
from storage.database import Database, copy_of, write_transaction
from storage.errors import DamagedError

# A change reaches the next articles of its host in one round; few sites need a third.
MAX_ROUNDS = 8


def rebuilt_articles(
    path: Path,
    articles: Sequence[tuple[int, str]],
    rules: Sequence[Rule],
    *,
    jobs: int,
    learn: str,
    advance: Callable[[], None],
) -> Iterator[ReplayedArticle]:
    """The articles whose history would change, if only in the evidence for kinds, and those without an article.

    The database is only read. Its copy is beside it while this runs. `learn` is one of LEARN_CHOICES, and
    `advance` is called for each article of the first round.

    Raises RebuildError if one of the processes is killed.
    """
    with TemporaryDirectory(prefix="variorum-", dir=path.parent) as folder:
        copy = copy_of(path, Path(folder))
        if learn != "off":
            with write_transaction(copy):
                teach_missing(copy)
        copy_path = Path(copy.execute("pragma database_list").fetchone()[2])
        changed: set[int] = set()
        open_articles = list(articles)
        for _ in range(MAX_ROUNDS):
            replays = replay_all(copy_path, open_articles, rules, jobs=jobs)
            changed_now = _rebuild_copy(copy, replays, rules, advance)
            changed |= changed_now
            open_articles = _of_same_hosts(changed_now, articles)
            advance = _stand_still
            if not open_articles:
                break
        final = [article for article in articles if article[0] in changed]
        for replayed in replay_all(copy_path, final, rules, jobs=jobs, compared_with=path):
            difference = replayed.difference
            if difference is None or difference or difference.changed_evidence:
                yield replayed
        copy.close()


def _rebuild_copy(
    copy: Database,
    replays: Iterator[ReplayedArticle],
    rules: Sequence[Rule],
    advance: Callable[[], None],
) -> set[int]:
    """Write replayed histories into the copy; gives the articles that changed, or that show no article."""
    changed = set()
    for replayed in replays:
        advance()
        if replayed.replayed is not None:
            extractor = extractor_for(replayed.url, tuple(rules))
            with suppress(
                DamagedError
            ):  # the database has the same damage, and says so when it is rebuilt
                replace_history(copy, replayed.replayed, extractor=extractor)
        if replayed.replayed is not None or replayed.difference is None:
            changed.add(replayed.article_id)
    return changed


def _of_same_hosts(changed: set[int], articles: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The articles of the hosts where one changed: its own earlier versions are evidence, too."""
    hosts = {hostname(url) for article_id, url in articles if article_id in changed}
    return [(article_id, url) for article_id, url in articles if hostname(url) in hosts]


def _stand_still() -> None:
    """No progress to show: the later rounds are short."""
