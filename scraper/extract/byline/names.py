"""The names in the text of a byline.

A name is what readers would call the author: a person; an agency or a desk if the page names nobody
else.
"""

import re
from collections.abc import Iterable

from scraper.extract.html.jsonld import unescape
from scraper.extract.html.text import bare, fold_spaces
from scraper.patterns import lazy_pattern
from scraper.phrases.date_labels import DATE_LABEL

BYLINE_PREFIX = lazy_pattern(
    r"^(?:(?:(?:this|the)\s+(?:post|article|story)\s+(?:was|is)\s+)?(?:article|story|text|words|written|reported|posted|published|reporting|report|photos?"
    r"|analysis|opinion|review(?:ed)?|updated|edited|a\s+guest\s+post|eine?\s+\w+|un\s+\w+|erstellt|geschrieben"
    r"|verfasst|veröffentlicht|ein?getragen|interview|im\s+wortlaut|pressemitteilung|kommentar|bericht|gastbeitrag"
    r"|publi[ée]|rédigé|écrit|escrito|publicado|scritto|posté)\s+)?"
    r"(?:by|von|vom|par|por|di|da|door|af|av|przez|oleh|autor(?:a|in|en|es)?s?|authors?|auteurs?"
    r"|autore|autori|writer|texte?|texto|testo|redaktion|reporter|journalist|interview|redazione(?=\s+di)"
    r"|автор|文|作者|기자|記者|记者|编辑|責任編輯|責編|来源|글|취재|reporting)(?:\s*[:：／/|]\s*|\s+)",
    re.I,
)
EMAIL_ADDRESS = lazy_pattern(
    r"(?:[\(\[<]\s*+)?(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++(?:\s*[\)\]>])?"
)
WEB_ADDRESS = lazy_pattern(
    r"(?:https?:)?//\S*|www\.\S*|(?<!\S)\S+\.(?:com|org|net|php|html?)/\S*", re.I
)
SOCIAL_HANDLE = lazy_pattern(r"(?:^|\s)@\w+")
BRACKETED_TEXT = lazy_pattern(
    r"(?:(?<!\s)\s++)?[\(\[（［【<][^()\[\]（）［］【】<>]*+[\)\]）］】>]"
)
NAME_IN_BRACKETS = lazy_pattern(r"【([^【】]{2,40})】")
BYLINE_TAIL = lazy_pattern(
    r"(?<!\s)\s++(?:(?:is|was|ist|est)\s+(?:a|an|the|ein|eine|un|une|senior|journalist|redakteur)\b"
    r"|(?:updated|published|posted|publi[ée]|aktualisiert|veröffentlicht|last\s+updated"
    r"|on\s+\w+\s+\d|am\s+\d|(?:19|20)\d\d[-./年])|[|•·●∙⋅–—]\s*\d|\d+\s*min\b).*$",
    re.I | re.S,
)
# A name with a paper after it: "Ana Example For The Example On Sunday".
FOR_PAPER = lazy_pattern(r"(?<=\w\s)(\w+)\s+[Ff]or\s+(?:[Tt]he\s+)?[A-Z].*$")
# Where the reporter was: "Ana Example in Port Ansel", "Bo Sample at the harbour".
FROM_PLACE = lazy_pattern(
    r"(?<=\w)\s+(?:in|at|from|near|aus|bei|à|desde)\s+(?:the\s\w|[A-ZÀ-Þ]).*$"
)
# A post, up to the next comma: "Head of Tides and Currents" is no second name.
JOB_TITLE_OF = lazy_pattern(
    r",\s*(?:\w+\s+){0,2}(?:head|director|president|manager|professor|lead|editor|dean|chair)\s+(?:of|for)\b[^,;]*",
    re.I,
)
NAME_SEPARATOR = lazy_pattern(
    r"(?:(?<!\s)\s+)?[;|•·・●∙⋅、/／\n&]\s*|(?<!\s)\s++[–—-]\s+"
    r"|(?:,|(?<!\s))\s++(?:and|und|with|sowie|och)\s+",
    re.I,
)
COMMA = lazy_pattern(r"(?:(?<!\s)\s++)?[,，]\s*")
NAME_GROUP_SIGN = lazy_pattern("[·/]")
# Short joiners that are also parts of names; they join only names of two words and more.
SHORT_JOINER = lazy_pattern(r"(?<!\s)\s++(?:y|e|et|og|en|ja|i|mit|con|avec|и|та|і)\s+")
NAME_SUFFIX = lazy_pattern(
    r"^(?:jr|sr|ii|iii|iv|m\.?\s?d|ph\.?\s?d|r\.?n|d\.?o|m\.?p\.?h|m\.?a|m\.?s|b\.?a|esq|cpa|cfp|rd"
    r"|mba|j\.?d|edd|rdn|ma|md|phd|facp|msc|d\.?phil|dds|np|pa-c|psyd|lcsw|ldn|cfa)\.?$",
    re.I,
)
# A part of a list that is a post.
JOB_TITLE = lazy_pattern(
    r"\b(?:director|president|professor|prof|manager|institute|university|college|department|founder|co-founder|ceo|cto|cfo"
    r"|officer|head|chief|senior|lead|leader|expert|dietitian|nutritionist|consultant|specialist|strategist|engineer"
    r"|attorney|lawyer|lecturer|fellow|candidate|member|chair|partner|owner|coach|therapist|physician|marketing)\b",
    re.I,
)
GENERATION_SUFFIX = lazy_pattern(r"^(?:jr|sr|ii|iii|iv)\.?$", re.I)
# Roles. A part that is only a role is no name; a name before or after one stays.
JOURNALIST_ROLE = lazy_pattern(
    r"\b(?:(?:senior|chief|staff|contributing)\s+\w+\s+)?(?:(?:senior|chief|staff|political|business|sports?|science|health|education|technology"
    r"|economics?|foreign|national|deputy|executive|managing|associate|assistant|contributing"
    r"|freelance|investigative|special|diplomatic|arts|music|film|features?|digital|guest|city|data"
    r"|world|us|uk|news|content|environment|climate|royal|crime|security|home\s+affairs|europe|asia"
    r"|africa|middle\s+east|north\s+america|washington|white\s+house|opinion|food|travel|legal"
    r"|social\s+affairs|transport|consumer|media|group|audience|live|online|web)\s+){0,8}"
    r"(?:reporters?|correspondents?|editors?|writers?|columnists?|journalists?|contributors?"
    r"|producers?|bureau\s+chief|editor[\s-]in[\s-]chief|staff\s+writers?|critic|analyst|blogger)\b"
    r"|\b(?:redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|ressortleiter(?:in)?"
    r"|chefredakteur(?:in)?|autorin|volontär(?:in)?|journaliste|rédact(?:eur|rice)|envoyée?\s+spéciale?"
    r"|correspondante?|redactora?|corresponsal|periodista|enviad[ao]\s+especial|giornalista"
    r"|collaborat(?:ore|rice)|inviat[oa]|redacteur|verslaggever)\b.*",
    re.I,
)
KOREAN_ROLE = (
    r"(?:(?:선임|수석|전문|인턴|객원|시민|수습|사진|영상|의학|과학|정치부|경제부|사회부|문화부|국제부|산업부)"
    r"\s?)?(?:기자|특파원|앵커|논설위원|편집위원|위원|평론가|칼럼니스트|통신원|에디터|PD|피디|작가|아나운서|리포터|팀장|부장|차장)"
)
KOREAN_REPORTER_NAME = lazy_pattern(
    rf"(?<![가-힣])([가-힣]{{2,4}}(?:\s?[·/]\s?[가-힣]{{2,4}}){{0,4}}?)\s{{0,2}}{KOREAN_ROLE}(?![가-힣])"
    r"(?!\s(?:회견|간담회|출신|생활|정신|협회|신분|시절|질문|지망|여러분|단체))"
)
NOT_A_NAME = lazy_pattern(r"\s\d{1,2}$|^\d{1,2}\s|기자(?=[가-힣])|[가-힣]하는$|\d{3}|[{}<>=@]")
IMAGE_CREDIT_PREFIX = lazy_pattern(
    r"^(?:fotos?|photos?|photography|illustrations?|video|grafik|graphics?|bild(?:er)?|사진|design|code|content)\s*[:：/]",
    re.I,
)
KOREAN_ROLE_END = lazy_pattern(rf"(?:(?<!\s)\s++)?{KOREAN_ROLE}$")
# Words before 기자 (reporter) that are no names, from real pages.
KOREAN_NOT_NAMES_WORDS = """
    취재 전문 칼럼 질문하는 전체보기 닫기 다만 한국 백악관 담당 소속 해당 출입 현장 시민 인턴 선임 수석 사진 영상
    외신 방송 신문 여성 동료 후배 선배 모든 다른 우리 일부 본지 대표 객원 수습 편집 온라인 디지털 뉴스 스포츠 연예 경제
    정치부 경제부 사회부 문화부 국제부 산업부 체육부 편집부 사진부 정치 사회 문화 국제 산업 증권 금융 부동산 과학 의학 환경 교육 법조 탐사 기획 종합 통신 특파원 이전 다음 구독 관련
    그러나 하지만 그리고 또한 이날 당시 최근 특히 한편 외국인 내신 전직 현직 프리랜서
    """
KOREAN_NOT_NAMES = frozenset(KOREAN_NOT_NAMES_WORDS.split())
CJK_ROLE_END = lazy_pattern(
    r"(?:本報|本报|特派|駐\S{2,4}|通訊員|通讯员|編集委員|論説委員|客員)?(?:記者|记者|編輯|编辑|報道|报道|撰文|特派員)$"
)
NOT_NAMES_WORDS = """
    admin administrator author authors by unknown none null undefined editor guest user webmaster
    anonymous root share follow facebook twitter linkedin email contributors comments
    view all posts read more bio posted published updated reporter writer home
    """
NOT_NAMES = frozenset(NOT_NAMES_WORDS.split())
AGENCIES_WORDS = """
    reuters ap afp dpa apa epa efe ansa pa upi sda kna epd sid ptb dts tass ria bloomberg cnn lusa
    belga anp ritzau ntb tt stt cp aap ani pti ians lapresse adnkronos xinhua kyodo jiji yonhap
    """
AGENCIES = frozenset(AGENCIES_WORDS.split())
MAX_BYLINE_LENGTH = 1_000  # characters; a longer text is no byline
MAX_NAME_LENGTH = 70
MAX_NAME_WORDS = 7
MAX_NAMES = 30
CJK_NAME_CHARACTER = lazy_pattern("[\u2e80-\uffff]")
FIRST_IDEOGRAPH, FIRST_HANGUL = "\u4e00", "가"
ANY_LETTER = lazy_pattern(r"[^\W\d_]")
GIVEN_BEFORE_FAMILY = lazy_pattern(r"^([가-힣]{2,3}) ([가-힣])$")  # Western order, in some JSON-LD
LATIN_BEFORE_HANGUL = lazy_pattern(r"^[A-Za-z]{2,8}\s+([가-힣]{2,4})$")  # "YTN 홍길동"


def names(text: str) -> tuple[str, ...]:
    """The names in one byline, in order, without roles, places and addresses.

    >>> names("By Ana Example and Bo Sample, Political Editor (Reuters)")
    ('Ana Example', 'Bo Sample')
    """
    text = _without_addresses(unescape(text[:MAX_BYLINE_LENGTH]))
    if max(text, default="") >= FIRST_HANGUL and (korean := KOREAN_REPORTER_NAME.findall(text)):
        candidates = _korean_reporters(korean)
        if candidates or "|" not in text:  # "홍길순 | 정치부 기자" has the name apart from the role
            return candidates
    if bracketed := NAME_IN_BRACKETS.fullmatch(text):
        text = bracketed[1]  # 【名前】
    text = BYLINE_TAIL.sub("", BRACKETED_TEXT.sub(" ", text)).strip()
    if "," in text:
        text = JOB_TITLE_OF.sub("", text)
    text = BYLINE_PREFIX.sub("", BYLINE_PREFIX.sub("", text)).strip(" ,:;-–—|(")
    parts = [part for chunk in NAME_SEPARATOR.split(text) for part in _comma_parts(chunk)]
    candidates = unique_names(filter(None, map(_name, parts)))[:MAX_NAMES]
    return tuple(name for name in candidates if not is_agency(name)) or candidates


def _without_addresses(text: str) -> str:
    """The text on one line without web addresses, e-mail addresses and handles."""
    if "/" in text or "www." in text:
        text = WEB_ADDRESS.sub(" ", text)
    if "@" in text:
        text = SOCIAL_HANDLE.sub(" ", EMAIL_ADDRESS.sub(" ", text))
    return fold_spaces(text)


def _korean_reporters(groups: Iterable[str]) -> tuple[str, ...]:
    """The names before 기자, of which a group may hold several: "홍길동·김영희"."""
    single_names = (name.strip() for group in groups for name in NAME_GROUP_SIGN.split(group))
    return unique_names(name for name in single_names if name not in KOREAN_NOT_NAMES)


def all_names(texts: Iterable[str]) -> tuple[str, ...]:
    """The names in several bylines, in order, each once."""
    return unique_names(name for text in texts for name in names(text))[:MAX_NAMES]


def unique_names(candidates: Iterable[str]) -> tuple[str, ...]:
    """Each name once, compared by its letters without case, in its first spelling."""
    by_letters: dict[str, str] = {}
    for name in candidates:
        by_letters.setdefault(bare(name), name)
    return tuple(by_letters.values())


def is_agency(name: str) -> bool:
    """Whether a name is the short name of a news agency."""
    return name.casefold() in AGENCIES


def is_desk(text: str) -> bool:
    """Whether a byline names a role and no person: "Our Editors"."""
    words = text.split()
    return 2 <= len(words) <= 4 and words[0].isalpha() and bool(JOURNALIST_ROLE.search(text))


def _comma_parts(chunk: str) -> list[str]:
    """The parts of a list; "Jr." stays with its name, degrees go."""
    parts: list[str] = []
    pieces = COMMA.split(chunk)
    if len(pieces[0].split()) >= 2:  # a single word after a full name is a place or an agency
        pieces[1:] = [
            piece
            for piece in pieces[1:]
            if (" " in piece and not JOB_TITLE.search(piece))
            or GENERATION_SUFFIX.match(piece)
            or CJK_NAME_CHARACTER.search(piece)
        ]
    for part in pieces:
        if parts and GENERATION_SUFFIX.match(part):
            parts[-1] += f", {part}"
        elif not (parts and NAME_SUFFIX.match(part)):
            parts.extend(_short_joins(part))
    return parts


def _short_joins(part: str) -> list[str]:
    sides = SHORT_JOINER.split(part)
    if len(sides) > 1 and all(len(side.split()) >= 2 for side in sides):
        return sides
    return [part]


def _name(part: str) -> str | None:
    """A part of a byline as a name; None if it is a role, a credit or no name at all."""
    if (":" in part or "/" in part or "：" in part) and IMAGE_CREDIT_PREFIX.match(part):
        return None
    part = BYLINE_PREFIX.sub("", part.strip(" ,:;-–—|*\"'“”")).strip()
    if not GENERATION_SUFFIX.match(part.rpartition(" ")[2]):
        part = part.rstrip(".")
    part = _without_role(part)
    if " for " in part.lower():
        part = FOR_PAPER.sub(r"\1", part)
    if part.count(" ") > 2:
        part = FROM_PLACE.sub("", part)
    if not _is_plausible_name(part):
        return None
    if max(part) < FIRST_HANGUL:
        return part
    return GIVEN_BEFORE_FAMILY.sub(r"\2\1", LATIN_BEFORE_HANGUL.sub(r"\1", part))


def _without_role(part: str) -> str:
    """The part without a role before or after a name; "" if no full name is left."""
    if max(part, default="") >= FIRST_IDEOGRAPH:
        part = KOREAN_ROLE_END.sub("", CJK_ROLE_END.sub("", part)).strip()
    without_role = JOURNALIST_ROLE.sub(" ", part)
    if without_role == part:
        return part
    part = fold_spaces(without_role).strip(" .,:;-–—|")
    return part if len(part.split()) >= 2 else ""


def _is_plausible_name(part: str) -> bool:
    return (
        2 <= len(part) <= MAX_NAME_LENGTH
        and len(part.split()) <= MAX_NAME_WORDS
        and ANY_LETTER.search(part) is not None
        and part.casefold() not in NOT_NAMES
        and part not in KOREAN_NOT_NAMES
        and not NOT_A_NAME.search(part)
        and not _is_date_label(part)
    )


def _is_date_label(part: str) -> bool:
    """Whether a part is "Updated" or "Updated 9:10"; a name that begins with such a word is not."""
    label = DATE_LABEL.match(part)
    rest = part[label.end() :] if label else part
    return not rest or (label is not None and any(map(str.isdigit, rest)))
