"""What a site serves instead of an article: home pages, notices, block pages, empty templates."""

import random
import tomllib
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.wrong.markup import document, links, menu, paragraphs
from benchmarks.wrong.replies.answers import WireAnswer, html_answer
from benchmarks.wrong.site import Reply, Scene, Visit
from benchmarks.wrong.stories import Story

NOTICES = Path(__file__).parents[1] / "notices.toml"
HOME_TEASERS = 20
HOME_HEAD = '<link rel="canonical" href="{base}/"><meta property="og:type" content="website"><meta property="og:url" content="{base}/">'


@cache
def notice_words(lang: str, kind: str) -> dict[str, Any]:
    """The headline and the paragraphs of a notice."""
    with NOTICES.open("rb") as file:
        notice: dict[str, Any] = tomllib.load(file)[lang][kind]
    return notice


def home(head: str) -> Reply:
    """The home page; `head` is markup with {base} in it."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        frame, hours = scene.frame, int(scene.hours)
        stories = scene.ordered()
        shown = [stories[(hours + at) % len(stories)] for at in range(min(HOME_TEASERS, len(stories)))]  # fmt: skip
        teasers = "".join(
            f"<article class='teaser'><h2><a href='/news/{one.number}'>{escape(one.text(scene.hours).headline)}</a></h2>"
            f"<p>{escape(one.first.bodies()[0])}</p></article>"
            for one in shown
        )
        body = f"<header>{menu(frame)}</header><main><h1>{frame.words['paper']}</h1>{teasers}</main><footer>{frame.words['furniture']['foot']}</footer>"
        return html_answer(document(frame.words["paper"], body, head.format(base=frame.base), frame))  # fmt: skip

    return reply


def front_page(scene: Scene) -> WireAnswer:
    """The home page at its own address."""
    return home(HOME_HEAD)(scene, scene.ordered()[0], Visit("/", {}, 0))


def other_article(*, step: int | None, names_itself: bool) -> Reply:
    """Another article: the first of the site, or the one some places further.

    It names its own address as canonical, or none.
    """

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        other = scene.ordered()[0] if step is None else scene.neighbour(story, step)
        frame = scene.frame
        if not names_itself:
            frame = replace(frame, head=frame.head - {"canonical", "og", "ld"})
        return html_answer(scene.html(other, frame=frame))

    return reply


def notice(lang: str, kind: str, *, head: str = "", status: int = 200, foot: str = "") -> Reply:
    """A notice in the dress of the site; {base}, {now} and {id} in `head` and `foot` are filled."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        words = notice_words(lang, kind)
        slots = {
            "base": scene.frame.base,
            "path": visit.path,
            "now": scene.frame.stamp(scene.hours),
            "id": f"{random.Random(visit.count).getrandbits(64):016x}",
        }
        lines = "".join(f"<p>{escape(line)}</p>" for line in words["paragraphs"])
        body = (
            f"<header>{menu(scene.frame)}</header><main><article><h1>{escape(words['headline'])}</h1>"
            f"<div class='article-text'>{lines}{foot.format(**slots)}</div></article></main>"
        )
        page = document(words["headline"], body, head.format(**slots), scene.frame)
        return html_answer(page, status)

    return reply


def block_page(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """A block page of a CDN in one of three shapes, with a number and a time that always change."""
    foot = "<p>Reference {id}</p><p>{now} · 203.0.113.9</p>"
    shapes = (
        notice("en", "denied", foot=foot),
        notice("en", "block", foot="<div class='ray'>Ray ID: <code>{id}</code></div>"),
        notice("ko", "block", foot="<p>{now} / {id}</p>"),
    )
    return shapes[int(scene.hours) % len(shapes)](scene, story, visit)


def login_teaser(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The article down to its first paragraph, then the login wall."""
    text = story.text(scene.hours)
    wall = notice_words("en", "login")
    lines = "".join(f"<p>{line}</p>" for line in wall["paragraphs"])
    html = scene.html(story)
    return html_answer(html.replace(paragraphs(text), paragraphs(replace(text, paragraphs=text.paragraphs[:1])) + f"<section class='gate'><h3>{wall['headline']}</h3>{lines}</section>"))  # fmt: skip


def empty_template(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The page with all that is around the article, and no text."""
    text = story.text(scene.hours)
    return html_answer(scene.html(story).replace(paragraphs(text), ""))


def bare_template(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The page of the site with neither headline nor text."""
    frame = scene.frame
    furniture = frame.words["furniture"]
    ranking = [(f"/news/{one.number}", one.first.headline) for one in scene.ordered()[:6]]
    body = (
        f"<header>{menu(frame)}</header><main><article><h1></h1><div class='article-text'></div></article></main>"
        f"<aside><h2>{furniture['read']}</h2>{links(ranking)}</aside><footer>{furniture['foot']}</footer>"
    )
    return html_answer(document("", body, "", frame))
