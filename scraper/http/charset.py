"""Bytes become text: which charset a page is really in.

The order: byte order mark, valid UTF-8, the HTTP header, the `<meta>` of the page if the text reads as its
script, trial decoding by script, charset-normalizer. A label is a claim, not a fact. About one in fifty stored Korean,
Japanese and Chinese pages names the wrong charset. `euc-kr` means its superset cp949.
"""

import codecs
import re
from dataclasses import dataclass

from scraper.patterns import lazy_pattern

# The WHATWG Encoding Standard reads these labels as the supersets that pages use.
CHARSET_SUPERSETS = {
    "euc_kr": "cp949",
    "johab": "johab",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}
# Labels of the WHATWG Encoding Standard that Python does not have, by its name of their charset.
_OTHER_LABELS = {
    "iso8859-2": "iso88592",
    "iso8859-3": "iso88593",
    "iso8859-4": "iso88594",
    "iso8859-5": "iso88595",
    "iso8859-6": "csiso88596e csiso88596i iso-8859-6-e iso-8859-6-i iso88596",
    "iso8859-7": "iso88597 sun_eu_greek",
    "iso8859-8": "csiso88598e iso-8859-8-e iso88598 visual csiso88598i iso-8859-8-i logical",
    "iso8859-10": "iso885910",
    "iso8859-13": "iso885913",
    "iso8859-14": "iso885914",
    "iso8859-15": "csisolatin9 iso885915",
    "koi8-r": "koi koi8",
    "koi8-u": "koi8-ru",
    "mac-roman": "csmacintosh mac x-mac-roman",
    "cp874": "dos-874 iso885911 windows-874",
    "cp1250": "x-cp1250",
    "cp1251": "x-cp1251",
    "cp1252": "x-cp1252 iso88591",
    "cp1253": "x-cp1253",
    "cp1254": "x-cp1254 iso88599",
    "cp1255": "x-cp1255",
    "cp1256": "x-cp1256",
    "cp1257": "x-cp1257",
    "cp1258": "x-cp1258",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "csgb2312 gb_2312 gb_2312-80 x-gbk",
    "big5hkscs": "cn-big5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese x-euc-jp",
    "cp932": "windows-31j x-sjis",
    "cp949": "cseuckr csksc56011987 iso-ir-149 ks_c_5601-1989 ksc_5601 windows-949",
    "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
}
PYTHON_CHARSET_NAMES = {
    label: name for name, labels in _OTHER_LABELS.items() for label in labels.split()
}

# Every charset of the web reads this as itself; base64, idna, EBCDIC, UTF-7 and UTF-16 do not.
ASCII_PROBE = rb"<a>\u0041+AGE-" + b"\xff"
ASCII_BYTES = bytes(range(128))

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
META_CHARSET = lazy_pattern(
    rb"""<meta[^<>]{0,400}?charset\s*+=\s*+["']?\s*+([a-zA-Z0-9_:.\-]{2,40})""", re.I
)
XML_ENCODING = lazy_pattern(
    rb"""<\?xml[^<>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_\-]{2,40})""", re.I
)
HEADER_CHARSET = lazy_pattern(r"""charset\s*+=\s*+["']?\s*+([a-zA-Z0-9_:.\-]{2,40})""", re.I)
ESCAPE_BYTE = b"\x1b"  # one byte is found thirty times as fast as two
ISO_2022_JP_START = ESCAPE_BYTE + b"$"  # before Japanese text in seven bits
ISO_2022_KR_START = ESCAPE_BYTE + b"$)C"
HEAD_BYTES = 200_000  # the whole head: some sites put kilobytes of script before the meta
PROBE_BYTES = 60_000
SAMPLE_BYTES = 1_000_000  # enough to recognise a charset

# The commonest letters of the script that a charset is for.
COMMON_LETTERS = (
    ("cp949", lazy_pattern("[가-힣]")),
    ("cp932", lazy_pattern("[ぁ-んァ-ヴー]")),
    ("euc_jp", lazy_pattern("[ぁ-んァ-ヴー]")),
    (
        "gb18030",
        lazy_pattern(
            "[的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里]"
        ),
    ),
    (
        "big5hkscs",
        lazy_pattern(
            "[的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡]"
        ),
    ),
)
REPLACEMENT_CHARACTER = "\ufffd"  # for bytes that a charset cannot read
PRIVATE_USE = lazy_pattern("[\ue000-\uf8ff]")
MIN_COMMON_LETTER_SHARE = 0.12  # of the non-ASCII letters; wrong guesses stay under 0.05
# A text of few sentences may have no common word, but all of it is letters and marks of its script.
SCRIPT_LETTERS = {
    name: lazy_pattern("[、-〿一-鿿！-～ぁ-ヿ가-힣“”‘’…—]") for name, _ in COMMON_LETTERS
}
MIN_SCRIPT_LETTER_SHARE = 0.97
# Charsets of one byte for a script of its own. Korean and Chinese bytes read as one of them give other signs, too.
ALPHABETS = {
    "cp874": "\u0e01-\u0e5b",
    **dict.fromkeys(("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"), "Ѐ-ӿ"),
    **dict.fromkeys(("cp1253", "iso8859-7"), "Ͱ-Ͽ"),
    **dict.fromkeys(("cp1255", "iso8859-8"), "\u0590-\u05ff"),
    **dict.fromkeys(("cp1256", "iso8859-6"), "\u0600-\u06ff"),
}
ALPHABET_LETTERS = {
    name: lazy_pattern(f"[{letters}\u00a0–—‘’“”„«»…№•]") for name, letters in ALPHABETS.items()
}
MIN_ALPHABET_SHARE = 0.93
MULTIBYTE_CHARSETS = {"cp949", "cp932", "euc_jp", "gb18030", "big5hkscs", "iso2022_jp", "utf-8"}


def decode(raw: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text of a page, and Python's name of its charset; never raises.

    Bytes that the charset cannot read become U+FFFD.

    >>> decode("한국 뉴스".encode("cp949"), "text/html; charset=euc-kr")
    ('한국 뉴스', 'cp949')
    >>> decode("café".encode())
    ('café', 'utf-8')
    """
    if _is_clean_utf8(raw):
        return raw.decode("utf-8").removeprefix("\ufeff"), "utf-8"
    charset = detect_charset(raw, content_type)
    return raw.decode(charset, errors="replace").removeprefix("\ufeff"), charset


def to_utf8(raw: bytes, content_type: str | None = None) -> bytes:
    """The page in UTF-8, as `decode` reads it. Most pages are in UTF-8 already."""
    if _is_clean_utf8(raw):
        return raw.removeprefix(codecs.BOM_UTF8)
    return decode(raw, content_type)[0].encode("utf-8", errors="replace")


def _is_clean_utf8(raw: bytes) -> bool:
    """Whether a page is plainly UTF-8: the usual case, and the quickest to decide."""
    if ESCAPE_BYTE in raw or _utf16_charset(raw):
        return False  # UTF-16 and ISO-2022-JP are valid UTF-8 too
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def detect_charset(raw: bytes, content_type: str | None = None) -> str:
    """The Python name of the charset that `raw` is most plausibly in."""
    for bom, charset in BYTE_ORDER_MARKS:
        if raw.startswith(bom):
            return charset
    wide = _utf16_charset(raw)
    if wide:
        return wide
    raw = raw[:SAMPLE_BYTES]
    charsets = _declared_charsets(raw, content_type)
    if ISO_2022_KR_START in raw:
        return "iso2022_kr"
    if "iso2022_jp" in charsets and ISO_2022_JP_START in raw:
        return "iso2022_jp"
    if raw.isascii() or _reads_as_utf8(raw, "utf-8" in charsets):
        return "utf-8"
    probe = _non_ascii_lines(raw)
    for charset in charsets:
        if (
            charset in MULTIBYTE_CHARSETS
            and _decodes(raw, charset)
            and _is_plausible(probe, charset)
        ):
            return charset
        if charset in ALPHABETS and _decodes(raw, charset) and _is_alphabetic(probe, charset):
            return charset
    return _charset_by_script(probe) or _single_byte_charset(raw, probe, charsets)


def _declared_charsets(raw: bytes, content_type: str | None) -> list[str]:
    head = raw[:HEAD_BYTES]
    labels = [match[1] for match in [HEADER_CHARSET.search(content_type or "")] if match]
    labels += [
        match[1].decode("ascii")
        for match in (XML_ENCODING.search(head), META_CHARSET.search(head))
        if match
    ]
    return list(dict.fromkeys(name for name in map(_python_name, labels) if name))


def _python_name(label: str) -> str | None:
    label = label.strip().lower()
    try:
        name = codecs.lookup(PYTHON_CHARSET_NAMES.get(label, label)).name
        if not ASCII_PROBE.decode(name, errors="replace").startswith(ASCII_PROBE[:-1].decode()):
            return None
    except (LookupError, ValueError):
        return None
    return CHARSET_SUPERSETS.get(name, name)


def _utf16_charset(raw: bytes) -> str | None:
    """The kind of UTF-16 without a byte order mark: every second byte of the markup is NUL."""
    start = raw[:200]
    if len(start) < 4 or start.count(0) < len(start) // 3:
        return None
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def _decodes(raw: bytes, charset: str) -> bool:
    """Whether a charset reads the bytes, or all but so few that the page itself is broken."""
    try:
        raw.decode(charset)
    except UnicodeDecodeError:
        return _has_few_faults(
            raw, raw.decode(charset, errors="replace").count(REPLACEMENT_CHARACTER)
        )
    return True


def _has_few_faults(raw: bytes, faults: int) -> bool:
    return faults * 100 <= len(raw.translate(None, ASCII_BYTES))


def _reads_as_utf8(raw: bytes, is_declared: bool) -> bool:
    """Whether the bytes are UTF-8, or all but a few.

    Sequences of UTF-8 are no accident: a few faults among a few of them are faults of the page.
    """
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", errors="replace")
        faults = text.count(REPLACEMENT_CHARACTER)
        wide = _wide_characters(text) - faults
        return _has_few_faults(raw, faults) or (
            wide > 0 and faults <= (max(3, wide) if is_declared else wide // 2)
        )
    return True


def _wide_characters(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _non_ascii_lines(raw: bytes) -> bytes:
    """The lines with non-ASCII bytes, as many as it takes to recognise a script."""
    lines: list[bytes] = []
    size = 0
    for line in raw.split(b"\n"):
        if not line.isascii():
            lines.append(line[:PROBE_BYTES])
            size += len(line)
            if size > PROBE_BYTES:
                break
    return b"\n".join(lines)


@dataclass(frozen=True, slots=True)
class _TrialDecoding:
    """A probe as a charset reads it, with the number of its non-ASCII characters (`wide`).

    `private` of them are for private use, `faults` could not be read.
    """

    text: str
    wide: int
    private: int
    faults: int

    def share(self, letters: re.Pattern[str]) -> float:
        """The share of `letters` among the non-ASCII characters; 0 if too many of those are strange."""
        if not self.wide or (self.faults + self.private) * 50 > self.wide:
            return 0.0
        return len(letters.findall(self.text)) / self.wide


def _trial_decoding(probe: bytes, charset: str) -> _TrialDecoding:
    text = probe.decode(charset, errors="replace")
    private = len(PRIVATE_USE.findall(text))
    return _TrialDecoding(text, _wide_characters(text), private, text.count(REPLACEMENT_CHARACTER))


def _is_plausible(probe: bytes, charset: str) -> bool:
    """Whether a multi-byte label holds: unless the text is strange, or another script fits better."""
    decoding = _trial_decoding(probe, charset)
    if decoding.private * 50 > decoding.wide:
        return False
    patterns = dict(COMMON_LETTERS)
    if charset not in patterns or decoding.share(patterns[charset]) >= MIN_COMMON_LETTER_SHARE:
        return True
    return all(
        _trial_decoding(probe, name).share(letters) < MIN_COMMON_LETTER_SHARE
        for name, letters in COMMON_LETTERS
        if name != charset
    )


def _is_alphabetic(probe: bytes, charset: str) -> bool:
    """Whether a charset for one script gives hardly anything but letters of that script."""
    return _trial_decoding(probe, charset).share(ALPHABET_LETTERS[charset]) >= MIN_ALPHABET_SHARE


def _charset_by_script(probe: bytes) -> str | None:
    """The charset whose common letters are frequent, else one under which all is letters."""
    decodings = {name: _trial_decoding(probe, name) for name, _ in COMMON_LETTERS}
    for threshold, patterns in (
        (MIN_COMMON_LETTER_SHARE, dict(COMMON_LETTERS)),
        (MIN_SCRIPT_LETTER_SHARE, SCRIPT_LETTERS),
    ):
        shares = {name: decoding.share(patterns[name]) for name, decoding in decodings.items()}
        best = max(shares, key=lambda name: shares[name])
        if shares[best] >= threshold:
            return best
    return None


def _single_byte_charset(raw: bytes, probe: bytes, charsets: list[str]) -> str:
    for charset in charsets:
        if charset not in MULTIBYTE_CHARSETS and _decodes(raw, charset):
            return charset
    from charset_normalizer import from_bytes  # the last resort, which most checks do not need

    guess = from_bytes(probe[:PROBE_BYTES]).best()
    return guess.encoding if guess else "cp1252"
