"""The third family of page noise: what its writer saw around real articles, in its own words.

Some texts of a site stay and only their figures change: votes, prices, likes, followers. Others
are replaced as a whole.
"""

from benchmarks.pages.families.third_around import (
    AROUND_THIRD,
    events_table,
    link_items,
    match_table,
    video_length,
)
from benchmarks.pages.noise import Css, Family, Form, Words


def _clock(words: Words) -> str:
    return f"{words.rng.randrange(24):02}:{words.rng.randrange(60):02}"


# Between paragraphs.


def promo_paragraph(words: Words, css: Css) -> str:
    """A paragraph that recommends something else of the house."""
    label = words.pick("label", css.rng("promo"))
    link = f'<a href="{words.href()}">{words.pick("cta")}</a>'
    return f"<p{css('tip-line')}><strong>{label}:</strong> {words.pick('promo')} {link}</p>"


def letter_paragraph(words: Words, css: Css) -> str:
    """A pitch for a newsletter in italics."""
    return f'<p{css("letter-line")}><em>{words.pick("letter")} <a href="/letters">{words.pick("cta")}</a></em></p>'


def sponsor_paragraph(words: Words, css: Css) -> str:
    """An advertisement written as a paragraph."""
    return f'<p{css("partner-text")}><a href="/go/{words.rng.randint(1, 999)}" rel="sponsored">{words.pick("sponsor")}</a></p>'


def video_player(words: Words, css: Css) -> str:
    """A player with the title of its video and of the next one."""
    return (
        f'<div{css("player")}><button aria-label="play"></button><p>{words.headline()}</p>'
        f"<span>{video_length(words)}</span><div><span>{words.pick('now_playing')}</span> "
        f'<a href="{words.href()}">{words.headline()}</a> <span>{video_length(words)}</span></div></div>'
    )


def live_entries(words: Words, css: Css) -> str:
    """The latest entries of a live blog."""
    title = words.pick("live_title", css.rng("live"))
    entries = "".join(
        f"<li><time>{_clock(words)}</time> <span>{words.pick('live')}</span></li>"
        for _ in range(words.rng.randint(2, 4))
    )
    return f'<section{css("live-box")}><h3><a href="/live">{title}</a></h3><ol>{entries}</ol></section>'


def poll_box(words: Words, css: Css) -> str:
    """A poll: its question stays, the shares and the votes do not."""
    question = words.pick("question", css.rng("poll"))
    rows, left = [], 100
    for _ in range(3):
        share = words.rng.randint(1, left - 1) if left > 2 else 1
        left -= share
        rows.append(
            f"<li><label>{words.pick('answer', css.rng(f'answer {len(rows)}'))}</label> <b>{share} %</b></li>"
        )
    return (
        f"<div{css('poll')}><h4>{question}</h4><ul>{''.join(rows)}</ul>"
        f"<p>{words.pick('votes')}</p></div>"
    )


def quiz_box(words: Words, css: Css) -> str:
    """A question of a quiz with a button for each answer."""
    buttons = "".join(f"<button>{words.pick('answer')}</button>" for _ in range(3))
    return f"<aside{css('quiz')}><p>{words.pick('quiz')}</p>{buttons}</aside>"


def listen_bar(words: Words, css: Css) -> str:
    """The audio version of the article, and how many liked it."""
    length = css.rng("audio").randint(120, 700)
    return (
        f"<div{css('audio-bar')}><span>{words.pick('listen', css.rng('listen'))}</span> "
        f"<time>{length // 60}:{length % 60:02}</time> <span>{words.pick('likes')}</span></div>"
    )


def product_box(words: Words, css: Css) -> str:
    """A product with its price, which changes from day to day."""
    return (
        f"<div{css('product')}>{words.image()}<h4>{words.pick('product', css.rng('product'))}</h4>"
        f"<p>{words.pick('blurb')}</p><span>{words.pick('price')}</span> "
        f'<a href="/shop" rel="sponsored">{words.pick("buy", css.rng("buy"))}</a></div>'
    )


def social_post(words: Words, css: Css) -> str:
    """An embedded post: its words stay, its likes do not."""
    text, author = words.pick("post", css.rng("post")), words.pick("who", css.rng("poster"))
    return (
        f"<blockquote{css('post-embed')}><p>{text}</p>— {author} "
        f'<a href="https://social.example/p">{_clock(words)}</a> <span>{words.pick("likes")}</span></blockquote>'
    )


def paywall_offer(words: Words, css: Css) -> str:
    """An offer for subscribers, whose price is being tested."""
    return f'<div{css("offer")}><p>{words.pick("offer")}</p><a href="/abo">{words.pick("cta")}</a></div>'


def countdown_line(words: Words, css: Css) -> str:
    """How long an offer is still open."""
    left = f"{words.rng.randrange(48):02}:{words.rng.randrange(60):02}:{words.rng.randrange(60):02}"
    return f"<p{css('countdown')}>{words.pick('ends', css.rng('ends'))} <b>{left}</b></p>"


def donation_meter(words: Words, css: Css) -> str:
    """How far a collection has come."""
    return (
        f"<section{css('donate')}><p>{words.pick('donation', css.rng('donation'))}</p>"
        f'<progress max="100" value="{words.rng.randint(2, 99)}"></progress></section>'
    )


def gallery(words: Words, css: Css) -> str:
    """A picture of a gallery with its caption and counter."""
    total = css.rng("gallery").randint(5, 20)
    return (
        f"<figure{css('gallery')}>{words.image()}<figcaption>{words.pick('gallery')} ({words.pick('who')}) "
        f"<span>{words.rng.randint(1, total)}/{total}</span></figcaption></figure>"
    )


def episode_box(words: Words, css: Css) -> str:
    """The newest episode of a podcast."""
    return (
        f"<aside{css('podcast')}><h4>{words.pick('podcast', css.rng('podcast'))}</h4>"
        f'<p><a href="/audio">{words.pick("episode")}</a></p><span>{video_length(words)}</span></aside>'
    )


def author_card(words: Words, css: Css) -> str:
    """The author of the article and the number of followers."""
    return (
        f"<div{css('author-card')}>{words.image()}<p><b>{words.pick('who', css.rng('author'))}</b> "
        f"{words.pick('bio', css.rng('bio'))}</p><span>{words.pick('followers')}</span></div>"
    )


# Links to other articles.


def also_line(words: Words, css: Css) -> str:
    """A paragraph with a label and a link."""
    return f"<p{css('also')}><b>{words.pick('also', css.rng('also'))}:</b> {words.link()}</p>"


def dossier(words: Words, css: Css) -> str:
    """The articles of a topic with their ages."""
    items = "".join(f"<li>{words.link()} <small>{words.pick('ago')}</small></li>" for _ in range(3))
    title = words.pick("topic", css.rng("topic"))
    return f"<section{css('dossier')}><h3>{title}</h3><ul>{items}</ul></section>"


def story_teaser(words: Words, css: Css) -> str:
    """Another article with the sentence that is to lure the reader there."""
    return (
        f'<aside{css("story-teaser")}><a href="{words.href()}"><h4>{words.headline()}</h4>'
        f"<p>{words.pick('teaser')}</p></a></aside>"
    )


def bare_links(words: Words, css: Css) -> str:
    """Three links in a list without a title."""
    return f"<ul{css('inline-links')}>{link_items(words, 3)}</ul>"


def arrow_links(words: Words, css: Css) -> str:
    """A paragraph of links separated by line breaks."""
    return f"<p{css('arrow-links')}>» {words.link()}<br>» {words.link()}</p>"


def picture_card(words: Words, css: Css) -> str:
    """Another article as a picture with its headline for a caption."""
    return (
        f'<figure{css("story-card")}><a href="{words.href()}">{words.image()}</a>'
        f"<figcaption>{words.link()}</figcaption></figure>"
    )


IN_TEXT: dict[str, Form] = {
    "promo": promo_paragraph,
    "letter": letter_paragraph,
    "sponsor": sponsor_paragraph,
    "video": video_player,
    "live": live_entries,
    "poll": poll_box,
    "quiz": quiz_box,
    "listen": listen_bar,
    "product": product_box,
    "match": match_table,
    "social post": social_post,
    "paywall": paywall_offer,
    "countdown": countdown_line,
    "donation": donation_meter,
    "gallery": gallery,
    "episode": episode_box,
    "author": author_card,
    "events table": events_table,
}
RELATED: dict[str, Form] = {
    "also": also_line,
    "dossier": dossier,
    "story teaser": story_teaser,
    "bare links": bare_links,
    "arrow links": arrow_links,
    "picture card": picture_card,
}
THIRD_FAMILY = Family("third", IN_TEXT, RELATED, AROUND_THIRD)
