"""The sixth family of page noise inside the text: what a page of 2026 changes between visits.

Its author had read neither the filters nor the forms and phrases of the other families.
"""

from benchmarks.pages.families.sixth_around import AROUND
from benchmarks.pages.families.sixth_parts import (
    credited_photo,
    distinct,
    fixed,
    linked,
    listed,
    score_row,
    ticker_entry,
)
from benchmarks.pages.families.sixth_related import RELATED
from benchmarks.pages.noise import Css, Family, Form, Words

EMPTY_SLOT_SHARE = 0.25  # of the responses in which no advertiser bids for the slot


def live_feed(words: Words, css: Css) -> str:
    """The last lines of a live ticker, inside the story that it belongs to."""
    lines = (f"<time>{words.pick('ago')}</time> {words.pick('live_line')}" for _ in range(3))
    label = fixed(words, css, "live_label")
    return f"<section{css('live-feed')}><h3>{label}</h3>{listed(lines, 'ol')}</section>"


def ticker_paragraph(words: Words, css: Css) -> str:
    """The newest ticker line as a paragraph, with its time of day."""
    clock, text = ticker_entry(words)
    return f"<p><strong>+++ {clock} +++</strong> {text}</p>"


def reaction_counts(words: Words, css: Css) -> str:
    """Faces to click, with the clicks so far."""
    faces = "".join(
        f'<button type="button" class="inline-flex items-center gap-1"><span>{face}</span>'
        f"<span>{words.rng.randint(1, 900)}</span></button>"
        for face in "👍😮😢😡"
    )
    return f"<div{css('reaction-counts')}>{faces}</div>"


def listen_bar(words: Words, css: Css) -> str:
    """A button that reads the article aloud, its length and how often it was played."""
    return (
        f'<div{css("listen-bar")} role="region"><button type="button">▶</button>'
        f"<span>{fixed(words, css, 'listen')}</span> <span>{words.rng.randint(2, 14)}:"
        f"{words.rng.randint(0, 59):02d}</span> <small>{words.pick('plays')}</small></div>"
    )


def reading_now(words: Words, css: Css) -> str:
    """How many people have the page open."""
    return f"<div{css('reading-now')}><i></i><p>{fixed(words, css, 'reading_now')}</p></div>"


def updated_line(words: Words, css: Css) -> str:
    """The time since the last update, counted again at every visit."""
    return f"<p{css('updated-ago')}><time>{words.pick('updated')}</time></p>"


def letter_paragraph(words: Words, css: Css) -> str:
    """A pitch for one of the newsletters, as an editor's paragraph in italics."""
    return f"<p><em>{words.pick('pitch')}</em></p>"


def letter_form(words: Words, css: Css) -> str:
    """A form for one of the newsletters."""
    return (
        f"<aside{css('letter-form')}><h4>{words.pick('pitch')}</h4><form>"
        f'<input type="email" name="email"><button>{fixed(words, css, "subscribe")}</button>'
        f"</form></aside>"
    )


def greeting(words: Words, css: Css) -> str:
    """A greeting of the reader, with the count of the stories read."""
    return (
        f"<div{css('greeting')}><p>{words.pick('greeting')}</p>"
        f"{linked(words, words.headline())}</div>"
    )


def weather_chip(words: Words, css: Css) -> str:
    """The weather where the reader is, as a custom element."""
    return (
        f"<local-weather{css('weather-chip')}><span>{words.pick('city')}</span> "
        f"<b>{words.rng.randint(-9, 33)}°</b> <span>{words.pick('sky')}</span></local-weather>"
    )


def stock_chip(words: Words, css: Css) -> str:
    """The share of a company of the story, with its course."""
    change = words.rng.uniform(-6, 6)
    return (
        f'<div{css("stock-chip")}><span class="flex gap-2 text-sm"><b>'
        f"{fixed(words, css, 'company')}</b> <span>{words.rng.uniform(4, 400):.2f}</span> "
        f"<span>{change:+.2f} %</span></span></div>"
    )


def labelled_ad(words: Words, css: Css) -> str:
    """An advertisement under its label, or the empty slot."""
    label = f"<small>{fixed(words, css, 'ad_label')}</small>"
    if words.rng.random() < EMPTY_SLOT_SHARE:
        return f"<div{css('ad-unit')}>{label}</div>"
    return (
        f'<div{css("ad-unit")}>{label}<a href="https://ads.example/{words.rng.randint(1, 10**6)}"'
        f' rel="sponsored">{words.image()}<span>{words.pick("ad")}</span></a></div>'
    )


def brand_paragraph(words: Words, css: Css) -> str:
    """A paid link that looks like a paragraph and has no label."""
    return (
        f'<p><a href="https://go.example/{words.rng.randint(1, 10**6)}" rel="nofollow sponsored">'
        f"{words.pick('brand')}</a></p>"
    )


def start_button(words: Words, css: Css) -> str:
    """The button that opens the rest of the text, its words under test."""
    return f'<div{css("start-button")}><button type="button">{words.pick("button")}</button></div>'


def rotating_gallery(words: Words, css: Css) -> str:
    """A picture of a gallery, another one at each visit."""
    photo, credit = credited_photo(words, css)
    return (
        f"<figure{css('gallery-teaser')}>{words.image()}<figcaption>{photo} "
        f"<span>{credit}</span> <span>{words.rng.randint(1, 12)}/12</span></figcaption></figure>"
    )


def poll_panel(words: Words, css: Css) -> str:
    """A question to the readers with the shares of the answers."""
    answers = (
        f"{answer} <b>{words.rng.randint(5, 70)} %</b>"
        for answer in sorted(distinct(words, "option"))
    )
    return (
        f"<div{css('poll-panel')}><p><strong>{fixed(words, css, 'question')}</strong></p>"
        f"{listed(answers)}<small>{fixed(words, css, 'votes')}</small></div>"
    )


def clip(words: Words, css: Css) -> str:
    """A video of the day with its length."""
    length = f"{words.rng.randint(0, 9)}:{words.rng.randint(0, 59):02d}"
    return (
        f'<figure{css("clip-of-day")}><video preload="none"></video><figcaption>'
        f"<b>{fixed(words, css, 'watch')}</b> {words.headline()} <time>{length}</time>"
        f"</figcaption></figure>"
    )


def quote_card(words: Words, css: Css) -> str:
    """A quotation from another story of the site."""
    return (
        f"<blockquote{css('quote-card')}><p>“{words.pick('quote')}”</p>"
        f"<footer><cite>{words.pick('name')}</cite></footer></blockquote>"
    )


def translation_note(words: Words, css: Css) -> str:
    """Who translated the page, and what readers think of that."""
    return f"<p{css('translation-note')}><small>{words.pick('translated')}</small></p>"


def countdown(words: Words, css: Css) -> str:
    """A subscription offer that runs out."""
    return (
        f'<div{css("offer-countdown")}><p class="font-bold text-lg">{words.pick("countdown")}</p>'
        f'<a href="/subscribe">{fixed(words, css, "subscribe")}</a></div>'
    )


def reader_voice(words: Words, css: Css) -> str:
    """One of the comments, as a teaser for the others."""
    return (
        f"<aside{css('reader-comment')}><h4>{fixed(words, css, 'comments_label')}</h4>"
        f"<p>“{words.pick('comment')}”</p><span>{words.pick('reader')} · {words.pick('ago')}"
        f"</span> <a href='#comments'>{words.pick('replies')}</a></aside>"
    )


def score_table(words: Words, css: Css) -> str:
    """The matches that are being played."""
    return f"<table{css('live-scores')}>{''.join(score_row(words) for _ in range(3))}</table>"


def price_box(words: Words, css: Css) -> str:
    """A thing to buy, with the price of the minute."""
    return (
        f"<div{css('price-box')}>{words.image()}<div><strong>{words.pick('product')}</strong> "
        f"<span>{words.pick('price')}</span> <a href='/go' rel='sponsored'>{words.pick('shop')}"
        f"</a><small>{words.pick('checked')}</small></div></div>"
    )


def ai_summary(words: Words, css: Css) -> str:
    """A summary in points that a model rewrites at every visit."""
    points = distinct(words, "ai_line")[:3]
    return (
        f"<details{css('ai-summary')} open><summary>{fixed(words, css, 'ai_label')}</summary>"
        f"{listed(points)}<small>{fixed(words, css, 'ai_note')}</small></details>"
    )


def writer_line(words: Words, css: Css) -> str:
    """The writer once more, with the count of followers."""
    return (
        f'<div{css("writer-line")}><a href="/author">{fixed(words, css, "name")}</a> '
        f"<span>{fixed(words, css, 'followers')}</span> "
        f"<button>{fixed(words, css, 'follow')}</button></div>"
    )


IN_TEXT: dict[str, Form] = {
    "live feed": live_feed,
    "ticker paragraph": ticker_paragraph,
    "reaction counts": reaction_counts,
    "listen bar": listen_bar,
    "reading now": reading_now,
    "updated line": updated_line,
    "letter paragraph": letter_paragraph,
    "letter form": letter_form,
    "greeting": greeting,
    "weather chip": weather_chip,
    "stock chip": stock_chip,
    "labelled ad": labelled_ad,
    "brand paragraph": brand_paragraph,
    "start button": start_button,
    "gallery": rotating_gallery,
    "poll panel": poll_panel,
    "clip": clip,
    "quote card": quote_card,
    "translation note": translation_note,
    "countdown": countdown,
    "reader voice": reader_voice,
    "score table": score_table,
    "price box": price_box,
    "ai summary": ai_summary,
    "writer line": writer_line,
}
SIXTH_FAMILY = Family("sixth", IN_TEXT, RELATED, AROUND)
