"""What the fourth family of page noise shows around the article."""

from benchmarks.pages.noise import Css, Form, Words


def next_story(words: Words, css: Css) -> str:
    """The beginning of the next article, as pages without an end load it."""
    return (
        f"<section{css('next-story')}><h2>{words.link()}</h2><span>{words.pick('person')}</span>"
        f"<p>{words.teaser()}</p><p>{words.teaser()}</p></section>"
    )


def paid_feed(words: Words, css: Css) -> str:
    """Cards of paid headlines."""
    cards = "".join(
        f'<div><a href="/click/{words.rng.getrandbits(32):08x}">{words.image()}'
        f"<span>{words.pick('native')}</span></a><span>{words.pick('brand')}</span></div>"
        for _ in range(words.rng.randint(3, 6))
    )
    return f"<div{css('paid-feed')}>{cards}</div>"


def newest_rail(words: Words, css: Css) -> str:
    """The newest headlines of the site with their times."""
    lines = "".join(
        f"<li><span>{words.rng.randint(0, 23):02d}:{words.rng.randint(0, 59):02d}</span> "
        f"{words.link()}</li>"
        for _ in range(6)
    )
    return f"<div{css('newest-rail')}><ul>{lines}</ul></div>"


def forecast(words: Words, css: Css) -> str:
    """The weather of the next days."""
    town = words.pick("town", by=css.rng("town"))
    days = "".join(
        f"<li><span>{words.pick('day')}</span>{words.image()}<span>{words.pick('weather')}</span></li>"
        for _ in range(3)
    )
    more = f'<a href="/weather">{words.pick("outlook")}</a>'
    return f"<div{css('forecast')}><h3>{town}</h3><ul>{days}</ul>{more}</div>"


def writer_latest(words: Words, css: Css) -> str:
    """The writer, followed by the newest articles of the same hand."""
    name = words.pick("person", by=css.rng("writer"))
    links = "".join(f"<li>{words.link()}</li>" for _ in range(3))
    return f"<div{css('writer-latest')}><h4>{name}</h4><ul>{links}</ul></div>"


def shop_picks(words: Words, css: Css) -> str:
    """Products with their prices."""
    picks = "".join(
        f"<div>{words.image()}<p>{words.pick('product')}</p><p>{words.pick('price')}</p></div>"
        for _ in range(3)
    )
    return f"<div{css('shop-picks')}>{picks}</div>"


def letters(words: Words, css: Css) -> str:
    """The beginnings of letters to the editor, linked to the page of letters."""
    texts = "".join(
        f'<li><a href="{words.href()}">{words.pick("letter")}</a> <em>{words.pick("person")}, '
        f"{words.pick('town')}</em></li>"
        for _ in range(2)
    )
    label = words.pick("letters_label", by=css.rng("letters"))
    return (
        f"<div{css('letters')}><h3>{label}</h3><ul>{texts}</ul>"
        f'<a href="/letters">{words.pick("all_letters")}</a></div>'
    )


def short_clips(words: Words, css: Css) -> str:
    """A rail of short films with their views."""
    clips = "".join(
        f'<a href="{words.href()}">{words.image()}<span>{words.headline()}</span>'
        f"<span>0:{words.rng.randint(10, 59)}</span></a>"
        for _ in range(4)
    )
    return f"<div{css('short-clips')}>{clips}</div>"


def bulletins(words: Words, css: Css) -> str:
    """Newsletters to choose from."""
    rows = "".join(
        f'<li><label><input type="checkbox"> {words.pick("bulletin")}</label></li>'
        for _ in range(3)
    )
    label = words.pick("bulletins_label", by=css.rng("bulletins"))
    button = words.pick("sign_up", by=css.rng("bulletins/button"))
    return (
        f"<form{css('bulletins')}><h3>{label}</h3><ul>{rows}</ul>"
        f'<input type="email"><button>{button}</button></form>'
    )


def trust_note(words: Words, css: Css) -> str:
    """The sentence that this site has about its newsroom; it never changes."""
    note = words.pick("trust", by=css.rng("trust"))
    return f"<div{css('trust-note')}><p>{note}</p></div>"


AROUND: dict[str, Form] = {
    "next story": next_story,
    "paid feed": paid_feed,
    "newest rail": newest_rail,
    "forecast": forecast,
    "writer latest": writer_latest,
    "shop picks": shop_picks,
    "letters": letters,
    "short clips": short_clips,
    "bulletins": bulletins,
    "trust note": trust_note,
}
