"""The pages of a site of the second world."""

import html
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.publishers.second.slots import Place
from benchmarks.publishers.stories import Story

PUBLISHED_AT = "2026-09-{day:02}T{hour:02}:40:00+02:00"
ARTICLES_PER_DAY = 5
NAMES = ("wrap", "copy", "para", "head", "who", "pic", "extra")


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of the site, its place, and for some places after how many paragraphs."""

    place: Place
    after: int
    text: str


@dataclass(frozen=True, slots=True)
class Markup:
    """How a site writes its pages. `names` gives its class names, or nothing."""

    brand: str
    language: str
    outer: str
    names: dict[str, str]
    has_metadata: bool
    separator: str

    def page(
        self,
        url: str,
        story: Story,
        byline: Sequence[str],
        lines: Sequence[PlacedLine],
        links: Sequence[tuple[str, str]],
        *,
        index: int,
    ) -> bytes:
        """The page of an article with the lines of its site."""
        at = PUBLISHED_AT.format(day=3 + index // ARTICLES_PER_DAY, hour=7 + index)
        desk = [line.text for line in lines if line.place == "desk"]
        authors = html.escape(self.separator.join((*byline, *desk)))
        dek = f"<p><b>{html.escape(story.dek)}</b></p>" if story.dek else ""
        parts = (
            f"<h1{self._css('head')}>{html.escape(story.headline)}</h1>",
            dek,
            f'<div{self._css("who")}>{authors} <time datetime="{at}">{at[:16]}</time></div>',
            f"<div{self._css('copy')}>",
            *self._blocks(story, lines),
            "</div>",
        )
        others = "".join(
            f'<li><a href="{path}">{html.escape(name)}</a></li>' for path, name in links
        )
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            f"<title>{html.escape(story.headline)} | {html.escape(self.brand)}</title>"
            f"{self._metadata(url, story, byline, at)}</head><body><header><a href='/'>{html.escape(self.brand)}</a></header>"
            f"<{self.outer}{self._css('wrap')}>{''.join(parts)}</{self.outer}>"
            f"<section><ul>{others}</ul></section><footer>{html.escape(self.brand)}</footer></body></html>"
        ).encode()

    def front(self, links: Sequence[tuple[str, str]]) -> bytes:
        """The home page."""
        others = "".join(
            f'<li><a href="{path}">{html.escape(name)}</a></li>' for path, name in links
        )
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            f"<title>{html.escape(self.brand)}</title></head><body><ul>{others}</ul></body></html>"
        ).encode()

    def _metadata(self, url: str, story: Story, byline: Sequence[str], at: str) -> str:
        if not self.has_metadata:
            return ""
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.headline,
            "datePublished": at,
            "author": [{"@type": "Person", "name": name} for name in byline],
        }
        script = json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")
        return (
            f'<link rel="canonical" href="{url}"><meta property="og:title" content="{html.escape(story.headline)}">'
            f'<meta property="og:type" content="article"><script type="application/ld+json">{script}</script>'
        )

    def _blocks(self, story: Story, lines: Sequence[PlacedLine]) -> list[str]:
        credits = [line.text for line in lines if line.place == "credit"]
        blocks = [self._picture("main", " ".join((story.caption, *credits)))]
        last = len(story.paragraphs)
        for number, paragraph in enumerate(story.paragraphs, 1):
            blocks.append(f"<p{self._css('para')}>{html.escape(paragraph)}</p>")
            items = [line for line in lines if line.place == "list" and line.after == number]
            if items:
                rows = "".join(f"<li>{html.escape(line.text)}</li>" for line in items)
                blocks.append(f"<ul>{rows}</ul>")
            blocks += [self._line(line) for line in lines if _position(line, last) == number]
        return blocks

    def _line(self, line: PlacedLine) -> str:
        if line.place == "picture":
            return self._picture("promo", line.text)
        if line.place == "box":
            return f"<div{self._css('extra')}>{html.escape(line.text)}</div>"
        return f"<p{self._css('para')}>{html.escape(line.text)}</p>"

    def _picture(self, name: str, caption: str) -> str:
        text = html.escape(caption)
        return f'<figure{self._css("pic")}><img src="/m/{name}.webp" alt=""><figcaption>{text}</figcaption></figure>'

    def _css(self, name: str) -> str:
        return f' class="{self.names[name]}"' if name in self.names else ""


def _position(line: PlacedLine, last: int) -> int:
    """After how many paragraphs a line is that is a block of its own; 0 if it is none."""
    match line.place:
        case "after the first":
            return 1
        case "end":
            return last
        case "between" | "box" | "picture":
            return min(line.after, last)
    return 0


def make_markup(brand: str, language: str, rng: random.Random) -> Markup:
    """The markup of a new site."""
    naming = rng.choice(("bare", "hashed", "plain"))
    names = {"plain": {name: f"site-{name}" for name in NAMES}, "bare": {}}.get(
        naming, {name: f"x{rng.getrandbits(24):06x}" for name in NAMES}
    )
    outer = rng.choice(("article", "main", "div"))
    return Markup(
        brand, language, outer, names, rng.random() < 0.7, rng.choice((" | ", ", ", " · "))
    )
