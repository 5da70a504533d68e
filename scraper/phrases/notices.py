"""What pages say in their own voice instead of an article, in the languages of the press.

A story about a deleted page speaks of "the article". A notice speaks of "this article", in Korean
and Japanese in the polite form that no news text uses. Words in quotation marks belong to a story.
If that is not enough (`MISSING_PAGE_NOTICE`, `CHALLENGE_NOTICE` …), the page must also be short and
give no time of publication.
"""

import re

from scraper.patterns import lazy_pattern

_DELETED = (
    r"\bthis (?:article|story|page|post|video|content|report|piece) (?:has been|was|is) (?:\w+ ){0,2}"
    r"(?:removed|deleted|withdrawn|retracted|taken down|unpublished|no longer available)\b"
    r"|\b(?:retracted|withdrawn|removed|unpublished) this (?:article|story|report|piece)\b"
    # 이 기사는 … 삭제되었습니다; 삭제된 기사입니다
    r"|(?:이|본|해당|요청하신|선택하신)\s*(?:기사|뉴스|게시물|페이지|글)[은는이가을를]?[^.]{0,40}(?:삭제|차단|중단|철회)"
    r"(?:[^.]{0,6}(?:었|됐|였|했)[^.]{0,8}니다|된[^.]{0,10}니다)"
    r"|(?:삭제|차단|중단|철회)된\s*(?:기사|뉴스|게시물|페이지|글)\s*(?:입니다|이므로)|(?:서비스(?:하지|되지)|존재하지)\s*않는\s*(?:기사|뉴스)\s*입니다"
    r"|(?:기사|뉴스)를?\s*찾을\s*수\s*없습니다"
    r"|\bdieser (?:artikel|beitrag|text) (?:wurde|ist) (?:\w+ ){0,2}(?:gelöscht|entfernt|zurückgezogen|depubliziert|nicht mehr (?:verfügbar|abrufbar|online))"
    r"|\bder (?:artikel|beitrag) ist (?:leider )?nicht mehr (?:verfügbar|abrufbar|online)"
    r"|\bcet(?:te)? (?:article|page|contenu|vidéo) (?:a été (?:supprimée?|retirée?|dépubliée?)|n['’]est plus (?:disponible|en ligne|accessible))"
    r"|\best[ea] (?:artículo|noticia|página|nota|contenido) (?:(?:ha sido|fue) (?:eliminad|retirad|borrad)[oa]|ya no está disponible)"
    r"|\best[ea] (?:artigo|notícia|página|matéria|conteúdo) (?:foi (?:removid|excluíd|apagad)[oa]|não está mais disponível)"
    r"|\bquest[oa] (?:articolo|pagina|contenuto) (?:è stat[oa] (?:rimoss|eliminat|cancellat)[oa]|non è più disponibile)"
    r"|\bdit artikel is (?:verwijderd|niet (?:meer|langer) beschikbaar)|\bэта статья (?:была )?удалена"
    r"|(?:この|お探しの|ご指定の)(?:記事|ページ|動画)は?[^。]{0,20}(?:削除|掲載(?:期間)?[がを]?終了)[^。]{0,14}(?:ました|ます|ません|です|ため)"
    r"|(?:该|本|此|该篇)(?:文章|内容|页面|新闻|稿件)[^。]{0,8}(?:已被?|已经)(?:删除|下架|撤回)"
    r"|(?:該|本|此)(?:文章|內容|頁面|新聞)[^。]{0,8}(?:已被?|已經)(?:刪除|下架|移除)"
)
_MISSING = (
    r"\b(?:the|this|that) (?:requested )?(?:page|url|article|content|link)\b[^.]{0,60}(?:not found|could ?n[o'’]t be found"
    r"|does ?n[o'’]t exist|no longer exists|not available any ?more)|\bwe (?:can['’]t|cannot|could ?n[o'’]t) find (?:that|the|this) page"
    r"|\bpage not found\b|(?:페이지|게시물)를?\s*찾을\s*수\s*없습니다|잘못된\s*(?:접근|경로|주소|요청)\s*입니다"
    r"|존재하지\s*않는\s*(?:게시물|페이지)\s*입니다|\bseite\b[^.]{0,40}nicht (?:mehr )?gefunden|existiert diese seite|diese seite existiert nicht"
    r"|\bpage\b[^.]{0,40}(?:introuvable|n['’]existe (?:pas|plus))|\bpágina\b[^.]{0,40}no (?:existe|encontrada|se (?:ha )?enc)"
    r"|\bpágina\b[^.]{0,40}não (?:existe|encontrada|foi encontrada)|\bpagina\b[^.]{0,40}(?:non (?:esiste|trovata|è stata trovata)|niet gevonden|bestaat niet)"
    r"|\bстраниц\w[^.]{0,30}не (?:найдена|существует)|ไม่พบหน้า|\bsayfa bulunamadı|\bnie znaleziono strony|\bstrona nie istnieje"
    r"|(?:ページ|記事|URL)[^。]{0,20}見つかりません|(?:页面|頁面|网页|網頁|文章)[^。]{0,8}(?:不存在|找不到|未找到)|找不到(?:网页|網頁|页面|頁面)"
)
_CHALLENGE = (
    r"you(?:['’]re| are) (?:an? )?human|not an? (?:ro)?bot\b|were a bot\b|checking (?:your browser|if the site connection)"
    r"|security of your connection|enable (?:js|javascript) and|complete the (?:captcha|security check)|unusual traffic from your"
    r"|you have been blocked|permission to access|protect itself from online attacks|(?:request (?:was )?|this request has been )blocked"
    r"|rate limited|\bray id\b|incident id|\byour ip\b|request could not be satisfied|website firewall|access to this page has been denied"
    r"|pardon our interruption|request unsuccessful|(?:dass )?sie ein mensch sind|que vous êtes (?:un )?humain|que (?:eres|usted es) humano"
    r"|보안문자|자동입력\s*방지|사람인지\s*확인|로봇이\s*아님|비정상적인\s*접근|방화벽|접근이\s*차단|접속이\s*차단"
    r"|ロボットによる|画像認証|アクセスが拒否|人机验证|安全验证|访问被拒绝|验证您是"
    r"|not available in your (?:region|country)|from a country belonging to"
)
_CLOSED = (
    r"(?:scheduled|under|down for) maintenance|we['’]ll be back soon|wartungsarbeiten|maintenance en cours|en mantenimiento"
    r"|점검\s*(?:중입니다|시간은|안내)|メンテナンス中|系统维护|bad gateway|service (?:temporarily )?unavailable"
    r"|connection timed out|welcome to nginx|apache2? .{0,20}default page"
)
_MEMBERS = (
    r"(?:subscribe|log ?in|sign in|sign up|register) to (?:continue|read|keep|unlock)|for subscribers only|already a subscriber"
    r"|to continue reading|subscriber[- ]only|nur für abonnent|jetzt abonnieren|réservée? aux abonnés|solo para suscriptores"
    r"|suscríbete para|회원에게만\s*제공|로그인\s*후\s*이용|회원\s*가입\s*후|유료\s*회원|구독자\s*전용|会員限定|有料会員|続きを読むには|会员专享|登录后"
)
# Whole titles, with or without the name of the site.
_MISSING_TITLE = (
    r"(?:error|fehler|erreur|오류|(?<![\s:#-]))[\s:#-]*+404(?:[\s:!.-]*(?:error|not found|page not found))?|(?:404[\s:-]*)?(?:the )?(?:page|file|article) not found|not found"
    r"|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|página não encontrada|pagina non trovata"
    r"|pagina niet gevonden|страница не найдена|페이지를?\s*찾을\s*수\s*없(?:습니다|음)|ページが見つかりません(?:でした)?|页面不存在|找不到(?:網頁|頁面|网页|页面)"
)
_CHALLENGE_TITLE = (
    r"just a moment|attention required|access denied|forbidden|(?:403|401)(?: forbidden)?|nur einen moment|un instant|un momento|잠시만 기다리십시오"
    r"|しばらくお待ちください|请稍候|請稍候|verify(?:ing)? you are human|security check|human verification|are you a robot|robot or human|one more step"
    r"|pardon our interruption|access to this page has been denied|ddos-guard|error 10\d\d|접근\s*차단|보안문자\s*입력"
)
_CONSENT_TITLE = (
    r"before you continue(?: to [a-z]+)?|we value your privacy|your privacy,? your choice|manage your (?:privacy|consent|cookies)|privacy settings"
    r"|einwilligung|datenschutz-?einstellungen|votre consentement|gérer vos cookies|tu privacidad nos importa|la tua privacy|쿠키 사용 동의|同意のお願い"
)
# Markup that only a challenge has.
CHALLENGE_MARKUP = lazy_pattern(
    r"_cf_chl_opt|/cdn-cgi/challenge-platform/h/|captcha-delivery\.com|_incapsula_resource|px-captcha|awswafcaptcha|sec-if-cpt"
    r"|/_sec/cp_challenge|window\.KPSDK",
    re.I,
)
# Signs of a consent wall. A story about one does not have several.
CONSENT_SIGNS = tuple(
    lazy_pattern(sign, re.I)
    for sign in (
        r"\bcookies?\b|cookie|쿠키",
        r"\bconsent|einwillig|zustimm|einverstanden|consentement|avec votre accord|consentimiento|consenso|동의|同意",
        r"\bpartners?\b|partenaires|\bsocios\b|parceiros|제휴",
        r"accept all|agree to|alle akzeptieren|accepter|acepta|accetta|aceitar|모두 동의|동의해",
        r"privacy|personal data|datenschutz|données|privacidad|datos|개인정보|プライバシー|隐私",
        r"tracking|advertis|werbung|publicité|publicidad|맞춤형|identifiers",
        r"pur-?abo|subscribe|abonn|suscr[ií]b|werbefrei|ad-free",
        r"store and(?:/or)? access|on a device|(?:ihrem|auf dem) gerät|votre appareil|el dispositivo|un dispositivo|our sites|unsere seite|当サイト|당사",
    )
)
MIN_CONSENT_SIGNS = 3
CONSENT_REQUEST_SIGNS = (1, 3, 7)  # one of these must be among them
ALERT_CALL = lazy_pattern(r"\balert\(\s*(?:'([^']{2,200})'|\"([^\"]{2,200})\")")
QUOTATION = lazy_pattern(
    r"“[^”]{0,400}”|\"[^\"]{0,400}\"|‘[^’]{0,400}’|„[^“”]{0,400}[“”]|«[^»]{0,400}»|「[^」]{0,400}」"
)
SITE_NAME_TAIL = lazy_pattern(r"\s[-–—|·:]\s.*$")
TITLE_DECORATION = " .!…?"
MIN_FREE_TEXT_LENGTH = 60  # characters of a text that asks for no login

DELETION_NOTICE = lazy_pattern(_DELETED, re.I)
MISSING_PAGE_NOTICE = lazy_pattern(_MISSING, re.I)
CHALLENGE_NOTICE = lazy_pattern(_CHALLENGE, re.I)
OUT_OF_SERVICE_NOTICE = lazy_pattern(_CLOSED, re.I)
MEMBERS_ONLY_NOTICE = lazy_pattern(_MEMBERS, re.I)
NOTICE_SENTENCE = lazy_pattern("[^.!?。]*[.!?。]?")
MISSING_TITLE = lazy_pattern(_MISSING_TITLE, re.I)
CHALLENGE_TITLE = lazy_pattern(_CHALLENGE_TITLE, re.I)
CONSENT_TITLE = lazy_pattern(_CONSENT_TITLE, re.I)


def without_quotations(text: str) -> str:
    """The text without the words in quotation marks.

    >>> without_quotations('He was asked "Are you a robot?" twice.')
    'He was asked  twice.'
    """
    return QUOTATION.sub("", text)


def is_notice_title(title: str, title_pattern: re.Pattern[str]) -> bool:
    """Whether a title matches the pattern, with or without the name of the site.

    >>> is_notice_title("Page not found - Example News", MISSING_TITLE)
    True
    >>> is_notice_title("Page not found: how news vanishes", MISSING_TITLE)
    False
    """
    bare_title = title.strip(TITLE_DECORATION)
    return any(
        title_pattern.fullmatch(part.strip(TITLE_DECORATION)) is not None
        for part in (bare_title, SITE_NAME_TAIL.sub("", bare_title))
    )


def asks_consent(text: str) -> bool:
    """Whether a short page asks for consent to its cookies."""
    if not any(CONSENT_SIGNS[at].search(text) for at in CONSENT_REQUEST_SIGNS):
        return False
    return sum(bool(sign.search(text)) for sign in CONSENT_SIGNS) >= MIN_CONSENT_SIGNS


def alert_text(markup: str) -> str | None:
    """What a script of the page says in an alert; Korean sites do so before a redirect."""
    result = ALERT_CALL.search(markup)
    return (result[1] or result[2]) if result else None


def is_members_only(text: str) -> bool:
    """Whether a text has little but sentences that ask to log in or to pay."""
    free_text_length = 0
    # The first sentences decide for nearly every article; a search of the whole text takes 1 ms.
    for sentence in NOTICE_SENTENCE.finditer(text):
        if not MEMBERS_ONLY_NOTICE.search(sentence[0]):
            free_text_length += len(sentence[0])
            if free_text_length >= MIN_FREE_TEXT_LENGTH:
                return False
    return MEMBERS_ONLY_NOTICE.search(text) is not None
