"""The forms that page noise takes, in two families of other words and other markup.

Rules and model were tuned on the first family. The second one was written apart from it, to see
whether a tracker knows the forms or only the words. Tune nothing on the second.
"""

from benchmarks.pages.families.fifth import FIFTH_FAMILY
from benchmarks.pages.families.fourth import FOURTH_FAMILY
from benchmarks.pages.families.sixth import SIXTH_FAMILY
from benchmarks.pages.families.third import THIRD_FAMILY
from benchmarks.pages.noise import Css, Family, Form, Words

# The first family.


def labelled_ad(words: Words, css: Css) -> str:
    """A labelled advertisement of one sentence with a picture."""
    return (
        f"<div{css('ad-slot')}><span{css('ad-label')}>{words.pick('ad')}</span>"
        f'<a href="https://ads.example/{words.rng.random()}" rel="sponsored nofollow">'
        f"{words.image()}</a><p>{words.pick('copy')}</p></div>"
    )


def newsletter_form(words: Words, css: Css) -> str:
    """A pitch for a newsletter, with a form or as one line."""
    if words.rng.getrandbits(1):
        return (
            f"<div{css('newsletter-signup')}><p>{words.pick('pitch')}</p><form action='/letter'>"
            f"<input type='email' placeholder='@'><button>{words.pick('button')}</button></form>"
            "</div>"
        )
    link = f"<a href='/letter'>{words.pick('button')}</a>"
    return f"<p{css('newsletter-promo')}><em>{words.pick('pitch')}</em> {link}</p>"


def reader_counters(words: Words, css: Css) -> str:
    """How many people have read, commented and shared."""
    return f"<p{css('article-counters')}>{words.pick('counters')}</p>"


def titled_link_box(words: Words, css: Css) -> str:
    """A titled box of links in the middle of the text."""
    rows = "".join(
        f"<div{css('related-item')}>{words.link()}</div>" for _ in range(words.rng.randint(2, 4))
    )
    title = f"<h3{css('related-title')}>{words.pick('related')}</h3>"
    return f"<div{css('related-box')}>{title}{rows}</div>"


def bare_link_list(words: Words, css: Css) -> str:
    """A bare list of links."""
    rows = "".join(f"<li>{words.link()}</li>" for _ in range(words.rng.randint(2, 4)))
    return f"<ul{css('related-links')}>{rows}</ul>"


def read_more_line(words: Words, css: Css) -> str:
    """A label and a link in one line."""
    return f"<p{css('read-more')}><strong>{words.pick('more')}</strong> {words.link()}</p>"


def inline_teaser(words: Words, css: Css) -> str:
    """A picture, a headline and a sentence of another article."""
    return (
        f"<div{css('teaser')}><a href='{words.href()}'>{words.image()}"
        f"<h4{css('teaser-headline')}>{words.headline()}</h4></a>"
        f"<p{css('teaser-text')}>{words.pick('blurb')}</p></div>"
    )


def card_grid(words: Words, css: Css) -> str:
    """A grid of other articles."""
    card = "".join(
        f"<a{css('card')} href='{words.href()}'>{words.image()}<h3>{words.headline()}</h3>"
        f"<span>{words.rng.randint(1, 59)} min</span></a>"
        for _ in range(4)
    )
    return f"<section{css('card-grid')}><h2>{words.pick('related')}</h2>{card}</section>"


def comment_thread(words: Words, css: Css) -> str:
    """Readers' comments."""
    rows = "".join(
        f"<div{css('comment')}><b{css('comment-author')}>{words.pick('name')}</b>"
        f"<p>{words.pick('comment')}</p></div>"
        for _ in range(words.rng.randint(2, 5))
    )
    title = f"<h3>{words.pick('comments')} ({words.rng.randint(5, 300)})</h3>"
    return f"<section{css('comments')}>{title}{rows}</section>"


def reaction_buttons(words: Words, css: Css) -> str:
    """Buttons with counts."""
    row = "".join(f"<li><button>{words.pick('reactions')}</button></li>" for _ in range(4))
    return f"<ul{css('reactions')}>{row}</ul>"


def ranking_list(words: Words, css: Css) -> str:
    """The most-read list."""
    rows = "".join(f"<li>{words.link()}</li>" for _ in range(5))
    return f"<div{css('most-read')}><h3>{words.pick('ranking')}</h3><ol>{rows}</ol></div>"


def price_list(words: Words, css: Css) -> str:
    """Prices that change in every response."""
    rows = "".join(
        f"<li><span>{name}</span> <span>{words.rng.randint(100, 99999):,}</span> "
        f"<em>{words.rng.uniform(-9, 9):+.2f}%</em></li>"
        for name in ("LUM", "DUV", "OKU", "PNW", "MAR")
    )
    return f"<ul{css('price-ticker')}>{rows}</ul>"


def request_nonce(words: Words, css: Css) -> str:
    """A script that names this response."""
    token = f"{words.rng.getrandbits(64):016x}"
    return f'<script nonce="{token}">window.__request = {{"id": "{token}"}};</script>'


# The second family.


def sponsored_unit(words: Words, css: Css) -> str:
    """A labelled advertisement: a native card, or two paragraphs."""
    label, copy, link = words.pick("ad"), words.pick("copy"), words.href()
    if words.rng.getrandbits(1):
        return (
            f"<aside{css('dfp-unit')}><small>{label}</small><div><strong>{words.pick('brand')}"
            f'</strong><span>{copy}</span></div><a href="{link}" target="_blank">→</a></aside>'
        )
    return (
        f'<p{css("ad-note")}><small>{label}</small></p><p{css("ad-text")}><a href="{link}" '
        f'rel="sponsored">{copy}</a></p>'
    )


def signup_module(words: Words, css: Css) -> str:
    """A sign-up section with its small print, or one bold line."""
    if words.rng.getrandbits(1):
        return (
            f"<section{css('signup-module')}><h3>{words.pick('title')}</h3>"
            f"<p>{words.pick('pitch')}</p><label>@ <input type='email'></label>"
            f"<button>{words.pick('button')}</button><p><small>{words.pick('small')}</small></p>"
            "</section>"
        )
    link = f"<a href='/join'>{words.pick('button')}</a>"
    return f"<p{css('signup-line')}><b>{words.pick('pitch')}</b> {link}</p>"


def engagement_line(words: Words, css: Css) -> str:
    """A line of figures, with symbols or with words."""
    if words.rng.getrandbits(1):
        n, k = words.rng.randint(2, 900), words.rng.randint(1, 99)
        return f"<div{css('engagement')}><span>👁 {n}K</span> <span>💬 {k}</span></div>"
    return f"<div{css('engagement')}>{words.pick('counters')}</div>"


def related_entries(words: Words, css: Css) -> str:
    """Small articles with pictures and ages."""
    rows = "".join(
        f"<article{css('rel-entry')}><a href='{words.href()}'>{words.image()}"
        f"<h4>{words.headline()}</h4></a><time>{words.pick('ago')}</time></article>"
        for _ in range(words.rng.randint(2, 3))
    )
    return f"<section{css('rel-module')}><header>{words.pick('related')}</header>{rows}</section>"


def bulleted_links(words: Words, css: Css) -> str:
    """Links behind bullets in one paragraph."""
    rows = "<br>".join(f"• {words.link()}" for _ in range(words.rng.randint(2, 4)))
    return f"<p{css('rel-lines')}>{rows}</p>"


def bracketed_link(words: Words, css: Css) -> str:
    """A bracketed line, or a quotation block that is a link."""
    if words.rng.getrandbits(1):
        return f"<p{css('inline-link')}><em>[{words.pick('more')}: {words.link()}]</em></p>"
    return (
        f"<blockquote{css('inline-link')}><p>{words.pick('more')} &raquo; {words.link()}</p>"
        "</blockquote>"
    )


def recirculation_box(words: Words, css: Css) -> str:
    """A picture, with the headline and a sentence of another article under it."""
    return (
        f"<div{css('recirc')}><a href='{words.href()}'>{words.image()}</a><div>"
        f"<a href='{words.href()}'><b>{words.headline()}</b></a><div{css('recirc-sub')}>"
        f"{words.pick('blurb')}</div></div></div>"
    )


def tile_row(words: Words, css: Css) -> str:
    """A row of other articles with their first sentence."""
    rows = "".join(
        f"<article{css('tile')}><h3>{words.link()}</h3><p>{words.pick('blurb')}</p>"
        f"<span>{words.pick('ago')}</span></article>"
        for _ in range(3)
    )
    return f"<div{css('tiles')}><h2>{words.pick('related')}</h2>{rows}</div>"


def discussion_list(words: Words, css: Css) -> str:
    """Readers' comments with ages and counts of answers."""
    rows = "".join(
        f"<li><div>{words.pick('name')} · {words.pick('ago')}</div>"
        f"<div{css('ugc-text')}>{words.pick('comment')}</div><div>↩ {words.rng.randint(0, 40)}"
        "</div></li>"
        for _ in range(words.rng.randint(2, 5))
    )
    return f"<div{css('ugc')} id='discuss'><h3>{words.pick('comments')}</h3><ul>{rows}</ul></div>"


def reaction_faces(words: Words, css: Css) -> str:
    """Faces with counts."""
    row = " ".join(f"<span>{face} {words.rng.randint(0, 999)}</span>" for face in "👍😡😢🎉")
    return f"<div{css('faces')}>{row}</div>"


def ranking_table(words: Words, css: Css) -> str:
    """The most-read list, numbered in a table."""
    rows = "".join(f"<tr><td>{n}</td><td>{words.link()}</td></tr>" for n in range(1, 6))
    return f"<div{css('top5')}><b>{words.pick('ranking')}</b><table>{rows}</table></div>"


def quotes_line(words: Words, css: Css) -> str:
    """Weather and prices in a line."""
    cells = " | ".join(
        f"{name} {words.rng.uniform(1, 3000):.2f} ({words.rng.uniform(-5, 5):+.1f}%)"
        for name in ("FERRO", "HELIO", "NORRBY")
    )
    return f"<div{css('quotes')}><span>{words.rng.randint(-9, 35)}°C</span> {cells}</div>"


FormPair = tuple[Form, Form]  # of the first and of the second family
IN_TEXT: dict[str, FormPair] = {
    "ad": (labelled_ad, sponsored_unit),
    "newsletter": (newsletter_form, signup_module),
    "counters": (reader_counters, engagement_line),
}
RELATED: dict[str, FormPair] = {
    "box": (titled_link_box, related_entries),
    "list": (bare_link_list, bulleted_links),
    "read more": (read_more_line, bracketed_link),
    "teaser": (inline_teaser, recirculation_box),
}
AROUND: dict[str, FormPair] = {
    "cards": (card_grid, tile_row),
    "comments": (comment_thread, discussion_list),
    "reactions": (reaction_buttons, reaction_faces),
    "ranking": (ranking_list, ranking_table),
    "ticker": (price_list, quotes_line),
}


def _family(phrases: str, at: int) -> Family:
    """The family whose forms are the n-th of each pair, with the words of a phrase file."""
    in_text, related, around = (
        {name: pair[at] for name, pair in forms.items()} for forms in (IN_TEXT, RELATED, AROUND)
    )
    return Family(phrases, in_text, related, around)


FAMILIES = {
    "first": _family("first.toml", 0),
    "second": _family("second.toml", 1),
    "third": THIRD_FAMILY,
    "fourth": FOURTH_FAMILY,
    "fifth": FIFTH_FAMILY,
    "sixth": SIXTH_FAMILY,
}
