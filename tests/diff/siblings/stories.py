"""Invented stories of one newspaper, and the templates that show them."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

PEOPLE = (
    "Ada Brandt", "Tomas Rell", "Ines Okoro", "Juno Maddox", "Piet Haavik", "Lena Sorrow", "Karim Doss",
    "Mona Fell", "Rolf Iden", "Sara Quist", "Theo Lamb", "Vera Nunn",
)  # fmt: skip
PLACES = (
    "Ashford", "Bellmoor", "Corrick", "Dunhaven", "Eastry", "Farlow", "Garth", "Holm", "Inver", "Jarrow",
    "Kelby", "Lorne", "Marsh End", "Northam", "Oxley", "Penrose",
)  # fmt: skip
THINGS = (
    "bridge", "library", "ferry", "market hall", "reservoir", "tram line", "orchard", "clinic", "archive",
    "harbour wall", "school", "theatre", "lighthouse", "quarry", "bakery", "observatory",
)  # fmt: skip
DEEDS = (
    "reopened", "was sold", "ran out of money", "lost its roof", "won a prize", "was surveyed", "changed hands",
    "was flooded", "doubled its staff", "raised its fees",
)  # fmt: skip
SECTIONS = ("Region", "Culture", "Economy")


@dataclass(frozen=True, slots=True)
class Story:
    """What one article says, whatever template shows it."""

    number: int
    headline: str
    dek: str
    author: str
    section: str
    caption: str
    paragraphs: tuple[str, ...]
    headings: tuple[str, str]

    @property
    def published_at(self) -> str:
        """The time of publication as ISO 8601, with the offset of the newsroom."""
        return f"2026-05-{self.number % 12 + 1:02}T{8 + self.number % 9:02}:{self.number % 60:02}:00+02:00"


def story(number: int) -> Story:
    """The story of this number: the same text at every call, unlike any other number's."""
    rng = random.Random(number * 7919)
    place, other = rng.sample(PLACES, 2)
    thing, deed = rng.choice(THINGS), rng.choice(DEEDS)
    paragraphs = [" ".join(_sentence(rng) for _ in range(rng.randint(1, 3))) for _ in range(7)]
    paragraphs[3] += f" The council of {place} counted {700 + number} letters about the {thing}."
    return Story(
        number,
        f"{place}: how the {thing} {deed} in {rng.randint(3, 40)} days",
        f"Neighbours of the {thing} in {place} tell what happened after {other} refused to pay.",
        rng.choice(PEOPLE),
        rng.choice(SECTIONS),
        f"The {thing} of {place} seen from the road to {other} in spring",
        tuple(paragraphs),
        (f"What {other} did next", f"The {thing} and its owners"),
    )


def _sentence(rng: random.Random) -> str:
    place, other = rng.sample(PLACES, 2)
    thing, second = rng.sample(THINGS, 2)
    person, number = rng.choice(PEOPLE), rng.randint(4, 900)
    return rng.choice(
        (
            f"In {place} the {thing} {rng.choice(DEEDS)} after {number} days, and {person} wrote to {other} about it.",
            f"“Nobody asked us about the {thing} of {place},” {person} told the {second} committee in {other}.",
            f"{person} counted {number} visitors at the {thing}, a third of them from {other} or {place}.",
            f"The road between {place} and {other} stayed closed for {number} hours because of the {second}.",
            f"A report on the {thing} names {person}, the {second} in {place}, and {number} unpaid bills.",
        )
    )


Template = Callable[[Story], str]


def plain(story: Story) -> str:
    """A headline and paragraphs, and the time in a meta tag."""
    body = "".join(f"<p>{text}</p>" for text in story.paragraphs)
    head = f'<meta property="article:published_time" content="{story.published_at}">'
    return _page(
        story.headline + " | The Courier",
        head,
        f"<header><nav><a href=/>Home</a> <a href=/region>Region</a></nav></header><main><article>"
        f"<h1>{story.headline}</h1><div class=text>{body}</div></article></main><footer>© The Courier</footer>",
    )


def magazine(story: Story) -> str:
    """A standfirst, a byline, a picture with caption and credit, sub-headings, and a newsletter box."""
    parts = [f"<p class=c-text>{text}</p>" for text in story.paragraphs]
    parts.insert(5, f"<h3>{story.headings[1]}</h3>")
    parts.insert(3, f"<h3>{story.headings[0]}</h3>")
    parts.insert(2, "<div class=c-offer><p>Read what moves the coast: our letter arrives every Thursday at seven.</p></div>")  # fmt: skip
    head = (
        f'<meta property="og:title" content="{story.headline}"><meta property="og:description" content="{story.dek}">'
        f'<meta property="article:published_time" content="{story.published_at}">'
    )
    return _page(
        f"{story.headline} – Courier Magazine",
        head,
        f"<div id=bar><a href=/>Courier</a></div><div class=c-story><span class=c-kicker>{story.section}</span>"
        f"<h1>{story.headline}</h1><p class=c-standfirst>{story.dek}</p><div class=c-byline>By <a rel=author href=/p/1>"
        f'{story.author}</a> · <time datetime="{story.published_at}">{story.published_at[:10]}</time></div><figure><img src=/i.jpg>'
        f"<figcaption>{story.caption}. Photo: Courier pictures</figcaption></figure><div class=c-body>{''.join(parts)}</div>"
        f"</div><div class=c-foot>© Courier Ltd</div>",
    )


def breaks(story: Story) -> str:
    """Paragraphs divided by line breaks in one element, the headline in an h2."""
    body = "<br><br>".join(story.paragraphs)
    return _page(
        story.headline,
        "",
        f"<div class=w><h2 class=t>{story.headline}</h2><div class=d>{story.published_at[:10]}</div>"
        f"<div id=articleBody>{body}</div></div><div class=foot>© The Courier</div>",
    )


def linked(story: Story) -> str:
    """JSON-LD with the author, the section and times in UTC; related stories inside the text."""
    thing = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": story.published_at,
        "dateModified": story.published_at,
        "author": {"@type": "Person", "name": story.author},
        "articleSection": story.section,
        "publisher": {"@type": "Organization", "name": "The Courier"},
    }
    parts = [f"<p>{text}</p>" for text in story.paragraphs]
    related = (
        f"<aside class=more><h4>More on this</h4><ul><li><a href=/news/{story.number + 3}>Why {story.caption[4:20]} matters</a>"
        f"</li><li><a href=/news/{story.number + 5}>Letters about {story.headings[1][4:]}</a></li></ul></aside>"
    )
    parts.insert(4, related)
    return _page(
        f"{story.headline} - The Courier",
        f"<script type='application/ld+json'>{json.dumps(thing)}</script>",
        f"<section><h1>{story.headline}</h1><p class=lead>{story.dek}</p>{''.join(parts)}"
        "<p class=end>The Courier is a member of the Coastal Press Council.</p></section>",
    )


def house(story: Story) -> str:
    """The paper as author, a picture whose caption ends in the credit, paragraphs in plain divs."""
    thing = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": story.headline,
        "datePublished": story.published_at[:10],
        "author": {"@type": "Organization", "name": "The Courier newsroom"},
        "articleSection": "News",
    }
    parts = [f"<div class=par>{text}</div>" for text in story.paragraphs]
    parts.insert(2, f"<div class=sub><b>{story.headings[0]}</b></div>")
    return _page(
        f"{story.headline} | News | The Courier",
        f"<script type='application/ld+json'>{json.dumps(thing)}</script>",
        f"<ul class=menu><li><a href=/>Start</a></li></ul><div class=grid><h1 class=big>{story.headline}</h1>"
        f"<div class=credit>The Courier newsroom</div><figure><img src=/i.jpg><figcaption>{story.caption} (archive)</figcaption></figure>"
        f"{''.join(parts)}<div class=par>Do you know more? Write to our desk at the old customs house.</div></div>",
    )


TEMPLATES: tuple[Template, ...] = (plain, magazine, breaks, linked, house)


def _page(title: str, head: str, body: str) -> str:
    return f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"
