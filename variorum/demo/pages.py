"""The articles of the demo at each stage, and the page of a stage. All functions are pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

DEMO_PACKAGE = files("variorum.demo")


@dataclass(frozen=True, slots=True)
class Stage:
    """One article at one stage. Its times are minutes before the site started."""

    slug: str
    template: str
    path: str
    timezone: str
    published: int
    section: str
    byline: str
    headline: str
    dek: tuple[str, ...]
    caption: str
    order: tuple[str, ...]
    text: Mapping[str, str] = field(hash=False)
    modified: int | None = None
    charset: str = "utf-8"
    etag: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the body, in order."""
        return tuple(self.text[name] for name in self.order)


@dataclass(frozen=True, slots=True)
class NoiseTexts:
    """The texts in one language from which the page noise is drawn."""

    ticker: tuple[str, ...]
    stocks: tuple[str, ...]
    ads: tuple[str, ...]
    headlines: tuple[str, ...]


def load_articles() -> tuple[tuple[tuple[Stage, ...], ...], dict[str, NoiseTexts]]:
    """The stages of each article, and the noise texts by slug.

    >>> articles, noise_texts = load_articles()
    >>> [stages[0].slug for stages in articles], {len(stages) for stages in articles}
    (['ko', 'en', 'de', 'ja'], {4})
    """
    table = tomllib.loads(DEMO_PACKAGE.joinpath("articles.toml").read_text("utf-8"))
    articles = tuple(_stages(entry) for entry in table["article"])
    noise_texts = {
        slug: NoiseTexts(**{name: tuple(texts) for name, texts in entry.items()})
        for slug, entry in table["noise"].items()
    }
    return articles, noise_texts


def _stages(entry: dict[str, Any]) -> tuple[Stage, ...]:
    changes = entry.pop("stage")
    stages = [_stage(entry)]
    for change in changes:
        entry = entry | change | {"text": entry["text"] | change.get("text", {})}
        stages.append(_stage(entry))
    return tuple(stages)


def _stage(entry: dict[str, Any]) -> Stage:
    tuples = {name: tuple(entry[name]) for name in ("dek", "order")}
    return Stage(**entry | tuples)


def stage_page(
    stage: Stage, noise: Mapping[str, str], *, base_url: str, started_at: datetime
) -> str:
    """The page of an article: its template, filled with its text and the page noise."""
    published_at, modified_at = _times(stage, started_at)
    opening, rest = stage.paragraphs[:2], stage.paragraphs[2:]
    values = {
        "url": base_url + stage.path,
        "headline": escape(stage.headline),
        "dek": "<br>\n".join(escape(line) for line in stage.dek),
        "summary": escape(" ".join(stage.dek) or stage.paragraphs[0]),
        "byline": escape(stage.byline),
        "section": escape(stage.section),
        "caption": escape(stage.caption),
        "opening": _paragraphs_html(opening, stage),
        "rest": _paragraphs_html(rest, stage),
        "published_iso": published_at.isoformat(),
        "modified_iso": (modified_at or published_at).isoformat(),
        "published": f"{published_at:%Y-%m-%d %H:%M}",
        "published_dotted": f"{published_at:%d.%m.%Y, %H:%M}",
        "updated": _updated_html(stage.slug, modified_at),
    }
    return _template(stage.template).substitute(values | dict(noise))


def _paragraphs_html(paragraphs: Sequence[str], stage: Stage) -> str:
    heading = stage.text.get("heading")
    return "\n".join(
        f"<h2>{escape(text)}</h2>" if text == heading else f"<p>{escape(text)}</p>"
        for text in paragraphs
    )


def _times(stage: Stage, started_at: datetime) -> tuple[datetime, datetime | None]:
    start = started_at.replace(second=0, microsecond=0).astimezone(ZoneInfo(stage.timezone))
    published_at = start - timedelta(minutes=stage.published)
    if stage.modified is None:
        return published_at, None
    return published_at, start - timedelta(minutes=stage.modified)


def _updated_html(slug: str, modified_at: datetime | None) -> str:
    """The visible modified time as the language writes it; empty if there is none."""
    if modified_at is None:
        return ""
    form = {
        "ko": "수정 %Y-%m-%d %H:%M",
        "en": "Updated %Y-%m-%d %H:%M",
        "de": "Aktualisiert: %d.%m.%Y, %H:%M Uhr",
        "ja": "更新 %Y-%m-%d %H:%M",
    }[slug]
    return f'<span class="updated">{modified_at.strftime(form)}</span>'


def home_page(stages: Sequence[Stage], *, base_url: str) -> str:
    """The home page: one teaser per article."""
    teasers = "\n".join(
        f'<li><a href="{base_url}{stage.path}">{escape(stage.headline)}</a></li>'
        for stage in stages
    )
    return _template("home.html").substitute(base_url=base_url, teasers=teasers)


def render_rss(stages: Sequence[Stage], *, base_url: str, started_at: datetime) -> str:
    """The articles as an RSS 2.0 feed."""
    entries = []
    for stage in stages:
        url = escape(base_url + stage.path)
        date = _times(stage, started_at)[0].strftime("%a, %d %b %Y %H:%M:%S %z")
        entries.append(
            f"<item><title>{escape(stage.headline)}</title><link>{url}</link>"
            f'<guid isPermaLink="true">{url}</guid><pubDate>{date}</pubDate></item>'
        )
    return _template("feed.xml").substitute(base_url=base_url, entries="\n".join(entries))


def _template(name: str) -> Template:
    return Template(DEMO_PACKAGE.joinpath("templates", name).read_text("utf-8"))
