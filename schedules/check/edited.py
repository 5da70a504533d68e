"""What two answers of a check agree on becomes edits, page noise, pending lines, or the template's change. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from schedules.check.confirm.doubts import without_doubts
from schedules.check.confirm.site_wide import asked_about_extent
from schedules.check.observe import Observation, page_of
from schedules.check.previous import Previous
from scraper.article import Article
from storage.articles.result import CheckResult, Fetch
from storage.articles.state import ArticleState, LastPage
from storage.diff import compare
from storage.diff.disclosure import disclosure
from storage.diff.edit import Edit
from storage.diff.noise import PageArticle, Separated
from storage.diff.noise.exclusions import PageNoise, PendingLine
from storage.diff.siblings.proof import (
    Proven,
    has_counting_line,
    prove,
    wanted_siblings,
    without_lines,
)
from storage.diff.siblings.sibling import Sibling

# So many siblings must show their last edit, before a text that was taken back counts at once.
MIN_RETURN_SIBLINGS = 2

PENDING_REASON = (
    "a line was replaced by an unrelated one; it counts as an edit if the next check still finds it"
)
READING_REASON = "two fetches in a row disagree in a sentence; it counts as an edit if both fetches of the next check agree"
VARIANTS_REASON = (
    "two fetches in a row had both texts: the other one counts once it has lasted for several hours"
)
REPLACED_EVIDENCE = "hardly a word is left of the text before, and this one has stayed for hours"
PAGE_NOISE_REASON = "the difference changes on every fetch: page noise"
SIBLING_REASON = "the lines that differ are the publisher's: {url} shows them, too"
TEMPLATE_REASON = "the site has a new template, which changed {fields} in other articles, too"


def with_replacement(
    state: ArticleState, result: CheckResult, first: Observation, new: Article, second: Article
) -> CheckResult:
    """Another text that has stayed for hours: one edit, not one for each sentence."""
    assert state.article is not None
    edit = Edit(
        "body", "replace", "replaced", state.article.body, new.body, evidence=REPLACED_EVIDENCE
    )
    result = replace(result, shows_version=not compare(new, second))
    return _edited(state, result, first, state.article, new, (edit,))


def with_edits(
    previous: Previous,
    result: CheckResult,
    first: Observation,
    separated: Separated,
    second: Article,
    siblings: Sequence[Sibling],
) -> CheckResult:
    """The edits that both fetches agree on and no sibling explains; without any the check is unchanged."""
    proven = prove(
        PageArticle(separated.base, previous.page),
        PageArticle(separated.article, page_of(first)),
        siblings,
        restored=previous.state.exclusions.restored,
    )
    proven, doubts = without_doubts(previous, first, proven, siblings)
    edits = compare(proven.base, proven.article)
    noise = tuple(PageNoise(line, sibling=url) for line, url in proven.lines.items())
    second = without_lines(second, proven.lines)
    asked = asked_about_extent(proven.base, proven.article, siblings)
    result = replace(result, has_wide_change=asked > 0)
    result = replace(
        result,
        page_noise=(*separated.page_noise, *noise),
        pending=separated.pending + doubts,
        template_fields=proven.template_fields,
        wanted_siblings=max(_wanted_siblings(proven, result), asked)
        if edits or proven.lines or proven.template_fields
        else 0,
        has_counting_line=bool(edits) and has_counting_line(proven),
        # The second page shows the new version only if nothing is held back or differs.
        shows_version=not (separated.pending + doubts or result.has_variants)
        and not compare(proven.article, second),
    )
    if not edits:
        return _without_edits(result, proven)
    assert previous.state.article is not None
    before = proven.applied_to(separated.previous)
    if compare(previous.state.article, before):
        result = replace(result, technical=before)
    return _edited(
        previous.state, result, first, _without_template_stamp(proven), proven.article, edits
    )


def without_explained(
    previous: Previous,
    first: Observation,
    separated: Separated,
    second: Article,
    siblings: Sequence[Sibling],
) -> Previous:
    """The stored state, in which no pending line waits that the siblings or a new template explain at once."""
    old, new = PageArticle(separated.previous, previous.page), PageArticle(second, page_of(first))
    proven = prove(old, new, siblings)
    waiting = (line for line in separated.pending if not line.other_reading)
    lines = tuple(line for line in waiting if _is_explained(line, proven))
    exclusions = previous.state.exclusions
    exclusions = replace(exclusions, pending=exclusions.pending + lines)
    return replace(previous, state=replace(previous.state, exclusions=exclusions))


def _is_explained(line: PendingLine, proven: Proven) -> bool:
    """Whether all of a pending line came with the publisher's lines or the template, or left with them."""
    if line.lines:
        return (proven.lines.keys() | proven.came).issuperset(line.lines)
    return (proven.lines.keys() | proven.left).issuperset(line.replaced_lines)


def _wanted_siblings(proven: Proven, result: CheckResult) -> int:
    """How many siblings should be asked about the edits, however wide the change is."""
    return MIN_RETURN_SIBLINGS if result.has_returned else wanted_siblings(proven)


def _edited(
    state: ArticleState,
    result: CheckResult,
    first: Observation,
    old: Article,
    article: Article,
    edits: tuple[Edit, ...],
) -> CheckResult:
    """A new version with its edits of the old one; from gone, the article is also restored."""
    return replace(
        result,
        outcome="restored" if state.status == "gone" else "edited",
        article=article,
        edits=edits,
        validators_hid_edit=_hid_edit(state.last_page, first.fetch),
        disclosure=disclosure(
            old,
            article,
            edits,
            modified=(state.last_page.last_modified, first.fetch.last_modified),
            at=first.fetch.fetched_at,
        ),
    )


def _hid_edit(last_page: LastPage, fetch: Fetch) -> bool:
    """Whether an edited page has the validators of the last page, ETag before Last-Modified."""
    if fetch.etag or last_page.etag:
        return fetch.etag == last_page.etag
    return fetch.last_modified is not None and fetch.last_modified == last_page.last_modified


def _without_edits(result: CheckResult, proven: Proven) -> CheckResult:
    """Nothing but page noise, pending lines, or what changed with the template of the site."""
    if proven.template_fields:
        reason = TEMPLATE_REASON.format(fields=", ".join(proven.template_fields))
        return replace(result, outcome="technical", article=proven.article, reason=reason)
    if result.pending:
        is_reading = all(entry.other_reading for entry in result.pending)
        return replace(result, reason=READING_REASON if is_reading else PENDING_REASON)
    if result.has_variants:
        return replace(result, reason=VARIANTS_REASON)
    if proven.lines:
        reason = SIBLING_REASON.format(url=next(iter(proven.lines.values())))
        return replace(result, reason=reason)
    return replace(result, reason=PAGE_NOISE_REASON)


def _without_template_stamp(proven: Proven) -> Article:
    """The base; a modified time that came with the template says nothing about an edit."""
    if "modified_at" not in proven.template_fields:
        return proven.base
    return replace(proven.base, modified_at=None)
