"""Writing systems by their characters: ranges for a character class, and the classes asked for most.

The ranges go into square brackets: `f"[{HANGUL_SYLLABLES}]+"`.
"""

from scraper.patterns import lazy_pattern

HANGUL_SYLLABLES = "가-힣"
KANA = "ぁ-ヿ"
IDEOGRAPHS = "一-鿿"  # the block of common ideographs, U+4E00 to U+9FFF
# Kana, and ideographs with extension A. Their words have no spaces between them.
KANA_AND_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff"
COMPATIBILITY_IDEOGRAPHS = "\uf900-\ufaff"
FIRST_CJK = "\u2e80"  # the first character beyond the alphabets of Europe, Africa and West Asia

HANGUL = lazy_pattern(f"[{HANGUL_SYLLABLES}]")
IDEOGRAPH = lazy_pattern(f"[{IDEOGRAPHS}]")
KANA_CHARACTER = lazy_pattern(f"[{KANA}]")
KANA_OR_HANGUL = lazy_pattern(f"[{KANA}{HANGUL_SYLLABLES}]")
EAST_ASIAN = lazy_pattern(f"[{KANA}{IDEOGRAPHS}{HANGUL_SYLLABLES}]")
