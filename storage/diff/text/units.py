"""The units of numbers, in one table that says for which uses each unit counts.

Three questions need units: what is one token, what is the span of an edit, and is an edit one of
a number? They agree on few units: `km` is part of a token, but no span takes in the `miles` of
"12 miles". Later work may give a unit more uses. It would change the edits that databases hold.
"""

import re
from dataclasses import dataclass
from enum import Flag, auto

from scraper.patterns import lazy_pattern


class UnitUse(Flag):
    """For what a unit counts."""

    JOINED = auto()  # written to a number, it is part of the number's token: "12km"
    SPACED = auto()  # as the word after a number, it is part of the number's span: "12 million"
    SPACED_KOREAN = auto()  # the same for a word that particles follow: "3천만 원을"
    SIGN = auto()  # removed or added beside a digit, it changes the number: "12%"


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """Units with the same uses, as the alternatives of a pattern."""

    pattern: str
    uses: UnitUse


_JOINED, _SPACED, _SIGN = UnitUse.JOINED, UnitUse.SPACED, UnitUse.SIGN

# The first alternative that fits is taken: a unit goes before every other that it begins with.
UNITS = (
    UnitGroup("%포인트|퍼센트포인트|퍼센트|개월간|년간|주간|일간|시간|분기", _JOINED),
    UnitGroup("달러|유로", _JOINED | UnitUse.SPACED_KOREAN),
    UnitGroup("위안", _JOINED),
    UnitGroup("엔|원|명", _JOINED | UnitUse.SPACED_KOREAN),
    UnitGroup("개월|개국|개|년|월|일|시|분|초", _JOINED),
    UnitGroup("배|차례|차|회|건|곳|대|세|살|위|호|층|가구|마리|채|톤", _JOINED),
    UnitGroup("킬로미터|킬로그램|미터|포인트", _JOINED),
    UnitGroup("年|月|日|時|时|分|秒|人|名|円|元|圆|韩元|美元|港元", _JOINED),
    UnitGroup("歳|岁|個|个|件|倍|回|次|度|号|號|位|ドル|ウォン|ユーロ", _JOINED),
    UnitGroup("%p", _JOINED),
    UnitGroup("%", _JOINED | _SIGN),
    UnitGroup("％", _JOINED),
    UnitGroup("‰", _JOINED | _SIGN),
    UnitGroup("℃|°C|°F|km/h|kg|km|cm|mm|ml|GW|MW|kW|kB|MB|GB|m²|㎡|㎞|㎝|㎏|°", _JOINED),
    UnitGroup("(?:g|l|h|ha)(?![A-Za-z])", _JOINED),
    UnitGroup("(?:[AaPp]\\.[Mm]\\.|[AaPp][Mm])(?![A-Za-z])", _JOINED),
    UnitGroup("ppm|bn|tn|[kKmM](?![A-Za-z])", _JOINED),
    UnitGroup("thousand|million|billion|trillion|per ?cent|percentage points?", _SPACED),
    UnitGroup("Prozent|Millionen|Milliarden|millions?|milliards?", _SPACED),
    UnitGroup("millones|mil millones|milhões|bilhões|miliardi|milioni", _SPACED),
)
# Before a number they are part of its token; beside a digit they count as signs.
CURRENCY_SIGNS = "$€£¥₩"
ARITHMETIC_SIGNS = "-−–+±"
# Powers of ten between a number and its unit: within a token, and before a spaced Korean unit.
JOINED_MULTIPLES = "[조억만천백십兆亿億万萬千百]"
KOREAN_MULTIPLES = "(?:천|백)?(?:조|억|만)?"


def _unit_alternatives(use: UnitUse) -> str:
    return "|".join(group.pattern for group in UNITS if use in group.uses)


JOINED_UNITS = _unit_alternatives(UnitUse.JOINED)
SPACED_UNIT = lazy_pattern(
    rf" (?:(?:{_unit_alternatives(UnitUse.SPACED)})\b"
    rf"|{KOREAN_MULTIPLES}\s?(?:{_unit_alternatives(UnitUse.SPACED_KOREAN)})(?=[은는이가을를의에도]|\W|$))",
    re.I,
)
NUMBER_SIGNS = frozenset(
    [*ARITHMETIC_SIGNS, *CURRENCY_SIGNS, *_unit_alternatives(UnitUse.SIGN).split("|")]
)
