"""Texts that are left out of an article: what one check proved, and what earlier checks did."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from scraper.article import Article
from scraper.phrases.corrections import CORRECTION_NOTICE
from storage.diff.noise.boilerplate import Boilerplate
from storage.diff.noise.pieces import joined_lines, split_lines
from storage.diff.text.visible import fold_digits, visible

# Between the lines of one pending text.
PARAGRAPH_BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class PageNoise:
    """A text proven to be page noise, with the evidence.

    The evidence is one of three. `first` and `second` are what two responses in a row had in its
    place (None for nothing). `after` is the paragraph after which every check found another line.
    `sibling` is the address of another article of the host that shows the text, too. `was_stored` says that
    the version before held the text.
    """

    text: str
    first: str | None = None
    second: str | None = None
    after: str | None = None
    sibling: str | None = None
    was_stored: bool = False


@dataclass(frozen=True, slots=True)
class Streak:
    """The last checks in a row of which every response had a text that is left out.

    There were `checks` of them, the first at the time `since` (None for none). `lapses` is how often such a row
    ended before. `after` and `was_stored` are those of the page noise.
    """

    text: str
    checks: int = 0
    since: str | None = None
    lapses: int = 0
    after: str | None = None
    was_stored: bool = False


@dataclass(frozen=True, slots=True)
class PendingLine:
    """Lines that wait for a later check, the lines that they replaced ("" for none), and the
    line before them ("" for none). `field` is the one that has them: body or caption.

    Without `text` the lines were removed. `is_apart` says that they are in elements that hold no
    prose, and `checks` how many checks in a row found them. `box` is where such elements are on the page,
    `reading` all of their lines at the last check; both are hashes. `doubted_at` is when siblings began to
    disagree about the line, "" if they did not.
    """

    text: str
    instead_of: str = ""
    after: str = ""
    field: str = "body"
    is_apart: bool = False
    checks: int = 1
    box: str = ""
    reading: tuple[str, ...] = ()
    doubted_at: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines that wait."""
        return self.text.split(PARAGRAPH_BREAK) if self.text else []

    @property
    def replaced_lines(self) -> list[str]:
        """The lines that they replaced."""
        return self.instead_of.split(PARAGRAPH_BREAK) if self.instead_of else []


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What earlier checks have learnt about one article.

    - `volatile`: texts proven to be page noise. `shared`: those of them that siblings show, too.
    - `volatile_after`: the paragraphs after which lines were proven to change at every check.
    - `streaks`: how steadily the pages show the volatile texts, by text. What siblings show has none.
    - `withdrawn`: texts that were volatile, and counted as the article's again after a long streak.
    - `pending`: lines that wait for a later check.
    - `restored`: page noise that the user counts as part of the article again.
    - `restored_at`: when the user last did so, as text; "" if never.
    - `boilerplate`: lines of the publisher, which no article of its host holds.
    - `restored_boilerplate`: those that the user counts as part of the articles again.
    """

    volatile: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    volatile_after: frozenset[str] = frozenset()
    streaks: Mapping[str, Streak] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    pending: tuple[PendingLine, ...] = ()
    restored: frozenset[str] = frozenset()
    restored_at: str = ""
    boilerplate: Boilerplate = field(default_factory=Boilerplate)
    restored_boilerplate: Boilerplate = field(default_factory=Boilerplate)

    def with_noise(self, page_noise: tuple[PageNoise, ...]) -> "Exclusions":
        """These exclusions, and page noise that was proven since."""
        after = {noise.after for noise in page_noise if noise.after is not None}
        shared = {noise.text for noise in page_noise if noise.sibling is not None}
        streaks = {
            noise.text: Streak(noise.text, after=noise.after, was_stored=noise.was_stored)
            for noise in page_noise
            if noise.text not in self.withdrawn | shared
        }
        return replace(
            self,
            volatile=self.volatile | {noise.text for noise in page_noise},
            shared=self.shared | shared,
            volatile_after=self.volatile_after | after,
            streaks={**streaks, **self.streaks},
        )

    def with_streaks(self, streaks: Iterable[Streak]) -> "Exclusions":
        """These exclusions with what a check showed of their texts."""
        return replace(self, streaks={**self.streaks, **{one.text: one for one in streaks}})

    def without(self, texts: Collection[str]) -> "Exclusions":
        """These exclusions without volatile texts that turned out to be the article's."""
        kept = {text: one for text, one in self.streaks.items() if text not in texts}
        places = {self.streaks[text].after for text in texts if text in self.streaks}
        return replace(
            self,
            volatile=self.volatile.difference(texts),
            volatile_after=self.volatile_after - places,
            streaks=kept,
            withdrawn=self.withdrawn.union(texts),
        )


def outside_corrections(
    page_noise: tuple[PageNoise, ...], paragraphs: Iterable[str]
) -> tuple[PageNoise, ...]:
    """The page noise without the sentences of a correction note that only one response has.

    A cache may lack the note for hours. It must not stay out of the article for that.
    """
    notes = [visible(text) for text in paragraphs if CORRECTION_NOTICE.search(text)]
    return tuple(
        noise
        for noise in page_noise
        if (noise.first is None) == (noise.second is None)
        or not any(noise.text in note for note in notes)
    )


def without_noise(article: Article, exclusions: Exclusions) -> Article:
    """The article without the lines and sentences that are proven page noise.

    If several proven texts differ in their numbers only, so does whatever follows them: they are
    the readings of a counter or a clock.
    """
    volatile = exclusions.volatile
    if not volatile:
        return article
    folded_counts = Counter(map(fold_digits, volatile))
    ticking = {text for text, count in folded_counts.items() if count > 1}

    def is_noise(text: str) -> bool:
        return text in volatile or (bool(ticking) and fold_digits(text) in ticking)

    return replace(
        article,
        dek="\n".join(_quiet_lines(tuple((article.dek or "").splitlines()), is_noise)) or None,
        paragraphs=_quiet_lines(article.paragraphs, is_noise),
        captions=_quiet_lines(article.captions, is_noise),
    )


def _quiet_lines(lines: tuple[str, ...], is_noise: Callable[[str], bool]) -> tuple[str, ...]:
    lines = tuple(line for line in lines if not is_noise(visible(line)))
    pieces = split_lines(lines)
    quiet_pieces = [piece for piece in pieces if not is_noise(piece.text)]
    return joined_lines(quiet_pieces, lines) if len(quiet_pieces) < len(pieces) else lines
