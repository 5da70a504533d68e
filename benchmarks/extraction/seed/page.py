"""The text of the seed page as a reader sees it, and the page noise around it.

The text is read at run time from korean/seed_page.txt in the corpora; none of it is in this project.
"""

import random
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from benchmarks.pages.noise import Words

KST = timezone(timedelta(hours=9))
MENU_MARK = "•"
CAPTION_MARK = "▲"


@dataclass(frozen=True, slots=True)
class SeedText:
    """The article of the seed page and the lists around it.

    `caption_index` is the number of the paragraph after the picture.
    """

    headline: str
    published_at: datetime
    dek: tuple[str, ...]
    paragraphs: tuple[str, ...]
    caption: str
    caption_index: int
    menu: tuple[str, ...]
    reactions: tuple[str, ...]
    news: tuple[str, ...]
    coins: tuple[str, ...]


def read_seed(path: Path) -> SeedText:
    """The parts of the seed page, by their order in the file."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    words = [line for line in lines if line]
    timestamp_index = next(i for i, line in enumerate(words) if line.startswith("입력 "))
    timestamp = datetime.strptime(words[timestamp_index], "입력 %Y-%m-%d %H:%M").replace(tzinfo=KST)
    after_menu = timestamp_index + 1
    while words[after_menu].startswith(MENU_MARK):
        after_menu += 1
    foot = next(i for i in range(after_menu, len(words)) if words[i].startswith(MENU_MARK))
    article = words[after_menu:foot]
    dek, text = article[:4], article[4:]
    caption_index = next(i for i, line in enumerate(text) if line.startswith(CAPTION_MARK))
    items = _menu_items(words[foot:])
    return SeedText(
        headline=words[0],
        published_at=timestamp.astimezone(UTC),
        dek=tuple(dek),
        paragraphs=tuple(line for line in text if not line.startswith(CAPTION_MARK)),
        caption=text[caption_index],
        caption_index=caption_index,
        menu=tuple(_menu_items(words[timestamp_index + 1 : after_menu])),
        reactions=tuple(item.rstrip("0") for item in items[:4]),
        news=tuple(items[4:12]),
        coins=tuple(item for item in items[17:] if re.fullmatch(r"[가-힣 ]{2,}", item)),
    )


def _menu_items(lines: list[str]) -> list[str]:
    """The lines with a menu mark, without it."""
    return [line.removeprefix(MENU_MARK).strip() for line in lines if line.startswith(MENU_MARK)]


SEED_EDITS = (
    "headline",
    "syllable",
    "number",
    "paragraph removed",
    "paragraph added",
    "dek",
)


def with_edit(seed: SeedText, kind: str) -> SeedText:
    """The article after an edit of this kind."""
    text = list(seed.paragraphs)
    match kind:
        case "headline":
            return replace(seed, headline=_replace_last_word(seed.headline, "검토"))
        case "dek":
            return replace(seed, dek=(*seed.dek[:-1], _replace_last_word(seed.dek[-1], "전망")))
        case "syllable":
            text[0] = re.sub(r"(?<=\w)이 ", "은 ", text[0], count=1)
        case "number":
            text[1] = re.sub(r"\d\d억", "07억", text[1], count=1)
        case "paragraph removed":
            del text[2]
        case "paragraph added":
            text.insert(3, "협의회는 다음 달 항구 옆 옛 창고에서 이 문제를 다시 논의하기로 했다.")
    return replace(seed, paragraphs=tuple(text))


def _replace_last_word(line: str, word: str) -> str:
    return f"{line.rsplit(' ', 1)[0]} {word}"


@dataclass(frozen=True, slots=True)
class ResponseNoise:
    """The lists that differ from one response to the next."""

    reactions: tuple[str, ...]
    news: tuple[str, ...]
    rising: tuple[str, ...]
    closing: str
    ticker: tuple[tuple[str, str, str], ...]
    token: str


def response_noise(seed: SeedText, response: int) -> ResponseNoise:
    """The lists of the page in this response; the same number always gives the same lists."""
    rng = random.Random(response)
    words = Words("ko", rng)
    news = [*rng.sample(seed.news, 5), *(words.headline() for _ in range(3))]
    rng.shuffle(news)
    price = "{:,}".format
    return ResponseNoise(
        reactions=tuple(f"{name}{rng.randint(0, 99)}" for name in seed.reactions),
        news=tuple(news),
        rising=tuple(f"{words.pick('name')} {rng.uniform(1, 30):.2f}%" for _ in range(5)),
        closing=f"{rng.randint(1, 12)}.{rng.randint(1, 28)} 장종료",
        ticker=tuple(
            (coin, price(rng.randint(200, 10**8)), f"{rng.uniform(-9, 9):+.2f}%")
            for coin in rng.sample(seed.coins, len(seed.coins))
        ),
        token=f"{rng.getrandbits(64):016x}",
    )
