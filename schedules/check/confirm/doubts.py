"""What siblings leave in doubt: pending until a later check, which finds it again, or not. Pure.

A publisher may change one article after the other, so siblings disagree for some hours about a line that came
or left. The line waits for as long, whatever checks come meanwhile. A line in which only numbers changed may count readers or victims: a count of readers has
another number at the next check, and an edited one stays.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from schedules.check.observe import Observation
from schedules.check.previous import Previous
from storage.diff.noise.exclusions import PARAGRAPH_BREAK, PendingLine
from storage.diff.noise.lines.doubtful_lines import hold_back_lines
from storage.diff.siblings.proof import Proven, without_lines
from storage.diff.siblings.sibling import Sibling, line_key, line_keys
from storage.timestamps import parse_instant, to_text

# A line about which siblings disagree is an edit after this time: a rollout takes hours.
DOUBT_WITHIN = timedelta(hours=6)


def without_doubts(
    previous: Previous, first: Observation, proven: Proven, siblings: Sequence[Sibling]
) -> tuple[Proven, tuple[PendingLine, ...]]:
    """The change without the lines in doubt, and those lines; what the check before saw is decided."""
    earlier = previous.state.exclusions.pending_lines
    waiting = _waiting_successors(previous, first, siblings)
    settled = _ticking(earlier, proven) | (
        first.doubtful_lines.keys() & proven.doubtful.keys() - waiting
    )
    if settled:
        proven = replace(
            proven,
            base=without_lines(proven.base, settled),
            article=without_lines(proven.article, settled),
            lines={**proven.lines, **dict.fromkeys(settled, siblings[0].url)},
        )
    at = first.fetch.fetched_at
    texts = (
        text
        for entry in earlier
        if not _is_open(entry, at)
        for text in (entry.text, entry.instead_of)
    )
    decided = {line for text in texts for line in text.split(PARAGRAPH_BREAK)}
    doubtful = {
        line: reading
        for line, reading in (dict.fromkeys(waiting) | dict(proven.doubtful)).items()
        if line not in decided and reading not in decided and line not in proven.lines
    }
    base, article, pending = hold_back_lines(proven.base, proven.article, doubtful)
    since = {(entry.text, entry.instead_of): entry.doubted_at for entry in earlier}
    pending = tuple(
        replace(entry, doubted_at=since.get((entry.text, entry.instead_of)) or to_text(at))
        if _is_rollout(entry, proven) and not waiting.intersection(entry.lines)
        else entry
        for entry in pending
    )
    return replace(proven, base=base, article=article), pending


def _is_open(entry: PendingLine, at: datetime) -> bool:
    """Whether siblings may still disagree about a pending line because they were not changed yet."""
    since = parse_instant(entry.doubted_at or None)
    return since is not None and at < since + DOUBT_WITHIN


def _is_rollout(entry: PendingLine, proven: Proven) -> bool:
    """Whether siblings disagree about whole lines: no number differs in them."""
    lines = entry.lines + entry.replaced_lines
    return all(line in proven.doubtful and proven.doubtful[line] is None for line in lines)


def _ticking(earlier: Sequence[PendingLine], proven: Proven) -> frozenset[str]:
    """The lines of a doubtful count of which this check sees a third number."""
    found: set[str] = set()
    for line, reading in proven.doubtful.items():
        for entry in earlier:
            is_count = reading is not None and entry.instead_of == reading
            if is_count and entry.text != line and line_key(entry.text) == line_key(line):
                found |= {line, entry.text, entry.instead_of}
    return frozenset(found)


def _waiting_successors(
    previous: Previous, first: Observation, siblings: Sequence[Sibling]
) -> frozenset[str]:
    """The topical lines in the place of a publisher's line that a sibling still shows."""
    article = previous.state.article
    byline = article.byline if article else ()
    return frozenset(
        line
        for line, predecessor in first.doubtful_lines.items()
        if any(key in one.lines_now for one in siblings for key in line_keys(predecessor, byline))
    )
