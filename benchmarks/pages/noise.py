"""The means to write page noise: invented words, and class names as sites choose them.

A site has telling class names, hashed ones as CSS-in-JS makes them, or none. The words come from
the phrase files of this folder. The forms are in `noise_forms.py`.
"""

import hashlib
import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

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

# What designers call the same block on different sites.
DESCRIPTIVE_CLASS_NAMES = {
    "ad-slot": ("ad-slot", "advertisement", "ad ad--inline", "adsbox", "sponsored-content"),
    "newsletter-signup": ("newsletter-signup", "newsletter", "subscribe-box", "c-newsletter"),
    "newsletter-promo": ("newsletter-promo", "subscribe", "promo", "newsletter"),
    "article-counters": ("article-counters", "share-bar", "social-count", "sharing", "meta"),
    "related-box": ("related-box", "related", "articleRelated", "more-on", "inline-related"),
    "related-links": ("related-links", "related-list", "related", "inline-related"),
    "read-more": ("read-more", "related-link", "inline-related", "read_also", "story-related"),
    "teaser": ("teaser", "teaser teaser--inline", "promo", "story-card", "related-teaser"),
    "card-grid": ("card-grid", "recommended", "more-stories", "outbrain-like", "teaser-list"),
    "comments": ("comments", "comment-list", "comments comments--open", "comments-area"),
    "reactions": ("reactions", "like-bar", "emotions", "vote-buttons"),
    "most-read": ("most-read", "ranking", "trending", "popular"),
    # Blocks of the second family.
    "dfp-unit": ("ad-unit", "dfp-unit", "advertisement", "ad-container"),
    "ad-note": ("ad-label", "advertisement", "ad-note"),
    "ad-text": ("ad", "sponsored", "advertisement"),
    "signup-module": ("newsletter-module", "signup-module", "newsletter", "subscribe"),
    "signup-line": ("newsletter-line", "signup-line", "subscribe", "promo"),
    "engagement": ("engagement", "share-tools", "social-bar", "shares", "meta"),
    "rel-module": ("related-module", "related", "rel-module", "related-articles"),
    "rel-lines": ("related-lines", "related", "more-links"),
    "inline-link": ("inline-related", "related-inline", "read-more-link", "related"),
    "recirc": ("related-teaser", "recirculation", "promo", "teaser"),
    "tiles": ("recommended", "teaser-tiles", "tiles", "more-stories"),
    "ugc": ("comments", "comment-thread", "comments-area"),
    "faces": ("reactions", "reaction-bar", "faces"),
    "top5": ("most-popular", "top5", "popular"),
    "quotes": ("stock-ticker", "quotes"),
    "price-ticker": ("price-ticker", "market", "stocks", "ticker"),
}


@cache
def _table(name: str) -> dict[str, dict[str, list[str] | str]]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    table: dict[str, dict[str, list[str] | str]] = tomllib.loads(text)
    return table


class Words:
    """Draws invented phrases of one language from a random source."""

    def __init__(self, lang: str, rng: random.Random, *, phrases: str = "phrases.toml") -> None:
        table = _table(phrases)
        language = lang.split("-")[0]
        self.rng = rng
        self._phrase_lists = table.get(language) or table[NEAREST_LANGUAGE.get(language, "en")]

    def pick(self, name: str) -> str:
        """One phrase of a list, with its numbers filled in."""
        phrases = self._phrase_lists[name]
        template = phrases if isinstance(phrases, str) else self.rng.choice(phrases)
        n, k = self.rng.randint(2, 400), self.rng.randint(2, 60)
        return template.format(n=n, k=k, m=f"{self.rng.randint(1, 900)},{n + 100:03d}")

    def headline(self) -> str:
        """One of six hundred headlines."""
        template = self._phrase_lists["join"]
        assert isinstance(template, str)
        return template.format(who=self.pick("who"), does=self.pick("does"), when=self.pick("when"))

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
    """The class attributes of one site, the same at every check."""

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
