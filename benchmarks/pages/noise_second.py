"""A second family of page noise: other words, other markup, the same forms.

Written apart from page_noise.py, to see whether a tracker that was tuned on the first family
knows the forms or only the words. Nothing may be tuned on this one.
"""

from benchmarks.pages.noise import Css, Family, Words


def ad(words: Words, css: Css) -> str:
    """A labelled advertisement: a native card, or paragraphs of small print."""
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


def newsletter(words: Words, css: Css) -> str:
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


def counters(words: Words, css: Css) -> str:
    """A line of figures, with signs in place of words or in words."""
    if words.rng.getrandbits(1):
        n, k = words.rng.randint(2, 900), words.rng.randint(1, 99)
        return f"<div{css('engagement')}><span>👁 {n}K</span> <span>💬 {k}</span></div>"
    return f"<div{css('engagement')}>{words.pick('counters')}</div>"


def related_box(words: Words, css: Css) -> str:
    """Small articles with pictures and ages."""
    rows = "".join(
        f"<article{css('rel-entry')}><a href='{words.href()}'>{words.image()}"
        f"<h4>{words.headline()}</h4></a><time>{words.pick('ago')}</time></article>"
        for _ in range(words.rng.randint(2, 3))
    )
    return f"<section{css('rel-module')}><header>{words.pick('related')}</header>{rows}</section>"


def related_list(words: Words, css: Css) -> str:
    """Links behind bullets in one paragraph."""
    rows = "<br>".join(f"• {words.link()}" for _ in range(words.rng.randint(2, 4)))
    return f"<p{css('rel-lines')}>{rows}</p>"


def read_more(words: Words, css: Css) -> str:
    """A bracketed line, or a quotation block that is a link."""
    if words.rng.getrandbits(1):
        return f"<p{css('inline-link')}><em>[{words.pick('more')}: {words.link()}]</em></p>"
    return (
        f"<blockquote{css('inline-link')}><p>{words.pick('more')} &raquo; {words.link()}</p>"
        "</blockquote>"
    )


def teaser(words: Words, css: Css) -> str:
    """A picture with another article's headline and sentence under it."""
    return (
        f"<div{css('recirc')}><a href='{words.href()}'>{words.image()}</a><div>"
        f"<a href='{words.href()}'><b>{words.headline()}</b></a><div{css('recirc-sub')}>"
        f"{words.pick('blurb')}</div></div></div>"
    )


def cards(words: Words, css: Css) -> str:
    """A row of other articles with their first sentence."""
    rows = "".join(
        f"<article{css('tile')}><h3>{words.link()}</h3><p>{words.pick('blurb')}</p>"
        f"<span>{words.pick('ago')}</span></article>"
        for _ in range(3)
    )
    return f"<div{css('tiles')}><h2>{words.pick('related')}</h2>{rows}</div>"


def comments(words: Words, css: Css) -> str:
    """A list of what readers wrote, with ages and answers."""
    rows = "".join(
        f"<li><div>{words.pick('name')} · {words.pick('ago')}</div>"
        f"<div{css('ugc-text')}>{words.pick('comment')}</div><div>↩ {words.rng.randint(0, 40)}"
        "</div></li>"
        for _ in range(words.rng.randint(2, 5))
    )
    return f"<div{css('ugc')} id='discuss'><h3>{words.pick('comments')}</h3><ul>{rows}</ul></div>"


def reactions(words: Words, css: Css) -> str:
    """Faces with counts."""
    row = " ".join(f"<span>{face} {words.rng.randint(0, 999)}</span>" for face in "👍😡😢🎉")
    return f"<div{css('faces')}>{row}</div>"


def ranking(words: Words, css: Css) -> str:
    """The most-read list, numbered in a table."""
    rows = "".join(f"<tr><td>{n}</td><td>{words.link()}</td></tr>" for n in range(1, 6))
    return f"<div{css('top5')}><b>{words.pick('ranking')}</b><table>{rows}</table></div>"


def ticker(words: Words, css: Css) -> str:
    """Weather and prices in a line."""
    cells = " | ".join(
        f"{name} {words.rng.uniform(1, 3000):.2f} ({words.rng.uniform(-5, 5):+.1f}%)"
        for name in ("FERRO", "HELIO", "NORRBY")
    )
    return f"<div{css('quotes')}><span>{words.rng.randint(-9, 35)}°C</span> {cells}</div>"


SECOND_FAMILY = Family(
    phrases="phrases_second.toml",
    in_text={"ad": ad, "newsletter": newsletter, "counters": counters},
    related={
        "box": related_box,
        "list": related_list,
        "read more": read_more,
        "teaser": teaser,
    },
    around={
        "cards": cards,
        "comments": comments,
        "reactions": reactions,
        "ranking": ranking,
        "ticker": ticker,
    },
)
