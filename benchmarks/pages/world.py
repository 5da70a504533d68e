"""The noise world: real article pages, each on a site of its own, with changing page noise.

Half of the sites have fresh noise in every response. The others change between checks only: two
fetches of one check get the same noise. Some checks follow a real edit.
"""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.pages.corpus import CorpusPage, Run
from benchmarks.pages.edits import (
    CHANGES,
    MadeEdit,
    Patch,
    apply_patches,
    body_edit,
    headline_edit,
    shuffle_runs,
)
from benchmarks.pages.noise import NAMINGS, Css, Family, Form, Naming, Words
from benchmarks.pages.noise_forms import FAMILIES, request_nonce

CHECKS_PER_SITE = 4
EDITED_CHECK_SHARE = 1 / 3  # of the checks after the first
# The share of sites on which a block follows the last paragraph; elsewhere it ends the page.
AT_FOOT_SHARE = {
    "reactions": 0.5, "cards": 0.3, "comments": 0.3, "ranking": 0.1, "ticker": 0.0,
    "videos": 0.3, "tags": 0.7, "scores": 0.1, "jobs": 0.1, "obituaries": 0.1, "events": 0.1,
    "cookies": 0.0, "podcasts": 0.3, "follow": 0.6,
    "next story": 0.2, "paid feed": 0.4, "newest rail": 0.1, "forecast": 0.1, "writer latest": 0.5,
    "shop picks": 0.2, "letters": 0.3, "short clips": 0.3, "bulletins": 0.4, "trust note": 0.5,
    "hourly ranking": 0.1, "comment peek": 0.3, "share bar": 0.6, "topic chips": 0.6,
    "writer box": 0.6, "giving foot": 0.4, "privacy remnant": 0.0, "traffic desk": 0.1,
    "market board": 0.0, "radio shelf": 0.2,
    "live rail": 0.1, "reaction bar": 0.6, "luck and stars": 0.1, "scoreboard": 0.1,
    "deal shelf": 0.3, "reader thread": 0.3, "picked grid": 0.4, "local strip": 0.0,
    "follow box": 0.6, "daily quiz": 0.3, "letter stack": 0.4, "photo of the day": 0.2,
}  # fmt: skip
MAX_BLOCKS_AROUND = 6  # of the forms of a family, on one site

EDIT_KINDS = (*CHANGES, "headline")
NAMING_WEIGHTS = {"usual": (13, 3, 4), "hard": (1, 1, 1)}
IN_TEXT_SHARE = {"usual": 0.5, "hard": 1.0}  # of the sites; the same for related links


@dataclass(frozen=True, slots=True)
class NoiseBlock:
    """A noise block of one site: its form, and its position in the saved HTML."""

    name: str
    position: int
    form: Form


@dataclass(frozen=True, slots=True)
class Site:
    """One page, its noise, and its edits by the number of the check that first sees them."""

    number: int
    page: CorpusPage
    family: Family
    naming: Naming
    is_fresh: bool
    blocks: tuple[NoiseBlock, ...]
    edits: dict[int, MadeEdit]

    def html(self, check: int, response: int) -> bytes:
        """The page in this response: all edits up to `check`, and the noise of the response."""
        seed = f"{self.number}/{check}/{response if self.is_fresh else 0}"
        rng = random.Random(seed)
        words = Words(self.page.lang, rng, phrases=self.family.phrases)
        css = Css(self.naming, self.page.id)
        noise = [Patch(b.position, b.position, b.form(words, css)) for b in self.blocks]
        change = [patch for at, e in self.edits.items() if at <= check for patch in e.patches]
        text = apply_patches(self.page.html, change + noise)
        return text.encode(self.page.charset, errors="xmlcharrefreplace")

    @property
    def forms(self) -> tuple[str, ...]:
        """The names of the noise blocks between paragraphs."""
        inside = {**self.family.in_text, **self.family.related}
        return tuple(block.name for block in self.blocks if block.name in inside)

    @property
    def content_type(self) -> str:
        """The header. It names UTF-8 only; other pages leave the charset to their `<meta>`."""
        return "text/html; charset=utf-8" if self.page.charset == "utf-8" else "text/html"


def build_sites(
    pages: Iterable[CorpusPage], *, seed: int, mix: str = "usual", family: str = "first"
) -> list[Site]:
    """A site for each page; the same seed builds the same world.

    The `usual` mix is about as hard for plain trafilatura as real pages are. In the `hard` mix
    every site has all the noise, and one site in three has telling class names.
    """
    rng = random.Random(seed)
    kinds = _shuffled_kinds(rng, EDIT_KINDS)
    return [
        _site(number, page, kinds, rng, mix, FAMILIES[family]) for number, page in enumerate(pages)
    ]


def _shuffled_kinds(rng: random.Random, kinds: tuple[str, ...]) -> list[str]:
    order = list(kinds)
    rng.shuffle(order)
    return order


def _site(
    number: int, page: CorpusPage, kinds: list[str], rng: random.Random, mix: str, family: Family
) -> Site:
    inside = list(_inside(page, rng, family, IN_TEXT_SHARE[mix]))
    return Site(
        number=number,
        page=page,
        family=family,
        naming=rng.choices(NAMINGS, NAMING_WEIGHTS[mix])[0],
        is_fresh=number % 2 == 0,
        blocks=(*inside, *_around(page, rng, family)),
        edits=_edits(page, kinds, rng),
    )


def _inside(
    page: CorpusPage, rng: random.Random, family: Family, share: float
) -> Iterable[NoiseBlock]:
    """In-text noise, related links or both, each in a gap of its own."""
    noise_groups = (family.in_text, family.related)
    gaps = list(page.gaps)
    rng.shuffle(gaps)
    chosen_groups = [forms for forms in noise_groups if rng.random() < share]
    for number, forms in enumerate(chosen_groups or [rng.choice(noise_groups)]):
        name = rng.choice(list(forms))
        yield NoiseBlock(name, gaps[number % len(gaps)], forms[name])


def _around(page: CorpusPage, rng: random.Random, family: Family) -> Iterable[NoiseBlock]:
    """Cards, comments, reactions, rankings, a ticker and a nonce around the article."""
    foot = _end_of_article(page)
    body_ends = [tag.start() for tag in re.finditer(r"</body\b", page.html, re.I)]
    end = body_ends[-1] if body_ends and body_ends[-1] > foot else len(page.html)
    head = re.search(r"</head\b", page.html, re.I)
    body = re.search(r"<body\b[^>]*>", page.html, re.I)
    if head:
        yield NoiseBlock("nonce", head.start(), request_nonce)
    names = list(family.around)
    if len(names) > MAX_BLOCKS_AROUND:
        names = rng.sample(names, MAX_BLOCKS_AROUND)
    for name in names:
        position = foot if rng.random() < AT_FOOT_SHARE[name] else end
        if name == "ticker" and body and rng.getrandbits(1):
            position = body.end()
        yield NoiseBlock(name, position, family.around[name])


def _end_of_article(page: CorpusPage) -> int:
    """The position after the tag that closes the last true paragraph."""
    last = page.runs[-1].end
    tag = re.compile(r"\s*</(p|div)\s*>", re.I).match(page.html, last)
    return tag.end() if tag else last


def _edits(page: CorpusPage, kinds: list[str], rng: random.Random) -> dict[int, MadeEdit]:
    edits: dict[int, MadeEdit] = {}
    runs = shuffle_runs(rng, page.runs)
    words = Words(page.lang, rng)
    for check in range(2, CHECKS_PER_SITE + 1):
        if rng.random() >= EDITED_CHECK_SHARE:
            continue
        change = _edit(page, runs, kinds, words, has_headline_edit="headline" in _kinds(edits))
        if change is not None:
            edits[check] = change
    return edits


def _kinds(edits: dict[int, MadeEdit]) -> set[str]:
    return {change.kind for change in edits.values()}


def _edit(
    page: CorpusPage, runs: list[Run], kinds: list[str], words: Words, *, has_headline_edit: bool
) -> MadeEdit | None:
    """An edit of the first kind in the queue that fits the page; the kind moves to the end."""
    for kind in list(kinds):
        if kind == "headline":
            change = None if has_headline_edit else headline_edit(page, words)
        else:
            change = next((m for run in runs if (m := body_edit(page, run, kind, words))), None)
        if change is not None:
            kinds.remove(kind)
            kinds.append(kind)
            runs[:] = [run for run in runs if run.text != change.before]
            return change
    return None
