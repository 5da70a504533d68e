"""What of a change is the publisher's or the template's, and what is left to log."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scraper.article import Article
from storage.diff.noise import PageArticle
from storage.diff.noise.exclusions import Exclusions, without_noise
from storage.diff.siblings.affixes import (
    Affix,
    has_caption_affix,
    shared_affixes,
    with_affixes,
)
from storage.diff.siblings.fields import (
    CAME,
    LEFT,
    RESTAMPED,
    SHIFT,
    Sign,
    changed_fields,
    field_signs,
    with_fields,
)
from storage.diff.siblings.lines import (
    all_lines,
    counting_keys,
    has_foreign_reading,
    publisher_lines,
)
from storage.diff.siblings.marks import Exchange, exchanged_marks, shared_marks, with_marks
from storage.diff.siblings.places import (
    MAX_COMPARED_LINE_PAIRS,
    PLACED_FIELDS,
    has_new_markup,
    has_same_prose,
    line_signs,
    with_lines,
)
from storage.diff.siblings.sibling import Sibling, is_edited_line, may_be_publishers
from storage.vocabulary import FIELD_NAMES

# So many fields that changed alike in one sibling prove a weak sign, or a common one.
MIN_ALIKE_FIELDS, MIN_FIELDS_FOR_COMMON_SIGN = 2, 3
# So many siblings that share a weak sign prove it.
MIN_SIGN_SIBLINGS = 2
# So many siblings are asked for what may be the site's and none of them shows: a line that is foreign to the
# article, the end of a caption. The site may have changed some sections only.
MAX_ASKED = 3


@dataclass(frozen=True, slots=True)
class Proven:
    """A change without what siblings prove to be the publisher's.

    Comparing `base` with `article` gives the edits. `lines` are the publisher's lines that came or left,
    each with the sibling that shows it. `template_fields` changed with the template: `base` has them as
    the article has now. Of the lines in them, `came` and `left` did so with the template, `affixes` are
    beginnings and endings of lines that the site exchanged, and `marks` are marks. `values` are the fields of one
    value that changed with the template. `is_thin` says
    that a sibling shows too little to prove something: another could. `is_open` says that no sibling shows
    a line that is foreign to the article. `doubtful` are lines
    about which the siblings disagree, and counts, each with its other reading.
    """

    base: Article
    article: Article
    lines: Mapping[str, str] = field(default_factory=dict)
    template_fields: tuple[str, ...] = ()
    came: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    affixes: frozenset[Affix] = frozenset()
    marks: frozenset[Exchange] = frozenset()
    values: frozenset[str] = frozenset()
    is_thin: bool = False
    is_open: bool = False
    doubtful: Mapping[str, str | None] = field(default_factory=dict)

    def applied_to(self, old: Article) -> Article:
        """An earlier version as the publisher and the template would have it now."""
        old = with_marks(old, self.article, self.marks)
        old = without_lines(with_affixes(old, self.article, self.affixes), self.lines)
        old = with_lines(old, self.article, self.came, self.left)
        return with_fields(old, self.article, self.values)


def prove(
    old: PageArticle,
    new: PageArticle,
    siblings: Sequence[Sibling],
    *,
    restored: frozenset[str] = frozenset(),
) -> Proven:
    """Leave out of a change what the siblings show to be the publisher's. Pure.

    A `restored` line is the article's: the user said so.
    """
    marks = shared_marks(old.article, new.article, siblings)
    marked = with_marks(old.article, new.article, marks.proven)
    affixes = shared_affixes(marked, new.article, siblings)
    base = with_affixes(marked, new.article, affixes)
    restyled = changed_fields(old.article, base)
    found = publisher_lines(base, new.article, siblings)
    lines = {line: url for line, url in found.proven.items() if line not in restored}
    base, article = without_lines(base, lines), without_lines(new.article, lines)
    left, right = replace(old, article=base), replace(new, article=article)
    placed_lines = line_signs(left, right)
    signs = frozenset(placed_lines) | field_signs(base, article)
    shared = {sibling.url: signs & _signs_of(sibling) for sibling in siblings}
    accepted = _template_signs(left, right, signs, shared=shared, lines=lines, siblings=siblings)
    values = frozenset(sign.field for sign in accepted)
    names = values.union(restyled)
    proven = Proven(
        base,
        article,
        lines,
        tuple(name for name in FIELD_NAMES if name in names),
        _lines_of(accepted, placed_lines, CAME),
        _lines_of(accepted, placed_lines, LEFT),
        affixes,
        marks.proven,
        values - set(PLACED_FIELDS),
        is_thin=found.is_thin
        or marks.is_thin
        or any(alike - accepted for alike in shared.values())
        or ("byline" in names and not any(_is_of_others(one, base) for one in siblings)),
        is_open=found.is_open,
        doubtful=found.doubtful,
    )
    return replace(proven, base=proven.applied_to(base))


def without_lines(article: Article, lines: Iterable[str]) -> Article:
    """The article without these lines of the publisher."""
    return without_noise(article, Exclusions(volatile=frozenset(lines)))


def _lines_of(
    accepted: frozenset[Sign], placed_lines: Mapping[Sign, frozenset[str]], direction: str
) -> frozenset[str]:
    """The lines that came or left with the signs that are proven."""
    signs = [sign for sign in accepted & placed_lines.keys() if sign.way[0] == direction]
    return frozenset(line for sign in signs for line in placed_lines[sign])


def _template_signs(
    old: PageArticle,
    new: PageArticle,
    signs: frozenset[Sign],
    *,
    shared: Mapping[str, frozenset[Sign]],
    lines: Mapping[str, str],
    siblings: Sequence[Sibling],
) -> frozenset[Sign]:
    """The signs of a change that are the template's; `shared` are those that each sibling shares."""
    is_redesigned = has_new_markup(old.page, new.page)
    redesigned = [one.url for one in siblings if is_redesigned and _has_new_markup(one)]
    accepted = _with_equal_shifts(signs, _accepted(shared, lines, redesigned))
    if is_redesigned and has_same_prose(old.article, new.article):
        accepted |= {sign for sign in signs if sign.is_presence}
    if not is_redesigned and any(map(_keeps_byline, siblings)):
        accepted = frozenset(sign for sign in accepted if sign.field != "byline")
    return accepted


def _accepted(
    shared: Mapping[str, frozenset[Sign]], lines: Mapping[str, str], redesigned: Sequence[str]
) -> frozenset[Sign]:
    """The signs that are proven to be the template's, by those that each sibling shares.

    Several fields that changed alike count only if the markup of both pages is new: two stories of one
    hour may both get a byline and a picture.
    """
    counts = Counter(sign for alike in shared.values() for sign in alike)
    accepted = {
        sign
        for sign, count in counts.items()
        if sign.is_strong or (count >= MIN_SIGN_SIBLINGS and not sign.is_common)
    }
    for url in redesigned:
        fields = {sign.field for sign in shared[url]}
        fields |= {"a line"} if url in lines.values() else set()
        accepted |= {
            sign
            for sign in shared[url]
            if len(fields) >= (MIN_FIELDS_FOR_COMMON_SIGN if sign.is_common else MIN_ALIKE_FIELDS)
        }
    return frozenset(accepted)


def _has_new_markup(sibling: Sibling) -> bool:
    return sibling.before is not None and has_new_markup(sibling.before.page, sibling.now.page)


def _is_of_others(sibling: Sibling, article: Article) -> bool:
    """Whether a sibling bore other names than an article, and shows which it bears now."""
    before = sibling.before
    return sibling.is_current and before is not None and before.article.byline != article.byline


def _keeps_byline(sibling: Sibling) -> bool:
    """Whether a sibling shows the same names as before: no template took them away elsewhere."""
    before, now = sibling.before, sibling.now.article.byline
    return sibling.is_current and before is not None and before.article.byline == now != ()


def _with_equal_shifts(signs: frozenset[Sign], accepted: frozenset[Sign]) -> frozenset[Sign]:
    """The accepted signs, and times that moved by as much as one that the template moved.

    A sibling that was never modified shows the new time zone in its time of publication alone.
    """
    shifts = {sign.way for sign in accepted if sign.way[0] == SHIFT}
    return accepted | {sign for sign in signs if sign.way in shifts}


def _signs_of(sibling: Sibling) -> frozenset[Sign]:
    if sibling.before is None:
        return frozenset()
    old, new = sibling.before, sibling.now
    return frozenset(line_signs(old, new)) | field_signs(old.article, new.article)


def wanted_siblings(proven: Proven) -> int:
    """How many siblings should be asked about what is left of a change: none to three."""
    if proven.is_open or has_caption_affix(proven.base, proven.article):
        return MAX_ASKED
    if proven.is_thin:
        return MIN_SIGN_SIBLINGS
    return int(_may_be_publishers_change(proven.base, proven.article))


def has_counting_line(proven: Proven) -> bool:
    """Whether only numbers changed in a line of what is left: stored pages of siblings may show it, too."""
    return bool(counting_keys(proven.base, proven.article))


def _may_be_publishers_change(old: Article, new: Article) -> bool:
    """Whether a change is of a kind that a sibling can show to be the publisher's.

    That is a whole line that came or left, or is foreign to the article, other
    marks, and a field that changed as templates do. Two changes are too common to ask for: a modified time that moved on with another edit, and a headline that
    was rewritten.
    """
    fields = {sign.field for sign in field_signs(old, new) if sign.way[0] != RESTAMPED}
    if old.headline not in new.headline and new.headline not in old.headline:
        fields.discard("headline")
    texts = [(one.headline, one.body, one.captions) for one in (old, new)]
    if old.modified_at and new.modified_at and (fields != {"modified_at"} or texts[0] != texts[1]):
        fields.discard("modified_at")
    return (
        bool(fields)
        or bool(exchanged_marks(old, new))
        or has_foreign_reading(old, new)
        or _has_whole_line(old, new)
    )


def _has_whole_line(old: Article, new: Article) -> bool:
    """Whether a line came or left that is no edited line of the other version."""
    before, after = all_lines(old), all_lines(new)
    left = [line for line in before - after if may_be_publishers(line)]
    came = [line for line in after - before if may_be_publishers(line)]
    if len(left) != len(came) or len(left) * len(came) > MAX_COMPARED_LINE_PAIRS:
        return bool(left or came)
    return any(
        not any(is_edited_line(line, other) for other in others)
        for lines, others in ((left, came), (came, left))
        for line in lines
    )
