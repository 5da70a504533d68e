"""The fourth family of page noise between paragraphs, written apart from the tracker.

Its shapes are those of real pages: assistants that suggest questions, notes on commissions, meters
of free articles, brand surveys, calls for readers' stories. The blocks around the article are in
`fourth_around.py`.
"""

from benchmarks.pages.families.fourth_around import AROUND
from benchmarks.pages.noise import Css, Family, Words


def _fixed(words: Words, css: Css, name: str) -> str:
    """The label that this site always uses."""
    return words.pick(name, by=css.rng(name))


def _tag(css: Css, name: str, *tags: str) -> str:
    """The element in which this site writes the block."""
    return css.rng(f"{name}/tag").choice(tags)


def commission_note(words: Words, css: Css) -> str:
    """What the site earns from the shops that it links to."""
    return f"<div{css('commission-note')}><p>{words.pick('disclosure')}</p></div>"


def unloaded_ad(words: Words, css: Css) -> str:
    """A numbered slot, its advertisement if it was filled, and where the text goes on."""
    filling = f"<div>{words.pick('native')}</div>" if words.rng.random() < 0.7 else ""
    slot = words.rng.randint(1, 6)
    return (
        f"<section{css('ad-holder')}><div>{_fixed(words, css, 'ad_label')} {slot}</div>{filling}"
        f"<div>{_fixed(words, css, 'continues')}</div></section>"
    )


def assistant(words: Words, css: Css) -> str:
    """Questions that the assistant of the site proposes."""
    tag = _tag(css, "assistant", "li", "button", "p")
    count = css.rng("assistant").randint(2, 3)
    asked: set[str] = set()
    while len(asked) < count:
        asked.add(words.pick("ask"))
    questions = "".join(f"<{tag}>{question}</{tag}>" for question in sorted(asked))
    inner = f"<ul>{questions}</ul>" if tag == "li" else questions
    return f"<div{css('ask-ai')}><h4>{_fixed(words, css, 'ask_label')}</h4>{inner}</div>"


def alert_offer(words: Words, css: Css) -> str:
    """The offer to send alerts about the subject."""
    return (
        f"<div{css('alert-offer')}><p>{words.pick('notify')}</p>"
        f"<button>{_fixed(words, css, 'button')}</button></div>"
    )


def app_line(words: Words, css: Css) -> str:
    """A paragraph for the app, as plain as those of the article."""
    tag = _tag(css, "app", "em", "strong", "span")
    return f"<p{css('app-line')}><{tag}>{words.pick('app')}</{tag}></p>"


def channel_link(words: Words, css: Css) -> str:
    """A linked line, on some sites in capitals."""
    text = words.pick("channel")
    text = text.upper() if _tag(css, "channel", "caps", "lower") == "caps" else text
    return f'<p{css("channel-link")}><a href="/go/channel"><strong>{text}</strong></a></p>'


def meter(words: Words, css: Css) -> str:
    """How many articles the reader may still read."""
    return (
        f"<div{css('meter')}><span>{words.pick('meter')}</span> "
        f'<a href="/account">{_fixed(words, css, "button")}</a></div>'
    )


def brand_survey(words: Words, css: Css) -> str:
    """A question about brands with the brands to tick."""
    brands = "".join(
        f'<label><input type="checkbox"> {words.pick("brand")}</label>' for _ in range(4)
    )
    return f"<div{css('brand-survey')}><p>{words.pick('survey')}</p><div>{brands}</div></div>"


def callout(words: Words, css: Css) -> str:
    """A call for the stories of readers."""
    tag = _tag(css, "callout", "aside", "div")
    return (
        f"<{tag}{css('reader-call')}><h4>{_fixed(words, css, 'callout_label')}</h4>"
        f"<p>{words.pick('callout')}</p></{tag}>"
    )


def rotating_fact(words: Words, css: Css) -> str:
    """A sentence of general knowledge."""
    label = _fixed(words, css, "fact_label")
    return f"<div{css('fact')}><p><b>{label}</b> {words.pick('fact')}</p></div>"


def weather_strip(words: Words, css: Css) -> str:
    """The weather of a town."""
    return (
        f"<div{css('weather-strip')}><span>{_fixed(words, css, 'town')}</span> "
        f"<span>{words.pick('weather')}</span></div>"
    )


def native_paragraph(words: Words, css: Css) -> str:
    """A paid headline with the name of who paid."""
    return (
        f'<p{css("paid-line")}><a href="/click/{words.rng.getrandbits(32):08x}">'
        f"{words.pick('native')}</a> <small>{words.pick('brand')}</small></p>"
    )


def share_chips(words: Words, css: Css) -> str:
    """The prices of three shares."""
    chips = "".join(
        f'<a href="/quote">{words.pick("brand", by=css.rng(f"share/{number}"))} '
        f"<b>{words.rng.uniform(8, 300):.2f}</b> <i>{words.rng.uniform(-4, 4):+.2f}%</i></a> "
        for number in range(3)
    )
    return f"<div{css('share-chips')}>{chips}</div>"


def readers_now(words: Words, css: Css) -> str:
    """How many read the article at this moment."""
    return f"<p{css('readers-now')}>{words.pick('reading')}</p>"


def link_card(words: Words, css: Css) -> str:
    """A flag, a headline and on some sites a sentence, all in one link."""
    deck = f"<p>{words.teaser()}</p>" if _tag(css, "card", "deck", "bare") == "deck" else ""
    return (
        f'<div{css("link-card")}><a href="{words.href()}"><div>{words.pick("section")}</div>'
        f"<h3>{words.headline()}</h3>{deck}</a></div>"
    )


def labelled_link(words: Words, css: Css) -> str:
    """A label and a linked headline in one paragraph."""
    label = _fixed(words, css, "more")
    if _tag(css, "labelled", "brackets", "colon") == "brackets":
        return f"<p{css('labelled-link')}>[{label}: {words.link()}]</p>"
    return f"<p{css('labelled-link')}><strong>{label}:</strong> {words.link()}</p>"


def signed_links(words: Words, css: Css) -> str:
    """Linked headlines, each above its author."""
    entries = "".join(
        f"<h2>{words.link()}</h2><span>{words.pick('person')}</span>"
        for _ in range(css.rng("signed").randint(1, 2))
    )
    return f"<div{css('signed-links')}><p>{_fixed(words, css, 'more')}</p>{entries}</div>"


def dated_teaser(words: Words, css: Css) -> str:
    """A date, a headline and the first sentence of an older article."""
    rng = words.rng
    date = f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}.20{rng.randint(20, 25)}"
    return (
        f'<div{css("dated-teaser")}><a href="{words.href()}"><p>{date}</p><h3>{words.headline()}</h3>'
        f"</a><p>{words.teaser()}</p></div>"
    )


def timed_feed(words: Words, css: Css) -> str:
    """The newest articles of a dossier with their times."""
    hours = sorted((words.rng.randint(6, 22) for _ in range(3)), reverse=True)
    lines = "".join(
        f"<li><time>{hour:02d}:{words.rng.randint(0, 59):02d}</time> {words.link()}</li>"
        for hour in hours
    )
    return f"<div{css('timed-feed')}><h3>{_fixed(words, css, 'section')}</h3><ul>{lines}</ul></div>"


def clip(words: Words, css: Css) -> str:
    """A film: its title, its length, and where it was shown."""
    rng = words.rng
    return (
        f'<figure{css("clip")}>{words.image()}<figcaption><a href="{words.href()}">'
        f"{words.headline()}</a><div>{rng.randint(0, 4)}:{rng.randint(10, 59)} | "
        f"{words.pick('person')}, {_fixed(words, css, 'programme')}</div></figcaption></figure>"
    )


FOURTH_FAMILY = Family(
    phrases="fourth",
    in_text={
        "commission note": commission_note,
        "unloaded ad": unloaded_ad,
        "assistant": assistant,
        "alert offer": alert_offer,
        "app line": app_line,
        "channel link": channel_link,
        "meter": meter,
        "brand survey": brand_survey,
        "callout": callout,
        "rotating fact": rotating_fact,
        "weather strip": weather_strip,
        "native paragraph": native_paragraph,
        "share chips": share_chips,
        "readers now": readers_now,
    },
    related={
        "link card": link_card,
        "labelled link": labelled_link,
        "signed links": signed_links,
        "dated teaser": dated_teaser,
        "timed feed": timed_feed,
        "clip": clip,
    },
    around=AROUND,
)
