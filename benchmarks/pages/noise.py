"""Page noise: what stands in and around an article and is not the article, in plausible markup.

Three ways of naming: telling class names, hashed ones as CSS-in-JS makes them, none at all.
The words come from phrases.toml, all of them invented.
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
# Pages in other languages get the nearest of those in phrases.toml.
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
    # The second family's blocks.
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
    """Draws invented phrases of one language from one random source."""

    def __init__(self, lang: str, rng: random.Random, *, phrases: str = "phrases.toml") -> None:
        table = _table(phrases)
        language = lang.split("-")[0]
        self.rng = rng
        self._phrase_lists = table.get(language) or table[NEAREST_LANGUAGE.get(language, "en")]

    def pick(self, name: str) -> str:
        """One phrase of a list, its numbers filled in."""
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
        """A headline that leads to another article."""
        return f'<a href="{self.href()}">{self.headline()}</a>'

    def image(self) -> str:
        """A thumbnail."""
        return f'<img src="/img/{self.rng.randint(1, 999)}.jpg" alt="" loading="lazy">'


class Css:
    """Class attributes of one site in its way of naming; stable over its looks."""

    def __init__(self, naming: Naming, site: str) -> None:
        self._naming = naming
        self._site = site

    def __call__(self, name: str) -> str:
        """The attribute (with a leading space) for a block that a designer calls `name`."""
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
    """Noise of one hand: its words, and its forms in and around the text."""

    phrases: str
    in_text: dict[str, Form]
    related: dict[str, Form]
    around: dict[str, Form]


def ad(words: Words, css: Css) -> str:
    """A labelled advertisement of one sentence."""
    return (
        f"<div{css('ad-slot')}><span{css('ad-label')}>{words.pick('ad')}</span>"
        f'<a href="https://ads.example/{words.rng.random()}" rel="sponsored nofollow">'
        f"{words.image()}</a><p>{words.pick('copy')}</p></div>"
    )


def newsletter(words: Words, css: Css) -> str:
    """A pitch for a newsletter, with its form or as one line."""
    if words.rng.getrandbits(1):
        return (
            f"<div{css('newsletter-signup')}><p>{words.pick('pitch')}</p><form action='/letter'>"
            f"<input type='email' placeholder='@'><button>{words.pick('button')}</button></form>"
            "</div>"
        )
    link = f"<a href='/letter'>{words.pick('button')}</a>"
    return f"<p{css('newsletter-promo')}><em>{words.pick('pitch')}</em> {link}</p>"


def counters(words: Words, css: Css) -> str:
    """How many have read, commented and shared."""
    return f"<p{css('article-counters')}>{words.pick('counters')}</p>"


def related_box(words: Words, css: Css) -> str:
    """A titled box of links in the middle of the text."""
    rows = "".join(
        f"<div{css('related-item')}>{words.link()}</div>" for _ in range(words.rng.randint(2, 4))
    )
    title = f"<h3{css('related-title')}>{words.pick('related')}</h3>"
    return f"<div{css('related-box')}>{title}{rows}</div>"


def related_list(words: Words, css: Css) -> str:
    """A bare list of links."""
    rows = "".join(f"<li>{words.link()}</li>" for _ in range(words.rng.randint(2, 4)))
    return f"<ul{css('related-links')}>{rows}</ul>"


def read_more(words: Words, css: Css) -> str:
    """One line: a label and a link."""
    return f"<p{css('read-more')}><strong>{words.pick('more')}</strong> {words.link()}</p>"


def teaser(words: Words, css: Css) -> str:
    """An image, a headline and a sentence that lead elsewhere."""
    return (
        f"<div{css('teaser')}><a href='{words.href()}'>{words.image()}"
        f"<h4{css('teaser-headline')}>{words.headline()}</h4></a>"
        f"<p{css('teaser-text')}>{words.pick('blurb')}</p></div>"
    )


def cards(words: Words, css: Css) -> str:
    """A grid of other articles."""
    card = "".join(
        f"<a{css('card')} href='{words.href()}'>{words.image()}<h3>{words.headline()}</h3>"
        f"<span>{words.rng.randint(1, 59)} min</span></a>"
        for _ in range(4)
    )
    return f"<section{css('card-grid')}><h2>{words.pick('related')}</h2>{card}</section>"


def comments(words: Words, css: Css) -> str:
    """What readers wrote under the article."""
    rows = "".join(
        f"<div{css('comment')}><b{css('comment-author')}>{words.pick('name')}</b>"
        f"<p>{words.pick('comment')}</p></div>"
        for _ in range(words.rng.randint(2, 5))
    )
    title = f"<h3>{words.pick('comments')} ({words.rng.randint(5, 300)})</h3>"
    return f"<section{css('comments')}>{title}{rows}</section>"


def reactions(words: Words, css: Css) -> str:
    """Buttons with counts."""
    row = "".join(f"<li><button>{words.pick('reactions')}</button></li>" for _ in range(4))
    return f"<ul{css('reactions')}>{row}</ul>"


def ranking(words: Words, css: Css) -> str:
    """The most-read list."""
    rows = "".join(f"<li>{words.link()}</li>" for _ in range(5))
    return f"<div{css('most-read')}><h3>{words.pick('ranking')}</h3><ol>{rows}</ol></div>"


def ticker(words: Words, css: Css) -> str:
    """Prices that never stand still."""
    rows = "".join(
        f"<li><span>{name}</span> <span>{words.rng.randint(100, 99999):,}</span> "
        f"<em>{words.rng.uniform(-9, 9):+.2f}%</em></li>"
        for name in ("LUM", "DUV", "OKU", "PNW", "MAR")
    )
    return f"<ul{css('price-ticker')}>{rows}</ul>"


def nonce(words: Words, css: Css) -> str:
    """A script with the name of this response in it."""
    token = f"{words.rng.getrandbits(64):016x}"
    return f'<script nonce="{token}">window.__request = {{"id": "{token}"}};</script>'


FIRST_FAMILY = Family(
    phrases="phrases.toml",
    in_text={"ad": ad, "newsletter": newsletter, "counters": counters},
    related={
        "box": related_box,
        "list": related_list,
        "read more": read_more,
        "teaser": teaser,
    },
    around={
        "cards": cards,
        "comments": comments,
        "reactions": reactions,
        "ranking": ranking,
        "ticker": ticker,
    },
)
