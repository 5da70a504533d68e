"""The names of months in the languages of the press, and years that are counted from another beginning."""

import re

from scraper.patterns import lazy_pattern

MONTH_NAMES = (
    "january jan januar janvier janv enero ene janeiro gennaio gen januari jänner styczeń "
    "stycznia ocak tammikuu tammikuuta leden ledna січня января sty ianuarie január siječanj "
    "siječnja ιανουάριος ιανουαρίου يناير जनवरी януари јануар ינואר בינואר ژانویه",
    "february feb februar février févr fév febrero fevereiro fev febbraio februari feber luty "
    "lutego şubat helmikuu helmikuuta únor února лютого февраля lut fevrier februarie február "
    "veljača veljače φεβρουάριος φεβρουαρίου فبراير شباط फरवरी февруари фебруар פברואר "
    "בפברואר فوریه",
    "march mar märz maerz mrz mär mars marzo março maart marts marzec marca mart maaliskuu "
    "maaliskuuta březen března березня марта maret mrt marco martie március marec ožujak "
    "ožujka μάρτιος μαρτίου مارس آذار मार्च март מרץ במרץ",
    "april apr avril avr abril abr aprile kwiecień kwietnia nisan huhtikuu huhtikuuta duben "
    "dubna квітня апреля kwi aprilie április apríl apríla travanj travnja απρίλιος απριλίου "
    "أبريل نيسان अप्रैल април אפריל באפריל آوریل",
    "may mai mayo maio maggio mag mei maj maja mayıs toukokuu toukokuuta květen května травня "
    "мая május svibanj svibnja μάιος μαΐου مايو أيار मई май мај מאי במאי",
    "june jun juni juin junio junho giugno giu czerwiec czerwca haziran kesäkuu kesäkuuta "
    "červen června червня июня cze jn iunie június jún júna lipanj lipnja ιούνιος ιουνίου "
    "يونيو حزيران जून юни јун יוני ביוני ژوئن",
    "july jul juli juillet juil julio julho luglio lug lipiec lipca temmuz heinäkuu "
    "heinäkuuta červenec července липня июля lip iulie július júl júla srpanj srpnja ιούλιος "
    "ιουλίου يوليو تموز जुलाई юли јул יולי ביולי ژوئیه",
    "august aug août aout agosto ago augustus sierpień sierpnia ağustos elokuu elokuuta srpen "
    "srpna серпня августа agustus sie ag augusztus augusta kolovoz kolovoza αύγουστος "
    "αυγούστου أغسطس آب अगस्त август אוגוסט באוגוסט اوت",
    "september sep sept septembre septiembre setembro set settembre wrzesień września eylül "
    "syyskuu syyskuuta září вересня сентября wrz septembrie szeptember rujan rujna "
    "σεπτέμβριος σεπτεμβρίου سبتمبر أيلول सितंबर сентябрь септември септембар ספטמבר בספטמבר "
    "سپتامبر",
    "october oct oktober okt octobre octubre outubro out ottobre ott październik października "
    "ekim lokakuu lokakuuta říjen října жовтня октября paź octombrie október októbra "
    "οκτώβριος οκτωβρίου أكتوبر अक्टूबर октомври октобар אוקטובר באוקטובר اکتبر",
    "november nov novembre noviembre novembro listopad listopada kasım marraskuu marraskuuta "
    "листопада ноября lis noiembrie novembra studeni studenog νοέμβριος νοεμβρίου نوفمبر "
    "नवंबर ноември новембар נובמבר בנובמבר نوامبر",
    "december dec dezember dez décembre déc diciembre dic dezembro dicembre desember des "
    "grudzień grudnia aralık joulukuu joulukuuta prosinec prosince грудня декабря decembre "
    "gru decembrie decembra prosinac prosinca δεκέμβριος δεκεμβρίου ديسمبر दिसंबर декември "
    "децембар דצמבר בדצמבר دسامبر",
)
MONTHS = {name: number for number, line in enumerate(MONTH_NAMES, 1) for name in line.split()}
# Any word, for MONTHS to decide: faster than 400 branches. The vowels of Hindi are no letters to `re`.
MONTH_FORM = r"[^\s\d_!-/:-@\[-`{-~]{3,13}"

THAI_MONTH_NAMES = (
    "มกราคม ม.ค.", "กุมภาพันธ์ ก.พ.", "มีนาคม มี.ค.", "เมษายน เม.ย.", "พฤษภาคม พ.ค.", "มิถุนายน มิ.ย.",
    "กรกฎาคม ก.ค.", "สิงหาคม ส.ค.", "กันยายน ก.ย.", "ตุลาคม ต.ค.", "พฤศจิกายน พ.ย.", "ธันวาคม ธ.ค.",
)  # fmt: skip
THAI_MONTHS = {name: at for at, line in enumerate(THAI_MONTH_NAMES, 1) for name in line.split()}
FIRST_THAI, LAST_THAI = "\u0e00", "\u0e7f"
THAI_DAY = lazy_pattern(
    rf"(?<!\d)(\d{{1,2}})\s*+({'|'.join(map(re.escape, THAI_MONTHS))})\s*+(?:[พค]\.ศ\.\s*+)?"
    r"(\d{4}|\d\d)(?!\d(?!\d?:\d\d))"
)
THAI_NUMERIC_DAY = lazy_pattern(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(25\d\d)(?!\d)")
THAI_TIME_WORD = lazy_pattern(r"เวลา|น\.")
BUDDHIST_YEARS = 543  # ahead of the common era
BUDDHIST_CENTURY = 2500
# The era's name, and the year before its first.
JAPANESE_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
ERA_YEAR = lazy_pattern(r"(令和|平成|昭和|民國|民国)\s?(元|\d{1,3})\s?年")
REPUBLIC_YEARS = 1911  # Taiwan counts from 1912


def common_year(year: int) -> int:
    """The year of the common era; 2569 can only be Buddhist.

    >>> common_year(2569), common_year(2026)
    (2026, 2026)
    """
    return year - BUDDHIST_YEARS if year >= BUDDHIST_CENTURY else year


def in_common_era(text: str) -> str:
    """The text with its Thai dates, Japanese eras and years of the Republic of China in the common era.

    >>> in_common_era("6 กรกฎาคม 2569 เวลา 14:05 น."), in_common_era("令和8年7月6日")
    ('2026-07-06    14:05  ', '2026年7月6日')
    """
    if text.isascii():
        return text
    text = ERA_YEAR.sub(_era_year, text)
    if any(FIRST_THAI <= character <= LAST_THAI for character in text):
        text = THAI_DAY.sub(_thai_day, text)
        text = THAI_NUMERIC_DAY.sub(_thai_day, text)
        text = THAI_TIME_WORD.sub(" ", text)
    return text


def _era_year(match: re.Match[str]) -> str:
    year = 1 if match[2] == "元" else int(match[2])
    return f"{JAPANESE_ERAS.get(match[1], REPUBLIC_YEARS) + year}年"


def _thai_day(match: re.Match[str]) -> str:
    day, name, written = match.groups()
    year = int(written) if len(written) == 4 else BUDDHIST_CENTURY + int(written)
    return f"{common_year(year):04}-{THAI_MONTHS.get(name) or int(name):02}-{int(day):02} "
