"""What is known of an article when a line of it was replaced, and what that says about the line."""

from dataclasses import dataclass, field, replace

from rapidfuzz.distance import Prefix

from scraper.article import Article
from storage.diff.noise.exclusions import Exclusions, PendingLine
from storage.diff.noise.lines.labels import is_number_in_sentence
from storage.diff.noise.lone import is_lone_change
from storage.diff.noise.places.boxes import Pages
from storage.diff.text.labels import is_label, word_count
from storage.diff.text.topics import Subjects, subjects
from storage.diff.text.visible import fold_digits, visible

# A paragraph of more words than this is never held back (chosen by the benchmark `noise`), one that is
# foreign to the story up to two such sentences.
MAX_LINE_WORDS = 16
MAX_PITCH_WORDS = 2 * MAX_LINE_WORDS


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an article when its replaced lines are decided on.

    `exclusions` holds what the previous check held back, and what was proven. More than one check saw the
    `established` lines: such a line does not pass by, and its replacement counts at once. If the old text
    was `just_edited`, the check before logged it. `pages` are those of the old version and of both
    responses, and `served` the lines of the article in both: of any other line a part was left out.
    `has_new_stamp` says that the page's own time of modification moved forward, and `subjects` what the
    changed lines are about.
    """

    exclusions: Exclusions = field(default_factory=Exclusions)
    established: frozenset[str] = frozenset()
    just_edited: bool = False
    pages: Pages | None = None
    served: frozenset[str] = frozenset()
    has_new_stamp: bool = False
    subjects: Subjects = field(default_factory=Subjects)

    @property
    def pending(self) -> tuple[PendingLine, ...]:
        """The lines that the previous check held back."""
        return self.exclusions.pending_lines


def changed_subjects(old: Article, new: Article, pages: Pages | None) -> Subjects:
    """What the lines are about that left the body or came into it, and which captions are about the story."""
    olds, news = list(map(visible, old.paragraphs)), list(map(visible, new.paragraphs))
    changed = set(olds) ^ set(news)
    captions = set(map(visible, old.captions)) ^ set(map(visible, new.captions))
    if not (changed or captions) or pages is None:
        return Subjects()
    own = [line for line in olds if line not in changed]
    found = subjects(old.headline, own, changed | captions, links=pages[0].links)
    return replace(found, foreign=found.foreign & changed)


def may_wait(line: str, evidence: Evidence) -> bool:
    """Whether a line among the paragraphs may be held back."""
    length = word_count(line)
    is_foreign = line in evidence.subjects.foreign
    return length <= MAX_LINE_WORDS or (is_foreign and length <= MAX_PITCH_WORDS)


def is_own_sentence(line: PendingLine, evidence: Evidence) -> bool:
    """Whether a sentence of the story itself was replaced: pitches, links and counters are foreign to it.

    Apart from the prose that counts for a number in a sentence that two checks saw.
    """
    if not (
        line.text and line.instead_of and evidence.subjects.topical.issuperset(line.replaced_lines)
    ):
        return False
    if line.is_apart:
        return is_number_in_sentence(line) and evidence.established.issuperset(line.replaced_lines)
    return not any(map(is_label, line.replaced_lines)) and not _is_entry(line)


def _is_entry(line: PendingLine) -> bool:
    """Whether two texts begin alike up to a number, as two entries of a ticker or of a schedule do."""
    start = Prefix.similarity(fold_digits(line.text), fold_digits(line.instead_of))
    return any(map(str.isdigit, line.text[:start]))


def is_alone(line: PendingLine, evidence: Evidence) -> bool:
    """Whether nothing else changed on the page, and no edit has just made the old version."""
    if evidence.pages is None or evidence.just_edited or not evidence.served.issuperset(line.lines):
        return False
    before, now, _ = evidence.pages
    return is_lone_change(line, before, now)


def is_transient(line: PendingLine, evidence: Evidence) -> bool:
    """Whether a line may be there for one check only: a label that came or went, or any short line
    that was replaced before a second check saw it.

    A sentence in which only numbers changed was edited, unless it is foreign to the story.
    """
    if line.field == "body" and not (line.text and line.instead_of):
        return all(map(is_label, (*line.lines, *line.replaced_lines)))
    if not line.instead_of or evidence.established.issuperset(line.replaced_lines):
        return False
    return not is_number_in_sentence(line) or line.text in evidence.subjects.foreign
