"""The page noise of the demo: it surrounds an article, and differs in every response."""

import random
from collections.abc import Sequence
from html import escape

from variorum.demo.pages import NoiseTexts


def fresh_noise(noise_texts: NoiseTexts, rng: random.Random) -> dict[str, str]:
    """Ticker, rankings, counters, advertisements and a nonce as HTML, by the placeholder they fill.

    >>> texts = NoiseTexts(("Gold",), (), ("Buy",), tuple("ABCDEFGHIJ"))
    >>> fresh_noise(texts, random.Random(1)) == fresh_noise(texts, random.Random(1))
    True
    >>> fresh_noise(texts, random.Random(1)) == fresh_noise(texts, random.Random(2))
    False
    """
    headlines = noise_texts.headlines
    return {
        "nonce": f"{rng.getrandbits(96):024x}",
        "build": f"{rng.getrandbits(40):010x}",
        "ad_id": str(rng.randrange(10**8)),
        "ad": escape(rng.choice(noise_texts.ads)),
        "aside_ad": escape(rng.choice(noise_texts.ads)),
        "ticker": _ticker_rows(noise_texts.ticker, rng),
        "rising": _ticker_rows(rng.sample(noise_texts.stocks, k=len(noise_texts.stocks) // 2), rng),
        "close": f"{rng.randrange(1, 13):02d}.{rng.randrange(1, 29):02d}",
        "related": _link_items(rng.sample(headlines, k=3)),
        "related_one": escape(rng.choice(headlines)),
        "main_news": _link_items(rng.sample(headlines, k=5)),
        "ranking": _link_items(rng.sample(headlines, k=len(headlines) - 3)),
        "ago": str(rng.randrange(2, 59)),
        "ago_later": str(rng.randrange(2, 23)),
        "likes": str(rng.randrange(4, 900)),
        "angry": str(rng.randrange(0, 60)),
        "sad": str(rng.randrange(0, 40)),
        "more_please": str(rng.randrange(0, 30)),
        "comments": str(rng.randrange(3, 260)),
        "shares": str(rng.randrange(10, 4000)),
        "readers": f"{rng.randrange(150, 9000):,}",
    }


def _link_items(headlines: Sequence[str]) -> str:
    return "\n".join(
        f'<li><a href="/r/{index}">{escape(text)}</a></li>' for index, text in enumerate(headlines)
    )


def _ticker_rows(names: Sequence[str], rng: random.Random) -> str:
    return "\n".join(
        f"<li><span>{escape(name)}</span> <span>{rng.randrange(80, 2_000_000):,}</span>"
        f' <span class="change">{rng.uniform(-9, 14):+.2f}%</span></li>'
        for name in names
    )
