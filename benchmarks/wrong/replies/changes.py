"""Answers of sites that are not broken, and yet mislead: storms, old copies, new templates, lying validators."""

import random
from dataclasses import replace

from benchmarks.wrong.markup import page_text, render_copy
from benchmarks.wrong.replies.answers import WireAnswer, html_answer
from benchmarks.wrong.replies.intruders import notice
from benchmarks.wrong.site import Reply, Scene, Visit
from benchmarks.wrong.stories import Story

STORM_SHARE = 0.7
FROZEN_TIME = "Mon, 04 May 2026 08:00:00 GMT"


def storm(status: int) -> Reply:
    """Most answers are server errors, some of which ask to wait."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        rng = random.Random(f"storm {visit.count}")
        if rng.random() >= STORM_SHARE:
            return scene.good(story)
        answer = notice(scene.frame.lang, "error", status=status)(scene, story, visit)
        wait = rng.choice([None, "30", "120"])
        return replace(answer, headers=(("Retry-After", wait),)) if wait else answer

    return reply


def stale_copy(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """One of two caches still has the page as it was at the first hour."""
    is_stale = random.Random(f"cache {visit.count}").random() < 0.5
    return html_answer(scene.html(story, at=0.0)) if is_stale else scene.good(story)


def restyled(style: str, head: str, *, hours_apart: float = 0.0, first_at: float = 0.0) -> Reply:
    """The pages in another template: all at once, or one after the other from an hour on."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        place = scene.ordered().index(story)
        if scene.hours < first_at + place * hours_apart:
            return scene.good(story)
        return html_answer(scene.html(story, frame=scene.restyled(style, head)))

    return reply


def two_templates(style: str, head: str) -> Reply:
    """Every other answer is in another template, as in a test with readers."""
    other = restyled(style, head)

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        is_other = random.Random(f"readers {visit.count}").random() < 0.5
        return other(scene, story, visit) if is_other else scene.good(story)

    return reply


def frozen_etag(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """An ETag that never changes, and a 304 for whoever sends it."""
    etag = f'"{story.number}-1"'
    headers = (("ETag", etag),)
    if visit.headers.get("if-none-match") == etag:
        return WireAnswer(b"", 304, headers)
    return replace(scene.good(story), headers=headers)


def frozen_time(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """A Last-Modified time that never changes, and a 304 for whoever sends it."""
    headers = (("Last-Modified", FROZEN_TIME),)
    if visit.headers.get("if-modified-since") == FROZEN_TIME:
        return WireAnswer(b"", 304, headers)
    return replace(scene.good(story), headers=headers)


def true_etag(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """An ETag that changes with the page."""
    answer = scene.good(story)
    headers = (("ETag", f'"{random.Random(answer.body).getrandbits(64):x}"'),)
    if visit.headers.get("if-none-match") == headers[0][1]:
        return WireAnswer(b"", 304, headers)
    return replace(answer, headers=headers)


def article_or_copy(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The article at its address, a bare copy at those for phones and printers."""
    if visit.path.startswith("/news/"):
        return scene.good(story)
    page = page_text(story, scene.ordered(), scene.hours, scene.frame)
    return html_answer(render_copy(page, scene.frame))


def gone_page(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """A 410 for what the publisher took down."""
    return scene.missing(410) if story.is_gone(scene.hours) else scene.good(story)


def removal_notice(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """A sentence with status 200 for what the publisher took down."""
    if story.is_gone(scene.hours):
        return notice(scene.frame.lang, "removed")(scene, story, visit)
    return scene.good(story)
