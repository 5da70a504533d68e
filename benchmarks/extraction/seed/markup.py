"""The seed page in six markups that Korean news sites use, with its changing lists around it."""

import html
import json
from collections.abc import Callable, Iterable
from datetime import datetime

from benchmarks.extraction.seed.page import KST, ResponseNoise, SeedText

Markup = Callable[[SeedText, ResponseNoise, datetime | None], str]
SITE = "한빛경제"


def _escape(text: str) -> str:
    return html.escape(text, quote=True)


def _tags(tag: str, lines: Iterable[str]) -> str:
    return "".join(f"<{tag}>{_escape(line)}</{tag.split()[0]}>\n" for line in lines)


def _display_time(timestamp: datetime) -> str:
    return f"{timestamp.astimezone(KST):%Y-%m-%d %H:%M}"


def _iso_time(timestamp: datetime) -> str:
    return timestamp.astimezone(KST).isoformat()


def _og(seed: SeedText) -> str:
    lead = _escape(" ".join(seed.paragraphs[0].split()[:20]))
    return (
        f'<meta property="og:type" content="article"><meta property="og:site_name" content="{SITE}">'
        f'<meta property="og:title" content="{_escape(seed.headline)}">'
        f'<meta property="og:description" content="{lead}">'
        f'<meta property="article:published_time" content="{_iso_time(seed.published_at)}">'
    )


def _json_ld(seed: SeedText, modified_at: datetime | None) -> str:
    graph = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": seed.headline,
        "datePublished": _iso_time(seed.published_at),
        "dateModified": _iso_time(modified_at or seed.published_at),
        "publisher": {"@type": "Organization", "name": SITE},
    }
    return f'<script type="application/ld+json">{json.dumps(graph, ensure_ascii=False)}</script>'


def _page(title: str, head: str, body: str) -> str:
    """A whole document. The encoder replaces its `{{charset}}` by a meta element or nothing."""
    return (
        f'<!DOCTYPE html><html lang="ko"><head>{{charset}}<title>{_escape(title)}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def _ticker(noise: ResponseNoise, tag: str = "li") -> str:
    return "".join(
        f"<{tag}><span>{name}</span> <span>{price}</span> <span>{change}</span></{tag}>"
        for name, price, change in noise.ticker
    )


def _times(seed: SeedText, modified_at: datetime | None, tag: str) -> str:
    times_html = f"<{tag}>입력 {_display_time(seed.published_at)}</{tag.split()[0]}>"
    return times_html + (
        f"<{tag}>수정 {_display_time(modified_at)}</{tag.split()[0]}>" if modified_at else ""
    )


def _with_figure(seed: SeedText, figure: str, tag: str) -> str:
    """The paragraphs with the picture before number `caption_index`."""
    before, after = seed.paragraphs[: seed.caption_index], seed.paragraphs[seed.caption_index :]
    return _tags(tag, before) + figure + _tags(tag, after)


def divs(seed: SeedText, noise: ResponseNoise, modified_at: datetime | None) -> str:
    """A modern portal: containers with telling names, og tags and JSON-LD."""
    caption = _escape(seed.caption)
    figure = (
        f'<div class="img_box"><img src="/p/1.jpg" alt="{caption}"><p class="caption">{caption}</p>'
        f'<p class="caption_pc">{caption}</p></div>'
    )
    body = (
        f'<ul class="ticker">{_ticker(noise)}</ul><article class="containerWrap"><section>'
        f'<h1 class="main_title">{_escape(seed.headline)}</h1>'
        f'<div class="newsinfo">{_times(seed, modified_at, "span")}</div>'
        f'<ul class="font_size">{_tags("li", seed.menu)}</ul>'
        f'<div class="view_contents"><div class="summary">'
        f"{'<br>'.join(f'<b>{_escape(line)}</b>' for line in seed.dek)}</div>"
        f'<div class="articleView" itemprop="articleBody">{_with_figure(seed, figure, "p")}</div>'
        f'<ul class="recommend_btn">{_tags("li", noise.reactions)}</ul></div></section>'
        f'<aside><h3>주요 뉴스</h3><ul class="news_list">{_tags("li", noise.news)}</ul>'
        f"<h3>오늘의 상승종목</h3><p>{noise.closing}</p><ul>{_tags('li', noise.rising)}</ul>"
        f"<h3>실시간 암호화폐 시세</h3><p>* 24시간 변동률 기준</p></aside></article>"
    )
    head = _og(seed) + _json_ld(seed, modified_at) + f'<script>var rid="{noise.token}"</script>'
    return _page(f"{seed.headline} - {SITE}", head, body)


def og_only(seed: SeedText, noise: ResponseNoise, modified_at: datetime | None) -> str:
    """Bold dek lines and the text in one container, separated by line breaks; og tags only."""
    dek = "<br>".join(f"<strong>{_escape(line)}</strong>" for line in seed.dek)
    parts = [_escape(line) for line in seed.paragraphs]
    caption = _escape(seed.caption)
    parts[seed.caption_index] = (
        f'<span class="img"><img src="/p/1.jpg"><br>{caption}<br>{caption}</span><br>'
        + parts[seed.caption_index]
    )
    body = (
        f'<div id="top"><h2 class="tit">{_escape(seed.headline)}</h2>'
        f'<p class="date">{_times(seed, modified_at, "em")}</p></div>'
        f'<div class="fontmenu">{_tags("a", seed.menu)}</div>'
        f'<div id="articleBody"><div class="sub">{dek}</div>{"<br><br>".join(parts)}</div>'
        f'<div class="like">{_tags("button", noise.reactions)}</div>'
        f'<div class="right"><h4>주요 뉴스</h4><ol>{_tags("li", noise.news)}</ol></div>'
        f"<dl><dt>오늘의 상승종목</dt><dd>{noise.closing}</dd>{_tags('dd', noise.rising)}</dl>"
        f"<dl><dt>실시간 암호화폐 시세</dt>{_ticker(noise, 'dd')}</dl>"
    )
    return _page(f"{seed.headline} | {SITE}", _og(seed), body)


def no_metadata(seed: SeedText, noise: ResponseNoise, modified_at: datetime | None) -> str:
    """Only a title in the head; plain headings and paragraphs."""
    caption = _escape(seed.caption)
    figure = f'<p><img src="/p/1.jpg"></p><p>{caption}</p><p>{caption}</p>'
    body = (
        f"<h1>{_escape(seed.headline)}</h1><p>{_times(seed, modified_at, 'span')}</p>"
        f"<ul>{_tags('li', seed.menu)}</ul>"
        f"<div><p>{'<br>'.join(f'<b>{_escape(line)}</b>' for line in seed.dek)}</p>"
        f"{_with_figure(seed, figure, 'p')}</div><ul>{_tags('li', noise.reactions)}</ul>"
        f"<h3>주요 뉴스</h3><ul>{_tags('li', noise.news)}</ul><h3>오늘의 상승종목</h3>"
        f"<p>{noise.closing}</p><ul>{_tags('li', noise.rising)}</ul><h3>실시간 암호화폐 시세</h3>"
        f"<ul>{_ticker(noise)}</ul><p>* 24시간 변동률 기준</p>"
    )
    return _page(f"{seed.headline} - {SITE}", "", body)


def table(seed: SeedText, noise: ResponseNoise, modified_at: datetime | None) -> str:
    """A layout of tables; double line breaks separate the paragraphs."""
    caption = f'<font size="2" color="#666">{_escape(seed.caption)}</font>'
    parts = [_escape(line) for line in seed.paragraphs]
    parts[seed.caption_index] = (
        f'<table align="center"><tr><td><img src="/p/1.jpg"></td></tr><tr><td>{caption}</td></tr>'
        f"<tr><td>{caption}</td></tr></table>{parts[seed.caption_index]}"
    )
    dek = "<br>".join(_escape(line) for line in seed.dek)
    rows = "".join(
        f'<tr><td><a href="/n{i}">{_escape(n)}</a></td></tr>' for i, n in enumerate(noise.news)
    )
    times = _times(seed, modified_at, "span")
    body = (
        f'<table width="960"><tr><td>{"|".join(f"{a} {b} {c}" for a, b, c in noise.ticker)}</td></tr>'
        f'</table><table width="960"><tr><td width="640" valign="top"><table><tr><td>'
        f'<font size="5"><b>{_escape(seed.headline)}</b></font></td></tr><tr><td align="right">{times}'
        f'</td></tr><tr><td>{" ".join(seed.menu)}</td></tr><tr><td class="news_text">'
        f"<b>{dek}</b><br><br>{'<br><br>'.join(parts)}</td></tr>"
        f"<tr><td>{' '.join(noise.reactions)}</td></tr></table></td>"
        f'<td width="300" valign="top"><table><tr><td>주요 뉴스</td></tr>{rows}</table>'
        f"<p>오늘의 상승종목<br>{noise.closing}<br>{'<br>'.join(noise.rising)}</p></td></tr></table>"
    )
    return _page(f"{seed.headline} - {SITE}", "", body)


def article(seed: SeedText, noise: ResponseNoise, modified_at: datetime | None) -> str:
    """HTML5 elements as intended; the caption is in the figure and again under it."""
    caption = _escape(seed.caption)
    figure = (
        f'<figure><img src="/p/1.jpg" alt="{caption}"><figcaption>{caption}</figcaption></figure>'
        f'<p class="photo-caption">{caption}</p>'
    )
    modified = f'<time datetime="{_iso_time(modified_at)}">수정</time>' if modified_at else ""
    body = (
        f"<header><nav>{_tags('a', ('정치', '경제', '사회', '문화'))}</nav></header><main><article>"
        f'<header><h1>{_escape(seed.headline)}</h1><p>입력 <time datetime="{_iso_time(seed.published_at)}">'
        f"{_display_time(seed.published_at)}</time> {modified}</p></header>"
        f'<section class="lead">{_tags("p", seed.dek)}</section>'
        f"<section>{_with_figure(seed, figure, 'p')}</section>"
        f"<footer><ul>{_tags('li', noise.reactions)}</ul></footer></article>"
        f"<aside><h2>주요 뉴스</h2><ul>{_tags('li', noise.news)}</ul></aside>"
        f"<aside><h2>오늘의 상승종목</h2><p>{noise.closing}</p><ol>{_tags('li', noise.rising)}</ol>"
        f"</aside><aside><h2>실시간 암호화폐 시세</h2><ul>{_ticker(noise)}</ul></aside></main>"
    )
    return _page(f"{seed.headline} :: {SITE}", _json_ld(seed, modified_at), body)


def hashed_classes(seed: SeedText, noise: ResponseNoise, modified_at: datetime | None) -> str:
    """A React site: hashed class names on nested boxes, a build id, the state in a script."""
    caption = _escape(seed.caption)
    figure = (
        f'<div class="css-1k2j3h"><span class="css-0"><img src="/_next/1.jpg" alt="{caption}">'
        f'</span><p class="css-9x8y7z">{caption}</p><p class="css-9x8y7z">{caption}</p></div>'
    )
    state = json.dumps(
        {"buildId": noise.token, "props": {"ticker": noise.ticker}}, ensure_ascii=False
    )
    news = "".join(
        f'<li class="css-n1"><a href="/a{i}"><div class="css-n2">{_escape(line)}</div></a></li>'
        for i, line in enumerate(noise.news)
    )
    body = (
        f'<div id="__next"><div class="css-tk0 e1"><ul class="css-tk1">{_ticker(noise)}</ul></div>'
        f'<div class="css-a1b2c3"><div class="css-d4e5f6"><h1 class="css-q1w2e3">'
        f'{_escape(seed.headline)}</h1><div class="css-t5y6"><div>{_times(seed, modified_at, "span")}'
        f"</div><div>{_tags('button', seed.menu)}</div></div></div>"
        f'<div class="css-s0m1">{_tags("div", seed.dek)}</div>'
        f'<div class="css-b0d1">{_with_figure(seed, figure, "p class=css-p4r4")}</div>'
        f'<div class="css-r34c">{_tags("button", noise.reactions)}</div></div>'
        f'<div class="css-s1d3"><div class="css-h3">주요 뉴스</div><ul>{news}</ul>'
        f'<div class="css-h3">오늘의 상승종목</div><div>{noise.closing}</div>'
        f"{_tags('div', noise.rising)}</div></div>"
        f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
    )
    return _page(f"{seed.headline} | {SITE}", _og(seed), body)


MARKUPS: dict[str, Markup] = {
    "divs": divs,
    "og only": og_only,
    "no metadata": no_metadata,
    "table": table,
    "article": article,
    "hashed": hashed_classes,
}
