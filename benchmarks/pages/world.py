"""The noise world: real article pages, each a site of its own, with page noise that moves.

Half of the sites are fresh in every response, the others change between looks and stand still
inside one (two requests seconds apart see the same noise). Some looks have a real edit.
"""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.pages.corpus import Page, Run
from benchmarks.pages.edits import (
    CHANGES,
    MadeEdit,
    Patch,
    apply,
    body_edit,
    headline_edit,
    shuffled,
)
from benchmarks.pages.noise import FIRST, NAMINGS, Css, Family, Form, Naming, Words, nonce
from benchmarks.pages.noise_second import SECOND

LOOKS = 4
EDITED_SHARE = 1 / 3  # of the looks after the first
AT_FOOT = {"reactions": 0.5, "cards": 0.3, "comments": 0.3, "ranking": 0.1, "ticker": 0.0}
FAMILIES = {"first": FIRST, "second": SECOND}
KINDS = (*CHANGES, "headline")
NAMING_WEIGHTS = {"usual": (13, 3, 4), "hard": (1, 1, 1)}
IN_TEXT_SHARE = {"usual": 0.5, "hard": 1.0}  # of the sites; the same for related links


@dataclass(frozen=True, slots=True)
class Block:
    """A noise block of one site: which form, and at which character of the saved HTML."""

    name: str
    place: int
    form: Form


@dataclass(frozen=True, slots=True)
class Site:
    """One page, its noise and its edits (by look, from 2 on)."""

    number: int
    page: Page
    family: Family
    naming: Naming
    fresh: bool
    blocks: tuple[Block, ...]
    edits: dict[int, MadeEdit]

    def html(self, look: int, response: int) -> bytes:
        """The page as this response gives it: all edits up to `look`, the noise of now."""
        seed = f"{self.number}/{look}/{response if self.fresh else 0}"
        draw = random.Random(seed)
        words = Words(self.page.lang, draw, phrases=self.family.phrases)
        css = Css(self.naming, self.page.id)
        noise = [Patch(b.place, b.place, b.form(words, css)) for b in self.blocks]
        made = [patch for at, e in self.edits.items() if at <= look for patch in e.patches]
        text = apply(self.page.html, made + noise)
        return text.encode(self.page.charset, errors="xmlcharrefreplace")

    @property
    def forms(self) -> tuple[str, ...]:
        """The names of the noise blocks between paragraphs."""
        inside = {**self.family.in_text, **self.family.related}
        return tuple(block.name for block in self.blocks if block.name in inside)

    @property
    def content_type(self) -> str:
        """The header; only UTF-8 is named, other pages leave it to their `<meta>`."""
        return "text/html; charset=utf-8" if self.page.charset == "utf-8" else "text/html"


def build(
    pages: Iterable[Page], *, seed: int, mix: str = "usual", family: str = "first"
) -> list[Site]:
    """A site for each page; the same seed builds the same world.

    The `usual` mix is about as hard as real pages are for plain trafilatura; in the `hard` one
    every site has all the noise, and class names tell something on one site in three. The
    `second` family has other words and markup, on which nothing was tuned.
    """
    draw = random.Random(seed)
    kinds = _turns(draw, KINDS)
    return [
        _site(number, page, kinds, draw, mix, FAMILIES[family]) for number, page in enumerate(pages)
    ]


def _turns(draw: random.Random, kinds: tuple[str, ...]) -> list[str]:
    turns = list(kinds)
    draw.shuffle(turns)
    return turns


def _site(
    number: int, page: Page, kinds: list[str], draw: random.Random, mix: str, family: Family
) -> Site:
    inside = list(_inside(page, draw, family, IN_TEXT_SHARE[mix]))
    return Site(
        number=number,
        page=page,
        family=family,
        naming=draw.choices(NAMINGS, NAMING_WEIGHTS[mix])[0],
        fresh=number % 2 == 0,
        blocks=(*inside, *_around(page, draw, family)),
        edits=_edits(page, kinds, draw),
    )


def _inside(page: Page, draw: random.Random, family: Family, share: float) -> Iterable[Block]:
    """In-text noise or related links or both, each between two paragraphs of its own."""
    both = (family.in_text, family.related)
    gaps = list(page.gaps)
    draw.shuffle(gaps)
    have = [forms for forms in both if draw.random() < share]
    for number, forms in enumerate(have or [draw.choice(both)]):
        name = draw.choice(list(forms))
        yield Block(name, gaps[number % len(gaps)], forms[name])


def _around(page: Page, draw: random.Random, family: Family) -> Iterable[Block]:
    """Cards, comments, reactions, rankings, a ticker and a nonce around the article."""
    foot = _after_last(page)
    closing = [tag.start() for tag in re.finditer(r"</body\b", page.html, re.I)]
    end = closing[-1] if closing and closing[-1] > foot else len(page.html)
    head = re.search(r"</head\b", page.html, re.I)
    body = re.search(r"<body\b[^>]*>", page.html, re.I)
    if head:
        yield Block("nonce", head.start(), nonce)
    for name, form in family.around.items():
        place = foot if draw.random() < AT_FOOT[name] else end
        if name == "ticker" and body and draw.getrandbits(1):
            place = body.end()
        yield Block(name, place, form)


def _after_last(page: Page) -> int:
    """The place after the tag that closes the last known paragraph."""
    last = page.runs[-1].end
    tag = re.compile(r"\s*</(p|div)\s*>", re.I).match(page.html, last)
    return tag.end() if tag else last


def _edits(page: Page, kinds: list[str], draw: random.Random) -> dict[int, MadeEdit]:
    edits: dict[int, MadeEdit] = {}
    runs = shuffled(draw, page.runs)
    words = Words(page.lang, draw)
    for look in range(2, LOOKS + 1):
        if draw.random() >= EDITED_SHARE:
            continue
        made = _edit(page, runs, kinds, words, titled="headline" in _kinds(edits))
        if made is not None:
            edits[look] = made
    return edits


def _kinds(edits: dict[int, MadeEdit]) -> set[str]:
    return {made.kind for made in edits.values()}


def _edit(
    page: Page, runs: list[Run], kinds: list[str], words: Words, *, titled: bool
) -> MadeEdit | None:
    """The next kind in turn that this page has room for; it moves to the end of the queue."""
    for kind in list(kinds):
        if kind == "headline":
            made = None if titled else headline_edit(page, words)
        else:
            made = next((m for run in runs if (m := body_edit(page, run, kind, words))), None)
        if made is not None:
            kinds.remove(kind)
            kinds.append(kind)
            runs[:] = [run for run in runs if run.text != made.before]
            return made
    return None
