"""The fifth family of page noise around the article."""

from benchmarks.pages.noise import Css, Form, Words

ROWS = 4


def chosen(words: Words, css: Css, name: str) -> str:
    """The phrase of this list that the site always shows; its numbers change."""
    return words.pick(name, by=css.rng(name))


def hourly_ranking(words: Words, css: Css) -> str:
    """The articles that were read most in the last hour."""
    rows = "".join(f"<li><span>{n}</span> {words.link()}</li>" for n in range(1, ROWS + 1))
    label = chosen(words, css, "ranking_label")
    return f"<section{css('hourly')}><h2>{label}</h2><ol>{rows}</ol></section>"


def comment_peek(words: Words, css: Css) -> str:
    """Three comments with names, hours and likes."""
    rows = "".join(
        f"<div><b>{words.pick('user')}</b> <time>{chosen(words, css, 'ago')}</time>"
        f"<p>{words.pick('comment')}</p><span>{chosen(words, css, 'replies')}</span></div>"
        for _ in range(3)
    )
    return f"<div{css('comment-peek')}><h3>{chosen(words, css, 'comment_label')}</h3>{rows}</div>"


def share_bar(words: Words, css: Css) -> str:
    """Share buttons, each with its count."""
    buttons = "".join(
        f"<a href='#'>{name} <span>{words.rng.randint(3, 900)}</span></a> "
        for name in ("X", "Facebook", "WhatsApp", "Bluesky")
    )
    return (
        f"<div{css('share-row')}><span>{chosen(words, css, 'share_label')}</span> {buttons}</div>"
    )


def topic_chips(words: Words, css: Css) -> str:
    """The topics of the hour."""
    chips = " ".join(f"<a href='{words.href()}'>#{words.pick('topic')}</a>" for _ in range(5))
    return (
        f"<div{css('topic-chips')}><span>{chosen(words, css, 'topics_label')}</span> {chips}</div>"
    )


def writer_box(words: Words, css: Css) -> str:
    """An author with a portrait, the number of followers and the latest articles."""
    person, bio = chosen(words, css, "person"), chosen(words, css, "bio")
    links = "".join(f"<li>{words.link()}</li>" for _ in range(3))
    return (
        f"<div{css('writer-box')}><img src='/p.jpg' alt=''><p><strong>{person}</strong> {bio}</p>"
        f"<span>{chosen(words, css, 'followers')}</span>"
        f"<h4>{chosen(words, css, 'writer_more')}</h4><ul>{links}</ul></div>"
    )


def giving_foot(words: Words, css: Css) -> str:
    """An appeal for money with a sum that grows."""
    return (
        f"<section{css('giving-foot')}><p>{words.pick('give')}</p>"
        f"<p>{chosen(words, css, 'offer')}</p><progress value='{words.rng.randint(1, 99)}' "
        f"max='100'></progress><button>{chosen(words, css, 'give_button')}</button></section>"
    )


def privacy_remnant(words: Words, css: Css) -> str:
    """What a consent banner leaves in the page."""
    return (
        f"<div{css('privacy')}><p>{words.pick('privacy')}</p>"
        f"<button>{chosen(words, css, 'privacy_button')}</button></div>"
    )


def traffic_desk(words: Words, css: Css) -> str:
    """Traffic reports and the weather of the region."""
    rows = "".join(f"<li>{words.pick('traffic')}</li>" for _ in range(3))
    weather = words.pick("weather").replace("{town}", chosen(words, css, "town"))
    return (
        f"<aside{css('traffic')}><h3>{chosen(words, css, 'traffic_label')}</h3>"
        f"<ul>{rows}</ul><p>{weather}</p></aside>"
    )


def market_board(words: Words, css: Css) -> str:
    """A table of indices."""
    rows = "".join(
        f"<tr><td>{words.pick('index')}</td><td>{words.rng.uniform(1, 9000):.2f}</td>"
        f"<td>{words.rng.uniform(-3, 3):+.2f} %</td></tr>"
        for _ in range(ROWS)
    )
    return f"<table{css('market-board')}><caption>{chosen(words, css, 'market_label')}</caption>{rows}</table>"


def radio_shelf(words: Words, css: Css) -> str:
    """Programmes of the publisher's radio with their lengths."""
    rows = "".join(
        f"<li><a href='{words.href()}'>{words.pick('programme')}</a> "
        f"<span>{chosen(words, css, 'minutes')}</span></li>"
        for _ in range(3)
    )
    return (
        f"<div{css('radio-shelf')}><h3>{chosen(words, css, 'pod_label')}</h3><ul>{rows}</ul></div>"
    )


AROUND: dict[str, Form] = {
    "hourly ranking": hourly_ranking, "comment peek": comment_peek, "share bar": share_bar,
    "topic chips": topic_chips, "writer box": writer_box, "giving foot": giving_foot,
    "privacy remnant": privacy_remnant, "traffic desk": traffic_desk,
    "market board": market_board, "radio shelf": radio_shelf,
}  # fmt: skip
