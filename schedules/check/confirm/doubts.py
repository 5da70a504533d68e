"""What siblings leave in doubt: pending until the next check, which finds it again, or not. Pure.

A publisher may change one article after the other, so siblings disagree for a while about a line that came
or left. A line in which only numbers changed may count readers or victims: a count of readers has
another number at the next check, and an edited one stays.
"""

from collections.abc import Sequence
from dataclasses import replace

from schedules.check.observe import Observation
from schedules.check.previous import Previous
from storage.diff.noise.exclusions import PARAGRAPH_BREAK, PendingLine
from storage.diff.noise.replaced_lines import hold_back_lines
from storage.diff.siblings.proof import Proven, without_lines
from storage.diff.siblings.sights import Sibling, line_key, line_keys


def without_doubts(
    previous: Previous, first: Observation, proven: Proven, siblings: Sequence[Sibling]
) -> tuple[Proven, tuple[PendingLine, ...]]:
    """The change without the lines in doubt, and those lines; what the check before saw is decided."""
    earlier = previous.state.exclusions.pending
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
    texts = (text for entry in earlier for text in (entry.text, entry.instead_of))
    decided = {line for text in texts for line in text.split(PARAGRAPH_BREAK)}
    doubtful = {
        line: reading
        for line, reading in (dict.fromkeys(waiting) | dict(proven.doubtful)).items()
        if line not in decided and reading not in decided and line not in proven.lines
    }
    base, article, pending = hold_back_lines(proven.base, proven.article, doubtful)
    return replace(proven, base=base, article=article), pending


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
