"""The time zone of a page that names none, by its country or language.

A country with several zones has the one of most of its newsrooms.
"""

from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

COUNTRY_ZONES: Mapping[str, str] = {
    "ae": "Asia/Dubai", "ar": "America/Argentina/Buenos_Aires", "at": "Europe/Vienna",
    "au": "Australia/Sydney", "ba": "Europe/Sarajevo", "bd": "Asia/Dhaka", "be": "Europe/Brussels",
    "bg": "Europe/Sofia", "bo": "America/La_Paz", "br": "America/Sao_Paulo", "by": "Europe/Minsk",
    "ca": "America/Toronto", "ch": "Europe/Zurich", "cl": "America/Santiago", "cn": "Asia/Shanghai",
    "co": "America/Bogota", "cr": "America/Costa_Rica", "cz": "Europe/Prague", "de": "Europe/Berlin",
    "dk": "Europe/Copenhagen", "ec": "America/Guayaquil", "ee": "Europe/Tallinn", "eg": "Africa/Cairo",
    "es": "Europe/Madrid", "fi": "Europe/Helsinki", "fr": "Europe/Paris", "gb": "Europe/London",
    "ge": "Asia/Tbilisi", "gh": "Africa/Accra", "gr": "Europe/Athens", "hk": "Asia/Hong_Kong",
    "hr": "Europe/Zagreb", "hu": "Europe/Budapest", "id": "Asia/Jakarta", "ie": "Europe/Dublin",
    "il": "Asia/Jerusalem", "in": "Asia/Kolkata", "ir": "Asia/Tehran", "is": "Atlantic/Reykjavik",
    "it": "Europe/Rome", "jp": "Asia/Tokyo", "ke": "Africa/Nairobi", "kp": "Asia/Pyongyang",
    "kr": "Asia/Seoul", "kz": "Asia/Almaty", "li": "Europe/Vaduz", "lk": "Asia/Colombo",
    "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg", "lv": "Europe/Riga", "ma": "Africa/Casablanca",
    "mo": "Asia/Macau", "mx": "America/Mexico_City", "my": "Asia/Kuala_Lumpur", "na": "Africa/Windhoek",
    "ng": "Africa/Lagos", "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "np": "Asia/Kathmandu",
    "nz": "Pacific/Auckland", "pe": "America/Lima", "ph": "Asia/Manila", "pk": "Asia/Karachi",
    "pl": "Europe/Warsaw", "pt": "Europe/Lisbon", "py": "America/Asuncion", "qa": "Asia/Qatar",
    "ro": "Europe/Bucharest", "rs": "Europe/Belgrade", "ru": "Europe/Moscow", "sa": "Asia/Riyadh",
    "se": "Europe/Stockholm", "sg": "Asia/Singapore", "si": "Europe/Ljubljana", "sk": "Europe/Bratislava",
    "th": "Asia/Bangkok", "tr": "Europe/Istanbul", "tw": "Asia/Taipei", "tz": "Africa/Dar_es_Salaam",
    "ua": "Europe/Kyiv", "uk": "Europe/London", "us": "America/New_York", "uy": "America/Montevideo",
    "ve": "America/Caracas", "vn": "Asia/Ho_Chi_Minh", "za": "Africa/Johannesburg",
}  # fmt: skip

# Top-level domains that are sold worldwide and say nothing about a country.
GENERIC_DOMAINS = {"ai", "cc", "co", "fm", "io", "is", "la", "ly", "me", "tk", "to", "tv", "ws"}

# Languages of one country, or nearly so. English, Spanish and Arabic are not.
LANGUAGE_COUNTRIES: Mapping[str, str] = {
    "bg": "bg", "bn": "bd", "cs": "cz", "da": "dk", "de": "de", "el": "gr", "et": "ee", "fa": "ir",
    "fi": "fi", "fr": "fr", "he": "il", "hi": "in", "hr": "hr", "hu": "hu", "id": "id", "is": "is",
    "it": "it", "ja": "jp", "ka": "ge", "ko": "kr", "lt": "lt", "lv": "lv", "ms": "my", "nb": "no",
    "nl": "nl", "no": "no", "pl": "pl", "ro": "ro", "ru": "ru", "sk": "sk", "sl": "si", "sr": "rs",
    "sv": "se", "ta": "in", "th": "th", "tr": "tr", "uk": "ua", "vi": "vn", "zh": "cn",
}  # fmt: skip

# Names on pages, in minutes from UTC. "ET" and "PT" change with the season: see below.
ZONE_OFFSET_MINUTES: Mapping[str, int] = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "ist": 330, "west": 60, "cet": 60, "mez": 60, "wat": 60,
    "cest": 120, "mesz": 120, "eet": 120, "sast": 120, "cat": 120, "eest": 180, "msk": 180, "eat": 180,
    "pkt": 300, "wib": 420, "hkt": 480, "sgt": 480, "awst": 480, "kst": 540, "jst": 540, "aest": 600,
    "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180, "art": -180, "ast": -240, "edt": -240, "est": -300,
    "cdt": -300, "cst": -360, "mdt": -360, "mst": -420, "pdt": -420, "pst": -480,
}  # fmt: skip
SEASONAL_ZONES: Mapping[str, str] = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


@cache
def country_zone(country: str) -> tzinfo | None:
    """The time zone of a country, by its code of two letters; None if it has none here."""
    name = COUNTRY_ZONES.get(country.lower())
    return ZoneInfo(name) if name else None


@cache
def named_zone(name: str) -> tzinfo | None:
    """The time zone of an abbreviation in a visible time ("KST", "ET"); None if it is unknown."""
    name = name.lower().replace(".", "")
    if name in SEASONAL_ZONES:
        return ZoneInfo(SEASONAL_ZONES[name])
    minutes = ZONE_OFFSET_MINUTES.get(name)
    return None if minutes is None else timezone(timedelta(minutes=minutes))


def page_country(url: str, *, lang: str | None, locale: str | None) -> str | None:
    """The country of a page by its domain, else its locale, else its language; None if unknown.

    >>> page_country("https://news.example.kr/1", lang=None, locale=None)
    'kr'
    >>> page_country("https://example.com/1", lang="ja", locale="ja_JP")
    'jp'
    """
    domain = top_domain(url)
    if domain not in GENERIC_DOMAINS and domain in COUNTRY_ZONES:
        return domain
    territory = (locale or "").replace("-", "_").rpartition("_")[2].lower()
    # WordPress writes en_US by default: no evidence.
    if "_" in (locale or "").replace("-", "_") and territory in COUNTRY_ZONES and territory != "us":
        return territory
    return LANGUAGE_COUNTRIES.get(lang or "")


def top_domain(url: str) -> str:
    """The last label of the host of a URL, "" if it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.rpartition(".")[2]


def page_zone(url: str, *, lang: str | None, locale: str | None) -> tzinfo | None:
    """The time zone of the country of a page; None if unknown."""
    country = page_country(url, lang=lang, locale=locale)
    return country_zone(country) if country else None
