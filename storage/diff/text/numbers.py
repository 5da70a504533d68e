"""Numbers as a reader sees them: with their multiples and units, fractions, scores and ordinal days."""

import re

from scraper.patterns import lazy_pattern
from storage.diff.text.tokens import NUMBER_TOKEN, SPACED_UNIT

FRACTION = r"(?<!\d)\d++\s?(?:분의|分の|分之)\s?\d+"
SCORE = r"\d+(?:[-–:]\d+)++(?!\w)"
# 12. Januar: languages that write a day of the month as an ordinal.
ORDINAL_DAY = r"\d{1,2}\. (?:Jan|Feb|Mär|Mar|Apr|Mai|Maj|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Des|Dec)\w*"
# 2조 3000억 원, 12 million.
MULTIPLES = r"(?:\d[\d.,]{0,20}[조억만兆億亿万萬]\s){0,3}"
NUMBER_EXPRESSION = lazy_pattern(
    rf"(?<![\d.,])(?:{FRACTION}|{SCORE}|{ORDINAL_DAY}|{MULTIPLES}{NUMBER_TOKEN.pattern}(?:{SPACED_UNIT.pattern})?)",
    re.I,
)
