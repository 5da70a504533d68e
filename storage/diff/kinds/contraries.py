"""Does a change turn the meaning round: a "not" that came or went, or a word that became its contrary?

One table has the words of each language side by side. Contraries are `one / other`, each side with
its forms; a form that ends in a hyphen is the beginning of a word.
"""

from functools import cache

from scraper.patterns import lazy_pattern
from storage.diff.kinds.change import Change, quoted

# Beside a negation or a contrary, hardly any other word changed.
MAX_BESIDE_NEGATION = 3
# Of both sides of a Japanese verb or adjective that was negated.
MAX_JAPANESE_CHARACTERS = 12
NEGATIONS = lazy_pattern(
    r"""(?ix) ^(?: not | no | never | none | nobody | nothing | neither | nor | without | cannot | \w+n['’]t
    | nicht | kein\w* | nie(?:mals)? | ohne | ne | n['’]\w+ | pas | jamais | sans | aucune? | sin | nunca | ningun[oa]? | ningún
    | não | sem | nenhum\w* | non | senza | mai | niet | geen | inte | ikke | nie | nem | hayır | değil
    | لا | لم | لن | ليس | ليست | غير | دون | не | ни | нет | без | ні | नहीं | न | बिना | नही | ไม่ | ไม่ได้ | không | chưa | tidak | bukan
    | 안 | 못 | 아니\w* | 않\w* | 없\w* | (?=\w+$)\w+?(?:없|않|아니|못하|못했)\w* | 不 | 没 | 沒 | 未 | 無 | 无 | 非 | 否 | 别 | 別
    )$"""
)
# Japanese negates in the ending of a word: いる → いない.
JAPANESE_NEGATION = lazy_pattern("(?:ない|なかった|ません|ず|なく)$")
# In these a word of negation negates nothing.
NEGATION_IDIOM = lazy_pattern(
    r"(?i)\b(?:sin embargo|not only|nicht nur|no s[oó]lo|non seulement|não só|ohne weiteres|no doubt|no longer than)\b|뿐만? 아니라|不仅|不僅|不過|不过"
)
# The contrary of a word is the word with one of these before it; but the rest is the same word.
NEGATING_PREFIX = lazy_pattern(
    r"(?:[불비미무](?=[가-힣]{2})|(?:un|il(?=l)|ir(?=r)|im(?=[mp])|dis|non-?)(?=[a-zà-ÿ]{5})|не(?=[а-я]{4})|[不非无無未](?=[一-鿿]{2})|غير |निर्?(?=\w{2})|अ(?=\w{3}))(.+)"
)
# In these languages a word may also be negated by "in".
LATIN_PREFIX = lazy_pattern("(?:in|des|im|dé|mal|s(?=[bcdfgp]))(?=[a-zà-ÿ]{5})(.+)")
LATIN_LANGUAGES = frozenset(("fr", "es", "it", "pt", "ca", "ro"))
CONTRARIES = {
    "en": "rise rises rose risen rising up higher climbs climbed increase increases increased gain gains gained jumps jumped"
    " / fall falls fell fallen falling down lower drops dropped decrease decreases decreased lose loses lost slips slipped,"
    " accept accepts accepted approve approves approved backs backed support supports supported for passes passed upholds upheld welcomes welcomed"
    " / reject rejects rejected refuse refuses refused opposes opposed oppose against blocks blocked overturns overturned condemns condemned,"
    " admit admits admitted confirm confirms confirmed / deny denies denied, win wins won / lose loses lost, guilty convicted convicts / innocent acquitted acquits cleared,"
    " open opens opened reopen reopens / close closes closed shut shuts, alive survived survives / dead died dies, start starts started begin begins began resume resumes"
    " / stop stops stopped end ends ended halt halts halted suspend suspends suspended, more most / less fewer least, before / after, allow allows allowed permits / ban bans banned forbids prohibits,"
    " true real / false fake, yes / no, success succeeds succeeded / failure fails failed, can / cannot, always / never, hire hires hired / fire fires fired, safe / unsafe dangerous,"
    " stay stays stayed remain remains / leave leaves left, buy buys bought / sell sells sold, strong stronger strengthens / weak weaker weakens, high / low, profit profits / loss losses,"
    " hot hotter / cold colder, early earlier / late later, majority / minority, legal / illegal, optimistic / pessimistic, best better / worst worse",
    "de": "steigt steigen stieg stiegen gestiegen steigend- mehr höher Anstieg / fällt fallen fiel fielen gefallen sinkt sinken sank sanken gesunken weniger niedriger Rückgang,"
    " für / gegen, ja / nein, schuldig verurteilt / unschuldig freigesprochen, angenommen zugestimmt stimmt befürwort- genehmigt / abgelehnt lehnt ablehn- verboten,"
    " bestätigt bestätigte bestätigen / dementiert dementierte bestreitet bestritt, offen geöffnet öffnet / geschlossen schließt, gewinnt gewann gewonnen / verliert verlor verloren,"
    " erlaubt / verboten, vor / nach, lebend lebt / tot starb, Gewinn / Verlust, stark stärker / schwach schwächer, erfolgreich / gescheitert, wahr / falsch, mit / ohne, beginnt / endet",
    "fr": "hausse augment- monte progress- / baisse diminu- recul- chute-, coupable condamné- / innocent- relaxé- acquitté-, confirm- avou- reconna- / démen- nie niait,"
    " accept- approuv- adopt- / refus- rejet- repouss-, pour / contre, oui / non, ouvert- ouvre rouvre / fermé- ferme, gagne- remport- / perd-, autoris- / interdi-,"
    " plus / moins, avant / après, vivant- / mort-, succès / échec, vrai / faux, avec / sans, commence / cesse, fort- / faible-, bénéfice / perte",
    "es": "sube suben subió subieron aument- crece creció / baja bajan bajó bajaron disminuy- cae cayó, culpable condenad- / inocente absuelt-, confirm- admit- / niega negó desmient- desmint-,"
    " acept- aprueb- aprob- / rechaz- deneg-, a favor / en contra, sí / no, abiert- abre / cerrad- cierra, gana ganó / pierde perdió, permit- / prohíb- prohib-, más / menos, antes / después,"
    " vivo viva / muerto muerta, éxito / fracaso, verdad- / fals-, con / sin, empieza / termina, fuerte / débil, ganancias / pérdidas",
    "pt": "sobe subiu aument- cresce- / cai caiu desce desceu diminu- recu-, culpad- condenad- / inocente absolvid-, confirm- admit- / nega negou desment-, aceit- aprov- / rejeit- recus-,"
    " a favor / contra, sim / não, abert- abre / fechad- fecha, ganha ganhou vence venceu / perde perdeu, permit- autoriz- / proíb- proib-, mais / menos, antes / depois, vivo viva / morto morta, com / sem,"
    " controlado / descontrolado",
    "it": "sale salgono salì aument- cresce / scende scendono cala calò diminu-, colpevole condannat- / innocente assolt-, conferm- ammett- / nega smentisc- smentit-, accett- approv- / respin- rifiut-,"
    " favorevole / contrari-, sì / no, apert- apre / chius- chiude, vince vinto / perde perso, permess- / vietat-, più / meno, prima / dopo, vivo viva / morto morta, con / senza",
    "nl": "stijgt steeg gestegen / daalt daalde gedaald, voor / tegen, schuldig / onschuldig vrijgesproken, bevestigt / ontkent, open / gesloten dicht, wint won / verliest verloor, meer / minder",
    "ru": "вырос- раст- повыс- подорож- рост / упал- пада- сниз- подешев- падение, за / против, виновн- осужд- / невиновн- оправда-, подтверд- призна- / опроверг- отрица-, одобр- принял- поддерж- / отклон- отверг- отказ-,"
    " откры- / закры-, выигра- побед- / проигра- пораж-, разреш- / запре-, больше / меньше, до / после, жив- / мёртв- погиб-, да / нет, законн- / незаконн-, сильн- / слаб-",
    "ar": "ارتفع- ترتفع يرتفع ارتفاع زيادة صعود / انخفض- تنخفض ينخفض انخفاض تراجع هبوط, أكد أكدت يؤكد تؤكد / نفى نفت ينفي تنفي, تدين أدان- إدانة مذنب / تبرئ برأ- براءة بريء, قبل- وافق- يوافق توافق موافقة / رفض- يرفض ترفض رفض,"
    " فتح- مفتوح- يفتح تفتح / أغلق- مغلق- يغلق تغلق إغلاق, ستتوقف توقف- يتوقف / ستستمر استمر- يستمر, فاز فوز / خسر خسارة, مع / ضد, أكثر / أقل, سمح- / منع- حظر, قبل / بعد, نعم / لا",
    "hi": "बढ़- तेजी तेज़ी वृद्धि ऊपर / घट- गिर- गिरावट कमी नीचे, दोषी / निर्दोष बरी, पक्ष समर्थन / विपक्ष विरोध खिलाफ, खुल- / बंद, स्वीकार मंजूर- / अस्वीकार खारिज नामंजूर-, पुष्टि / खंडन इनकार, जीत- / हार-, हां / नहीं, ज्यादा अधिक / कम, पहले / बाद, जिंदा / मृत",
    "ko": "무죄- / 유죄-, 찬성- / 반대-, 상승- 올라- 오르- 올랐- 오른- 급등- 증가- 늘어- 늘었- 늘린- 늘려- 늘리- 는다 / 하락- 내려- 내리- 내렸- 내린- 급락- 감소- 줄어- 줄었- 줄인- 줄여- 줄이- 준다, 인정- 시인- / 부인-, 승인- 가결- 통과- 수용- 찬성- / 거부- 부결- 반려- 거절-,"
    " 합법- / 불법-, 가능- / 불가능-, 허용- / 금지-, 승소- / 패소-, 승리- 이겼- 이긴- / 패배- 졌다 진다, 흑자- / 적자-, 많아- 많았- 많은- 많다- / 적어- 적었- 적은- 적다-, 높아- 높았- 높은- 높다- / 낮아- 낮았- 낮은- 낮다-, 시작- 개시- / 중단- 종료-, 개방- 열었- 연다 / 폐쇄- 닫았- 닫는다,"
    " 찬반- / 반찬-, 성공- / 실패-, 사실- / 거짓- 허위-, 최고- / 최저-, 최대- / 최소-, 강화- / 완화-, 이상- 초과- / 이하- 미만-, 긍정- / 부정-, 안전- / 위험-, 확대- / 축소-, 유지- 존치- / 폐지- 해제-, 생존- / 사망-, 적법- / 위법-, 동의- / 반대-, 흑 / 백, 강세- / 약세-, 우세- / 열세-, 호전- / 악화-, 매수- / 매도-",
    "ja": "増- 上が- 上げ- 上昇- 高- 多- / 減- 下が- 下げ- 下落- 低- 少-, 有罪- / 無罪-, 賛成- / 反対-, 認め- 肯定- / 否認- 否定-, 可決- 承認- / 否決- 却下- 拒否-, 開- 再開- 開始- / 閉- 中止- 停止- 休止-, 勝- / 負- 敗-, 許可- / 禁止-, 円安- / 円高-, 黒字- / 赤字-, 成功- / 失敗-, 以上- / 以下- 未満-, 合法- / 違法-, 強- / 弱-, 生- / 死-, 拡大- / 縮小-, 前- / 後-",
    "zh": "上涨- 上漲- 上升- 增加- 增长- 增長- 涨- 高- 多- / 下跌- 下降- 减少- 減少- 跌- 低- 少-, 有罪- / 无罪- 無罪-, 赞成- 贊成- 支持- 同意- / 反对- 反對- 拒绝- 拒絕-, 承认- 承認- 证实- 證實- 确认- / 否认- 否認-, 批准- 通过- 通過- / 否决- 否決- 驳回-, 开放- 開放- / 关闭- 關閉-,"
    " 允许- 允許- / 禁止-, 胜- 勝- 赢- / 负- 負- 输- 敗- 败-, 盈利- / 亏损- 虧損-, 成功- / 失败- 失敗-, 以上- / 以下-, 合法- / 非法-, 强- / 弱-, 开始- 開始- / 停止- 结束- 結束-, 扩大- / 缩小-, 有- / 无- 無- 没有- 沒有-, 是- / 不是-, 真- / 假-",
}  # fmt: skip


def negation_evidence(change: Change) -> str | None:
    """Why a change turns the meaning round, and changes hardly anything else; None if not so."""
    old, new = (NEGATION_IDIOM.sub("", text) for text in (change.old, change.new))
    if (old, new) != (change.old, change.new) and old.strip() == new.strip():
        return None
    removed = [word for word in change.removed_words if word[0].isalnum()]
    added = [word for word in change.added_words if word[0].isalnum()]
    gone, came = ([word for word in words if NEGATIONS.match(word)] for words in (removed, added))
    beside = len(removed) + len(added) - len(gone) - len(came)
    if len(gone) != len(came) and old == change.old and beside <= MAX_BESIDE_NEGATION:
        return f"a negation came or went: {quoted(*gone, *came)}"
    if bool(JAPANESE_NEGATION.search(old)) != bool(JAPANESE_NEGATION.search(new)) and old and new:
        is_short = len(old) + len(new) <= MAX_JAPANESE_CHARACTERS
        return "one side ends in a negation" if is_short else None
    return _contraries(removed, added, change)


def _contraries(removed: list[str], added: list[str], change: Change) -> str | None:
    """The first two of the changed words that are contraries, for evidence."""
    if not change.old or not change.new or len(removed) + len(added) > 2 * MAX_BESIDE_NEGATION:
        return None
    pairs = [(change.old, change.new)]
    if len(removed) <= 2 and len(added) <= 2:
        pairs += [(one, other) for one in removed for other in added]
    return next(
        (f"contraries: {quoted(*pair)}" for pair in pairs if are_contraries(*pair, change.lang)),
        None,
    )


def are_contraries(one: str, other: str, lang: str | None) -> bool:
    """Whether one word means the contrary of the other, in any language of the table.

    >>> are_contraries("rose", "fell", "en"), are_contraries("무죄를", "유죄를", "ko"), are_contraries("rose", "sank", "en")
    (True, True, False)
    """
    one, other = one.casefold(), other.casefold()
    for longer, shorter in ((one, other), (other, one)):
        if (match := NEGATING_PREFIX.fullmatch(longer)) and match[1] == shorter:
            return True
        if (
            lang in LATIN_LANGUAGES
            and (match := LATIN_PREFIX.fullmatch(longer))
            and match[1] == shorter
        ):
            return True
    sides = _sides(one)
    return any((pair, not side) in sides for pair, side in _sides(other))


@cache
def _forms() -> dict[str, set[tuple[int, bool]]]:
    """Each form of the table, with the pairs it is in and on which side."""
    forms: dict[str, set[tuple[int, bool]]] = {}
    pairs = [pair for text in CONTRARIES.values() for pair in text.split(",")]
    for number, pair in enumerate(pairs):
        for side, words in enumerate(pair.split("/")):
            for word in words.casefold().split():
                forms.setdefault(word, set()).add((number, bool(side)))
    return forms


def _sides(word: str) -> set[tuple[int, bool]]:
    """The pairs that a word is in: as it is, or by its beginning."""
    forms = _forms()
    stems = (f"{word[:end]}-" for end in range(1, min(len(word), 8) + 1))
    return set().union(forms.get(word, set()), *(forms.get(stem, set()) for stem in stems))
