"""The third family of page noise, around the article: rails, comments, lists and bars."""

from benchmarks.pages.noise import Css, Form, Words


def video_length(words: Words) -> str:
    """The length of a video or an episode."""
    return f"{words.rng.randint(0, 48)}:{words.rng.randrange(60):02}"


def _items(words: Words, css: Css, name: str, *, tag: str = "ul", count: int = 4) -> str:
    """A list of phrases."""
    lines = "".join(f"<li>{words.pick(name)}</li>" for _ in range(count))
    return f"<{tag}{css(name)}>{lines}</{tag}>"


def link_items(words: Words, count: int) -> str:
    """List items that link to other articles."""
    return "".join(f"<li>{words.link()}</li>" for _ in range(count))


def match_table(words: Words, css: Css) -> str:
    """The scores of the day."""
    rows = "".join(
        f"<tr><td>{words.pick('team')}</td><td>{words.rng.randrange(5)}:{words.rng.randrange(5)}</td>"
        f"<td>{words.pick('team')}</td></tr>"
        for _ in range(words.rng.randint(2, 4))
    )
    return f"<table{css('scores')}><tbody>{rows}</tbody></table>"


def events_table(words: Words, css: Css) -> str:
    """A calendar of events."""
    rows = "".join(
        f"<tr><td>{words.rng.randint(1, 28)}.{words.rng.randint(1, 12)}.</td>"
        f"<td>{words.pick('event')} ({words.pick('who')})</td><td>{words.rng.randint(9, 22)}:30</td></tr>"
        for _ in range(3)
    )
    return f"<table{css('events')}>{rows}</table>"


def video_rail(words: Words, css: Css) -> str:
    """A row of videos."""
    tiles = "".join(
        f'<div><a href="{words.href()}">{words.image()}<span>{video_length(words)}</span> {words.headline()}</a></div>'
        for _ in range(4)
    )
    return f"<section{css('video-rail')}><h2>{words.pick('now_playing', css.rng('rail'))}</h2>{tiles}</section>"


def reader_comments(words: Words, css: Css) -> str:
    """The newest comments."""
    comments = "".join(
        f"<article><header><b>{words.pick('who')}</b> <time>{words.pick('ago')}</time></header>"
        f"<p>{words.pick('comment')}</p><footer>{words.pick('likes')}</footer></article>"
        for _ in range(3)
    )
    return f"<div{css('reader-comments')}><h3>{words.pick('comments_title')}</h3>{comments}</div>"


def most_read(words: Words, css: Css) -> str:
    """The articles that are read most in a section."""
    title = words.pick("most_read", css.rng("most read"))
    return f"<section{css('popular')}><h3>{title}</h3><ol>{link_items(words, 5)}</ol></section>"


def tag_cloud(words: Words, css: Css) -> str:
    """What the article is filed under, and what others look for."""
    tags = " ".join(f'<a href="/tag/{n}">{words.pick("tag")}</a>' for n in range(5))
    return f"<div{css('tag-cloud')}>{tags}</div>"


def rates_bar(words: Words, css: Css) -> str:
    """The weather and three exchange rates."""
    rates = " ".join(
        f"<span>{code} {words.rng.uniform(0.5, 190):.3f} {words.rng.choice('▲▼')}</span>"
        for code in ("EUR/USD", "GBP", "BTC")
    )
    weather = f"{words.rng.randint(-5, 33)}° {words.pick('weather')}"
    return f"<div{css('rates-bar')}><span>{weather}</span> {rates}</div>"


def jobs_list(words: Words, css: Css) -> str:
    """Job advertisements."""
    return f"<aside{css('jobs-box')}>{_items(words, css, 'job')}</aside>"


def obituaries(words: Words, css: Css) -> str:
    """Death notices of the day."""
    return f"<aside{css('notices')}>{_items(words, css, 'obituary', count=3)}</aside>"


def cookie_text(words: Words, css: Css) -> str:
    """The consent banner."""
    return (
        f'<div{css("consent")} role="dialog"><p>{words.pick("cookie")}</p><button>OK</button></div>'
    )


def podcast_list(words: Words, css: Css) -> str:
    """The episodes of several podcasts."""
    items = "".join(
        f'<li><a href="/audio/{n}">{words.pick("episode")}</a> <span>{video_length(words)}</span></li>'
        for n in range(3)
    )
    return (
        f"<section{css('podcast-list')}><h3>{words.pick('podcast')}</h3><ul>{items}</ul></section>"
    )


def follow_row(words: Words, css: Css) -> str:
    """The section, the reading time and the followers of the site."""
    place = " › ".join(words.pick("place", css.rng(f"place {n}")) for n in range(2))
    return (
        f"<div{css('follow')}><span>{place}</span> <span>{words.pick('reading', css.rng('reading'))}</span> "
        f"<span>{words.pick('followers')}</span></div>"
    )


AROUND_THIRD: dict[str, Form] = {
    "videos": video_rail,
    "comments": reader_comments,
    "ranking": most_read,
    "tags": tag_cloud,
    "ticker": rates_bar,
    "scores": match_table,
    "jobs": jobs_list,
    "obituaries": obituaries,
    "events": events_table,
    "cookies": cookie_text,
    "podcasts": podcast_list,
    "follow": follow_row,
}
