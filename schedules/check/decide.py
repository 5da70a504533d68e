"""From what a check observed to what is recorded. Pure: live checks, imports and rebuilds decide here.

What a check can end as
=======================

    the first fetch shows …                            outcome
    ─────────────────────────────────────────────────  ───────────────────────────────
    no article: a verdict                              blocked, refused, failed, gone
        404 or 410 for long enough                     gone (see `confirm/gone.py`)
    304 Not Modified                                   not_modified
    an article that was gone, as it was                restored
    an article that is not stored yet                  new
    the stored text, at a new address                  moved
    the stored text, or nothing but page noise         unchanged
    another text; a second fetch is made, and it …
        shows no article                               failed
        shows only the beginning, and now asks to pay  blocked
        differs drastically, or breaks off             failed, unconfirmed
            … and has stayed for hours                 edited (one edit if nothing is the same)
        confirms an edit                               edited (restored if it was gone)
        confirms only pending lines or page noise      unchanged
        confirms what siblings show to be the template's   technical

The outcome is `technical` in place of `unchanged` or `not_modified` if the stored page reads differently
today: by another extractor, or since lines of it are known to be the publisher's.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from schedules.cadence import CheckRate
from schedules.check.confirm.drastic import (
    Doubt,
    first_page_doubt,
    is_confirmed,
    unproven_text,
)
from schedules.check.confirm.gone import is_gone, missing_reason
from schedules.check.confirm.response import (
    breaks_off_now,
    doubt_about,
    doubt_about_second,
    shows_paywall,
)
from schedules.check.confirm.returns import has_returned, returned_text
from schedules.check.confirm.site_wide import (
    is_wide_change,
    site_fault,
    site_wide_change,
)
from schedules.check.confirm.steady import may_count_again, with_steady_texts
from schedules.check.confirm.wrong_page import (
    refutation,
    why_no_article,
    without_foreign_statements,
    without_losses,
)
from schedules.check.edited import with_edits, with_replacement, without_explained
from schedules.check.observe import Extracted, Observation, Unchanged, page_of
from schedules.check.previous import Previous
from schedules.check.schedule import with_next_check
from scraper.article import Article
from scraper.recognise import Verdict
from scraper.urls import canonical_url, is_front_page, is_same_owner, site, without_copy_mark
from storage.articles.result import Addresses, CheckResult
from storage.articles.state import MISSING_STATUSES, ArticleState, StoredVersion
from storage.diff import compare
from storage.diff.noise import PageArticle, Separated, separate
from storage.diff.noise.exclusions import without_noise
from storage.diff.siblings.other_text import without_other_text
from storage.diff.siblings.proof import prove
from storage.diff.siblings.sibling import Sibling
from storage.diff.variants import without_variants
from storage.queries.elsewhere import NOWHERE, Elsewhere
from storage.queries.host_answers import HostAnswers

MISSING = 404
WAITING = "it counts once checks over several hours have shown it, and this page alone"
UNCONFIRMED_EDIT = "it seemed edited, but a second fetch could not confirm it"
PAYWALL_REASON = "a paywall: the page shows only the beginning of the text"
TWO_CACHES_REASON = (
    "one of two fetches shows the text from before the last edit: a cache still has it"
)
RESTORED_REASON = "the article is back, unchanged"


def seems_edited(previous: Previous, first: Observation) -> bool:
    """Whether the first fetch seems to show an edit. If so, a second one must confirm it."""
    version, content = previous.state.version, first.content
    if version is None or not isinstance(content, Extracted):
        return False
    separated = _separate(previous, version, first, None)
    if not _differs(previous, version, separated):
        return False
    if not previous.state.exclusions.volatile:
        return True
    return bool(compare(separated.base, separated.article)) or may_count_again(previous, first)


def decide(
    previous: Previous,
    first: Observation,
    second: Observation | None,
    siblings: Sequence[Sibling] = (),
    *,
    now: datetime,
    check_rate: CheckRate | None = None,
    elsewhere: Elsewhere = NOWHERE,
) -> CheckResult:
    """Everything to record of a check.

    `second` is the fetch that confirms `first`, None if the first seems to show no edit. Its
    content is `Unchanged` if it shows the article of the first. `siblings` are other articles of the
    host: what they show as well is the publisher's and no edit. `elsewhere` is what `confirm.evidence`
    found about the host.
    """

    def outcome(of: Previous) -> CheckResult:
        return _outcome(of, first, second, siblings, elsewhere)

    result = with_steady_texts(previous, outcome(previous), first, second, outcome)
    result = _with_technical(result, previous.technical)
    return with_next_check(
        previous.state,
        result,
        now=now,
        wait=first.verdict.wait if first.verdict else None,
        check_rate=check_rate or CheckRate(),
    )


def _outcome(
    previous: Previous,
    first: Observation,
    second: Observation | None,
    siblings: Sequence[Sibling],
    elsewhere: Elsewhere,
) -> CheckResult:
    state, version = previous.state, previous.state.version
    result = CheckResult(
        url=first.fetch.url,
        outcome="unchanged",
        fetches=tuple(observation.fetch for observation in (first, second) if observation),
        article_id=state.article_id,
        base_version=version.number if version else None,
        boilerplate=(*first.boilerplate, *(second.boilerplate if second else ())),
    )
    if first.fetch.http_status in MISSING_STATUSES:
        return _missing(state, result, first, elsewhere.answers)
    if first.verdict:
        return _without_article(state, result, first.verdict)
    if first.content is None:  # 304: the page still has the validators of the last one
        return replace(result, outcome="not_modified")
    result = replace(
        result,
        addresses=_addresses(state, first),
        status="active" if state.status == "gone" else None,
    )
    match first.content:
        case Extracted(article) if version is None:
            return _new(state, result, first, article, elsewhere)
        case Extracted() if version is not None and second is not None:
            shown = _apart(version, first, elsewhere), _apart(version, second, elsewhere)
            return _compared(previous, version, result, shown, siblings, elsewhere)
        case _:
            return _still_there(previous, result, first)


def _missing(
    state: ArticleState, result: CheckResult, first: Observation, host: HostAnswers
) -> CheckResult:
    """404 or 410: a failure until it is certain that the publisher took the article down."""
    status = first.fetch.http_status or MISSING
    if not is_gone(state, status, host, now=first.fetch.fetched_at):
        return replace(result, outcome="failed", reason=missing_reason(state, status, host))
    since = state.trouble.gone_since
    reason = f"the publisher answers {status}{f' since {since}' if since else ''}"
    return replace(result, outcome="gone", reason=reason, status="gone")


def _without_article(state: ArticleState, result: CheckResult, verdict: Verdict) -> CheckResult:
    """No article on the page: a failure, or a removal if the page says so."""
    outcome = "failed" if verdict.outcome == "gone" and state.article_id is None else verdict.outcome  # fmt: skip
    status = "gone" if outcome == "gone" else None
    return replace(result, outcome=outcome, reason=verdict.reason, status=status)


def _new(
    state: ArticleState,
    result: CheckResult,
    first: Observation,
    article: Article,
    elsewhere: Elsewhere,
) -> CheckResult:
    """The first version; kept under the address that was fetched, not one that the page only names."""
    page = first.page
    doubt = first_page_doubt(article, page.body if page else b"", elsewhere)
    if doubt and not is_confirmed(doubt, state.trouble, now=first.fetch.fetched_at):
        return _unconfirmed(result, doubt, doubt.reason)
    addresses = replace(result.addresses, article_url=_fetched_address(first))
    return replace(
        result,
        outcome="new",
        article=article,
        story=first.story,
        addresses=addresses,
        shows_version=True,
    )


def _still_there(previous: Previous, result: CheckResult, first: Observation) -> CheckResult:
    """The stored text: back again, at a new address, or simply unchanged."""
    state = previous.state
    # The next check must not take what a cut page lacks for new.
    result = replace(result, shows_version=not breaks_off_now(previous, first))
    if state.status == "gone":
        return replace(result, outcome="restored", reason=RESTORED_REASON)
    target = canonical_url(first.page.moved_to) if first.page and first.page.moved_to else None
    if not target or not state.url or target == state.url:
        return result
    if site(target) != site(state.url):
        return replace(result, reason=f"redirects to another site, {target}")
    addresses = replace(result.addresses, article_url=target)
    return replace(result, outcome="moved", reason=f"moved to {target}", addresses=addresses)


def _apart(version: StoredVersion, shown: Observation, elsewhere: Elsewhere) -> Observation:
    """The observation without what is another article's: text that this shows, too, or statements about it."""
    if not isinstance(shown.content, Extracted):
        return shown
    article = shown.content.article
    if elsewhere.other_text:
        article = without_other_text(version.article, article, elsewhere.other_text)
    if elsewhere.named_beside:
        article = without_foreign_statements(version.article, article, elsewhere.named_beside)
    return replace(shown, content=replace(shown.content, article=article))


def _compared(
    previous: Previous,
    version: StoredVersion,
    result: CheckResult,
    shown: tuple[Observation, Observation],
    siblings: Sequence[Sibling],
    elsewhere: Elsewhere,
) -> CheckResult:
    """Another text, and what a second fetch says about it."""
    first, second = shown
    separated = _separate(previous, version, first, second)
    if separated.pending and separated.second:
        explained = without_explained(previous, first, separated, separated.second, siblings)
        separated = _separate(explained, version, first, second)
    if not _differs(previous, version, separated):
        return _still_there(previous, result, first)
    article = without_losses(separated.base, separated.article, elsewhere)
    separated = _quiet(previous, replace(separated, article=article), first, elsewhere)
    result = replace(result, has_variants=separated.article != article)
    if separated.second is None or separated.confirming is None:
        why = second.verdict.reason if second.verdict else "no article"
        return _failed(result, f"{UNCONFIRMED_EDIT}: {why}")
    articles = separated.first, separated.second
    is_return = has_returned(version.article, separated.first, elsewhere)
    if is_return and not compare(version.article, separated.second):
        return _failed(result, TWO_CACHES_REASON)
    if shows_paywall(previous, first, separated.first):
        return replace(_failed(result, PAYWALL_REASON), outcome="blocked")
    doubt = doubt_about(previous, version.article, first, separated.first, elsewhere)
    if doubt is None:
        served = separated.first, separated.confirming
        if other := doubt_about_second(previous, version.article, shown, served, elsewhere):
            return _failed(result, f"{UNCONFIRMED_EDIT}: {other.reason}")
        doubt = _doubt_by_siblings(previous, first, separated, siblings, elsewhere)
    if doubt is not None:
        if why_not := _why_unconfirmed(previous, doubt, first, articles, elsewhere):
            return _unconfirmed(result, doubt, why_not)
        if doubt.is_unrelated:
            new = without_noise(separated.first, previous.state.exclusions)
            return with_replacement(previous.state, result, first, new, separated.second)
    result = replace(result, has_returned=is_return)
    return with_edits(previous, result, first, separated, separated.second, siblings)


def _differs(previous: Previous, version: StoredVersion, separated: Separated) -> bool:
    """Whether the page shows another text than the version, or than it had before a sentence of it became pending."""
    is_pending = bool(previous.state.exclusions.pending_readings)
    return is_pending or bool(compare(version.article, separated.first))


def _quiet(
    previous: Previous, separated: Separated, first: Observation, elsewhere: Elsewhere
) -> Separated:
    """The same without what only alternates: fields, and lines that wait."""
    base, article, lines = without_variants(
        separated.base,
        separated.article,
        elsewhere.variants,
        at=first.fetch.fetched_at,
        settled=previous.state.exclusions.settled,
    )
    return replace(separated, base=base, article=article, pending=separated.pending + lines)


def _doubt_by_siblings(
    previous: Previous,
    first: Observation,
    separated: Separated,
    siblings: Sequence[Sibling],
    elsewhere: Elsewhere,
) -> Doubt | None:
    """The doubt about a text, because of what became of other articles of the host at the same time."""
    old, trouble = previous.state.article, previous.state.trouble
    assert old is not None
    if doubt := returned_text(old, separated.first, siblings, elsewhere, trouble):
        return doubt
    if elsewhere.has_unread_pages:
        return unproven_text(old, separated.first)
    if not is_wide_change(old, separated.first):
        return None
    proven = prove(
        PageArticle(separated.base, previous.page),
        PageArticle(separated.article, page_of(first)),
        siblings,
    )
    return site_wide_change(proven.base, proven.article, siblings, elsewhere, trouble)


def _why_unconfirmed(
    previous: Previous,
    doubt: Doubt,
    first: Observation,
    articles: tuple[Article, Article],
    elsewhere: Elsewhere,
) -> str | None:
    """Why a doubtful text does not count, or not yet; None if earlier checks have confirmed it."""
    trouble, now = previous.state.trouble, first.fetch.fetched_at
    assert previous.state.article is not None
    return (
        refutation(doubt, page_of(first).document, previous.page.document, elsewhere)
        or why_no_article(doubt, previous.state.article, *articles)
        or site_fault(doubt, elsewhere, trouble.unconfirmed_since, now=now)
        or (None if is_confirmed(doubt, trouble, now=now) else f"{doubt.reason}; {WAITING}")
    )


def _failed(result: CheckResult, reason: str) -> CheckResult:
    """A page that is not taken for the article: nothing that it says about addresses counts."""
    return replace(result, outcome="failed", reason=reason, status=None, addresses=Addresses())


def _unconfirmed(result: CheckResult, doubt: Doubt, reason: str) -> CheckResult:
    return replace(_failed(result, reason), sketch=doubt.sketch)


def _with_technical(result: CheckResult, technical: Article | None) -> CheckResult:
    """A difference that today's reading makes goes into a technical version, never into an edit."""
    if technical is None or result.outcome not in ("edited", "unchanged", "not_modified"):
        return result
    if result.outcome == "edited":
        return replace(result, technical=result.technical or technical)
    return replace(result, outcome="technical", article=technical, technical=technical)


def _separate(
    previous: Previous,
    version: StoredVersion,
    first: Observation,
    second: Observation | None,
) -> Separated:
    """The page noise of a check apart from its edits, by the last page and up to two fetches."""
    assert isinstance(first.content, Extracted)
    first_article = PageArticle(first.content.article, page_of(first), first.fetch.fetched_at)
    confirming: PageArticle | None = None
    match second.content if second else None:
        case Unchanged():
            confirming = first_article
        case Extracted(second_article) if second:
            confirming = PageArticle(second_article, page_of(second), second.fetch.fetched_at)
    return separate(
        PageArticle(version.article, previous.page),
        first_article,
        confirming,
        exclusions=previous.state.exclusions,
        established=version.established_lines(previous.state.exclusions.pending),
        just_edited=version.is_just_edited,
    )


def _fetched_address(first: Observation) -> str | None:
    """The address of a page: where it was requested, or where that moved for good or to another owner.

    What another owner shows is the article of that address: the next check asks there. Only a page that
    names the site where it was requested, as a copy in a cache does, stays there.
    """
    page = first.page
    if page is None:
        return None
    requested, final = canonical_url(page.url), canonical_url(page.final_url)
    names_requested = first.origin is not None and is_same_owner(first.origin, requested)
    leads_away = not is_same_owner(requested, final) and not names_requested
    return final if page.moved_to or leads_away else requested


def _addresses(state: ArticleState, first: Observation) -> Addresses:
    """The addresses on the article's own site that redirects led to or that the page names.

    On another site they would take its name: a redirect there proves nothing about its owner. An AMP or
    print page may name its article by the form of its own address only.
    """
    own_url = state.url or _fetched_address(first) or first.fetch.url
    own_site, declared_url = site(own_url), first.link
    if declared_url in (None, own_url):
        declared_url = without_copy_mark(own_url)
    redirects = first.page.redirects if first.page else ()
    targets = dict.fromkeys(canonical_url(redirect.target) for redirect in redirects)
    return Addresses(
        aliases=tuple(url for url in targets if site(url) == own_site and not is_front_page(url)),
        declared_url=declared_url if declared_url and site(declared_url) == own_site else None,
    )
