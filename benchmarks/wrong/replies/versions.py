"""Answers of several servers of one site that disagree, and pages whose fields move without an edit."""

import random
import re
from dataclasses import replace

from benchmarks.wrong.markup import page_text, render
from benchmarks.wrong.replies.answers import WireAnswer, html_answer
from benchmarks.wrong.replies.intruders import notice
from benchmarks.wrong.site import Reply, Scene, Visit
from benchmarks.wrong.stories import Story

FREE_READS = 5
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
SERVER_LAG_HOURS = 2.0
THREE_YEARS = str(3 * 365 * 24 * 3600)


def rollout(hours: float) -> Reply:
    """For so many hours every edit is on one of two servers only; no page says when it was written."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        recent = [edit.at for edit in story.edits if edit.at <= scene.hours < edit.at + hours]
        if recent and random.Random(f"server {visit.count}").random() < 0.5:
            return html_answer(scene.html(story, at=min(recent) - 0.001))
        return scene.good(story)

    return reply


def two_servers(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """Two servers in turns, each with ETags of its own; one of them lags behind."""
    number = visit.count % 2
    html = scene.html(story, at=max(0.0, scene.hours - number * SERVER_LAG_HOURS))
    tag = f'"{number}-{random.Random(html).getrandbits(40):x}"'
    if visit.headers.get("if-none-match") == tag:
        return WireAnswer(b"", 304, (("ETag", tag),))
    return html_answer(html, ETag=tag)


def request_times(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """Every time on the page is that of the request."""
    return html_answer(TIME.sub(scene.frame.stamp(scene.hours), scene.html(story)))


def renamed_sections(prefix: str, *, hours_apart: float, first_at: float) -> Reply:
    """One article after the other gets the same words before its section."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        if scene.hours < first_at + scene.ordered().index(story) * hours_apart:
            return scene.good(story)
        page = page_text(story, scene.ordered(), scene.hours, scene.frame)
        text = replace(page.text, section=f"{prefix} / {page.text.section}")
        return html_answer(render(replace(page, text=text), scene.frame))

    return reply


def metered(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """Two paragraphs and a wall from the fifth request for an article on."""
    earlier = sum(exchange.number == story.number for exchange in scene.exchanges)
    if earlier < FREE_READS:
        return scene.good(story)
    page = page_text(story, scene.ordered(), scene.hours, scene.frame)
    wall = (("Den här artikeln fortsätter för dig som prenumererar på tidningen.",),)
    text = replace(page.text, paragraphs=page.text.paragraphs[:2] + wall)
    return html_answer(render(replace(page, text=text), scene.frame))


def swapped(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """Each two neighbours have exchanged their pages, which name the address that was requested."""
    place = scene.ordered().index(story) ^ 1
    if place >= len(scene.stories):
        return scene.good(story)
    other = scene.ordered()[place]
    return html_answer(
        scene.html(other).replace(f'/news/{other.number}"', f'/news/{story.number}"')
    )


def canonical_forms(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The page names another form of its address in every answer."""
    own = f"{scene.frame.base}/news/{story.number}"
    forms = (own, own.replace("http:", "https:"), f"{own}?utm_source=feed", f"{own}/", f"{own}#top",
             own.replace("/news/", "/amp/news/"), own.replace("127.0.0.1", "www.127.0.0.1"))  # fmt: skip
    form = random.Random(f"form {visit.count}").choice(forms)
    return html_answer(scene.html(story).replace(f'"{own}"', f'"{form}"'))


def retry_after_years(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """A 503 that asks to come back in three years."""
    answer = notice(scene.frame.lang, "error", status=503)(scene, story, visit)
    return replace(answer, headers=(("Retry-After", THREE_YEARS),))
