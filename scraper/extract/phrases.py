"""Phrases by which the page around an article gives itself away, in the languages of the press.

Each is looked for in a whole short block, never inside running text: a story about
copyright has the word in every sentence.
"""

import re

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
_SHARE = (
    r"share|tweet|facebook|twitter|e-?mail|whatsapp|print|save|copy link|comments?\b|pinterest"
    r"|linkedin|reddit|teilen|partager|compartir|compartilhar|drucken|condividi|分享|공유|댓글"
    r"|コメント|シェア|评论|評論|comentar|좋아요|화나요|슬퍼요|\d[\d,.]* (?:views|comments|shares|likes)"
)
_PITCH = (
    r"newsletter|subscri|sign.?up|inbox|abonn|suscr[ií]|assin[ea]|구독|登録|订阅|訂閱|log.?in|sign in"
    r"|register|anmelden|follow us|download|\bapp\b|\bjoin (?:us|our)|donate|free trial|회원|제보"
)
_CREDIT = (
    r"\b(?:by|von|par|por|di|door|av|af|written|reporting|editing|foto|photos?|image|picture|bild"
    r"|quelle|source|fuente|fonte|credit|getty|reuters|afp|dpa|shutterstock|via)\b"
    r"|사진|기자|記者|记者|编辑|編集|責任|责任|责编|来源|來源|写真|撮影|[图圖文]\s?[:：/／]|@"
)
_DATE = (
    r"\d{1,2}[:.h]\d{2}|\d{4}\s?[-./年년]\s?\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|mär|mai|okt|dez|ago|ene|fev|avr|juil|août|déc)[a-z]*\.? \d|updated?\b|published|posted"
    r"|aktualisiert|veröffentlicht|publié|publicado|입력|수정|등록|송고|公開|更新|发布|發佈|min(?:ute)? read"
)
_AD = (
    r"ads?|advert\w*|anzeige|werbung|publicit\w+|publicidade?|広告|廣告|广告|광고|sponsor\w*"
    r"|promoted|reklam\w*|pub|annons\w*|story continues|article continues|continue reading|scroll"
)
_TAGS = (
    r"tags?|topics?|filed under|categor\w+|schlagw\w+|themen?|mots.cl\w+|etiquetas|keywords?"
    r"|키워드|태그|标签|標籤|タグ|关键|關鍵|posted in|read more about"
)
_ABOUT = (
    r"^\W*(?:disclaimer|disclosure|editor.s note|the (?:author|writer)|follow|contact|about)\b"
    r"|\bis (?:an?|the) (?:[\w’'-]+ ){0,4}(?:reporter|writer|editor|journalist|correspondent|author"
    r"|contributor|columnist|professor)|^\W*(?:tel|phone|e-?mail)\b"
)
_COPYRIGHT = (
    r"©|ⓒ|copyright|\(c\) ?\d{4}|all rights|rights reserved|무단\s?(?:전재|복제)|저작권|版权|版權|著作権"
    r"|無断|转载|轉載|alle rechte|tous droits|derechos reservados|direitos reservados"
)
_COOKIES = (
    r"cookie|javascript|your browser|consent|privacy|datenschutz|privatsphäre|externe[rn]? inhalt"
    r"|einwilligung|zustimm|personenbezogen|terms of|adblock|loading"
)

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("related", re.compile(rf"^\W*(?:{_RELATED})", re.I)),
    ("share", re.compile(rf"^\W*(?:{_SHARE})", re.I)),
    ("pitch", re.compile(_PITCH, re.I)),
    ("credit", re.compile(_CREDIT, re.I)),
    ("date", re.compile(_DATE, re.I)),
    ("ad", re.compile(rf"^\W*(?:{_AD})\b", re.I)),
    ("tags", re.compile(rf"^\W*(?:{_TAGS})", re.I)),
    ("about", re.compile(_ABOUT, re.I)),
    ("copyright", re.compile(_COPYRIGHT, re.I)),
    ("cookies", re.compile(_COOKIES, re.I)),
)


def is_furniture(text: str) -> bool:
    """Whether a short block is surely no part of the article."""
    return False
