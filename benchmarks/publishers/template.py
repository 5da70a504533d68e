"""The template of one publisher: from a story and the site's lines to a page."""

import html
import json
import random
from dataclasses import dataclass

PUBLISHED_AT = "2026-05-14T{hour:02}:20:00+00:00"
CLASS_NAME_STEMS = {
    "body": ("story-body", "article__text", "content", "txt", "entry-content", "post-body"),
    "paragraph": ("par", "text", "p-text", "article__paragraph", "copy"),
    "headline": ("headline", "title", "article__title", "hl"),
    "dek": ("lead", "standfirst", "intro", "summary"),
    "byline": ("byline", "author", "meta", "credits-line"),
    "figure": ("image", "media", "figure", "photo-box"),
}
LINE_STYLES = ("plain", "emphasis", "strong", "linked", "half linked")
LINE_STYLE_WEIGHTS = (6, 2, 1, 1, 2)


@dataclass(frozen=True, slots=True)
class Insert:
    """A site-wide line on a page: after how many paragraphs, in which style, and its text.

    The style `picture` is a picture with the line as its caption.
    """

    after_paragraphs: int
    style: str
    text: str


@dataclass(frozen=True, slots=True)
class PageText:
    """Everything that one page says."""

    url: str
    headline: str
    dek: str | None
    byline: str
    caption: str
    paragraphs: tuple[str, ...]
    inserts: tuple[Insert, ...]
    links: tuple[tuple[str, str], ...]  # to the other articles of the site: path and headline
    hour: int


@dataclass(frozen=True, slots=True)
class Template:
    """The choices of one publisher. An empty class means bare markup."""

    brand: str
    language: str
    sections: tuple[str, ...]
    container: str
    paragraph_tag: str
    classes: dict[str, str]
    head: str  # "full" with JSON-LD, "social" with og tags, "poor" with a title only
    is_header_inside: bool
    has_lead_picture_first: bool
    path: str

    def page(self, text: PageText) -> bytes:
        """The page as it is served."""
        header, body = self._header(text), self._body(text)
        if self.is_header_inside:
            main = f"<{self.container}>\n{header}\n{body}\n</{self.container}>"
        else:
            main = f"<header>{header}</header>\n<{self.container}>\n{body}\n</{self.container}>"
        links = "\n".join(
            f'<li><a href="{path}">{_escape(headline)}</a></li>' for path, headline in text.links
        )
        menu = " ".join(
            f'<a href="/s/{n}">{_escape(name)}</a>' for n, name in enumerate(self.sections)
        )
        page = (
            f'<!doctype html>\n<html lang="{self.language}">\n<head>\n{self._head(text)}\n</head>\n'
            f"<body>\n<nav>{menu}</nav>\n{main}\n<aside><ul>\n{links}\n</ul></aside>\n"
            f"<footer>© 2026 {_escape(self.brand)}</footer>\n</body>\n</html>\n"
        )
        return page.encode()

    def front_page(self, links: tuple[tuple[str, str], ...]) -> bytes:
        """The home page: links to all articles."""
        items = "".join(f'<li><a href="{path}">{_escape(text)}</a></li>' for path, text in links)
        title = _escape(self.brand)
        return (
            f'<!doctype html><html lang="{self.language}"><head><meta charset="utf-8">'
            f"<title>{title}</title></head><body><h1>{title}</h1><ul>{items}</ul></body></html>"
        ).encode()

    def _head(self, text: PageText) -> str:
        headline, brand = _escape(text.headline), _escape(self.brand)
        lines = ['<meta charset="utf-8">', f"<title>{headline} - {brand}</title>"]
        if self.head != "poor":
            lines += [
                f'<link rel="canonical" href="{text.url}">',
                f'<meta property="og:title" content="{headline}">',
                '<meta property="og:type" content="article">',
                f'<meta property="og:site_name" content="{brand}">',
            ]
            if text.dek:
                lines.append(f'<meta name="description" content="{_escape(text.dek)}">')
        if self.head == "full":
            facts = {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": text.headline,
                "datePublished": PUBLISHED_AT.format(hour=text.hour),
                "publisher": {"@type": "Organization", "name": self.brand},
            }
            script = json.dumps(facts, ensure_ascii=False).replace("</", "<\\/")
            lines.append(f'<script type="application/ld+json">{script}</script>')
        return "\n".join(lines)

    def _header(self, text: PageText) -> str:
        at = PUBLISHED_AT.format(hour=text.hour)
        parts = [f"<h1{self._css('headline')}>{_escape(text.headline)}</h1>"]
        if text.dek:
            parts.append(f"<p{self._css('dek')}>{_escape(text.dek)}</p>")
        parts.append(
            f"<div{self._css('byline')}><span>{_escape(text.byline)}</span> "
            f'<time datetime="{at}">{at[:10]} {at[11:16]}</time></div>'
        )
        return "\n".join(parts)

    def _body(self, text: PageText) -> str:
        picture = self._picture("lead", text.caption)
        blocks = [picture] if self.has_lead_picture_first else []
        last = len(text.paragraphs)
        for number, paragraph in enumerate(text.paragraphs, 1):
            blocks.append(self._paragraph(_escape(paragraph)))
            if number == 1 and not self.has_lead_picture_first:
                blocks.append(picture)
            blocks += [
                self._insert(insert)
                for insert in text.inserts
                if insert.after_paragraphs == number
                or (number == last and insert.after_paragraphs > last)
            ]
        return f"<div{self._css('body')}>\n" + "\n".join(blocks) + "\n</div>"

    def _insert(self, insert: Insert) -> str:
        text = _escape(insert.text)
        if insert.style == "picture":
            return self._picture("promo", insert.text)
        if insert.style == "linked":
            text = f'<a href="/go/more">{text}</a>'
        elif insert.style == "half linked" and " " in text:
            words = text.split(" ")
            text = " ".join(words[:-3]) + f' <a href="/go/more">{" ".join(words[-3:])}</a>'
        elif insert.style in ("emphasis", "strong"):
            tag = "em" if insert.style == "emphasis" else "strong"
            text = f"<{tag}>{text}</{tag}>"
        return self._paragraph(text)

    def _paragraph(self, markup: str) -> str:
        return f"<{self.paragraph_tag}{self._css('paragraph')}>{markup}</{self.paragraph_tag}>"

    def _picture(self, name: str, caption: str) -> str:
        image = f'<img src="/img/{name}.jpg" alt="">'
        return f"<figure{self._css('figure')}>{image}<figcaption>{_escape(caption)}</figcaption></figure>"

    def _css(self, name: str) -> str:
        value = self.classes.get(name)
        return f' class="{value}"' if value else ""


def choose_template(
    brand: str, language: str, sections: tuple[str, ...], rng: random.Random
) -> Template:
    """The template of a new publisher."""
    return Template(
        brand=brand,
        language=language,
        sections=sections,
        container=rng.choice(("article", "article", "main", "div", "section")),
        paragraph_tag=rng.choices(("p", "div"), (7, 1))[0],
        classes=_class_names(rng),
        head=rng.choices(("full", "social", "poor"), (4, 3, 1))[0],
        is_header_inside=rng.random() < 0.6,
        has_lead_picture_first=rng.random() < 0.6,
        path=rng.choice(("/news/{id}.html", "/2026/05/14/{id}", "/a/{id}", "/articles/{id}/")),
    )


def choose_line_style(rng: random.Random) -> str:
    """How a publisher writes one of its lines."""
    return rng.choices(LINE_STYLES, LINE_STYLE_WEIGHTS)[0]


def _class_names(rng: random.Random) -> dict[str, str]:
    """Telling class names, hashed ones, or none."""
    naming = rng.choices(("telling", "hashed", "bare"), (4, 3, 3))[0]
    if naming == "bare":
        return {}
    if naming == "hashed":
        return {name: f"sc-{rng.getrandbits(28):07x}" for name in CLASS_NAME_STEMS}
    return {name: rng.choice(stems) for name, stems in CLASS_NAME_STEMS.items()}


def _escape(text: str) -> str:
    return html.escape(text)
