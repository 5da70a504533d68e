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
    ended before. `after` and `was_stored` are those of the page noise. If the text is one of a counter's, the
    row is of the checks that all had its texts in `reading`, with other numbers perhaps.
    """

    text: str
    checks: int = 0
    since: str | None = None
    lapses: int = 0
    after: str | None = None
    was_stored: bool = False
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class PendingLine:
    """Lines that wait for a later check, the lines that they replaced ("" for none), and the
    line before them ("" for none). `field` is the one that has them: body or caption.

    Without `text` the lines were removed. `is_apart` says that they are in elements that hold no
    prose, and `checks` how many checks in a row found them. `box` is where such elements are on the page,
    `reading` all of their lines at the last check; both are hashes. `doubted_at` is when siblings began to
    disagree about the line, "" if they did not.

    With an `other_reading` it is a sentence that the first response had in other words or with another number.
    `instead_of` is the old sentence, and `old_line` the line of the old version that held it. `is_established` says
    that more than one check saw that.
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
    other_reading: str = ""
    old_line: str = ""
    is_established: bool = False

    @property
    def readings(self) -> tuple[str, ...]:
        """The sentences of which two responses and the old version had one each."""
        return tuple(filter(None, (self.text, self.other_reading, self.instead_of)))

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
    - `withdrawn`: texts that were volatile, and counted as the article's again after a long streak; how often.
      `withdrawn_at`: when the last of them did so, as text; "" if none did.
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
    withdrawn: Mapping[str, int] = field(default_factory=dict)
    withdrawn_at: str = ""
    pending: tuple[PendingLine, ...] = ()
    restored: frozenset[str] = frozenset()
    restored_at: str = ""
    boilerplate: Boilerplate = field(default_factory=Boilerplate)
    restored_boilerplate: Boilerplate = field(default_factory=Boilerplate)

    @property
    def pending_lines(self) -> tuple[PendingLine, ...]:
        """The lines that wait because they came, left or were replaced."""
        return tuple(entry for entry in self.pending if not entry.other_reading)

    @property
    def pending_readings(self) -> tuple[PendingLine, ...]:
        """The sentences that wait because two responses differed in them."""
        return tuple(entry for entry in self.pending if entry.other_reading)

    @property
    def settled(self) -> frozenset[str]:
        """The texts on which this check decides, or an earlier one decided: that responses differed in them is over."""
        readings = (text for entry in self.pending_readings for text in entry.readings)
        return frozenset(self.withdrawn).union(readings)

    @property
    def ticking(self) -> frozenset[str]:
        """The volatile texts of which several differ in their numbers only, with every number as 0."""
        counts = Counter(map(fold_digits, self.volatile))
        return frozenset(text for text, count in counts.items() if count > 1)

    def with_noise(self, page_noise: tuple[PageNoise, ...]) -> "Exclusions":
        """These exclusions, and page noise that was proven since."""
        after = {noise.after for noise in page_noise if noise.after is not None}
        shared = {noise.text for noise in page_noise if noise.sibling is not None}
        streaks = {
            noise.text: Streak(
                noise.text,
                lapses=self.withdrawn.get(noise.text, 0),
                after=noise.after,
                was_stored=noise.was_stored,
            )
            for noise in page_noise
            if noise.text not in shared
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
            withdrawn={
                **self.withdrawn,
                **{text: self.withdrawn.get(text, 0) + 1 for text in texts},
            },
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

    If several proven texts differ in their numbers only, they are the readings of a counter or a clock, and so is
    whatever follows them. The evidence is of two checks: see `responses.unsettled`.
    """
    volatile = exclusions.volatile
    if not volatile:
        return article
    ticking = exclusions.ticking

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
