"""Names that a reader sees: bylines near the headline, credits anywhere on the page."""

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.byline import names as bylines
from scraper.extract.html.nearby import Line
from scraper.extract.html.text import fold_spaces
from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import HANGUL, IDEOGRAPH, IDEOGRAPHS

NOT_PERSON_WORD = lazy_pattern(
    r"\b(?:about|authors?|follow|share|more|posts?|view|read|articles?|profile|written|subscribe|comments?|see|alles?|all"
    r"|biography|bio|min|minutes?|ago|date|updated|published|newsletter|contact|home|login|search|twitter"
    r"|instagram|artikel|mehr|alle|zum|über|website|autor(?:in|en)?|click|here|meet|our|this|what|why|how"
    r"|folgen|seguir|suivre|lesen|teilen|quelle|source|categor(?:y|ies)|uncategorized"
    r"|hardware|image|ansicht|verfasst|beitrag|beiträge|drucken|print|save|listen|speichern|merken|kommentare?)\b"
    r"|一覧|記事|全文|ランキング|もっと|手机|客户端|プロフィール|全部|更多|기사|구독|보기|뉴스",
    re.I,
)
NOT_NAME_SIGN = lazy_pattern(r"\d|[!?/#%…]")
NAME_PARTICLES_WORDS = """
    von van de der den del della di da do dos das du la le el al bin ibn ben ter ten zu y e d'
    """
NAME_PARTICLES = frozenset(NAME_PARTICLES_WORDS.split())
MAX_BYLINE_LINE = 140
MAX_BYLINE_LABEL = 20
MAX_KOREAN_LINE = 70
KOREAN_PERSON = lazy_pattern("[가-힣]{2,4}")
HEADLINE_SIGN = lazy_pattern("[…“”‘’「」『』]")
MAX_AFTER_REPORTER = 12  # letters: a button, a label of the date
MAX_CJK_NAME_LENGTH = 10  # characters of a Chinese or Japanese name
KOREAN_REPORTER_LINE = lazy_pattern(
    r"(?:^|[\s\[(=·,])([가-힣]{2,4})\s?(?:선임|수석|전문|인턴)?\s?(?:기자|특파원)\s*(?:[\[(<]?[\w.+-]+@|[\])=]|\n)"
)
KOREAN_DATELINE = lazy_pattern(r"[)\]]\s*((?:[가-힣]{2,4}\s){1,5})\s?(?:기자|특파원)\s*=")
# "홍길동(gildong@example.com)": no word for a reporter, but a personal address.
KOREAN_NAME_WITH_EMAIL = lazy_pattern(r"(?:^|[\s\]])([가-힣]{2,4})\s?\([\w.+-]{1,40}@[\w-]{1,40}\.")
KOREAN_MAILBOX_NAMES = frozenset(
    ["제보", "문의", "메일", "이메일", "광고", "구독", "후원", "고객", "편집국"]
)
# Family names, simplified and traditional: nine in ten names begin with one.
CHINESE_FAMILY_NAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖萧蕭田董袁潘于蒋蔣蔡余杜"
    "叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫閻段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵"
    "万萬钱錢严嚴覃武戴莫孔向汤湯常温康施牛樊葛邢安齐齊易乔喬伍庞龐颜顏倪庄莊聂聶章鲁魯岳翟殷詹申欧歐耿关關兰蘭焦俞左柳甘祝包宁寧"
    "尚符舒阮柯纪紀梅童凌毕畢单單季裴霍涂成苗谷盛曲翁冉骆駱蓝藍路游辛靳欧管柴蒙鲍鮑华華喻祁蒲房滕屈饶饒解牟艾尤阳陽时時穆农農"
)
CHINESE_CHARACTER = f"[{IDEOGRAPHS}]"
CHINESE_NAME = rf"[{CHINESE_FAMILY_NAMES}]{CHINESE_CHARACTER}{{1,2}}"
CHINESE_PERSON = lazy_pattern(rf"{CHINESE_NAME}{CHINESE_CHARACTER}?")
CHINESE_NAME_SEPARATOR = r"[ \u3000、,，/&]{1,3}"
CHINESE_SEPARATOR = lazy_pattern(CHINESE_NAME_SEPARATOR)
CHINESE_SEPARATOR_SIGN = lazy_pattern(r"(?:(?<!\s)\s++)?[、,，/&]\s*")
CHINESE_NAME_END = rf"(?!{CHINESE_CHARACTER}|\s*[:：])"
# "作者：张三 李四", a login too, on the same line or the next.
CHINESE_BYLINE = lazy_pattern(
    r"(?:作\s?者|撰文|(?:记|記)者|通[讯訊][员員]|(?:^|[\s（(])文)\s*[：:／/]\s*"
    rf"({CHINESE_CHARACTER}{{2,4}}{CHINESE_NAME_END}(?:{CHINESE_NAME_SEPARATOR}{CHINESE_CHARACTER}{{2,4}}{CHINESE_NAME_END})*|[A-Za-z][\w.-]{{2,20}}+(?!\s*[:：=]))"
)
CHINESE_LABEL_SIGNS = "者文员員"  # each label has one of them
# "（记者 张三）", "本报记者张三发自上海", "记者 张三" at the end of a line.
CHINESE_REPORTER_LINE = lazy_pattern(
    rf"(?:^|[\s（(【□])(?:{CHINESE_CHARACTER}{{2,6}})?(?:[记記]者|通[讯訊][员員])[ \u3000]*"
    rf"({CHINESE_NAME}{CHINESE_CHARACTER}?(?:{CHINESE_NAME_SEPARATOR}{CHINESE_NAME})*?)(?=[\s）)】]|发自|發自|[报報]道|[摄攝]|[电電]|$)"
)
# A name in brackets at the end of a paragraph, with editors before it or a place after it.
CHINESE_CLOSING_NAME = lazy_pattern(
    rf"[。！？”」』…]\s*[（(]\s*({CHINESE_NAME}(?:{CHINESE_NAME_SEPARATOR}{CHINESE_NAME})*)(?:[ \u3000]{CHINESE_CHARACTER}{{2,4}}[报報]道)?\s*[）)]\s*(?=\n|$)"
)
CHINESE_EDITOR = lazy_pattern(
    rf"(?:责任?编辑|責任?編輯|责编|編輯|编辑|来源|來源)\s*[：:]\s*({CHINESE_NAME})(?=[\s）)】]|$)"
)
REVIEWED_BY = lazy_pattern(r"(?:\w+\s){0,2}(?:reviewed|checked|edited|updated)\s+by\b", re.I)
BYLINE_LABEL = lazy_pattern(
    r"(?:(?:written|posted|published|article|story|words|text)\s+)?by:?|authors?:?|von|par|por|door|autor(?:in)?:?|text(?:o|e)?:?",
    re.I,
)
# "By" and the name may be in two elements, so in two lines.
BYLINE_START = lazy_pattern(
    r"\n[ \t]*+(?=[AaBbCDdGPpSTVvWw])(?:by|By|BY|von|Von|VON|par|Par|por|Por|[Pp]osted by|[Dd]oor|(?:Article|Story|Words|Text) by"
    r"|Authors?|AUTHORS?|Autor(?:in)?|Contributors?(?=:)|Guest author|About the (?:[Aa]uthor|[Ww]riter)"
    r"|(?:(?:This|The) (?:post|article|story|piece) (?:was|is) )?[Ww]ritten by)\b:?"
)
NAME_LINE = lazy_pattern(
    r"\s+([^\W\d_][\w.'’-]+(?:[ \u00a0][^\W\d_][\w.'’-]*){1,6})[ \t]*(?=[\n,]|\Z)"
)
MAX_BYLINE_MATCHES = 20
CJK_LETTER = lazy_pattern("[\u3040-\u9fff\uac00-\ud7a3]")
CJK_PROBE_LENGTH = 5_000
REPORTER_WORDS = ("기자", "특파원", "@", "作者", "记者", "記者", "撰文", "文：", "文:")
SIGNED_BY = lazy_pattern(
    r"(?:^|\d\s|Uhr\s|^\w{4,12}\s)(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or)\s([^\W\d_][\w.]{1,24})"
    r"(?=\s?$|\s?[|•·●,–—-]|\s(?:am|on|um|at|le|el)\s|\s\d)"
)
DATE_DIGITS = lazy_pattern(r"(?:19|20)\d\d|\d[./-]\d\d?[./-]\d\d")
MAX_NAME_BESIDE_DATE = 60  # characters
MAX_CO_REPORTERS = 5  # after the first
MAX_NAMES_ANYWHERE = 4  # in one line that no tag marks as a byline


def names_in_lines(nearby: tuple[Line, ...]) -> tuple[str, ...]:
    """The names in the first line near the headline that begins with "By" or names a 기자."""
    for at, nearby_line in enumerate(nearby):
        text = nearby_line.text
        if len(text) > MAX_BYLINE_LINE:
            people = () if text.isascii() else _dateline_names(text)
        elif len(text) <= MAX_BYLINE_LABEL and BYLINE_LABEL.fullmatch(text):
            people = persons(nearby[at + 1].text[:MAX_BYLINE_LINE]) if at + 1 < len(nearby) else ()
        elif not text.isascii() and (chinese_byline := CHINESE_BYLINE.search(text)):
            people = chinese_names(chinese_byline[1])
        elif bylines.BYLINE_PREFIX.match(text):
            people = () if REVIEWED_BY.match(text) else persons(text)
        elif text.isascii():
            continue
        else:
            people = persons(text) if _names_a_reporter(text) else ()
            people = bylines.unique_names((*people, *_co_reporters(at, nearby))) if people else ()
        if people:
            return people
    return ()


def persons(text: str) -> tuple[str, ...]:
    """The names in a line that read as names of persons."""
    return tuple(name for name in bylines.names(text) if is_person_like(name))


def _co_reporters(at: int, nearby: tuple[Line, ...]) -> tuple[str, ...]:
    """The reporters in the next lines of the same kind: each has an element of its own."""
    people: list[str] = []
    for other_line in nearby[at + 1 : at + 1 + MAX_CO_REPORTERS]:
        if other_line.marks != nearby[at].marks or not _names_a_reporter(other_line.text):
            break
        people += persons(other_line.text)
    return tuple(people)


def _names_a_reporter(text: str) -> bool:
    """Whether a short Korean line has a name and 기자, and is no headline about one.

    A longer line may be a sentence about one. Bylines neither quote nor pause, and hardly a word follows.
    """
    if len(text) > MAX_KOREAN_LINE or HEADLINE_SIGN.search(text):
        return False
    names = list(bylines.KOREAN_REPORTER_NAME.finditer(text))
    return bool(names) and len(HANGUL.findall(text[names[-1].end() :])) <= MAX_AFTER_REPORTER


def single_names_in_lines(nearby: tuple[Line, ...]) -> tuple[str, ...]:
    """The one word after "By" in a short line, or in the next, as people sign blogs."""
    for at, nearby_line in enumerate(nearby):
        text = nearby_line.text
        if len(text) <= MAX_BYLINE_LABEL and BYLINE_LABEL.fullmatch(text) and at + 1 < len(nearby):
            text = f"{text} {nearby[at + 1].text}"
        signature = SIGNED_BY.search(text) if len(text) <= MAX_NAME_BESIDE_DATE else None
        if signature and not NOT_PERSON_WORD.search(signature[1]):
            return bylines.names(signature[1])
    return ()


def names_beside_dates(tree: LexborHTMLParser, nearby: tuple[Line, ...]) -> tuple[str, ...]:
    """A name in a line of its own beside a date, if the page has a picture of that person."""
    for at, nearby_line in enumerate(nearby):
        if len(nearby_line.text) > MAX_NAME_BESIDE_DATE or not DATE_DIGITS.search(nearby_line.text):
            continue
        for other_line in (*nearby[max(0, at - 1) : at], *nearby[at + 1 : at + 2]):
            people = (
                persons(other_line.text) if len(other_line.text) <= MAX_NAME_BESIDE_DATE else ()
            )
            if len(people) == 1 and people[0] == other_line.text and _has_portrait(tree, people[0]):
                return people
    return ()


def _has_portrait(tree: LexborHTMLParser, name: str) -> bool:
    return (
        '"' not in name and "\\" not in name and tree.css_first(f'img[alt*="{name}"]') is not None
    )


def _dateline_names(text: str) -> tuple[str, ...]:
    """The names that open or close a paragraph: "(서울=연합뉴스) 홍길동 기자 =", "（记者 张三）"."""
    ends = f"{text[:MAX_BYLINE_LINE]} \n {text[-60:]}"
    if "者" in ends or "员" in ends or "員" in ends:
        chinese = CHINESE_REPORTER_LINE.search(ends)
        return chinese_names(chinese[1]) if chinese else ()
    if (
        "@" in ends
        and (mail := KOREAN_NAME_WITH_EMAIL.search(ends))
        and mail[1] not in KOREAN_MAILBOX_NAMES
    ):
        return (mail[1],)
    if "기자" not in ends and "특파원" not in ends:
        return ()
    if (opening := KOREAN_DATELINE.search(text[:MAX_BYLINE_LINE])) and len(opening[1].split()) > 1:
        return bylines.all_names(f"{name} 기자" for name in opening[1].split())
    return bylines.all_names(f"{name} 기자" for name in KOREAN_REPORTER_LINE.findall(ends))


def names_anywhere(text: str) -> tuple[str, ...]:
    """The names in a byline or a dateline anywhere in the text of a page."""
    for match in islice(BYLINE_START.finditer(text), MAX_BYLINE_MATCHES):
        line = NAME_LINE.match(text, match.end())
        people = persons(line[1]) if line else ()
        if people and len(people) <= MAX_NAMES_ANYWHERE:
            return people
    for window in _windows(text):
        if people := _dateline_names(window):
            return people
        has_label = any(sign in window for sign in CHINESE_LABEL_SIGNS)
        if has_label and (chinese := CHINESE_BYLINE.search(window)):
            return chinese_names(chinese[1])
    if IDEOGRAPH.search(text[:CJK_PROBE_LENGTH]):
        for form in (CHINESE_CLOSING_NAME, CHINESE_EDITOR):
            if ending := form.search(text):
                return chinese_names(ending[1])
    return ()


def chinese_names(text: str) -> tuple[str, ...]:
    """The names in a list. A blank may separate two names, or the parts of a Japanese one."""
    parts = CHINESE_SEPARATOR.split(text)
    if not all(name[:1] in CHINESE_FAMILY_NAMES for name in parts[1:]):
        parts = CHINESE_SEPARATOR_SIGN.split(text)
    return bylines.unique_names(filter(None, parts))


def _windows(text: str) -> Iterator[str]:
    """The text around each word for a reporter: to find a word is fast, to match a pattern is not."""
    if not CJK_LETTER.search(text[:CJK_PROBE_LENGTH]):
        return
    for word in REPORTER_WORDS:
        at = text.find(word)
        for _ in range(MAX_BYLINE_MATCHES):
            if at < 0:
                break
            yield text[max(0, at - 40) : at + 40]
            at = text.find(word, at + 1)


def is_person_like(name: str) -> bool:
    """Whether visible text reads as a name: few words, capitals, no words of boilerplate.

    >>> is_person_like("Maria de la Example"), is_person_like("But no worry")
    (True, False)
    """
    words = fold_spaces(name).split()
    if NOT_PERSON_WORD.search(name) or len(words) > 5 or NOT_NAME_SIGN.search(name):
        return False
    if not any(character.islower() or character.isupper() for character in name):
        # A script without case; a Korean name has two to four syllables.
        return (
            bool(KOREAN_PERSON.fullmatch(name))
            if HANGUL.search(name)
            else len(name) <= MAX_CJK_NAME_LENGTH
        )
    return (
        len(words) >= 2
        and words[-1] not in NAME_PARTICLES
        and all(word[:1].isupper() or word in NAME_PARTICLES for word in words)
    )
