"""A text that shares little with the last version waits for hours; a rewritten one does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schedules.check.confirm.drastic import (
    MIN_DELETION_TIME,
    Doubt,
    addresses_with,
    drastic_change,
    is_confirmed,
)
from scraper.article import Article
from storage.articles.state import FailedCheck, Trouble
from storage.diff.text.sketch import shingles, sketch
from storage.queries.elsewhere import Elsewhere
from storage.timestamps import to_text

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
# Each text with the same news written anew, and with other news of the same length.
TEXTS = {
    "English": (
        "Three firefighters were injured on Friday night when the roof of a furniture warehouse in Larkham"
        " collapsed. The fire began shortly after nine in a storeroom on the ground floor, police said. More than"
        " eighty firefighters fought the flames until morning, and residents of two streets had to leave their homes."
        " Chief Officer Dana Pell said the building was not safe to enter. The owner, Hestia Home, employs 140 people.",
        "A blaze that swept through Hestia Home's warehouse in Larkham left three firefighters hurt, two of them"
        " seriously. Part of the roof gave way while crews were still inside, Dana Pell, the chief officer, told a"
        " press conference on Saturday. Investigators believe the flames broke out around 9 p.m. in a ground-floor"
        " storeroom, though why remains unclear. The furniture company has 140 workers in the town.",
        "The council of Tolvik has approved a budget that leaves the swimming pool open until the end of the year."
        " It passed by a single vote after a debate of six hours, in which members of both parties spoke against"
        " the mayor. Parents had collected more than two thousand signatures. The pool costs the town half a million"
        " crowns each year, and the treasurer warned that the money would be missing elsewhere.",
    ),
    "German": (
        "Der Stadtrat von Lauterfeld hat am Dienstag den Bau einer neuen Grundschule beschlossen. Das Gebäude soll"
        " 18 Millionen Euro kosten und im Sommer 2028 fertig sein. Bürgermeisterin Jutta Kern sprach von einem guten"
        " Tag für die Familien der Stadt. Die alte Schule an der Mühlgasse war im vergangenen Jahr wegen Schimmels"
        " geschlossen worden. Seitdem werden die Kinder in Containern unterrichtet.",
        "Lauterfeld bekommt eine neue Grundschule. Nach langer Debatte stimmte der Stadtrat am Dienstagabend für das"
        " Vorhaben, das mit 18 Millionen Euro veranschlagt ist. Bis zum Sommer 2028 sollen die Kinder umziehen, die"
        " seit der Schließung des Altbaus in der Mühlgasse – dort war Schimmel entdeckt worden – in Containern"
        " lernen. „Ein guter Tag für die Familien“, sagte Bürgermeisterin Jutta Kern.",
        "Bei einem Zusammenstoß zweier Güterzüge ist am Mittwoch in der Nähe von Hornsee ein Lokführer verletzt worden."
        " Die Strecke bleibt nach Angaben der Bahn bis zum Wochenende gesperrt. Ein Signal war offenbar falsch"
        " gestellt. Die Ermittler haben die Fahrtenschreiber sichergestellt und wollen in den nächsten Tagen den"
        " zweiten Lokführer befragen. Reisende müssen auf Busse umsteigen.",
    ),
    "Korean": (
        "한솔시는 12일 시청 대회의실에서 새 도서관 건립 계획을 발표했다. 도서관은 지하 1층, 지상 4층 규모로 320억원을 들여 2028년"
        " 3월 문을 연다. 박지민 시장은 “시민 누구나 걸어서 찾을 수 있는 도서관을 만들겠다”고 말했다. 시의회는 예산이 지나치게 많다며"
        " 재검토를 요구했다. 현재 시립도서관은 1987년에 지어져 천장에서 물이 새는 등 안전 문제가 제기돼 왔다.",
        "320억원짜리 새 시립도서관이 한솔시에 들어선다. 박지민 한솔시장은 12일 기자회견을 열고 2028년 3월 개관을 목표로 지하 1층·지상"
        " 4층의 도서관을 짓겠다고 밝혔다. 박 시장은 이 자리에서 “시민 누구나 걸어서 찾을 수 있는 도서관을 만들겠다”고 강조했다. 지금의"
        " 도서관은 1987년 준공됐다. 그러나 시의회에서는 사업비가 과도하다는 비판이 나온다.",
        "프로축구 남해 유나이티드가 홈에서 열린 경기에서 두 골 차로 이겼다. 전반 이십 분 만에 첫 골을 넣은 최민석은 후반에도 도움을"
        " 기록하며 승리를 이끌었다. 감독은 경기가 끝난 뒤 수비가 안정됐다며 선수들을 칭찬했다. 팀은 다음 주말 원정 경기에서 선두와"
        " 맞붙는다. 이날 경기장에는 만 명이 넘는 관중이 모였다.",
    ),
    "Chinese": (
        "江平市政府周二宣布，将投资46亿元修建地铁三号线。该线路全长28公里，设22座车站，预计2030年底通车。副市长陈立文在发布会上表示，"
        "新线路将缓解城东地区的交通压力。沿线居民担心施工噪音影响生活。环保部门已要求施工单位每天晚上十点后停止作业。",
        "地铁三号线要来了。记者周二从江平市政府获悉，这条总长28公里、沿途设站22座的线路已获批准，总投资46亿元。按照计划，列车将于"
        "2030年底投入运营。“城东的交通压力将得到缓解，”副市长陈立文说。不过，住在线路附近的市民对噪音表示忧虑。",
        "昨晚的暴雨让山区多条公路中断，救援人员连夜转移了三百多名村民。气象台说，未来两天雨势会逐渐减弱，但仍要防范山体滑坡。"
        "当地学校停课一天，部分村庄的供电到今天中午才恢复。民政部门向受灾家庭发放了帐篷和食品。",
    ),
}  # fmt: skip


HOURS = Doubt("", "").min_time


def article(text: str, headline: str = "News of the day", **fields: datetime) -> Article:
    return Article("https://example.org/a", headline, paragraphs=(text,), **fields)  # type: ignore[arg-type]


def doubt(text: str) -> Doubt:
    return Doubt("another text", sketch(shingles(text)))


OLD = TEXTS["English"][0]


@pytest.mark.parametrize("language", TEXTS)
def test_the_same_news_written_anew_counts_at_once(language: str) -> None:
    old, rewritten, _ = TEXTS[language]
    assert drastic_change(article(old), article(rewritten)) is None


@pytest.mark.parametrize("language", TEXTS)
def test_other_news_under_another_headline_is_unrelated(language: str) -> None:
    old, _, other = TEXTS[language]
    change = drastic_change(article(old), article(other, "Something else"))
    assert change is not None
    assert change.is_unrelated


def test_a_rewritten_text_needs_a_sign_that_it_is_the_same_story() -> None:
    old, rewritten, _ = TEXTS["English"]
    change = drastic_change(article(old), article(rewritten, "Something else"))
    assert change is not None
    assert not change.is_unrelated


def test_a_text_that_shares_sentences_needs_a_sign_that_it_is_the_same_story() -> None:
    """Two stories of one newsroom may have half of their sentences in common."""
    shared, rest, other = TEXTS["German"][0][:200], TEXTS["English"][0][:200], TEXTS["English"][2][:200]  # fmt: skip
    old, new = article(f"{shared} {rest}"), article(f"{shared} {other}", "Something else")
    assert drastic_change(old, new) is not None
    assert drastic_change(old, new, has_own_address=True) is None
    assert drastic_change(old, replace(new, headline=old.headline)) is None


def test_the_time_of_publication_is_a_sign_that_it_is_the_same_story() -> None:
    old, rewritten, _ = TEXTS["English"]
    new = article(rewritten, "Something else", published_at=NOON)
    assert drastic_change(article(old, published_at=NOON), new) is None


def test_a_story_made_from_the_same_sentences_with_other_numbers_is_another() -> None:
    """A live page that begins anew under its headline, from a newsroom that repeats its phrases."""
    pattern = (
        "The county counted {} visitors at the fair, {} more than before. Police fined {} drivers."
    )
    old = article(f"{pattern.format(812, 75, 31)} {TEXTS['German'][0]}")
    new = article(f"{pattern.format(944, 18, 27)} {TEXTS['German'][2]}")
    change = drastic_change(old, new)
    assert change is not None
    assert change.is_unrelated


def test_a_flash_that_grows_tenfold_counts_at_once() -> None:
    flash = TEXTS["English"][1][:330]
    grown = " ".join([*TEXTS["English"][:2], *TEXTS["German"], *TEXTS["English"][2:]])
    assert drastic_change(article(flash), article(grown, "Warehouse fire in Larkham")) is None


def test_a_text_that_lost_most_of_its_words_waits() -> None:
    change = drastic_change(article(OLD), article(OLD[:100]))
    assert change is not None
    assert (change.sketch, change.reason.partition(" (")[0]) == ("", "most of the text is gone")


def test_a_text_without_its_beginning_waits_for_minutes_only() -> None:
    waits = [drastic_change(article(OLD), article(part)) for part in (OLD[:100], OLD[-100:])]
    assert [doubt.min_time for doubt in waits if doubt] == [HOURS, MIN_DELETION_TIME]


def test_a_short_line_that_is_replaced_under_its_headline_counts_at_once() -> None:
    assert drastic_change(article("The fire is out."), article("Nobody was hurt.")) is None


@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 400), st.integers(0, 400))
@example("Chinese", 4, 80)
def test_a_text_with_a_part_removed_is_never_unrelated(
    language: str, start: int, length: int
) -> None:
    old = TEXTS[language][0]
    rest = old[:start] + old[start + length :]
    if len(rest) > 40:
        change = drastic_change(article(old), article(rest, "Something else"))
        assert change is None or not change.is_unrelated


def shown(text: str, *ages: timedelta) -> Trouble:
    checks = (FailedCheck(to_text(NOON - age), 200, "failed", sketch(shingles(text))) for age in ages)  # fmt: skip
    return Trouble(tuple(checks))


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble(), False),
        (shown(OLD, HOURS), False),
        (shown(OLD, timedelta(hours=1), timedelta(hours=2)), False),
        (shown(OLD, timedelta(hours=1), HOURS), True),
        (shown(TEXTS["English"][2], timedelta(hours=1), HOURS), False),
    ],
    ids=["seen now", "two checks", "for two hours", "three checks over hours", "another text"],
)
def test_a_drastic_change_counts_once_it_has_stood_for_hours(
    trouble: Trouble, expected: bool
) -> None:
    assert is_confirmed(doubt(OLD), trouble, now=NOON) is expected


def test_numbers_and_ids_do_not_make_another_text() -> None:
    block_page = "Access to this page is restricted. Your reference is 8f21c and the time is {}."
    shown_there = sketch(shingles(block_page.format("10:11:12")))
    elsewhere = Elsewhere(sketches=(("https://example.org/b", shown_there),))
    here = sketch(shingles(block_page.format("10:12:40").replace("8f21c", "77e0d")))
    assert addresses_with(here, elsewhere) == ["https://example.org/b"]
    assert addresses_with(sketch(shingles(OLD)), elsewhere) == []


def test_a_text_is_the_same_when_it_is_edited_a_little() -> None:
    edited = replace(article(OLD), paragraphs=(OLD.replace("Friday", "Saturday"),))
    elsewhere = Elsewhere(sketches=(("https://example.org/b", sketch(shingles(edited.body))),))
    assert addresses_with(sketch(shingles(OLD)), elsewhere) == ["https://example.org/b"]


def test_a_text_of_which_only_the_beginning_is_left_before_other_words_waits() -> None:
    """A login wall in a language whose words no list has."""
    wall = f"{OLD[:120]}… Ĉi tiu artikolo estas nur por niaj abonantoj, bonvolu ensaluti."
    change = drastic_change(article(OLD), article(wall))
    assert change is not None
    assert change.reason.startswith("only the beginning")


def test_a_shorter_text_with_another_ending_is_an_edit() -> None:
    """The words after the beginning are still those of the text."""
    new = f"{OLD[:90]} {OLD[-180:]}"
    assert drastic_change(article(OLD), article(new)) is None
