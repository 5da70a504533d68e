"""The worlds: each is one way in which a site goes wrong, or changes without editing anything."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.wrong.replies.answers import WireAnswer, closed_early, cut_gzip, half, range_of
from benchmarks.wrong.replies.changes import (
    article_or_copy,
    frozen_etag,
    frozen_time,
    gone_page,
    removal_notice,
    restyled,
    stale_copy,
    storm,
    true_etag,
    two_templates,
)
from benchmarks.wrong.replies.detours import (
    at_random,
    in_turns,
    old_page,
    redirect,
    soft_404,
    with_status,
    xml_error,
)
from benchmarks.wrong.replies.house_style import (
    POINTED,
    STRAIGHT,
    in_capitals,
    restyled_text,
    unsigned,
    with_marks,
)
from benchmarks.wrong.replies.intruders import (
    HOME_HEAD,
    bare_template,
    block_page,
    empty_template,
    home,
    login_teaser,
    notice,
    other_article,
)
from benchmarks.wrong.replies.mixtures import (
    endless,
    foreign_head,
    foreign_statement,
    foreign_text,
    kept_paragraphs,
    placeholder_texts,
    print_view,
    question_marks,
    translated,
    twice_encoded,
)
from benchmarks.wrong.replies.versions import (
    canonical_forms,
    metered,
    renamed_sections,
    request_times,
    retry_after_years,
    rollout,
    swapped,
    two_servers,
)
from benchmarks.wrong.site import Reply, Scene, Visit
from benchmarks.wrong.stories import FOREVER, Fate, Story

WRONG_FROM = 3.0
ALL_HEAD = "canonical ld times og"
DATED_HEAD = '<meta property="article:published_time" content="{now}"><meta property="og:type" content="article">'
MINUTES_20 = 1 / 3
LATE_EVERY = 3
WEEK_LATER = WRONG_FROM + 24 * 7
SOME = (0, 3, 5, 11, 18, 27)


def no_fate(place: int) -> Fate | None:
    """Every article stays."""
    return None


@dataclass(frozen=True, slots=True)
class World:
    """A site whose answers are wrong from `wrong_from` on for `wrong_hours`, and good otherwise.

    With the period "since" they never become good again, with "always" they never were. `fate` gives
    what becomes of the article in a place of the site. `copies` are further addresses of every
    article that are watched from an hour on, and `first_path` is the one that is watched first. Every
    third article is watched only from `late_from` on. An edit that is logged later than
    `max_delay_hours` counts as missed.
    """

    name: str
    summary: str
    wrong: Reply
    lang: str = "en"
    style: str = "plain"
    head: str = ALL_HEAD
    wrong_from: float = WRONG_FROM
    wrong_hours: float = 6.0
    days_after: float = 8.0
    fate: Callable[[int], Fate | None] = no_fate
    first_path: str = "/news/{number}"
    copies: tuple[tuple[float, str], ...] = ()
    late_from: float | None = None
    period: str = "while"
    canonical: str = "/news/{number}"
    max_delay_hours: float | None = None

    @property
    def wrong_until(self) -> float:
        """The hour at which the site is good again."""
        return self.wrong_from + self.wrong_hours

    @property
    def ends_at(self) -> float:
        """The last hour of the run."""
        return self.wrong_until + 24 * self.days_after

    def is_late(self, place: int) -> bool:
        """Whether the article in this place of the site is watched later than the others."""
        return self.late_from is not None and place % LATE_EVERY == 0

    def is_wrong_at(self, hours: float) -> bool:
        """Whether the site answers in its wrong way at this hour."""
        if self.period == "always":
            return True
        return self.wrong_from <= hours and (self.period == "since" or hours < self.wrong_until)

    def edit_spans(self) -> list[tuple[float, float]]:
        """When real edits happen: before, while the site is wrong, and after."""
        before = (0.3, max(self.wrong_from - 0.3, 0.4))
        during = (self.wrong_from + 0.1, max(self.wrong_until - 0.1, self.wrong_from + 0.2))
        return [before, during, (self.wrong_until + 1, self.wrong_until + 12)]


def good_page(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The site as it should be."""
    return scene.good(story)


def missing_page(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """A 404 for every article."""
    return scene.missing()


def part_of(cut, share: float) -> Reply:  # type: ignore[no-untyped-def]  # one of `answers`
    """A part of the page of every article, cut in one way."""
    return lambda scene, story, visit: cut(scene.good(story), share)


def at_some(wrong: Reply, every: int) -> Reply:
    """Wrong at every so many articles, good at the others."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        return wrong(scene, story, visit) if story.number % every == 0 else scene.good(story)

    return reply


def fate_of(*places: int, kind: str, until: float = FOREVER) -> Callable[[int], Fate | None]:
    """The same fate for the articles in these places of a site."""
    return lambda place: Fate(kind, WRONG_FROM, until) if place in places else None


CONTROL_WORLDS = (
    World("good", "nothing goes wrong", good_page, style="rich"),
    World("good-etag", "nothing goes wrong, validators are true", true_etag, period="always", lang="de"),
)  # fmt: skip
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
    World("home-some", "the home page at a quarter of the addresses", at_some(home(HOME_HEAD), 4)),
    World("home-3-days", "the home page everywhere for 3 days", home(HOME_HEAD), wrong_hours=72),
    World("maintenance-2-days", "a long notice for 2 days", notice("en", "maintenance"), wrong_hours=48, style="rich"),
    World("added-to-home", "articles are added while the home page is everywhere", home(HOME_HEAD), late_from=WRONG_FROM + 2, style="rich"),
    World("added-to-notice", "articles are added while a notice is everywhere", notice("en", "error"), late_from=WRONG_FROM + 2),
    World("notice-some", "a notice at an eighth of the addresses", at_some(notice("en", "error"), 8), wrong_hours=26),
)  # fmt: skip
HALF_PAGE_WORLDS = (
    World("half-60", "60 % under a right length", part_of(half, 0.6)),
    World("half-35", "35 % under a right length", part_of(half, 0.35), lang="ko", style="portal"),
    World("half-206", "an unasked 206 of 70 %", part_of(range_of, 0.7), style="rich"),
    World("half-gzip", "gzip cut at 70 %", part_of(cut_gzip, 0.7), style="rich"),
    World("added-to-half", "articles are added while 60 % are served", part_of(half, 0.6), late_from=WRONG_FROM + 2, style="rich"),
    World("half-206-ko", "an unasked 206 of 50 %", part_of(range_of, 0.5), lang="ko", style="portal", head="og"),
    World("half-30-hours", "80 % for 30 hours", part_of(half, 0.8), style="soup", wrong_hours=30),
    World("half-closed", "cut at 65 %, no length", part_of(closed_early, 0.65), lang="de", style="soup"),
)  # fmt: skip
STATUS_WORLDS = (
    World("404-20-minutes", "404 everywhere for 20 minutes", missing_page, wrong_hours=MINUTES_20),
    World("404-3-hours", "404 everywhere for 3 hours", missing_page, wrong_hours=3, style="rich"),
    World("404-one", "one article is gone for good", good_page, fate=fate_of(2, kind="gone")),
    World("404-two", "two articles are gone for good", good_page, fate=fate_of(1, 4, kind="gone"), style="rich"),
    World("410-one", "one article is gone for good, with a 410", gone_page, period="always", fate=fate_of(2, kind="gone")),
    World("removed-200", "a removal notice with status 200", removal_notice, period="always", fate=fate_of(2, kind="gone")),
    World("removed-200-ko", "a removal notice with status 200", removal_notice, period="always", fate=fate_of(2, kind="gone"), lang="ko"),
    World("404-week-back", "an article comes back after a week", good_page, fate=fate_of(2, kind="gone", until=WEEK_LATER), days_after=17),
    World("storm-500", "seven answers in ten are a 500", storm(500)),
    World("storm-503", "seven answers in ten are a 503", storm(503), lang="de", style="soup", wrong_hours=12),
    World("404-day", "404 everywhere for a day", missing_page, wrong_hours=24, lang="ko", style="portal"),
)  # fmt: skip
TEMPLATE_WORLDS = (
    World("redesign-plain-rich", "another template at once", restyled("rich", ALL_HEAD), period="since"),
    World("redesign-rich-soup", "another template at once", restyled("soup", "times og"), style="rich", lang="de", period="since"),
    World("redesign-soup-portal", "another template at once", restyled("portal", "ld"), style="soup", lang="ko", period="since"),
    World("redesign-portal-rich", "another template at once", restyled("rich", ALL_HEAD), style="portal", head="times", lang="ja", period="since"),
    World("redesign-slowly", "another template, one page after the other", restyled("rich", ALL_HEAD, hours_apart=0.3, first_at=WRONG_FROM), period="since"),
    World("redesign-undone", "another template for 6 hours", restyled("soup", "og"), style="rich"),
    World("two-templates", "two templates in turns", two_templates("rich", ALL_HEAD), style="soup", wrong_hours=12),
    World("stale-copies", "one of two caches has the old page", stale_copy),
    World("stale-copies-ko", "one of two caches has the old page", stale_copy, lang="ko", style="rich", wrong_hours=20),
)  # fmt: skip
ADDRESS_WORLDS = (
    World("frozen-etag", "an ETag that never changes", frozen_etag, period="always", max_delay_hours=30),
    World("frozen-last-modified", "a Last-Modified that never changes", frozen_time, period="always", style="rich", max_delay_hours=30),
    World("canonical-missing", "the canonical is a 404", good_page, canonical="/archive/{number}"),
    World("canonical-home", "the canonical is the home page", good_page, canonical="/", style="rich"),
    World("canonical-other", "half the articles name another one", good_page, canonical="/news/{pair}"),
    World("amp-first", "the AMP copies, then the articles", article_or_copy, period="always", head=ALL_HEAD + " amp",
          first_path="/amp/news/{number}", copies=((WRONG_FROM, "/news/{number}"),)),
    World("amp-later", "the articles, then the AMP copies", article_or_copy, period="always", head=ALL_HEAD + " amp", style="rich",
          copies=((WRONG_FROM, "/amp/news/{number}"),)),
    World("print-later", "the articles, then the print copies", article_or_copy, period="always", lang="ko",
          copies=((WRONG_FROM, "/print/news/{number}"),)),
    World("print-first", "the print copies, then the articles", article_or_copy, period="always", lang="de",
          first_path="/print/news/{number}", copies=((WRONG_FROM, "/news/{number}"),)),
    World("reused-address", "six addresses get another article for good", good_page, fate=fate_of(*SOME, kind="replaced")),
    World("reused-address-ja", "six addresses get another article for good", good_page, fate=fate_of(*SOME, kind="replaced"), lang="ja"),
    World("live-page", "six live pages get another text for good", good_page, fate=fate_of(*SOME, kind="refilled"), style="rich"),
    World("rewritten", "six articles are rewritten with the same facts", good_page, fate=fate_of(*SOME, kind="rewritten"), style="rich"),
    World("rewritten-ko", "six articles are rewritten with the same facts", good_page, fate=fate_of(*SOME, kind="rewritten"), lang="ko"),
)  # fmt: skip
MIXTURE_WORLDS = (
    World("foreign-text", "the neighbour's paragraphs under the own head", foreign_text, wrong_hours=12),
    World("foreign-text-some", "the same at an eighth of the addresses", at_some(foreign_text, 8), style="rich", wrong_hours=26),
    World("foreign-head", "the whole head of the neighbour over the own text", foreign_head, style="rich"),
    World("foreign-statement", "the neighbour's JSON-LD beside the own metas", foreign_statement, style="rich", wrong_hours=10),
    World("endless", "the next article below the own one", endless),
    World("endless-ko", "the next article below the own one", endless, lang="ko", style="rich", wrong_hours=20),
    World("preview-days", "two paragraphs and a line for 3 days", kept_paragraphs(lambda count: slice(2), "The other pages turn in our app."), wrong_hours=72, style="rich"),
    World("tail-lost", "the last third is missing, the page is whole", kept_paragraphs(lambda count: slice(2 * count // 3)), wrong_hours=10),
    World("half-lost-ja", "the second half is missing, the page is whole", kept_paragraphs(lambda count: slice(count // 2)), lang="ja", style="portal"),
    World("start-lost", "the first two paragraphs are missing", kept_paragraphs(lambda count: slice(2, count)), lang="de", style="soup"),
    World("print-view", "the print view everywhere", print_view, style="rich"),
    World("twice-encoded-de", "UTF-8 that was encoded twice", twice_encoded, lang="de"),
    World("twice-encoded-ko", "UTF-8 that was encoded twice", twice_encoded, lang="ko", style="portal", wrong_hours=20),
    World("question-marks-de", "a question mark for each umlaut", question_marks, lang="de", style="rich"),
    World("question-marks-ja", "a question mark for each letter", question_marks, lang="ja"),
    World("translated", "another language, own address and times", translated, wrong_hours=30, style="rich"),
    World("placeholders", "made-up words under the own head", placeholder_texts, wrong_hours=30),
)  # fmt: skip
DETOUR_WORLDS = (
    World("redirect-home", "302 to the home page", redirect("/", 302)),
    World("redirect-home-301", "301 to the home page", redirect("/", 301), style="rich", wrong_hours=30),
    World("redirect-one-301", "301 to one article", redirect("/news/{first}", 301), wrong_hours=20),
    World("home-in-turns", "every other answer is the home page", in_turns(home(HOME_HEAD)), wrong_hours=20),
    World("notice-at-random", "two answers in five are a notice with dates", at_random(notice("en", "error", head=DATED_HEAD), 0.4), wrong_hours=30, style="rich"),
    World("neighbour-at-random", "half of the answers are the neighbour's", at_random(other_article(step=1, names_itself=False), 0.5), head="times", wrong_hours=20),
    World("notice-half", "a notice at half of the addresses, as the own one", at_some(notice("fr", "region", head='<link rel="canonical" href="{base}{path}">'), 2), wrong_hours=30),
    World("region-203", "a notice in French, status 203, as the own page", with_status(notice("fr", "region", head='<link rel="canonical" href="{base}{path}">' + DATED_HEAD), 203), lang="de"),
    World("interstitial", "a Polish notice with the time", notice("pl", "interstitial", foot="<p>{now} {id}</p>", head=DATED_HEAD), wrong_hours=50),
    World("old-pages", "yesterday's copies for everybody", old_page(0.0), wrong_hours=20),
    World("old-pages-bare", "yesterday's copies, no time on them", old_page(0.0, etag=True), head="canonical og", lang="de", style="soup"),
    World("old-pages-random", "old copies in two of five answers, no times", at_random(old_page(0.0), 0.4), head="canonical", style="rich", wrong_hours=20),
    World("soft-404", "five related stories with dates, drawn again each time", soft_404, wrong_hours=20),
    World("xml-error", "an XML error under status 200", xml_error),
)  # fmt: skip
VERSION_WORLDS = (
    World("rollout", "an edit is on one of two servers for 3 hours", rollout(3), period="always", head="canonical"),
    World("rollout-de", "an edit is on one of two servers for 3 hours", rollout(3), period="always", lang="de", style="soup", head="canonical og"),
    World("two-servers", "two servers with own ETags, one 2 hours late", two_servers, period="always", head="canonical", wrong_hours=10),
    World("old-pages-random-de", "old copies in three of ten answers, no times", at_random(old_page(0.0), 0.3), lang="de", style="soup", head="canonical og", wrong_hours=20),
    World("request-times", "all times are those of the request", request_times, style="rich", wrong_hours=10),
    World("sections-slowly", "the same words before one section after the other", renamed_sections("News", hours_apart=0.3, first_at=WRONG_FROM), style="rich", period="since"),
    World("sections-for-weeks", "the same words before the section of an article every two days", renamed_sections("News", hours_apart=40, first_at=WRONG_FROM), style="rich", period="since", days_after=22),
    World("metered", "two paragraphs and a wall from the fifth read on", metered, wrong_hours=48),
    World("swapped", "neighbours exchange pages, named as their own", swapped, wrong_hours=10),
    World("canonical-forms", "another form of the address in every answer", canonical_forms, period="always"),
    World("retry-after-years", "a 503 that asks for three years of patience", retry_after_years),
)  # fmt: skip
STYLE_WORLDS = (
    World("straight-quotes", "straight marks for curly ones in all articles", restyled_text(with_marks(STRAIGHT)), style="rich", period="since"),
    World("pointed-quotes-de", "pointed marks for curly ones in all articles", restyled_text(with_marks(POINTED)), lang="de", style="soup", head="canonical og", period="since"),
    World("capitals", "headlines and sections in capitals in all articles", restyled_text(in_capitals), style="rich", period="since"),
    World("unsigned-at-random", "half of the answers lack the byline", at_random(restyled_text(unsigned), 0.5), style="rich", wrong_hours=20),
    World("unsigned-at-random-ko", "half of the answers lack the byline", at_random(restyled_text(unsigned), 0.5), lang="ko", style="portal", head="canonical", wrong_hours=20),
)  # fmt: skip
WORLDS = (
    *CONTROL_WORLDS,
    *WRONG_PAGE_WORLDS,
    *HALF_PAGE_WORLDS,
    *STATUS_WORLDS,
    *TEMPLATE_WORLDS,
    *ADDRESS_WORLDS,
    *MIXTURE_WORLDS,
    *DETOUR_WORLDS,
    *VERSION_WORLDS,
    *STYLE_WORLDS,
)
