"""Phrases of boilerplate, in the languages of the press.

A phrase must be a whole short block, never a part of running text: a story about copyright has the
word in every sentence.
"""

import re

from scraper.patterns import lazy_pattern

_RELATED = (
    r"read (?:more|also|next|the)|also read|see also|related|more (?:on|from|about|like|stories|news)"
    r"|recommended|don.t miss|watch|listen|click here|you (?:may|might)|in other news|up next"
    r"|관련\s?기사|관련\s?뉴스|\[관련|lire (?:aussi|plus|la suite)|à (?:lire|voir)|voir aussi"
    r"|mehr (?:zum|dazu|zu|lesen)|lesen sie|auch interessant|das könnte|passend dazu|siehe auch"
    r"|lees (?:ook|meer)|leia (?:também|mais)|veja (?:também|mais)|saiba mais|lea también|lee también"
    r"|leer más|te puede|te recomendamos|ver (?:también|más)|leggi anche|läs (?:också|även|mer)"
    r"|les (?:også|mer)|læs også|lue myös|czytaj (?:też|także|więcej)|zobacz (?:też|także)|baca juga"
    r"|関連(?:記事|ニュース)|あわせて読みたい|相[关關](?:阅读|閱讀|新闻|新聞|报道|報導)|延伸[阅閱][读讀]"
    r"|推[荐薦](?:阅读|閱讀)?|更多|читайте также|اقرأ أيضا|यह भी पढ़ें|ये भी पढ़ें"
)
# Kinds that a word anywhere in the block gives away.
_KIND_WORDS = {
    "pitch": "newsletter newsletters subscribe subscriber subscribers subscription inbox abonnieren"
    " abonnement abonnez abo suscríbete suscripción assine assinar sign login register anmelden"
    " registrieren follow download app donate trial account membership premium",
    "credit": "by von par por di door av af written reporting editing foto photo photos image picture"
    " bild bilder quelle source fuente fonte credit getty reuters afp ap dpa shutterstock via"
    " photograph photographer courtesy illustration imago agency",
    "date": "jan feb mar apr may jun jul aug sep oct nov dec january february march april june july"
    " august september october november december januar februar märz mai juni juli oktober dezember"
    " enero febrero marzo mayo junio julio agosto septiembre octubre noviembre diciembre janvier"
    " février avril juin juillet août septembre octobre novembre décembre janeiro fevereiro março"
    " maio junho julho setembro outubro novembro dezembro updated published posted aktualisiert"
    " veröffentlicht publié publicado ago min uhr",
}
# And those that characters do, for scripts without spaces and for signs.
_KIND_SIGNS = {
    "pitch": "구독|회원|제보|登録|订阅|訂閱",
    "credit": "사진|기자|記者|记者|编辑|編集|責任|责任|责编|来源|來源|写真|撮影|@"
    r"|图\s?[:：/／]|圖\s?[:：/／]|文\s?[:：/／]",
    "date": "입력|수정|등록|송고|公開|更新|发布|發佈",
}

# These read text in lower case: with re.I they would take twice as long.
RELATED_LABEL = lazy_pattern(rf"\W*(?:{_RELATED})")
KIND_SIGN = lazy_pattern("|".join(f"({_KIND_SIGNS[name]})" for name in _KIND_WORDS))
# A text without one of these characters has no sign.
SIGN_CHARACTER = lazy_pattern("[@©ⓒ\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|\\(c\\)")
PHRASE_WORD = lazy_pattern(r"\w+")
DATE_OR_TIME = lazy_pattern(r"\d(?:\d?:\d{2}|\d{3}\s?[-./年년]\s?\d)")
PHRASE_KINDS = tuple(_KIND_WORDS)
PHRASE_KIND_COUNT = 1 + len(PHRASE_KINDS)
DATE_KIND = 1 + list(_KIND_WORDS).index("date")


_KINDS_OF_WORD: dict[str, list[int]] = {}
for _at, _kind_words in enumerate(_KIND_WORDS.values(), 1):
    for _word in _kind_words.split():
        _KINDS_OF_WORD.setdefault(_word, []).append(_at)
ALL_KIND_WORDS = frozenset(_KINDS_OF_WORD)


def phrase_kinds(text: str, *, digits: int) -> list[float]:
    """A flag, 0 or 1, for each kind of boilerplate that a short block sounds like.

    The first is for related links, the others are those of `PHRASE_KINDS`. `digits` is the number of
    digits at the start of the block.
    """
    flags = [0.0] * PHRASE_KIND_COUNT
    line = text.lower()
    if RELATED_LABEL.match(line):
        flags[0] = 1.0
    for word in ALL_KIND_WORDS.intersection(PHRASE_WORD.findall(line)):
        for at in _KINDS_OF_WORD[word]:
            flags[at] = 1.0
    if ("@" in line or "(c)" in line) if line.isascii() else SIGN_CHARACTER.search(line):
        for sign in KIND_SIGN.finditer(line):
            flags[sign.lastindex or 0] = 1.0
    if digits > 2 and DATE_OR_TIME.search(line):
        flags[DATE_KIND] = 1.0
    return flags


_RELATED_LABEL = (
    r"(?:read|see|learn|also|find out)(?: more| also| next| now| read)+(?: on this| here)?"
    r"|(?:watch|listen)(?: more| also| next| now| here)*"
    r"|(?:more|related)(?: (?:on|from|about|stories|articles|news|reading|coverage))*(?: this)?"
    r"|recommended|don.t miss|관련\s?(?:기사|뉴스)|lire (?:aussi|plus)|à lire(?: aussi)?|voir aussi"
    r"|mehr (?:zum thema|dazu|lesen)|lesen sie (?:auch|mehr|dazu)(?: auch)?|siehe auch|passend dazu"
    r"|auch interessant|lees ook|leia (?:também|mais)|veja (?:também|mais)|l[ee]a también|lee también"
    r"|lee más|ver también|le puede interesar|te puede interesar|leggi anche|läs (?:också|även|mer)"
    r"|les også|læs også|lue myös|czytaj (?:też|także|również)|zobacz (?:też|także)|baca juga"
    r"|関連(?:記事|ニュース)|あわせて読みたい|相[关關](?:阅读|閱讀|新闻|新聞|报道|報導)|延伸[阅閱][读讀]"
    r"|推[荐薦][阅閱][读讀]|[阅閱][读讀]更多|另[见見]|читайте также|اقرأ أيضا|यह भी पढ़ें|ये भी पढ़ें"
)
_ADVERT = (
    r"ad|ads|advert|advertisements?|advertising|sponsored(?: content)?|promoted|anzeige|werbung"
    r"|publicité|publicidade?|annonce|annons|reklame?|pubblicità|광고|広告|廣告|广告"
    r"|(?:article|story) continues (?:below|after)(?: \w+){0,3}|loading(?: (?:more|comments?|video|player|content|ads?))*"
    r"|continue reading(?: (?:below|on|more|the (?:main )?(?:article|story)|this (?:article|story)|after (?:the )?\w+))*"
    r"|gesponsert|sponsorisé|patrocinado|商业推广|推广|推廣|(?:der )?(?:artikel|beitrag|text) geht (?:nach|unter) der"
    r" (?:anzeige|werbung) weiter|la suite après (?:cette|la) publicité|(?:continúa|sigue)[\w ]* la publicidad"
    r"|continua após a publicidade|[广廣]告[之以]?[后後][继繼][续續][阅閱][读讀]|記事は広告の(?:後|下)に続きます"
)
_COUNTED = (
    r"views?|comments?|shares?|likes?|reads?|min(?:utes?)? read|aufrufe|kommentare?|geteilt|vues"
    r"|commentaires?|partages?|vistas|comentarios?|compartid[oa]s?|visualizações|comentários?|조회|댓글"
    r"|공유|좋아요|화나요|슬퍼요|추가취재 원해요|추천|閲覧|コメント|いいね|シェア|阅读|評論|评论|點閱|瀏覽"
    r"|点赞|點讚|分享|收藏"
)
_CONTACT = r"[.+-]*+\w[\w.+-]*+@[\w-]++(?:\.[\w-]++)++"
# A line of nothing but timestamps, which change without the article.
_STAMP = (
    r"(?:입력|수정|등록|송고|승인|최종수정|기사입력|업데이트|最後更新|最后更新|更新(?:時間|时间|日時)?|发布(?:时间)?"
    r"|發佈(?:時間)?|公開|投稿|last updated|updated|published|posted)(?:\s?(?:on|at))?\s*+[:：]?\s*+"
    r"\d[\d\s年月日년월일時时分시분秒.:/-]*(?:[ap]\.?m\.?)?|\d{4}\s?[-./年년]\s?\d[\d\s월일月日.:/시분時分-]*"
)
_PITCH = (
    r"(?:please )?(?:sign up|subscribe|register)(?: now| here| today)? (?:for|to|and)\b.{0,60}(?:newsletter|"
    r"inbox|e-?mail|briefing|alerts?|app|for free)|(?:get|receive|want)\b.{0,90}\b(?:newsletter|inbox)\b"
    r"|(?:download|get) (?:our|the) (?:free |new )?(?:\w+ )?app\b|follow us on\b"
    r"|(?:inscrivez|abonnez)-vous\b.{0,60}(?:newsletter|lettre)|(?:suscríbete|suscríbase)\b.{0,60}"
    r"(?:newsletter|boletín)|(?:assine|inscreva-se)\b.{0,60}newsletter"
)
_NEWSLETTER = (
    r".{0,45}\bnewsletter\b.{0,40}(?:anmelden|abonnieren|bestellen|eintragen)"
    r"|.{0,40}뉴스레터.{0,20}(?:구독|신청)"
)
# An agency's last line: the names of writers and editors.
_SIGN_OFF = (
    r"(?:(?:additional|further|writing and) )?(?:reporting|writing|editing)(?: and (?:writing|editing))?"
    r" by (?:.{3,200}\b(?:editing|reporting|writing|graphics) by\b.*|[^.!?]{3,120}$)"
)
_NETWORK = (
    r"whats\s?app|facebook|twitter|telegram|linkedin|pinterest|reddit|instagram|bluesky|threads|messenger"
    r"|flipboard|kakao\w*|line|x|e-?mail|correo|copy link|copiar enlace|share|compartir|partager|teilen"
    r"|카카오톡|페이스북|트위터|공유|微信|微博|朋友圈"
)
_SHARE = (
    r"(?:share|tweet|teilen|partager|compartir|compartilhar|condividi|print|drucken|imprimer|imprimir"
    r"|공유(?:하기)?|인쇄(?:하기)?|シェア(?:する)?|ツイート(?:する)?|分享)(?: (?:this|on|via|auf|sur|en)\b.{0,30})?"
)
# Buttons for the size of the type, which Korean sites put over the text.
_TYPE_SIZE = (
    r"(?:(?:본문\s?)?글[자씨]\s?(?:크기)?(?:\s?(?:조[절정]|변경))?|(?:가장|아주|매우|더)?\s?(?:작게|크게)|기본|보통|중간"
    r"|font size|text size|schriftgröße|taille du texte|文字サイズ|字号|小|中|大|[aа][+-]?|가)"
)
MAX_BOILERPLATE_LENGTH = 240  # characters: the model alone judges a longer block

# These, too, read text in lower case. The first is for every short block, the others for blocks
# with the sign that they need.
BOILERPLATE = lazy_pattern(
    rf"\W*(?:(?:{_RELATED_LABEL})\s*[:：»▶►>|\]】](?!\d)|(?:{_ADVERT})\W*$"
    r"|copyright\W*(?:©|ⓒ|\(c\)|\d{4})|저작권자\W*(?:ⓒ|©|\(c\))|무단\s?전재|all rights reserved"
    rf"|(?:{_PITCH})|{_SIGN_OFF}|(?:(?:{_NETWORK})\W*){{2,}}(?:\d*\W*(?:{_COUNTED})?)\W*$|{_SHARE}\W*$|(?:{_TYPE_SIZE}\W*){{3,}}$)"
    r"|\W{0,3}[©ⓒ]"
)
COUNTER_OR_TIME_LINE = lazy_pattern(
    rf"\W*(?:(?:(?:{_COUNTED})\W*+\d[\d.,]*+[km万]?|\d[\d.,]*+[km万]?\s?(?:{_COUNTED}))"
    rf"(?:\W+(?:(?:{_COUNTED})\W*+\d[\d.,]*+|\d[\d.,]*+\s?(?:{_COUNTED})))*|(?:(?>{_STAMP})\W*+)++)\W*$"
)
# A name, a post or an agency's slogan of at most four words before an address.
CONTACT_LINE = lazy_pattern(
    rf"\W*+(?:(?:[a-z]{{2,6}}\s)?(?:[가-힣]{{1,8}}+\s?){{1,4}})?\(?{_CONTACT}\)?\W*$"
)
NEWSLETTER_PITCH = lazy_pattern(rf"\W*(?:{_NEWSLETTER})")

AD_LABEL = lazy_pattern(
    rf"\W*(?:{_ADVERT}|paid (?:content|post)|partner content|(?:in partnership with|sponsored by) .*(?<![.!?])"
    r"|contenu sponsorisé|contenido patrocinado|bezahlter inhalt|提供|협찬|赞助|贊助)(?:\W*|\s?[·|:–—-].*)",
    re.I,
)
# The line over a reader's comment: a name and the age of the comment.
COMMENT_AUTHOR_LINE = lazy_pattern(
    r".{1,40}\s?[·|•,–]\s?(?:(?:vor |hace |il y a |há )?\d+ ?(?:min\w*|hours?|hrs?|days?|weeks?|stunden?|tagen?"
    r"|wochen?|heures?|jours?|semaines?|horas?|d[ií]as?|semanas?|minutos?)(?: ago| atrás)?|yesterday|just now"
    r"|gestern|hier|ayer|ontem|어제|昨日|昨天|\d+\s?(?:분|시간|일) 전|\d+\s?(?:分|時間|小时|小時|天|日|分钟|分鐘)前)\W*",
    re.I,
)
_SHARED = "(?:shared|read|viewed|liked|geteilt|gelesen|partagé|lu|compartido|leído|lido)"
READER_COUNT = lazy_pattern(
    r"\W*(?:(?:\w+ )?\d[\d.,]* (?:people are (?:reading|watching)|comments?|menschen lesen|beiträge|kommentare"
    r"|personnes lisent|commentaires|personas leen|comentarios)\b.{0,30}"
    rf"|{_SHARED} \d[\d.,]* (?:times|mal|fois|veces|vezes)\b.{{0,20}}"
    rf"|(?:\w+ )?\d[\d.,]* (?:times|mal|fois|veces|vezes) {_SHARED}\b.{{0,20}})",
    re.I,
)
COMMENT_SEPARATOR = lazy_pattern("[·|•,–]")
COUNT_WITH_SIGN = lazy_pattern(r"(?:[^\w\s]\s*+|(?<!\s)\s++)?\d[\d.,]*\s?[kKmM万]?")
ANY_DIGIT = lazy_pattern("[0-9０-９]")
COUNTER_SEPARATOR = lazy_pattern(r"\s[·•|/–-]\s|[·・•|]")
COUNTER_WORD = lazy_pattern(
    rf"(?:{_COUNTED}|liked?|shared?|times|lu|fois|gelesen|gefällt|lesezeit|lecture|leído|veces|aiment"
    r"|personas|lido|vezes|gusta|curtiram|次|人|回|읽음|명)",
    re.I,
)
# Reads text in lower case.
SIGN_UP_CALL = lazy_pattern(
    r"(?:sign up|subscribe|anmelden|abonnieren|s['’]inscrire|s['’]abonner|suscr[íi]b\w+"
    r"|apúntate|assinar|assine|inscrever\w*|iscriviti|구독(?:하기)?|신청(?:하기)?|가입(?:하기)?|登録(?:する)?"
    r"|立即订阅|立即訂閱|订阅|訂閱|申し込む)\W*$"
)
DAY_IN_LINE = lazy_pattern(
    r"\d{4}\s?[-./年년]\s?\d|\d\s?[月월]\s?\d|\d ?(?:m|min|minutes?|h|hours?) ago"
)
TIME_IN_LINE = lazy_pattern(r"\d\s?[:.：時时시]\s?\d{2}")
MAX_TIME_LINE_LENGTH = 70  # characters
MAX_CHARACTERS_PER_DIGIT = 3  # at least every third character of a timestamp is a digit
MAX_CALL_LENGTH = 40  # characters at the end of a line that may be a call to sign up
MAX_COUNTERS_LENGTH = 90  # characters
MAX_COUNTER_OR_TIME_LINE = 140  # characters of a line of timestamps or counters


def is_ad_label(text: str) -> bool:
    """Whether a block is nothing but the label of an advertisement.

    >>> is_ad_label("Loading comments…"), is_ad_label("Loading of the boats ended at ten.")
    (True, False)
    """
    return len(text) < 60 and bool(AD_LABEL.fullmatch(text))


def is_comment_author(text: str) -> bool:
    """Whether a line names the author of a comment and its age."""
    if len(text) >= 60 or text.endswith((".", ":")) or not COMMENT_SEPARATOR.search(text):
        return False
    return bool(COMMENT_AUTHOR_LINE.fullmatch(text))


def is_counter_line(text: str) -> bool:
    """Whether a line counts readers, comments or minutes.

    >>> is_counter_line("Read 571,463 times | 363 comments"), is_counter_line("Won 3 | lost 2")
    (True, False)
    """
    if len(text) > MAX_COUNTERS_LENGTH:
        return False
    if READER_COUNT.fullmatch(text):
        return not text.endswith((".", "!", "?"))
    if (
        not text.isascii()
        and len(COUNT_WITH_SIGN.findall(text)) > 1
        and not COUNT_WITH_SIGN.sub("", text).strip()
    ):
        return True
    parts = COUNTER_SEPARATOR.split(text)
    return (
        len(parts) > 1
        and all(ANY_DIGIT.search(part) for part in parts)
        and any(COUNTER_WORD.search(part) for part in parts)
    )


def is_time_line(line: str) -> bool:
    """Whether a short line is little but a day and a time, which change without the article.

    >>> is_time_line("2025/03/14 07:52 송고"), is_time_line("60m ago10.24 bst"), is_time_line("14 march: 07:52 train")
    (True, True, False)
    """
    if len(line) > MAX_TIME_LINE_LENGTH or not (
        DAY_IN_LINE.search(line) and TIME_IN_LINE.search(line)
    ):
        return False
    return MAX_CHARACTERS_PER_DIGIT * len(ANY_DIGIT.findall(line)) >= len(line.replace(" ", ""))


def is_boilerplate(text: str) -> bool:
    """Whether a short block is surely boilerplate.

    >>> is_boilerplate("Read more: Harbour plan rejected"), is_boilerplate("1,234 views · 56 comments")
    (True, True)
    >>> is_boilerplate("홍길동 기자 hong@example.com"), is_boilerplate("Read it as a warning.")
    (True, False)
    >>> is_boilerplate("가장작게 작게 기본 크게 가장크게"), is_boilerplate("기본 계획을 크게 바꿨다")
    (True, False)
    >>> is_boilerplate("☞좋은소식 부두통신 hong@example.com")
    True
    """
    if len(text) >= MAX_BOILERPLATE_LENGTH:
        return False
    line = text.lower()
    if BOILERPLATE.match(line) or ("@" in line and CONTACT_LINE.match(line)):
        return True
    if ("newsletter" in line or "뉴스레터" in line) and NEWSLETTER_PITCH.match(line):
        return True
    return (
        len(line) <= MAX_COUNTER_OR_TIME_LINE
        and bool(ANY_DIGIT.search(line))
        and (bool(COUNTER_OR_TIME_LINE.match(line)) or is_counter_line(text) or is_time_line(line))
    )


def is_sign_up_call(text: str) -> bool:
    """Whether a short block with a link ends in a call to sign up."""
    return len(text) < MAX_BOILERPLATE_LENGTH and bool(
        SIGN_UP_CALL.search(text[-MAX_CALL_LENGTH:].lower())
    )
