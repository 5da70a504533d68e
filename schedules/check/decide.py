"""From what came back to what is recorded: pure decisions about one look."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from schedules.cadence import Pace
from schedules.check.observe import NOT_MODIFIED, Seen
from schedules.check.plausible import SAME_STORY, doubt, is_old, is_teaser, shared_words
from schedules.check.schedule import scheduled
from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract import extract
from scraper.extract.html.lines import Shown
from scraper.extract.rules.rule import Rule
from scraper.fetch import Page
from scraper.recognise import Verdict
from scraper.urls import canonical_url, is_front_page
from storage.articles.content import content_hash, without
from storage.articles.result import Known, Look, Volatile
from storage.diff import compare
from storage.diff.disclosure import disclosure
from storage.diff.noise.reclassified import Lines, gone_and_come, with_old_verdicts
from storage.diff.noise.replaced_lines import weigh_swaps
from storage.diff.noise.unstable import settle
from storage.diff.text.visible import visible
from storage.snapshots.store import Snapshot

# The share of paragraphs that two addresses of one article have in common.
SAME_TEXT = 0.6


def is_same_text(one: Article, other: Article) -> bool:
    """Are most of the paragraphs the same to the word? Two stories of one template are not."""
    ours, theirs = set(one.paragraphs), set(other.paragraphs)
    return len(ours & theirs) >= SAME_TEXT * max(len(ours), len(theirs), 1)


def is_same_story(one: Article, other: Article) -> bool:
    """Do two addresses show one article? Mostly the same words in their bodies."""
    return shared_words(one, other) >= SAME_STORY


class PageBefore:
    """The last page that showed the article, read when it is first asked for."""

    def __init__(self, load: Callable[[], Snapshot] | None, url: str) -> None:
        self._load = load
        self._url = url

    @cached_property
    def _shown(self) -> Shown:
        page = self._load() if self._load else Snapshot(b"", {})
        return Shown(page.raw, self._url, page.content_type)

    @property
    def lines(self) -> Lines:
        """How often each line is shown on it."""
        return self._shown.lines

    @cached_property
    def text(self) -> str:
        """All of its text as a reader sees it, and more that is not shown."""
        return visible(self._shown.text)


def as_before(known: Known, seen: Seen, before: PageBefore) -> Seen:
    """What was seen, with the earlier verdict on each line that stood still since the page before.

    A line that came was on that page, or one that left is on this one, where our verdict on it may have
    changed; the quick test of that is by all text of a page.
    """
    if known.article is None or seen.article is None or seen.article is known.article:
        return seen
    gone, come = gone_and_come(_stripped(known.article, known), _stripped(seen.article, known))
    if not gone and not come:
        return seen
    shown = _shown(seen)
    text = visible(shown.text)
    if not any(line in text for line in gone) and not any(line in before.text for line in come):
        return seen
    article = with_old_verdicts(known.article, seen.article, before=before.lines, now=shown.lines)
    return replace(seen, article=article)


def _shown(seen: Seen) -> Shown:
    """The page that was seen."""
    page = seen.page
    assert page is not None
    return seen.shown or Shown(page.body, page.final_url, page.content_type)


def needs_second(known: Known, first: Seen) -> bool:
    """Must the page be looked at once more before this look counts? Only where it shows an edit."""
    if known.article is None or first.article is None or _is_same(known, first):
        return False
    if not known.volatile:
        return True
    return bool(compare(_stripped(known.article, known), _stripped(first.article, known)))


def decide(
    known: Known, first: Seen, second: Seen | None, *, now: datetime, pace: Pace | None = None
) -> Look:
    """Everything that is to be recorded of a look; `second` is the confirming one, if it was needed."""
    look = _decide(known, first, second)
    fetches = tuple(part.fetch for part in (first, second) if part)
    wait = first.verdict.wait if first.verdict else None
    return scheduled(known, replace(look, fetches=fetches), now=now, wait=wait, pace=pace or Pace())


def _decide(known: Known, first: Seen, second: Seen | None) -> Look:
    look = Look(
        url=first.fetch.url,
        outcome="unchanged",
        fetches=(),
        article_id=known.article_id,
        base_version=known.version,
    )
    page = first.page
    if first.verdict:
        return _without_article(known, look, first.verdict)
    if page is not None and page.status == NOT_MODIFIED:
        return _not_modified(known, look)
    assert first.article is not None
    look = replace(
        look,
        aliases=_aliases(first),
        named=first.link,
        state="active" if known.state == "gone" else None,
    )
    if known.article is None:
        return replace(
            look,
            outcome="new",
            article=first.article,
            article_url=_address(first.page),
            shows_version=True,
        )
    if second is None or _is_same(known, first):
        return replace(_standing(known, look, first), shows_version=True)
    if second.article is None:
        reason = second.verdict.reason if second.verdict else "no article"
        return replace(
            look,
            outcome="failed",
            reason=f"it seemed edited, but a second look could not confirm it: {reason}",
        )
    if _shows_teaser(known.article, first):
        paywall = "a paywall: only the beginning of the text is shown"
        return replace(look, outcome="blocked", reason=paywall)
    doubtful = doubt(known.article, first.article)
    if doubtful and not is_old(known.doubted_at, first.fetch.fetched_at):
        return replace(look, outcome="failed", reason=doubtful)
    edited = _edited(known, look, first.article, second.article)
    if edited.article is None:
        return edited
    told = disclosure(
        known.article,
        edited.article,
        edited.edits,
        modified=(known.last_modified, first.fetch.last_modified),
        at=first.fetch.fetched_at,
    )
    return replace(edited, disclosure=told)


def _shows_teaser(old: Article, first: Seen) -> bool:
    assert first.article is not None
    if len(first.article.body) >= len(old.body):
        return False
    return is_teaser(old, first.article, _shown(first).lines)


def _not_modified(known: Known, look: Look) -> Look:
    if known.article is None:
        return replace(
            look, outcome="failed", reason="304 Not Modified, though nothing is known yet"
        )
    if known.state == "gone":
        return replace(
            look, outcome="restored", state="active", reason="the article is back as it was"
        )
    return replace(look, outcome="not_modified")


def _without_article(known: Known, look: Look, verdict: Verdict) -> Look:
    outcome, reason = verdict.outcome, verdict.reason
    if known.missing_since and reason.startswith("404"):
        outcome, reason = "gone", f"404 Not Found at every look since {known.missing_since}"
    if outcome == "gone" and known.article_id is None:
        outcome = "failed"
    return replace(
        look, outcome=outcome, reason=reason, state="gone" if outcome == "gone" else None
    )


def _standing(known: Known, look: Look, first: Seen) -> Look:
    """The article stands as it was: back again, at a new address, or simply unchanged."""
    if known.state == "gone":
        return replace(look, outcome="restored", reason="the article is back as it was")
    page = first.page
    target = canonical_url(page.moved_to) if page and page.moved_to else None
    if target and target != known.url:
        return replace(look, outcome="moved", reason=f"moved to {target}", article_url=target)
    return look


def _edited(known: Known, look: Look, first: Article, second: Article) -> Look:
    assert known.article is not None
    base = _stripped(known.article, known)
    stood = known.seen_at != known.last_seen_at
    settled = settle(base, _stripped(first, known), _stripped(second, known), stood=stood)
    weighed = weigh_swaps(
        settled.old,
        settled.article,
        suspects=known.suspects,
        stood=stood,
        volatile_after=known.volatile_after,
    )
    look = replace(
        look,
        volatile=tuple(Volatile(*block) for block in settled.volatile)
        + tuple(Volatile(text, after=after) for text, after in weighed.volatile.items()),
        suspects=weighed.waiting,
    )
    edits = compare(weighed.old, weighed.article)
    # What the second page shows is what is stored only where nothing was held back or in motion.
    stripped = replace(second, paragraphs=without(second, known.volatile | set(weighed.volatile)))
    shows_version = not weighed.waiting and not compare(weighed.article, stripped)
    look = replace(look, shows_version=shows_version)
    if not edits:
        return replace(look, outcome="unchanged", reason=_why_unchanged(look))
    return replace(
        look,
        outcome="restored" if known.state == "gone" else "edited",
        article=weighed.article,
        edits=edits,
    )


def _why_unchanged(look: Look) -> str:
    if look.suspects:
        return (
            "a paragraph stands in place of an unlike one: an edit if the next look finds it there"
        )
    return "what differs also differs between looks in a row: the page's, not the article's"


def read_again(
    known: Known, snapshot: Snapshot, rules: Sequence[Rule]
) -> tuple[Known, Article | None]:
    """The last version read again by today's extractor and rules, and the text where that differs.

    What a better extractor sees in the same bytes is no edit of the publisher's.
    """
    assert known.article is not None
    try:
        article = extract(
            snapshot.raw, known.article.url, content_type=snapshot.content_type, rules=rules
        )
    except ExtractError:  # today's extractor sees no article in the old bytes: keep what is stored
        return known, None
    stripped = _stripped(article, known)
    if not compare(_stripped(known.article, known), stripped):
        return known, None
    return replace(known, article=stripped, content_hash=content_hash(stripped)), stripped


def _is_same(known: Known, first: Seen) -> bool:
    """Not a byte of the page, or not a word of the article, is new."""
    assert known.article is not None
    assert first.article is not None
    if first.article is known.article:
        return True
    if first.fetch.sha256 is not None and first.fetch.sha256 == known.page_sha256:
        return True
    return not compare(known.article, first.article)


def _stripped(article: Article, known: Known) -> Article:
    return replace(article, paragraphs=without(article, known.volatile))


def _address(page: Page | None) -> str | None:
    """The address a new article is kept under: one that was opened, not one that is only named."""
    return canonical_url(page.moved_to or page.url) if page else None


def _aliases(first: Seen) -> tuple[str, ...]:
    assert first.page is not None
    addresses = [canonical_url(hop.target) for hop in first.page.hops]
    aliases = [address for address in addresses if not is_front_page(address)]
    return tuple(dict.fromkeys(aliases))
