"""The fifth family of page noise inside the text: what pages of the last five years put there.

Its author had read neither the filters nor the other families.
"""

from benchmarks.pages.families.fifth_around import AROUND
from benchmarks.pages.noise import Css, Family, Form, Words

EMPTY_SLOT_SHARE = 0.2  # of the responses in which an auction fills no advertisement


def fixed(words: Words, css: Css, name: str) -> str:
    """The phrase of this list that the site always shows; its numbers change."""
    return words.pick(name, by=css.rng(name))


def link_text(words: Words, text: str) -> str:
    """A link to another page of the site with these words."""
    return f'<a href="{words.href()}">{text}</a>'


def auction_slot(words: Words, css: Css) -> str:
    """A label above an advertisement of a title, a sentence and a button, or above nothing."""
    label = f"<span>{fixed(words, css, 'ad_label')}</span>"
    number = words.rng.randint(10**6, 10**7)
    if words.rng.random() < EMPTY_SLOT_SHARE:
        return f'<div{css("auction-slot")}>{label}<div id="gpt-{number}"></div></div>'
    creative = (
        f'<a href="https://click.example/{number}" rel="sponsored"><strong>'
        f"{words.pick('ad_title')}</strong></a><div>{words.pick('ad_body')}</div>"
        f'<a href="https://click.example/{number}">{words.pick("ad_button")}</a>'
    )
    return f'<div{css("auction-slot")}>{label}<div id="gpt-{number}">{creative}</div></div>'


def letter_card(words: Words, css: Css) -> str:
    """A newsletter with its pitch of the day, a form and the number of its readers."""
    return (
        f"<section{css('letter-card')}><h3>{fixed(words, css, 'nl_title')}</h3>"
        f"<p>{words.pick('nl_pitch')}</p><form><input type='email'>"
        f"<button>{fixed(words, css, 'nl_button')}</button></form>"
        f"<small>{fixed(words, css, 'nl_note')}</small></section>"
    )


def partner_paragraph(words: Words, css: Css) -> str:
    """A paragraph in which a partner of the publisher offers a service."""
    label = fixed(words, css, "partner_label")
    return f"<p{css('partner-call')}><strong>{label}:</strong> {words.pick('partner')}</p>"


def share_price(words: Words, css: Css) -> str:
    """The price of a share that the site always shows here."""
    change = words.rng.uniform(-4, 4)
    return (
        f"<div{css('share-price')}><a href='{words.href()}'>{fixed(words, css, 'company')}</a> "
        f"<b>{words.rng.uniform(8, 310):.2f}</b> <span>{change:+.2f} %</span> "
        f"<small>{fixed(words, css, 'as_of')}</small></div>"
    )


def top_comment(words: Words, css: Css) -> str:
    """The comment that readers like most at the moment."""
    return (
        f"<aside{css('top-comment')}><h4>{fixed(words, css, 'comment_label')}</h4>"
        f"<blockquote><p>{words.pick('comment')}</p><footer>{words.pick('user')}</footer>"
        f"</blockquote><div>{fixed(words, css, 'replies')}</div></aside>"
    )


def reader_poll(words: Words, css: Css) -> str:
    """A question with three answers and the votes so far; each response asks another one."""
    yes = words.rng.randint(20, 60)
    no = words.rng.randint(10, 35)
    options = ("option_yes", yes), ("option_no", no), ("option_other", 100 - yes - no)
    rows = "".join(f"<li><label>{words.pick(o)}</label> <b>{v} %</b></li>" for o, v in options)
    return (
        f"<div{css('reader-poll')}><span>{fixed(words, css, 'poll_label')}</span>"
        f"<p>{words.pick('poll')}</p><ul>{rows}</ul><em>{fixed(words, css, 'votes')}</em></div>"
    )


def thanks_count(words: Words, css: Css) -> str:
    """How many readers found the article useful."""
    return f"<div{css('thanks')}><span>{fixed(words, css, 'useful')}</span></div>"


def episode_promo(words: Words, css: Css) -> str:
    """The newest episode of a podcast and its length."""
    return (
        f"<figure{css('episode')}>{words.image()}<figcaption>"
        f"<span>{fixed(words, css, 'pod_label')}: {fixed(words, css, 'show')}</span> "
        f"{link_text(words, words.pick('episode'))} <span>{fixed(words, css, 'minutes')}</span>"
        "</figcaption></figure>"
    )


def app_paragraph(words: Words, css: Css) -> str:
    """A paragraph in italics that recommends the app."""
    return f"<p{css('get-app')}><em>{words.pick('app')}</em></p>"


def gift_call(words: Words, css: Css) -> str:
    """A paragraph that asks for money, and a button."""
    return (
        f"<div{css('gift-call')}><p>{words.pick('give')}</p>"
        f"<a href='/support' role='button'>{fixed(words, css, 'give_button')}</a></div>"
    )


def clip_player(words: Words, css: Css) -> str:
    """A video player with the title of its clip, the length and the number of views."""
    length = f"{words.rng.randint(0, 4):02d}:{words.rng.randint(1, 59):02d}"
    return (
        f"<div{css('clip-player')}><video poster='/v/{words.rng.randint(1, 999)}.jpg'></video>"
        f"<div><b>{fixed(words, css, 'video_label')}</b> <span>{length}</span></div>"
        f"<p>{words.pick('video')}</p><span>{fixed(words, css, 'views')}</span></div>"
    )


def company_line(words: Words, css: Css) -> str:
    """How many people read the article at the moment, as a paragraph."""
    return f"<p{css('reading-now')}>{fixed(words, css, 'readers')}</p>"


def trial_offer(words: Words, css: Css) -> str:
    """An offer to subscribe as a paragraph with a link."""
    return f"<p{css('trial')}>{words.pick('offer')} <a href='/abo'>»</a></p>"


def reader_voice(words: Words, css: Css) -> str:
    """A sentence in which a subscriber says why; each response quotes another one."""
    return (
        f"<blockquote{css('reader-voice')}><p>{words.pick('voice')}</p>"
        f"<cite>{words.pick('user')}</cite></blockquote>"
    )


def dated_links(words: Words, css: Css) -> str:
    """Three related articles with the hour or the day of each."""
    rows = "".join(
        f"<li><time>{words.rng.randint(1, 28):02d}.{words.rng.randint(1, 12):02d}.</time> "
        f"{words.link()}</li>"
        for _ in range(3)
    )
    label = fixed(words, css, "related_label")
    return f"<div{css('dated-links')}><h4>{label}</h4><ul>{rows}</ul></div>"


def plain_links(words: Words, css: Css) -> str:
    """Two or three links, each a paragraph of its own, without a label."""
    links = (f"<p>{words.link()}</p>" for _ in range(words.rng.randint(2, 3)))
    return f"<div{css('plain-links')}>{''.join(links)}</div>"


def labelled_paragraph(words: Words, css: Css) -> str:
    """A paragraph of a bold label and a link."""
    label = fixed(words, css, "inline_label")
    return f"<p{css('labelled-paragraph')}><b>{label}:</b> {words.link()}</p>"


def picture_teaser(words: Words, css: Css) -> str:
    """An article card: a picture, a section, a headline and the first sentences."""
    return (
        f"<article{css('picture-teaser')}>{words.image()}<span>{words.pick('section')}</span>"
        f"<h3>{words.link()}</h3><p>{words.teaser()}</p></article>"
    )


def earlier_sentence(words: Words, css: Css) -> str:
    """A sentence of the newsroom's system that leads to another article."""
    sentence = fixed(words, css, "earlier").replace("{link}", words.link())
    return f"<p{css('earlier')}>{sentence}</p>"


IN_TEXT: dict[str, Form] = {
    "auction slot": auction_slot, "letter card": letter_card, "partner": partner_paragraph,
    "share price": share_price, "top comment": top_comment, "reader poll": reader_poll,
    "thanks": thanks_count, "episode": episode_promo, "get app": app_paragraph,
    "gift call": gift_call, "clip player": clip_player, "reading now": company_line,
    "trial": trial_offer, "reader voice": reader_voice,
}  # fmt: skip
RELATED: dict[str, Form] = {
    "dated links": dated_links, "plain links": plain_links, "label": labelled_paragraph,
    "picture teaser": picture_teaser, "earlier": earlier_sentence,
}  # fmt: skip
FIFTH_FAMILY = Family("fifth", IN_TEXT, RELATED, AROUND)
