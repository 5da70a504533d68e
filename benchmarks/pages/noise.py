"""The means to write page noise: invented words, and class names as sites choose them.

A site has telling class names, hashed ones as CSS-in-JS makes them, or none. The words come from
the phrase files of `families/`. The forms are in `noise_forms.py`.
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
    # Blocks of the third family.
    "tip-line": ("article-tip", "inhouse", "callout", "note"),
    "letter-line": ("nl-teaser", "newsletter-hint", "signup", "callout"),
    "partner-text": ("native-ad", "partner", "advertorial"),
    "player": ("video-player", "jw-wrapper", "media-player", "embed-video"),
    "live-box": ("live-feed", "liveblog-teaser", "live"),
    "poll": ("poll", "survey", "umfrage", "vote-widget"),
    "quiz": ("quiz", "quiz-teaser", "interactive"),
    "audio-bar": ("audio-player", "listen", "tts-player"),
    "product": ("product-card", "shop-teaser", "affiliate-box", "commerce"),
    "scores": ("scoreboard", "results", "match-table"),
    "post-embed": ("social-embed", "embed", "tweet"),
    "offer": ("subscription-offer", "paywall", "piano-offer", "regwall"),
    "countdown": ("countdown", "timer", "offer-timer"),
    "donate": ("donation", "support-us", "contribute"),
    "gallery": ("gallery", "slideshow", "image-gallery"),
    "podcast": ("podcast-teaser", "podcast-player", "audio-teaser"),
    "author-card": ("author-box", "author-card", "writer"),
    "events": ("event-list", "calendar", "events"),
    "also": ("also-read", "see-also", "link-line"),
    "dossier": ("topic-box", "dossier", "theme"),
    "story-teaser": ("teaser-inline", "story-teaser", "card"),
    "inline-links": ("link-list", "inline-links", "more"),
    "arrow-links": ("arrows", "link-list", "refs"),
    "story-card": ("card", "story-card", "teaser-image"),
    "video-rail": ("video-rail", "carousel", "videos"),
    "reader-comments": ("comments-preview", "user-comments", "forum"),
    "popular": ("popular", "top-list", "hot"),
    "tag-cloud": ("tags", "keywords", "topics"),
    "rates-bar": ("topbar", "infobar", "market-bar"),
    "jobs-box": ("jobs", "classifieds", "stellenmarkt"),
    "notices": ("obituaries", "family-notices"),
    "consent": ("cookie-banner", "consent", "cmp"),
    "podcast-list": ("podcasts", "audio-list"),
    "follow": ("article-meta", "follow-bar", "meta"),
    # Blocks of the fourth family.
    "commission-note": ("affiliate-disclaimer", "disclosure", "skimlinks-note", "shopping-note"),
    "ad-holder": ("ad__container", "ad-slot-wrapper", "advert", "gpt-ad"),
    "ask-ai": ("ai-assistant", "ask-ai", "suggested-questions", "chat-teaser"),
    "alert-offer": ("push-prompt", "notify-box", "follow-topic", "alerts"),
    "app-line": ("app-promo", "app-download", "promo", "text-note"),
    "channel-link": ("cta-link", "wa-channel", "promo-link", "social-cta"),
    "meter": ("meter", "paywall-meter", "regwall-bar", "free-articles"),
    "brand-survey": ("brand-survey", "survey-ad", "research-unit"),
    "reader-call": ("callout", "community-callout", "contribute-box", "get-in-touch"),
    "fact": ("did-you-know", "factbox-rotating", "infobox", "trivia"),
    "weather-strip": ("weather", "local-weather", "wx-strip"),
    "paid-line": ("native", "paid-link", "sponsored-line"),
    "share-chips": ("quote-chips", "stock-chip", "tickers"),
    "readers-now": ("live-readers", "views", "readcount"),
    "link-card": ("linkcard", "embed-card", "article-card", "teaser-card"),
    "labelled-link": ("read-also", "article-link", "more-link", "lihatjg"),
    "signed-links": ("related-module", "module-related", "see-also"),
    "dated-teaser": ("teaser-absatz", "archive-teaser", "embedded-teaser"),
    "timed-feed": ("dossier-feed", "topic-feed", "embed-dossier"),
    "clip": ("embedded-video", "video-teaser", "media-block"),
    "next-story": ("next-article", "infinite-next", "up-next"),
    "paid-feed": ("native-feed", "trc_related", "ob-widget", "sponsored-feed"),
    "newest-rail": ("latest-news", "live-box", "newsticker"),
    "forecast": ("forecast", "weather-widget", "wetter"),
    "writer-latest": ("author-latest", "author-box", "more-from-author"),
    "shop-picks": ("shop-picks", "deals", "commerce-list"),
    "letters": ("letters", "reader-letters", "opinions"),
    "short-clips": ("shorts", "reels", "video-strip"),
    "bulletins": ("newsletter-list", "nl-picker", "signup-list"),
    "trust-note": ("trust", "standards-note", "about-us-note"),
    # Blocks of the fifth family.
    "auction-slot": ("adslot", "article-ad", "sticky-ad", "advertisement"),
    "letter-card": ("newsletter-card", "email-signup", "mailing-list", "c-mail"),
    "partner-call": ("partner-text", "brand-content", "text--partner"),
    "share-price": ("stock-inline", "quote-box", "finance-chip"),
    "top-comment": ("featured-comment", "comment-highlight", "community"),
    "reader-poll": ("poll-widget", "opinary", "vote"),
    "thanks": ("feedback", "helpful", "article-feedback"),
    "episode": ("podcast-embed", "audio-card", "listen-box"),
    "get-app": ("app-hint", "app-banner", "download-app"),
    "gift-call": ("donate-box", "support", "membership-cta"),
    "clip-player": ("video-js", "player-wrap", "video-card"),
    "reading-now": ("live-count", "concurrents", "viewers"),
    "trial": ("offer", "subscribe-line", "upsell"),
    "reader-voice": ("testimonial", "reader-quote", "voices"),
    "dated-links": ("related-news", "news-related-wrap", "link-list"),
    "plain-links": ("links", "more-articles", "internal-links"),
    "labelled-paragraph": ("also", "read-more", "related-p"),
    "picture-teaser": ("card", "teaser-box", "article-preview"),
    "earlier": ("background-link", "backlink", "related-sentence"),
    "hourly": ("most-viewed", "trending-list", "hot-now"),
    "comment-peek": ("comments-teaser", "discussion", "disqus-preview"),
    "share-row": ("share", "shariff", "social-icons"),
    "topic-chips": ("tag-list", "topics", "chips"),
    "writer-box": ("author-bio-box", "about-author", "byline-card"),
    "giving-foot": ("donation-footer", "support-bar", "epic"),
    "privacy": ("cmp-text", "gdpr", "cookie-text"),
    "traffic": ("traffic-news", "verkehr", "travel-widget"),
    "market-board": ("market-data", "indices", "stocks-table"),
    "radio-shelf": ("radio", "audio-shelf", "programmes"),
}


@cache
def phrase_table(name: str) -> dict[str, dict[str, list[str] | str]]:
    """The phrases of a family by language: of one file, or of a folder with a file for each."""
    path = Path(__file__).parent / "families" / name
    if path.is_dir():
        return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in path.glob("*.toml")}
    return tomllib.loads(path.read_text("utf-8"))


class Words:
    """Draws invented phrases of one language from a random source."""

    def __init__(
        self, lang: str, rng: random.Random, *, phrases: str = "phrases_first.toml"
    ) -> None:
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
