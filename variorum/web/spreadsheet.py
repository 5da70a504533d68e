"""CSV that spreadsheets open without running it: no cell of scraped text is a formula.

Every spreadsheet splits a CSV file at commas. In many countries it splits at semicolons instead, and quotation
marks within a line then protect nothing, nor line breaks. So a formula may begin after any of these.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scraper.patterns import lazy_pattern

# A spreadsheet reads a cell that begins so as a formula, which may load an address; East Asian ones read the wide
# signs too. White space, quotation marks and invisible characters before the sign do not count. A number is none.
FORMULA = lazy_pattern(
    r"(^|[;|\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029])"
    r"(?=[ \"'\xa0\xad\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u2000-\u200f\u2060\u3000\ufeff]*+"
    r"(?:[=@＝＠﹦﹫]|[+\-＋－﹢﹣](?![0-9.,]{1,30}(?:[eE][+-]?[0-9]{1,3})?\s?(?:[;|\t\r\n\"]|$))))"
)
STARTS_WITH_CONTROL = lazy_pattern(r"[\t\r]")
# The cells of one record: quoted, or up to the next comma.
CELL = lazy_pattern(r'(?:(?<=,)|^)(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n][^,\r\n]*))')


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before each place that a spreadsheet would run as a formula.

    >>> safe_cell("=cmd()"), safe_cell("a;@b"), safe_cell("-12.5"), safe_cell("a = b")
    ("'=cmd()", "a;'@b", '-12.5', 'a = b')
    """
    safe = FORMULA.sub(r"\1'", text)
    return f"'{safe}" if STARTS_WITH_CONTROL.match(safe) else safe


@dataclass(slots=True)
class SafeCsv:
    """Makes CSV from another writer safe, as it comes: whole records at a time."""

    _decode: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )
    _parts: list[str] = field(default_factory=list)
    _is_quoted: bool = False
    _line: str = ""

    def feed(self, raw: bytes, *, is_last: bool) -> bytes:
        """The records that are complete after these bytes."""
        lines = (self._line + self._decode.decode(raw, is_last)).split("\n")
        self._line = "" if is_last else lines.pop()
        records = list(self._records([f"{line}\n" for line in lines[: -1 if is_last else None]]))
        if is_last:
            records.append("".join([*self._parts, lines[-1]]))
        return "".join(CELL.sub(_safe_match, record) for record in records).encode()

    def _records(self, lines: list[str]) -> Iterator[str]:
        for line in lines:
            self._parts.append(line)
            self._is_quoted ^= line.count('"') % 2 == 1
            if not self._is_quoted:
                yield "".join(self._parts)
                self._parts = []


def _safe_match(match: re.Match[str]) -> str:
    quoted, plain = match.groups()
    text = plain if quoted is None else quoted.replace('""', '"')
    safe = safe_cell(text)
    if safe == text:
        return match[0]
    return '"' + safe.replace('"', '""') + '"'
