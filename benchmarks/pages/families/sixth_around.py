"""The sixth family of page noise around the article."""

from benchmarks.pages.families.sixth_parts import (
    credited_photo,
    distinct,
    fixed,
    linked,
    listed,
    score_row,
)
from benchmarks.pages.noise import Css, Form, Words


def live_rail(words: Words, css: Css) -> str:
    """The newest ticker lines of the house."""
    lines = (f"<time>{words.pick('ago')}</time> {words.link()}" for _ in range(6))
    return f"<aside{css('live-rail')}><h2>{fixed(words, css, 'newest')}</h2>{listed(lines)}</aside>"


def reaction_bar(words: Words, css: Css) -> str:
    """Likes, shares and comments so far."""
    buttons = "".join(
        f'<button type="button">{sign} <span>{words.rng.randint(1, 2000)}</span></button>'
        for sign in ("♥", "↗", "💬")
    )
    return f"<div{css('reaction-bar')}>{buttons}</div>"


def luck_and_stars(words: Words, css: Css) -> str:
    """The lottery numbers and a horoscope."""
    numbers = " ".join(str(words.rng.randint(1, 49)) for _ in range(6))
    return (
        f"<section{css('luck')}><h3>{fixed(words, css, 'lottery')}</h3><p>{numbers}</p>"
        f"<p><b>{words.pick('sign')}</b> {words.pick('stars')}</p></section>"
    )


def scoreboard(words: Words, css: Css) -> str:
    """The matches of the day."""
    rows = "".join(score_row(words) for _ in range(5))
    return f"<div{css('scoreboard')}><table><tbody>{rows}</tbody></table></div>"


def deal_shelf(words: Words, css: Css) -> str:
    """Things to buy, with their prices."""
    deals = (
        f"<a href='/go' rel='sponsored'>{product}</a> <b>{words.pick('price')}</b> "
        f"<small>{words.pick('shop')}</small>"
        for product in distinct(words, "product")
    )
    return f"<div{css('deal-shelf')}><small>{words.pick('checked')}</small>{listed(deals)}</div>"


def reader_thread(words: Words, css: Css) -> str:
    """The newest comments, whole."""
    comments = "".join(
        f'<div class="border-t py-2"><b>{words.pick("reader")}</b> <time>{words.pick("ago")}</time>'
        f"<p>{comment}</p><button>♥ {words.rng.randint(0, 99)}</button></div>"
        for comment in distinct(words, "comment")[:4]
    )
    return (
        f'<section{css("reader-thread")} id="comments"><h3>{fixed(words, css, "comments_label")}'
        f"</h3>{comments}<a href='#'>{words.pick('replies')}</a></section>"
    )


def picked_grid(words: Words, css: Css) -> str:
    """Stories chosen for the reader, with pictures and first sentences."""
    cards = "".join(
        f'<div><a href="{words.href()}">{words.image()}<h3>{words.headline()}</h3></a>'
        f"<p>{words.teaser()}</p></div>"
        for _ in range(4)
    )
    return (
        f'<section{css("picked-grid")}><h2>{fixed(words, css, "picked")}</h2><div class="grid '
        f'grid-cols-2 gap-4">{cards}</div></section>'
    )


def local_strip(words: Words, css: Css) -> str:
    """The weather in some towns, and some shares."""
    towns = "".join(
        f"<span>{town} {words.rng.randint(-9, 33)}° {words.pick('sky')}</span> "
        for town in distinct(words, "city")[:3]
    )
    shares = "".join(
        f"<span>{name} {words.rng.uniform(4, 400):.2f} ({words.rng.uniform(-5, 5):+.1f} %)</span> "
        for name in distinct(words, "company")[:3]
    )
    return f"<div{css('local-strip')}>{towns}{shares}</div>"


def follow_box(words: Words, css: Css) -> str:
    """The writer, the followers, and the last story by the same hand."""
    return (
        f"<div{css('follow-box')}>{words.image()}<div><a href='/author'>"
        f"{fixed(words, css, 'name')}</a> <span>{fixed(words, css, 'followers')}</span>"
        f"<button>{fixed(words, css, 'follow')}</button><p>{words.link()}</p></div></div>"
    )


def daily_quiz(words: Words, css: Css) -> str:
    """A question to win the reader back tomorrow."""
    return (
        f"<div{css('daily-quiz')}><h4>{fixed(words, css, 'quiz_label')}</h4>"
        f"<p>{words.pick('quiz')}</p>{linked(words, words.pick('button'))}</div>"
    )


def letter_stack(words: Words, css: Css) -> str:
    """Three newsletters to tick."""
    letters = (
        f'<label><input type="checkbox"> {pitch}</label>' for pitch in distinct(words, "pitch")[:3]
    )
    return (
        f"<form{css('letter-stack')}>{listed(letters)}"
        f"<button>{fixed(words, css, 'subscribe')}</button></form>"
    )


def photo_of_the_day(words: Words, css: Css) -> str:
    """A picture that has nothing to do with the story."""
    photo, credit = credited_photo(words, css)
    return (
        f"<figure{css('photo-of-day')}>{words.image()}<figcaption>{photo} "
        f"<small>{credit}</small></figcaption></figure>"
    )


AROUND: dict[str, Form] = {
    "live rail": live_rail,
    "reaction bar": reaction_bar,
    "luck and stars": luck_and_stars,
    "scoreboard": scoreboard,
    "deal shelf": deal_shelf,
    "reader thread": reader_thread,
    "picked grid": picked_grid,
    "local strip": local_strip,
    "follow box": follow_box,
    "daily quiz": daily_quiz,
    "letter stack": letter_stack,
    "photo of the day": photo_of_the_day,
}
