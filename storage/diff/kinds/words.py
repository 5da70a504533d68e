"""The words that distinguish the kinds of edits: Korean and English first, then other languages."""

import re

from scraper.patterns import lazy_pattern

APOSTROPHE = lazy_pattern(r"(?<=[^\W\d_가-힣])['’](?=[^\W\d_가-힣])")

# Dates, times of day, days and months. English writes days and months with a capital.
DATE_WORD = lazy_pattern(
    r"""(?x) ^(?:
      \d{1,2}\s*(?:월|일|시|분|月|日|時|时|点|分|号|號|Uhr|[AaPp]\.?[Mm]\.?) | \d{4}\s*[년年]
    | \d{1,2}:\d{2}(?::\d{2})?(?:[AaPp]\.?[Mm]\.?)? | \d{4}[./-]\d{1,2}[./-]\d{1,2} | (?:19|20)\d\d
    | Jan(?:uary)? | Feb(?:ruary)? | Mar(?:ch)? | Apr(?:il)? | May | June? | July? | Aug(?:ust)? | Sept?(?:ember)?
    | Oct(?:ober)? | Nov(?:ember)? | Dec(?:ember)?
    | (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day | [Tt]oday | [Yy]esterday | [Tt]omorrow | [Tt]onight
    | 오늘 | 어제 | 내일 | 그제 | 모레 | 지난달 | 이달 | 다음달 | 내달 | 지난해 | 작년 | 올해 | 내년 | 오전 | 오후 | [월화수목금토일]요일
    | 상반기 | 하반기 | [1-4]분기 | 연말 | 연초 | 월말 | 주말
    )(?:[은는이가을를에의도내중말초]|에서|에는|부터|까지)?$"""
)
# Those of other languages count only on pages in them: "Mars" is a planet, "morgen" a morning.
DATE_WORDS_BY_LANG = {
    lang: lazy_pattern(rf"^(?:{'|'.join(words.split())})$", re.I)
    for lang, words in {
        "de": "januar februar märz april mai juni juli august september oktober november dezember montag dienstag mittwoch"
        " donnerstag freitag samstag sonnabend sonntag heute gestern morgen vorgestern übermorgen",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi"
        " vendredi samedi dimanche hier demain aujourd['’]hui",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles"
        " jueves viernes sábado domingo hoy ayer mañana anoche anteayer",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro segunda-feira terça-feira segunda terça quarta quinta sexta"
        " quarta-feira quinta-feira sexta-feira sábado domingo hoje ontem amanhã",
        "nl": "januari februari maart april mei juni juli augustus september oktober november december maandag dinsdag woensdag donderdag vrijdag"
        " zaterdag zondag vandaag gisteren morgen",
        "ru": r"январ\w+ феврал\w+ март\w* апрел\w+ ма[йяе] июн\w+ июл\w+ август\w* сентябр\w+ октябр\w+ ноябр\w+ декабр\w+ понедельник\w* вторник\w*"
        r" сред[ауыеу] четверг\w* пятниц\w+ суббот\w+ воскресень\w+ сегодня вчера завтра утр\w+ вечер\w* полдень полночь весной летом осенью зимой",
        "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر (?:ال)?(?:اثنين|إثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت|أحد)"
        " اليوم أمس غدا غدًا مساء صباح",
        "hi": "जनवरी फरवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर अक्तूबर नवंबर दिसंबर सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार आज कल परसों",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre lunedì martedì"
        " mercoledì giovedì venerdì sabato domenica oggi ieri domani",
    }.items()
}
# Words that stand beside a date and are none: next week, on 14 October, este año.
DATE_COMPANION = lazy_pattern(
    r"""(?ix) ^(?: on | at | in | by | since | until | before | after | from | the | this | next | last | past | early | late | mid | weeks? | months? | years? | weekend
    | mornings? | evenings? | nights? | noon | midnight | spring | summer | autumn | winter | shortly | de | del | el | la | los | este | esta | desde | hasta | próxim[oa]
    | pasad[oa] | semana | mes | año | ano | am | im | um | bis | seit | ab | nächste[nrs]? | letzte[nrs]? | woche | monat | jahr | le | les | en | dès | depuis | jusqu\w*
    | prochaine? | dernière? | dernier | semaine | mois | année? | вечера | утра | года | в | с | до
    | \d{1,2}(?:st|nd|rd|th|\.)? )$"""
)
# A number that may be a day, and what after a number makes it an hour.
DAY_NUMBER = lazy_pattern(r"^(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.|er)?$")
BEFORE_HOUR = lazy_pattern(r"^\W*(?:[ap]\.?m\b|o['’]clock|uhr\b)", re.I)
# Chinese and Japanese days have no spaces around them: they are a whole span, not a token.
CJK_DATE = lazy_pattern(
    "(?:[上下本這这]?(?:週|周|星期|曜)[一二三四五六日天]?|[月火水木金土日]曜日?|[今昨明前去本来來]年[初末]?|[今昨明]天|[今昨明][日晚晨夜朝]|[今来先][週]中?|[春夏秋冬]天?|[上下]半年|[上下本先来來]月|[上下]午)"
)
# Numbers in words, but not "one" and its equivalents: they are articles as often.
NUMBER_WORD = lazy_pattern(
    r"""(?ix) ^(?: two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | (?:thir|four|fif|six|seven|eigh|nine)teen
    | (?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)? | hundreds? | thousands? | [mbtr]+illions? | dozens? | half | halves | thirds? | quarters? | double | triple
    | zwei | drei | vier | fünf | sechs | sieben | acht | neun | zehn | elf | zwölf | hundert | tausend | million(?:en)? | milliarden?
    | deux | trois | quatre | cinq | sept | huit | neuf | dix | onze | douze | vingt | trente | cent | mille | milliards?
    | (?:اثنا|ثلاث|أربع|خمس|ست|سبع|ثمان|تسع|عشر)\w{0,2} | مئة | ألف | مليون
    | dos | tres | cuatro | cinco | seis | siete | ocho | nueve | diez | doce | veinte | treinta | cien | mil | millones
    | बीस | तीस | चालीस | पचास | साठ | सत्तर | अस्सी | नब्बे | सौ | हज़ार | हजार | दर्जन | сто | тысяч\w* | 절반 | 반
    | 두 | 세 | 네 | 다섯 | 여섯 | 일곱 | 여덟 | 아홉 | 열(?:한|두|세|네)? | 스무 | 서른 | 마흔 | 쉰 | 수[십백천만억]+
    )$"""
)
CJK_NUMBER = lazy_pattern("半[分数數]?|[〇零一二三四五六七八九十百千万亿萬億两兩]+")
ATTRIBUTION = lazy_pattern(
    r"""(?ix) ^(?: sa(?:id|ys?) | told | tells? | according | claim(?:s|ed)? | alleg\w+ | report(?:s|ed|edly)
    | stat(?:es|ed) | announc\w+ | admit\w* | den(?:y|ies|ied) | insist\w* | argu(?:es|ed) | sources? | officials?
    | sagte\w* | laut | zufolge | erklärte\w* | teilte | selon | déclaré\w* | affirm\w+ | según | dijo | afirmó
    | (?:(?=\w+$)\w*?(?:밝혔|말했|전했|주장했|설명했|강조했|보도했|발표했|덧붙였|알려졌|전해졌)\w*) | 따르면 | 관계자\w* | 측은?
    )$"""
)
# What is before the source of a statement, and after it.
BEFORE_SOURCE = lazy_pattern(
    r"(?:\baccording to|\bsources? (?:at|in|from)|\blaut|\bnach Angaben (?:de[rs]|von)|\bselon|\bsegún|\bsegundo|\bsecondo|\bd['’]après|\bde acordo com"
    r"|\bпо данным|\bпо словам|\bсо слов|وفقا ل|بحسب|وقال|وقالت|وأفاد|أفاد|据|據)\W*$",
    re.I,
)
AFTER_SOURCE = lazy_pattern(
    r"^\s?(?:によると|によれば|の話|के मुताबिक|के अनुसार|ने बताया|ने कहा|报道|報道|表示|透露|(?:에|에게)\s?따르면)"
)
SPEECH_VERB = lazy_pattern(r"\W*(?:said|says|told|claimed|sagten?|dijo|dijeron)\b", re.I)
# Titles that follow a Korean name, and a Korean name: a family name and two syllables.
KOREAN_TITLE = lazy_pattern(
    r"^(?:씨|군|양|대통령|총리|장관|차관|의원|대표|회장|부회장|사장|부사장|전무|상무|이사|교수|박사|위원장|위원|시장|지사|구청장|청장|국장|과장"
    r"|팀장|감독|선수|기자|특파원|변호사|판사|검사|총장|원장|본부장|센터장|연구원|수석|실장|대변인|대사|여사)"
)
KOREAN_FULL_NAME = lazy_pattern(
    "(?:[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용][가-힣]{2}|(?:남궁|황보|선우|제갈|독고)[가-힣]{1,2})"
)
# Capitalised words that are not names: they begin a sentence or a title.
NON_NAME_WORDS = frozenset((
    "The", "A", "An", "This", "That", "These", "Those", "It", "He", "She", "They", "We", "I", "In", "On", "At", "By", "For",
    "From", "With", "But", "And", "Or", "If", "As", "When", "While", "After", "Before",
    "Der", "Die", "Das", "Ein", "Eine", "Le", "La", "Les", "Un", "Une", "El", "Los", "Las", "Not", "No",
))  # fmt: skip
