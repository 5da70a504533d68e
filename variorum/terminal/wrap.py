"""Lines wrapped at words to the width of a terminal: wide characters, colours, a hanging indent."""

import unicodedata

from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import COMPATIBILITY_IDEOGRAPHS, KANA_AND_IDEOGRAPHS

# A longer line is hard to read, however wide the window is.
MAX_LINE_COLUMNS = 100
# The hanging indent if the one wanted would take more than half of the line.
FALLBACK_INDENT_COLUMNS = 4

ANSI_STYLE = r"\x1b\[[0-9;]*m"
STYLE_CODE = lazy_pattern(ANSI_STYLE)
KANA_OR_IDEOGRAPH = f"{KANA_AND_IDEOGRAPHS}{COMPATIBILITY_IDEOGRAPHS}\U00020000-\U0003ffff"
OPENING_PUNCTUATION = "「『（【〈《"
CLOSING_PUNCTUATION = "、。，．」』）】〉》！？：；ー…・々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
# A piece that is never broken. It is a run of spaces, a word between spaces (as in Korean), or an ideograph
# with its punctuation: Chinese and Japanese break between any two characters. The colour codes beside a piece belong to it.
UNBREAKABLE_PIECE = lazy_pattern(
    rf" +|(?:{ANSI_STYLE}|[{OPENING_PUNCTUATION}])*[{KANA_OR_IDEOGRAPH}](?:{ANSI_STYLE}|[{CLOSING_PUNCTUATION}]|-\]|\+}})*"
    rf"|[{OPENING_PUNCTUATION}]*(?:{ANSI_STYLE}|[^ \x1b{KANA_OR_IDEOGRAPH}{OPENING_PUNCTUATION}])+|[{OPENING_PUNCTUATION}]+|\x1b"
)
LINE_INDENT = lazy_pattern(rf"(?:{ANSI_STYLE}| )*")


def wrap_text(text: str, width: int, *, hanging_indent: int | None = None) -> str:
    """Text with each line wrapped at words; a word longer than a line, such as an address, stays whole.

    The continuation of a line is indented by `hanging_indent` columns, by default as deep as the line.

    >>> print(wrap_text("  a ferry struck the pier", 16))
      a ferry struck
      the pier
    >>> print(wrap_text("灯台の明かり。", 6))
    灯台の
    明か
    り。
    """
    return "\n".join(
        _wrap_line(line, min(width, MAX_LINE_COLUMNS), hanging_indent) for line in text.split("\n")
    )


def display_width(text: str) -> int:
    """The columns that text takes on a terminal.

    >>> display_width("\\x1b[31m온실\\x1b[0m"), display_width("e\\u0301")
    (4, 1)
    """
    return sum(_character_width(character) for character in STYLE_CODE.sub("", text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _wrap_line(line: str, width: int, hanging_indent: int | None) -> str:
    match = LINE_INDENT.match(line)
    start = match[0] if match else ""
    depth = display_width(start) if hanging_indent is None else hanging_indent
    indent = " " * (depth if depth <= width // 2 else FALLBACK_INDENT_COLUMNS)
    out, used_columns, style, spaces = (
        start,
        display_width(start),
        "".join(STYLE_CODE.findall(start)),
        "",
    )
    for piece in UNBREAKABLE_PIECE.findall(line.removeprefix(start)):
        if piece.startswith(" "):
            spaces = piece
            continue
        size = display_width(piece)
        fits = used_columns + len(spaces) + size <= width
        if not fits and used_columns > len(indent) and 0 < size <= width - len(indent):
            # An open style must not run into the indent, which would be struck through.
            out += ("\x1b[0m" if style else "") + "\n" + indent + style
            used_columns, spaces = len(indent), ""
        out, used_columns, spaces = out + spaces + piece, used_columns + len(spaces) + size, ""
        for style_code in STYLE_CODE.findall(piece):
            style = "" if style_code == "\x1b[0m" else style + style_code
    return out + spaces
