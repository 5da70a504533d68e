"""The worlds: each is one way in which a site goes wrong, or changes without editing anything."""

from benchmarks.wrong.answers import WireAnswer, closed_early, cut_gzip, half, html_answer, range_of
from benchmarks.wrong.intruders import (
    bare_template,
    block_page,
    empty_template,
    home,
    login_teaser,
    notice,
    other_article,
)
from benchmarks.wrong.site import Reply, Scene, Visit
from benchmarks.wrong.stories import Story
from benchmarks.wrong.world import World

HOME_HEAD = '<link rel="canonical" href="{base}/"><meta property="og:type" content="website"><meta property="og:url" content="{base}/">'
DATED_HEAD = '<meta property="article:published_time" content="{now}"><meta property="og:type" content="article">'
MINUTES_20 = 1 / 3


def good_page(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The site as it should be."""
    return scene.good(story)


def missing_page(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """A 404 for every article."""
    return scene.missing()


def part_of(cut, share: float) -> Reply:  # type: ignore[no-untyped-def]  # one of `answers`
    """A part of the page of every article, cut in one way."""
    return lambda scene, story, visit: cut(scene.good(story), share)


def _restyled(style: str) -> Reply:
    return lambda scene, story, visit: html_answer(scene.html(story, frame=scene.restyled(style)))


CONTROL_WORLDS = (World("good", "nothing goes wrong", good_page, style="rich"),)
WRONG_PAGE_WORLDS = (
    World("home", "the home page everywhere, canonical /", home(HOME_HEAD)),
    World("home-bare", "the home page everywhere, no canonical", home(""), lang="de", style="rich"),
    World("one-article", "one article everywhere, naming itself", other_article(step=None, names_itself=True)),
    World("one-article-bare", "one article everywhere, no canonical", other_article(step=None, names_itself=False), style="soup"),
    World("neighbour", "the next article, naming itself", other_article(step=1, names_itself=True), lang="ko", style="portal"),
    World("neighbour-bare", "the next article, no canonical", other_article(step=1, names_itself=False), head="times"),
    World("maintenance-en", "a long notice, no date", notice("en", "maintenance")),
    World("maintenance-en-dated", "a long notice with date metas", notice("en", "maintenance", head=DATED_HEAD), style="soup"),
    World("maintenance-de", "a long notice, no date", notice("de", "maintenance"), lang="de", style="soup"),
    World("maintenance-ko", "a long notice, no date", notice("ko", "maintenance"), lang="ko", style="portal"),
    World("maintenance-ko-dated", "a long notice with date metas", notice("ko", "maintenance", head=DATED_HEAD), lang="ko"),
    World("maintenance-ja", "a long notice with date metas", notice("ja", "maintenance", head=DATED_HEAD), lang="ja", style="rich"),
    World("login-wall", "a login page everywhere", notice("en", "login"), style="rich"),
    World("login-teaser", "the first paragraph, then a login", login_teaser, style="rich"),
    World("error-200", "an error page with status 200", notice("en", "error"), head="times"),
    World("error-200-de", "an error page with status 200", notice("de", "error"), lang="de", wrong_hours=26),
    World("block-page", "a CDN's block page in three shapes", block_page),
    World("empty-template", "headline and furniture, no text", empty_template),
    World("bare-template", "furniture only", bare_template, style="rich"),
)  # fmt: skip
HALF_PAGE_WORLDS = (
    World("half-60", "60 % under a right length", part_of(half, 0.6)),
    World("half-35", "35 % under a right length", part_of(half, 0.35), lang="ko", style="portal"),
    World("half-206", "an unasked 206 of 70 %", part_of(range_of, 0.7), style="rich"),
    World("half-gzip", "gzip cut at 70 %", part_of(cut_gzip, 0.7), style="rich"),
    World("half-closed", "cut at 65 %, no length", part_of(closed_early, 0.65), lang="de", style="soup"),
)  # fmt: skip
STATUS_WORLDS = (
    World("404-20-minutes", "404 everywhere for 20 minutes", missing_page, wrong_hours=MINUTES_20),
    World("404-3-hours", "404 everywhere for 3 hours", missing_page, wrong_hours=3, style="rich"),
    World("404-day", "404 everywhere for a day", missing_page, wrong_hours=24, lang="ko", style="portal"),
)  # fmt: skip
WORLDS = (*CONTROL_WORLDS, *WRONG_PAGE_WORLDS, *HALF_PAGE_WORLDS, *STATUS_WORLDS)
