"""The templates of a paper: an article as a page, with menus, rankings and footers around it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

from benchmarks.wrong.stories import Story, StoryText, paper_words

RANKING_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages of a site have in common.

    `head` has the machine-readable parts: canonical, ld, times, og, amp. Hour 0 of the run is
    `started_at`. In `canonical`, {number} is that of the article, {pair} that of the next odd one.
    """

    lang: str
    base: str
    style: str
    head: frozenset[str]
    started_at: datetime
    canonical: str = "/news/{number}"

    @property
    def words(self) -> dict[str, Any]:
        return paper_words(self.lang)

    def stamp(self, hours: float) -> str:
        """An hour of the run as an ISO time."""
        return (self.started_at + timedelta(hours=hours)).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class PageText:
    """An article on its page: its text at one hour, its address and that which it names as canonical."""

    text: StoryText
    path: str
    canonical: str
    published: str
    modified: str
    ranking: tuple[tuple[str, str], ...]


def page_text(story: Story, stories: Sequence[Story], hours: float, frame: Frame) -> PageText:
    """The article at one hour, with the ranking of the site at that hour."""
    start = (int(hours) * 5 + story.number) % len(stories)
    others = [stories[(start + step) % len(stories)] for step in range(RANKING_LENGTH)]
    return PageText(
        text=story.text(hours),
        path=f"/news/{story.number}",
        canonical=frame.base + frame.canonical.format(number=story.number, pair=story.number | 1),
        published=frame.stamp(_published_hour(story, hours)),
        modified=frame.stamp(story.modified_at(hours)),
        ranking=tuple(
            (f"/news/{one.number}", one.first.headline) for one in others if one is not story
        ),
    )


def _published_hour(story: Story, hours: float) -> float:
    fate = story.fate
    is_replaced = fate is not None and fate.kind == "replaced" and story.has_other_text(hours)
    return fate.at if fate and is_replaced else -story.age_hours


def render(page: PageText, frame: Frame) -> str:
    """The page of an article in the style of its site."""
    return document(page.text.headline, STYLES[frame.style](page, frame), _head(page, frame), frame)


def document(title: str, body: str, head: str, frame: Frame) -> str:
    """A page of the site; `head` and `body` are markup."""
    return (
        f'<!doctype html>\n<html lang="{frame.lang}"><head><meta charset="utf-8">'
        f"<title>{escape(title)} | {frame.words['paper']}</title>\n"
        f'<meta name="viewport" content="width=device-width">{head}\n'
        f'<link rel="stylesheet" href="/s/main.css"></head>\n<body>{body}</body></html>\n'
    )


def _head(page: PageText, frame: Frame) -> str:
    text, parts = page.text, []
    if "canonical" in frame.head:
        parts.append(f'<link rel="canonical" href="{page.canonical}">')
    if "amp" in frame.head:
        parts.append(f'<link rel="amphtml" href="{frame.base}/amp{page.path}">')
    if "og" in frame.head:
        parts.append(
            f'<meta property="og:type" content="article"><meta property="og:url" content="{page.canonical}">'
            f'<meta property="og:title" content="{escape(text.headline)}">'
            f'<meta name="description" content="{escape(text.dek)}">'
        )
    if "times" in frame.head:
        parts.append(
            f'<meta property="article:published_time" content="{page.published}">'
            f'<meta property="article:modified_time" content="{page.modified}">'
        )
    if "ld" in frame.head:
        parts.append(_json_ld(page, frame))
    return "\n".join(parts)


def _json_ld(page: PageText, frame: Frame) -> str:
    statement = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": page.canonical,
        "headline": page.text.headline,
        "datePublished": page.published,
        "dateModified": page.modified,
        "author": {"@type": "Person", "name": page.text.byline},
        "articleSection": page.text.section,
        "publisher": {"@type": "Organization", "name": frame.words["paper"]},
    }
    return (
        f'<script type="application/ld+json">{json.dumps(statement, ensure_ascii=False)}</script>'
    )


def menu(frame: Frame) -> str:
    """The links at the top of every page."""
    links = "".join(f"<li><a href='/s/{at}'>{name}</a></li>" for at, name in enumerate(frame.words["sections"]))  # fmt: skip
    return f"<ul><li><a href='/'>{frame.words['furniture']['home']}</a></li>{links}</ul>"


def links(entries: Sequence[tuple[str, str]]) -> str:
    """A list of links."""
    lines = (f"<li><a href='{path}'>{escape(headline)}</a></li>" for path, headline in entries)
    return f"<ol>{''.join(lines)}</ol>"


def paragraphs(text: StoryText, opening: str = "<p>", closing: str = "</p>") -> str:
    """The body of an article, a block for each paragraph."""
    return "\n".join(f"{opening}{escape(line, quote=False)}{closing}" for line in text.bodies())


def _plain(page: PageText, frame: Frame) -> str:
    text, words = page.text, frame.words["furniture"]
    return (
        f"<header><a href='/'>{frame.words['paper']}</a><nav>{menu(frame)}</nav></header>\n<main><article>"
        f"<h1>{escape(text.headline)}</h1>\n<p class='byline'>{words['by']} <a rel='author' href='/a/1'>{text.byline}</a>"
        f" <time datetime='{page.published}'>{page.published[:10]}</time></p>\n"
        f"<div class='article-text'>{paragraphs(text)}</div></article></main>\n"
        f"<aside><h2>{words['read']}</h2>{links(page.ranking)}</aside><footer>{words['foot']}</footer>"
    )


def _rich(page: PageText, frame: Frame) -> str:
    text, words = page.text, frame.words["furniture"]
    return (
        f"<div id='masthead'>{menu(frame)}</div><div class='page'><section class='story'>"
        f"<a class='kicker' href='/s/1'>{text.section}</a><h1 class='story-title'>{escape(text.headline)}</h1>"
        f"<p class='standfirst'>{escape(text.dek)}</p><div class='meta'><span class='author'>{text.byline}</span>"
        f"<time datetime='{page.published}'>{page.published[:16].replace('T', ' ')}</time></div>"
        f"<figure><img src='/i/1.jpg' alt=''><figcaption>{escape(text.caption)}</figcaption></figure>"
        f"<div class='story-body'>{paragraphs(text)}</div><div class='share'>{words['share']}</div></section>"
        f"<div class='rail'><h3>{words['read']}</h3>{links(page.ranking)}</div></div>"
        f"<div id='bottom'><h3>{words['more']}</h3>{links(page.ranking[:3])}<p>{words['foot']}</p></div>"
    )


def _soup(page: PageText, frame: Frame) -> str:
    text, words = page.text, frame.words["furniture"]
    body = paragraphs(text, "<div class='par'>", "</div>")
    return (
        f"<div class='top'>{menu(frame)}</div><div class='wrap'><div class='hl'><h1>{escape(text.headline)}</h1>"
        f"<div class='sub'>{escape(text.dek)}</div><div class='who'>{words['by']} {text.byline}</div></div>"
        f"<div class='copy'>{body}</div><div class='img'><img src='/i/2.jpg'><span class='caption'>{escape(text.caption)}"
        f"</span></div><div class='tools'>{words['share']}</div><div class='pop'><b>{words['read']}</b>{links(page.ranking)}"
        f"</div></div><div class='foot'>{words['foot']}</div>"
    )


def _portal(page: PageText, frame: Frame) -> str:
    text, words = page.text, frame.words["furniture"]
    return (
        f"<div id='gnb'>{menu(frame)}</div><div id='container'><div class='title_area'><h2 class='title'>"
        f"{escape(text.headline)}</h2><span class='date'>{page.published[:16].replace('T', ' ')}</span></div>"
        f"<div id='articleBody'>{'<br><br>'.join(escape(line, quote=False) for line in text.bodies())}</div>"
        f"<p class='reporter'>{text.byline}</p><div class='rank'><h4>{words['read']}</h4>{links(page.ranking)}</div></div>"
        f"<div id='footer'>{words['foot']}</div>"
    )


def render_copy(page: PageText, frame: Frame) -> str:
    """The article as an AMP or print copy: bare, naming the article as its canonical address."""
    text = page.text
    head = f'<link rel="canonical" href="{page.canonical}"><meta name="robots" content="noindex">'
    body = (
        f"<header>{frame.words['paper']}</header><article><h1>{escape(text.headline)}</h1>"
        f"<div class='amp-byline'>{text.byline}</div>{paragraphs(text)}</article>"
    )
    return document(text.headline, body, head, frame)


STYLES: dict[str, Callable[[PageText, Frame], str]] = {
    "plain": _plain,
    "rich": _rich,
    "soup": _soup,
    "portal": _portal,
}
