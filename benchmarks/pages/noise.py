"""The means to write page noise: invented words, and class names as sites choose them.

A site has telling class names, hashed ones as CSS-in-JS makes them, or none. The words come from
the files of `families/phrases/`. The forms are in `noise_forms.py`.
"""

import hashlib
import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from benchmarks.pages.class_names import DESCRIPTIVE_CLASS_NAMES

Naming = Literal["telling", "hashed", "bare"]
NAMINGS: tuple[Naming, ...] = ("telling", "hashed", "bare")
# Pages in other languages get the phrases of the nearest language.
NEAREST_LANGUAGE = {
    "pt": "es",
    "it": "es",
    "ca": "es",
    "nl": "de",
    "da": "de",
    "no": "de",
    "wuu": "zh",
}


@cache
def phrase_table(name: str) -> dict[str, dict[str, list[str] | str]]:
    """The phrases of a family by language: of one file, or of a folder with a file for each."""
    path = Path(__file__).parent / "families/phrases" / name
    if path.is_dir():
        return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in path.glob("*.toml")}
    return tomllib.loads(path.read_text("utf-8"))


class Words:
    """Draws invented phrases of one language from a random source."""

    def __init__(self, lang: str, rng: random.Random, *, phrases: str = "first.toml") -> None:
        table = phrase_table(phrases)
        language = lang.split("-")[0]
        self.rng = rng
        self._phrase_lists = table.get(language) or table[NEAREST_LANGUAGE.get(language, "en")]

    def pick(self, name: str, by: random.Random | None = None) -> str:
        """One phrase of a list, with its numbers filled in.

        `by` chooses the phrase in place of `rng`; the numbers come from `rng` in any case.
        """
        phrases = self._phrase_lists[name]
        template = phrases if isinstance(phrases, str) else (by or self.rng).choice(phrases)
        n, k = self.rng.randint(2, 400), self.rng.randint(2, 60)
        return template.format(n=n, k=k, m=f"{self.rng.randint(1, 900)},{n + 100:03d}")

    def headline(self) -> str:
        """One of six hundred headlines."""
        template = self._phrase_lists["join"]
        assert isinstance(template, str)
        return template.format(who=self.pick("who"), does=self.pick("does"), when=self.pick("when"))

    def teaser(self) -> str:
        """The first sentence of another article, one of about eighty."""
        template = self._phrase_lists["teaser"]
        assert isinstance(template, str)
        return template.format(who=self.pick("who"), deck=self.pick("deck"))

    def href(self) -> str:
        """The address of another article of the same site."""
        return f"/news/{self.rng.randint(10**6, 10**7)}"

    def link(self) -> str:
        """A link to another article, with its headline."""
        return f'<a href="{self.href()}">{self.headline()}</a>'

    def image(self) -> str:
        """A thumbnail."""
        return f'<img src="/img/{self.rng.randint(1, 999)}.jpg" alt="" loading="lazy">'


class Css:
    """The class attributes of one site and its other choices, the same at every check."""

    def __init__(self, naming: Naming, site: str) -> None:
        self._naming = naming
        self._site = site

    def __call__(self, name: str) -> str:
        """The attribute of the block `name`, with a space before it; empty on a bare site."""
        name_hash = hashlib.sha1(f"{self._site}/{name}".encode()).hexdigest()
        if self._naming == "telling":
            names = DESCRIPTIVE_CLASS_NAMES.get(name, (name,))
            return f' class="{names[int(name_hash, 16) % len(names)]}"'
        if self._naming == "hashed":
            return f' class="css-{name_hash[:6]} e{name_hash[6:12]}0"'
        return ""

    def rng(self, name: str) -> random.Random:
        """A random source for what the site shows at every check."""
        return random.Random(f"{self._site}/{name}")


Form = Callable[[Words, Css], str]


@dataclass(frozen=True, slots=True)
class Family:
    """One way of writing page noise: a phrase file, and forms by name.

    `in_text` and `related` go between paragraphs, `around` goes around the article.
    """

    phrases: str
    in_text: dict[str, Form]
    related: dict[str, Form]
    around: dict[str, Form]
