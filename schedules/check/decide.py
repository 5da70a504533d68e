"""From what came back to what is recorded: pure decisions about one look."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from schedules.cadence import CheckRate
from schedules.check.observe import NOT_MODIFIED, Observation
from schedules.check.plausible import (
    SAME_ARTICLE_SHARE,
    implausible,
    is_long_unconfirmed,
    is_teaser,
    shared_words,
)
from schedules.check.schedule import with_next_check
from scraper.article import Article
from scraper.errors import ExtractError
from scraper.extract import extract
from scraper.extract.html.document import Document
from scraper.extract.rules.rule import Rule
from scraper.extract.unchanged import Extracted, Unchanged
from scraper.fetch import Response
from scraper.recognise import Verdict
from scraper.urls import canonical_url, is_front_page
from storage.articles.content import content_hash, paragraphs_without
from storage.articles.result import ArticleState, CheckResult, PageNoise
from storage.diff import compare
from storage.diff.disclosure import disclosure
from storage.diff.noise.reclassified import LineCounts, keep_classification, removed_and_added
from storage.diff.noise.replaced_lines import hold_back_replacements
from storage.diff.noise.unstable import keep_confirmed
from storage.diff.text.visible import visible
from storage.snapshots.store import Snapshot

# The share of paragraphs that two addresses of one article have in common.
SAME_TEXT_SHARE = 0.6


def is_same_text(one: Article, other: Article) -> bool:
    """Are most of the paragraphs the same to the word? Two stories of one template are not."""
    own_paragraphs, other_paragraphs = set(one.paragraphs), set(other.paragraphs)
    return len(own_paragraphs & other_paragraphs) >= SAME_TEXT_SHARE * max(
        len(own_paragraphs), len(other_paragraphs), 1
    )


def is_same_article(one: Article, other: Article) -> bool:
    """Do two addresses show one article? Mostly the same words in their bodies."""
    return shared_words(one, other) >= SAME_ARTICLE_SHARE


class PreviousPage:
    """The last page that showed the article, read when it is first asked for."""

    def __init__(self, load: Callable[[], Snapshot] | None, url: str) -> None:
        self._load = load
        self._url = url

    @cached_property
    def _document(self) -> Document:
        page = self._load() if self._load else Snapshot(b"", {})
        return Document(page.raw, self._url, page.content_type)

    @property
    def lines(self) -> LineCounts:
        """How often each line is shown on it."""
        return self._document.lines

    @cached_property
    def text(self) -> str:
        """All of its text as a reader sees it, and more that is not shown."""
        return visible(self._document.text)


def with_previous_classification(
    previous: ArticleState, observation: Observation, before: PreviousPage
) -> Observation:
    """What was seen, with the earlier verdict on each line that stood still since the page before.

    A line that came was on that page, or one that left is on this one, where our verdict on it may have
    changed; the quick test of that is by all text of a page.
    """
    content = observation.content
    if previous.article is None or not isinstance(content, Extracted):
        return observation
    removed, added = removed_and_added(
        _without_noise(previous.article, previous), _without_noise(content.article, previous)
    )
    if not removed and not added:
        return observation
    document = _document(observation)
    text = visible(document.text)
    if not any(line in text for line in removed) and not any(line in before.text for line in added):
        return observation
    article = keep_classification(
        previous.article, content.article, before=before.lines, now=document.lines
    )
    return replace(observation, content=replace(content, article=article))


def shown_article(previous: ArticleState, observation: Observation) -> Article | None:
    """The article that a page shows; None if it shows none."""
    match observation.content:
        case Unchanged():
            return previous.article
        case Extracted(article):
            return article
        case None:
            return None


def _document(observation: Observation) -> Document:
    """The page that was seen."""
    page = observation.page
    assert page is not None
    return observation.document or Document(page.body, page.final_url, page.content_type)


def needs_confirmation(previous: ArticleState, first: Observation) -> bool:
    """Must the page be looked at once more before this look counts? Only where it shows an edit."""
    article = shown_article(previous, first)
    if previous.article is None or article is None or _is_unchanged(previous, first):
        return False
    if not previous.volatile:
        return True
    return bool(
        compare(_without_noise(previous.article, previous), _without_noise(article, previous))
    )


def decide(
    previous: ArticleState,
    first: Observation,
    second: Observation | None,
    *,
    now: datetime,
    check_rate: CheckRate | None = None,
) -> CheckResult:
    """Everything that is to be recorded of a look; `second` is the confirming one, if it was needed."""
    result = _decide(previous, first, second)
    fetches = tuple(part.fetch for part in (first, second) if part)
    wait = first.verdict.wait if first.verdict else None
    return with_next_check(
        previous,
        replace(result, fetches=fetches),
        now=now,
        wait=wait,
        check_rate=check_rate or CheckRate(),
    )


def _decide(previous: ArticleState, first: Observation, second: Observation | None) -> CheckResult:
    result = CheckResult(
        url=first.fetch.url,
        outcome="unchanged",
        fetches=(),
        article_id=previous.article_id,
        base_version=previous.version,
    )
    page = first.page
    if first.verdict:
        return _without_article(previous, result, first.verdict)
    if page is not None and page.status == NOT_MODIFIED:
        return _not_modified(previous, result)
    article = shown_article(previous, first)
    assert article is not None
    result = replace(
        result,
        aliases=_aliases(first),
        declared_url=first.link,
        state="active" if previous.state == "gone" else None,
    )
    if previous.article is None:
        return replace(
            result,
            outcome="new",
            article=article,
            article_url=_article_url(first.page),
            shows_version=True,
        )
    if second is None or _is_unchanged(previous, first):
        return replace(_still_there(previous, result, first), shows_version=True)
    second_article = shown_article(previous, second)
    if second_article is None:
        reason = second.verdict.reason if second.verdict else "no article"
        return replace(
            result,
            outcome="failed",
            reason=f"it seemed edited, but a second look could not confirm it: {reason}",
        )
    if _shows_teaser(previous.article, article, first):
        paywall = "a paywall: only the beginning of the text is shown"
        return replace(result, outcome="blocked", reason=paywall)
    why_implausible = implausible(previous.article, article)
    if why_implausible and not is_long_unconfirmed(
        previous.unconfirmed_since, first.fetch.fetched_at
    ):
        return replace(result, outcome="failed", reason=why_implausible)
    edited_result = _with_edits(previous, result, article, second_article)
    if edited_result.article is None:
        return edited_result
    disclosure_result = disclosure(
        previous.article,
        edited_result.article,
        edited_result.edits,
        modified=(previous.last_modified, first.fetch.last_modified),
        at=first.fetch.fetched_at,
    )
    return replace(edited_result, disclosure=disclosure_result)


def _shows_teaser(old: Article, new: Article, first: Observation) -> bool:
    return len(new.body) < len(old.body) and is_teaser(old, new, _document(first).lines)


def _not_modified(previous: ArticleState, result: CheckResult) -> CheckResult:
    if previous.article is None:
        return replace(
            result, outcome="failed", reason="304 Not Modified, though nothing is known yet"
        )
    if previous.state == "gone":
        return replace(
            result, outcome="restored", state="active", reason="the article is back as it was"
        )
    return replace(result, outcome="not_modified")


def _without_article(previous: ArticleState, result: CheckResult, verdict: Verdict) -> CheckResult:
    outcome, reason = verdict.outcome, verdict.reason
    if previous.missing_since and reason.startswith("404"):
        outcome, reason = "gone", f"404 Not Found at every look since {previous.missing_since}"
    if outcome == "gone" and previous.article_id is None:
        outcome = "failed"
    return replace(
        result, outcome=outcome, reason=reason, state="gone" if outcome == "gone" else None
    )


def _still_there(previous: ArticleState, result: CheckResult, first: Observation) -> CheckResult:
    """The article stands as it was: back again, at a new address, or simply unchanged."""
    if previous.state == "gone":
        return replace(result, outcome="restored", reason="the article is back as it was")
    page = first.page
    target = canonical_url(page.moved_to) if page and page.moved_to else None
    if target and target != previous.url:
        return replace(result, outcome="moved", reason=f"moved to {target}", article_url=target)
    return result


def _with_edits(
    previous: ArticleState, result: CheckResult, first: Article, second: Article
) -> CheckResult:
    assert previous.article is not None
    base = _without_noise(previous.article, previous)
    established = previous.seen_at != previous.last_seen_at
    confirmed = keep_confirmed(
        base,
        _without_noise(first, previous),
        _without_noise(second, previous),
        established=established,
    )
    replacements = hold_back_replacements(
        confirmed.old,
        confirmed.article,
        pending=previous.pending,
        established=established,
        volatile_after=previous.volatile_after,
    )
    result = replace(
        result,
        volatile=tuple(PageNoise(*noise) for noise in confirmed.volatile)
        + tuple(PageNoise(text, after=after) for text, after in replacements.volatile.items()),
        pending=replacements.newly_pending,
    )
    edits = compare(replacements.old, replacements.article)
    # What the second page shows is what is stored only where nothing was held back or in motion.
    without_noise = replace(
        second,
        paragraphs=paragraphs_without(second, previous.volatile | set(replacements.volatile)),
    )
    shows_version = not replacements.newly_pending and not compare(
        replacements.article, without_noise
    )
    result = replace(result, shows_version=shows_version)
    if not edits:
        return replace(result, outcome="unchanged", reason=_why_unchanged(result))
    return replace(
        result,
        outcome="restored" if previous.state == "gone" else "edited",
        article=replacements.article,
        edits=edits,
    )


def _why_unchanged(result: CheckResult) -> str:
    if result.pending:
        return (
            "a paragraph stands in place of an unlike one: an edit if the next look finds it there"
        )
    return "what differs also differs between looks in a row: the page's, not the article's"


def reextract(
    previous: ArticleState, snapshot: Snapshot, rules: Sequence[Rule]
) -> tuple[ArticleState, Article | None]:
    """The last version read again by today's extractor and rules, and the text where that differs.

    What a better extractor sees in the same bytes is no edit of the publisher's.
    """
    assert previous.article is not None
    try:
        article = extract(
            snapshot.raw, previous.article.url, content_type=snapshot.content_type, rules=rules
        )
    except ExtractError:  # today's extractor sees no article in the old bytes: keep what is stored
        return previous, None
    without_noise = _without_noise(article, previous)
    if not compare(_without_noise(previous.article, previous), without_noise):
        return previous, None
    return replace(
        previous, article=without_noise, content_hash=content_hash(without_noise)
    ), without_noise


def _is_unchanged(previous: ArticleState, first: Observation) -> bool:
    """Not a byte of the page, or not a word of the article, is new."""
    assert previous.article is not None
    if not isinstance(first.content, Extracted):
        return isinstance(first.content, Unchanged)
    if first.fetch.sha256 is not None and first.fetch.sha256 == previous.page_sha256:
        return True
    return not compare(previous.article, first.content.article)


def _without_noise(article: Article, previous: ArticleState) -> Article:
    return replace(article, paragraphs=paragraphs_without(article, previous.volatile))


def _article_url(page: Response | None) -> str | None:
    """The address a new article is kept under: one that was opened, not one that is only named."""
    return canonical_url(page.moved_to or page.url) if page else None


def _aliases(first: Observation) -> tuple[str, ...]:
    assert first.page is not None
    addresses = [canonical_url(redirect.target) for redirect in first.page.redirects]
    aliases = [address for address in addresses if not is_front_page(address)]
    return tuple(dict.fromkeys(aliases))
