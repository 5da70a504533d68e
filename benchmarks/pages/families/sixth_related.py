"""The sixth family of page noise: links to other articles, between paragraphs."""

from benchmarks.pages.families.sixth_parts import fixed, listed
from benchmarks.pages.noise import Css, Form, Words


def most_read_box(words: Words, css: Css) -> str:
    """What is read most, in a box in the middle of the text."""
    links = (words.link() for _ in range(5))
    label = fixed(words, css, "most_read")
    return f"<aside{css('most-read-now')}><h3>{label}</h3>{listed(links, 'ol')}</aside>"


def also_paragraph(words: Words, css: Css) -> str:
    """A link after a label in bold, as a paragraph of its own."""
    return f"<p><strong>{fixed(words, css, 'also')}</strong> {words.link()}</p>"


def bare_link(words: Words, css: Css) -> str:
    """A headline as a paragraph, without a label or class."""
    return f"<p>{words.link()}</p>"


def arrow_links(words: Words, css: Css) -> str:
    """Two headlines after arrows, with a line break between them."""
    return f"<p>▶ {words.link()}<br>▶ {words.link()}</p>"


def slanted_link(words: Words, css: Css) -> str:
    """A bracketed pointer to another story, in italics."""
    return f"<p><em>({fixed(words, css, 'also')} {words.link()})</em></p>"


def timed_links(words: Words, css: Css) -> str:
    """The newest stories with their ages."""
    links = (f"{words.link()} <span>{words.pick('ago')}</span>" for _ in range(4))
    label = fixed(words, css, "newest")
    return f"<div{css('newest-links')}><div>{label}</div>{listed(links)}</div>"


def story_card(words: Words, css: Css) -> str:
    """Another story with its first sentence and its age."""
    return (
        f'<article{css("linked-card")}><a href="{words.href()}">{words.image()}'
        f"<h4>{words.headline()}</h4></a><p>{words.teaser()}</p>"
        f"<span>{words.pick('ago')}</span></article>"
    )


def folded_links(words: Words, css: Css) -> str:
    """More on the story, behind a triangle."""
    links = (words.link() for _ in range(3))
    label = fixed(words, css, "more")
    return f"<details{css('folded-links')}><summary>{label}</summary>{listed(links)}</details>"


RELATED: dict[str, Form] = {
    "most read box": most_read_box,
    "also paragraph": also_paragraph,
    "bare link": bare_link,
    "arrow links": arrow_links,
    "slanted link": slanted_link,
    "timed links": timed_links,
    "story card": story_card,
    "folded links": folded_links,
}
