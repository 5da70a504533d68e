"""Times as machines and people write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.dates.address import url_day
from scraper.extract.dates.parse import DayOrder, day_of, find_dates, parse_date, with_years
from scraper.extract.dates.repair import to_readers_day
from scraper.extract.dates.timezones import page_country
from scraper.extract.dates.visible import DateContext, find_visible_dates

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
LISBON = ZoneInfo("Europe/Lisbon")
NEW_YORK = ZoneInfo("America/New_York")


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "timestamp"),
    [
        ("2024-03-01T09:30:00+09:00", utc(2024, 3, 1, 0, 30)),
        ("2024-03-01T09:30:00.123Z", utc(2024, 3, 1, 9, 30)),
        ("2024-03-01T09:30:00+0900", utc(2024, 3, 1, 0, 30)),
        ("2024-03-01 09:30:00", utc(2024, 3, 1, 0, 30)),
        ("2024-03-01 09:30:00 GMT", utc(2024, 3, 1, 9, 30)),
        ("20240301T093000+0900", utc(2024, 3, 1, 0, 30)),
        ("20240301", date(2024, 3, 1)),
        ("2024-03-01", date(2024, 3, 1)),
        ("2024-03-01T00:00:00+02:00", date(2024, 3, 1)),
        ("1709253000", utc(2024, 3, 1, 0, 30)),
        ("1709253000000", utc(2024, 3, 1, 0, 30)),
        ("Fri, 01 Mar 2024 09:30:00 +0000", utc(2024, 3, 1, 9, 30)),
        ("Fri Mar 01 2024 09:30:00 GMT+0200 (EET)", utc(2024, 3, 1, 7, 30)),
        ("Fri Mar 01 09:30:00 EST 2024", utc(2024, 3, 1, 14, 30)),
        ("2567-03-01T09:30:00+07:00", utc(2024, 3, 1, 2, 30)),
        ("2024 Mar 1", date(2024, 3, 1)),
        ("1 มีนาคม 2567 เวลา 09:30 น.", utc(2024, 3, 1, 0, 30)),
        ("1 มี.ค. 67", date(2024, 3, 1)),
        ("๑ มีนาคม ๒๕๖๗", date(2024, 3, 1)),
        ("01/03/2567", date(2024, 3, 1)),
        ("令和6年3月1日", date(2024, 3, 1)),
        ("民國113年3月1日", date(2024, 3, 1)),
        ("1 मार्च 2024", date(2024, 3, 1)),
        ("١ مارس ٢٠٢٤", date(2024, 3, 1)),
        ("2024. március 1.", date(2024, 3, 1)),
        ("1 marzo 202409:30", utc(2024, 3, 1, 0, 30)),
        ("01.03.202409:30", utc(2024, 3, 1, 0, 30)),
        ("2024-13-41", None),
        ("1815-06-18", None),
        ("soon", None),
        ("3 hours ago", None),
    ],
)
def test_a_tag_value_is_parsed_to_a_timestamp(text: str, timestamp: object) -> None:
    assert parse_date(text, zone=SEOUL) == timestamp


@pytest.mark.parametrize(
    ("text", "zone", "timestamp"),
    [
        ("입력 2024-03-01 09:30", SEOUL, utc(2024, 3, 1, 0, 30)),
        ("2024.03.01. 오후 6:23.", SEOUL, utc(2024, 3, 1, 9, 23)),
        ("업데이트 2024.03.01. 오전 12:05", SEOUL, utc(2024, 2, 29, 15, 5)),
        ("2024. 3. 1. 16:19", SEOUL, utc(2024, 3, 1, 7, 19)),
        ("입력 2024.03.01 (17:45)", SEOUL, utc(2024, 3, 1, 8, 45)),
        ("2024년03월01일 23시24분 송고", SEOUL, utc(2024, 3, 1, 14, 24)),
        ("2024/03/01 23:24 송고", SEOUL, utc(2024, 3, 1, 14, 24)),
        ("2024年3月1日 午後3時10分", ZoneInfo("Asia/Tokyo"), utc(2024, 3, 1, 6, 10)),
        ("2024年03月01日 15:10", ZoneInfo("Asia/Shanghai"), utc(2024, 3, 1, 7, 10)),
        ("Stand: 01.07.2024, 14:05 Uhr", BERLIN, utc(2024, 7, 1, 12, 5)),
        ("1. März 2024 um 14:05", BERLIN, utc(2024, 3, 1, 13, 5)),
        ("le 1er mars 2024 à 14h05", ZoneInfo("Europe/Paris"), utc(2024, 3, 1, 13, 5)),
        ("1 de marzo de 2024, 10:20", ZoneInfo("Europe/Madrid"), utc(2024, 3, 1, 9, 20)),
        ("Publicado em 01/03/2024 às 10h20", LISBON, utc(2024, 3, 1, 10, 20)),
        ("1 marzo 2024 alle 10:11", ZoneInfo("Europe/Rome"), utc(2024, 3, 1, 9, 11)),
        ("Updated 4:21 PM EDT, Fri March 1, 2024", NEW_YORK, utc(2024, 3, 1, 20, 21)),
        ("March 1, 2024 | 5:04pm ET", LISBON, utc(2024, 3, 1, 22, 4)),
        ("July 1, 2024 at 5:04 p.m. PT", LISBON, utc(2024, 7, 2, 0, 4)),
        ("Sept. 3, 2024", NEW_YORK, date(2024, 9, 3)),
        ("3rd September 2024", LISBON, date(2024, 9, 3)),
        ("03.09.24", BERLIN, date(2024, 9, 3)),
        ("2024-03-01 18:30 KST", BERLIN, utc(2024, 3, 1, 9, 30)),
    ],
)
def test_a_visible_time_uses_its_own_time_zone_or_the_sites(
    text: str, zone: ZoneInfo, timestamp: object
) -> None:
    assert [date_match.timestamp for date_match in find_dates(text, zone=zone)] == [timestamp]


@pytest.mark.parametrize(
    ("first", "text", "day"),
    [
        ("month", "03/04/2024", (2024, 3, 4)),
        ("month", "11.03.17", (2017, 11, 3)),
        ("month-slash", "11.03.17", (2017, 3, 11)),
        ("month-slash", "11/03/17", (2017, 11, 3)),
        ("day", "03/04/2024", (2024, 4, 3)),
        ("year", "24.03.04", (2024, 3, 4)),
        ("year", "03.04.2024", (2024, 4, 3)),
        ("day", "24.03.04", (2004, 3, 24)),
    ],
)
def test_dates_of_digits_follow_the_countrys_order(
    first: DayOrder, text: str, day: tuple[int, ...]
) -> None:
    assert parse_date(text, zone=None, first=first) == date(*day)


@pytest.mark.parametrize(
    "text",
    [
        "기사입력 2024-03-01 19:01 l 최종수정 2024-03-01 19:30",
        "등록 2024.03.01 19:01 / 수정 2024.03.01 19:30",
        "입력 : 2024-03-01 19:01:08 수정 : 2024-03-01 19:30:00",
        "Veröffentlicht am 01.03.2024, 19:01 Uhr · Aktualisiert am 01.03.2024, 19:30 Uhr",
        "Published 1 March 2024, 19:01 | Updated 1 March 2024, 19:30",
        "작성 : 2024.03.01 19:01 업데이트 : 2024.03.01 19:30",
        "승인 2024.03.01 19:01 최종수정 2024.03.01 19:30",
        "송고시간 2024-03-01 19:01 수정시간 2024-03-01 19:30",
        "公開 2024年3月1日 19:01 更新 2024年3月1日 19:30",
        "公開 ２０２４年０３月０１日　１９時０１分（最終更新　３月１日　１９時３０分）",
        "입력 2024년 3월 1일 19:01 수정 3월 1일 19:30",
    ],
)
def test_a_label_separates_publication_from_modification(text: str) -> None:
    dates = list(find_visible_dates([text], DateContext(SEOUL)))
    assert [(timestamp.is_labelled, timestamp.is_modified) for timestamp in dates] == [
        (True, False),
        (True, True),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01 19:01 수정 2024-03-01 19:30", [(False, False), (True, True)]),
        ("2024年3月1日 19:01 更新 2024年3月1日 19:30", [(False, False), (True, True)]),
        ("2024-03-01 19:01 입력 2024-03-01 19:30 수정", [(True, False), (True, True)]),
        ("2024-03-01 19:30 수정", [(True, True)]),
    ],
)
def test_a_label_between_two_dates_is_that_of_the_second_unless_the_last_has_one_after_it(
    text: str, expected: list[tuple[bool, bool]]
) -> None:
    dates = find_visible_dates([text], DateContext(SEOUL))
    assert [(one.is_labelled, one.is_modified) for one in dates] == expected


@pytest.mark.parametrize(
    "lines",
    [
        ["입력", "2024-03-01 19:01", "수정", "2024-03-01 19:30"],
        ["등록 :", "2024.03.01 19:01", "최종수정 :", "2024.03.01 19:30"],
        ["Published on", "March 1, 2024", "Last updated on", "March 2, 2024"],
    ],
)
def test_a_label_may_be_on_the_line_before_its_date(lines: list[str]) -> None:
    dates = list(find_visible_dates(lines, DateContext(SEOUL)))
    assert [(timestamp.is_labelled, timestamp.is_modified) for timestamp in dates] == [
        (True, False),
        (True, True),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1 March 2024", [True]),
        ("Ana Example · 1 March 2024 · 5 min read", [True]),
        ("The bridge as it was on 1 March 2024, before the last span", [False]),
        (
            "01.03.2024 – Die neue Brücke ist nach neun Jahren fertig. "
            + "Alle freuen sich. " * 12,
            [True],
        ),
        ("Am 01.03.2024 ist die neue Brücke fertig. " + "Alle freuen sich. " * 12, []),
        ("03.09.24", [True]),
        ("Gate 12, 5 of 9", []),
    ],
)
def test_a_date_is_alone_on_a_line_with_little_other_text(line: str, expected: list[bool]) -> None:
    dates = find_visible_dates([line], DateContext(BERLIN))
    assert [entry.is_alone for entry in dates] == expected


@pytest.mark.parametrize(
    ("zone", "days", "day"),
    [
        (BERLIN, [], 2),
        (BERLIN, [date(2024, 3, 1)], 1),
        (BERLIN, [date(2024, 3, 2)], 2),
        (None, [], 1),
    ],
    ids=["the readers' zone", "the page shows it in UTC", "the page agrees", "no zone is known"],
)
def test_an_instant_gets_the_readers_calendar_day(
    zone: ZoneInfo | None, days: list[date], day: int
) -> None:
    timestamp = to_readers_day(utc(2024, 3, 1, 23, 30), zone, days)
    assert (timestamp, day_of(timestamp or date.min)) == (
        utc(2024, 3, 1, 23, 30),
        date(2024, 3, day),
    )


@pytest.mark.parametrize(
    ("days", "day"),
    [([date(2024, 3, 1)], 1), ([date(2024, 3, 1), date(2024, 3, 2)], 2), ([], 2)],
    ids=["the page shows the day before", "both days", "no day"],
)
def test_a_page_without_a_time_zone_that_shows_the_day_before_is_american(
    days: list[date], day: int
) -> None:
    timestamp = to_readers_day(utc(2024, 3, 2, 2, 30), None, days)
    assert (timestamp, day_of(timestamp or date.min)) == (
        utc(2024, 3, 2, 2, 30),
        date(2024, 3, day),
    )


@pytest.mark.parametrize(
    "line", ["1:0 am 3月1日", "2024年3月1日", "2024年 12月31日 1月 1日は休み", "12 May 2024"]
)
def test_a_year_is_added_only_to_days_without_one(line: str) -> None:
    expected = "2024年 12月31日 2024年1月 1日は休み" if "休み" in line else line
    assert with_years(line) == expected


def test_a_relative_time_is_not_a_date() -> None:
    assert not list(find_dates("3시간 전 · 2 hours ago · vor 5 Minuten", zone=SEOUL))


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2024/05/03/bridge", date(2024, 5, 3)),
        ("/news/20240503-bridge", date(2024, 5, 3)),
        ("/2024-05-03-bridge", date(2024, 5, 3)),
        ("/alerts/alert20240503.html", date(2024, 5, 3)),
        ("/news/2024-05/03", None),
        ("/article/20241399/x", None),
        ("/1234567890", None),
    ],
)
def test_a_url_gives_at_most_a_day(path: str, day: date | None) -> None:
    assert url_day(f"https://example.org{path}") == day


@pytest.mark.parametrize(
    ("url", "lang", "locale", "country"),
    [
        ("https://news.example.kr/1", "en", None, "kr"),
        ("https://example.com/1", "ko", None, "kr"),
        ("https://example.com/1", "en", "en_GB", "gb"),
        ("https://example.com/1", "en", "en_US", None),
        ("https://example.tv/1", "de", None, "de"),
        ("", None, None, None),
        ("http://[broken", "ja", None, "jp"),
    ],
)
def test_the_country_comes_from_the_domain_then_the_locale_then_the_language(
    url: str, lang: str | None, locale: str | None, country: str | None
) -> None:
    assert page_country(url, lang=lang, locale=locale) == country


DATE_PIECES = st.sampled_from(
    ["2024", "03", "31", "-", "/", ".", " ", "T", "09:30", "24:61", "Z", "+0900", "1 March", "Sept.", "년", "월", "오후"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(DATE_PIECES, max_size=9).map("".join)))
def test_any_text_gives_no_date_or_one_with_a_zone(text: str) -> None:
    timestamp = parse_date(text, zone=BERLIN)
    assert timestamp is None or isinstance(timestamp, date)
    assert not isinstance(timestamp, datetime) or timestamp.tzinfo is not None


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001 -- a wall clock
def test_an_iso_timestamp_round_trips(wall: datetime) -> None:
    wall = wall.replace(microsecond=0, hour=wall.hour or 1)
    assert parse_date(wall.isoformat() + "Z", zone=SEOUL) == wall.replace(tzinfo=UTC)
