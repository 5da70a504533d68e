"""How a publisher says that it corrected or changed an article, in the languages of the press."""

from scraper.patterns import lazy_pattern

_CORRECTION_LABEL = (
    r"corrections?|clarifications?|editor['’]?s?['’]?\s+note|update[ds]?|정정(?:\s*보도문?)?|바로\s?잡습니다|바로\s?잡았습니다|고침"
    r"|기사\s?(?:보강|수정)|알립니다|알려왔습니다|(?:반론|추후)\s?보도문?|right\s+of\s+reply|gegendarstellung|droit\s+de\s+r[ée]ponse|derecho\s+de\s+(?:réplica|rectificación)|direito\s+de\s+resposta|rettifica|تصحيح|توضيح|सुधार|स्पष्टीकरण|исправление|уточнение|korrektur|berichtigung|richtigstellung|rectificatif|rectification|correctif"
    r"|correcci[oó]n|fe\s+de\s+err\w+|erratum|errata(?:\s+corrige)?|correção|訂正|お詫び(?:と訂正)?|更正|勘誤|勘误|编者按"
    r"|исправлени[ея]|уточнени[ея]|поправк[аи]|опровержение|от\s+редакции|виправлення|уточнення|спростування"
    r"|تصحيح|تصويب|توضيح|تنويه|استدراك|اصلاحیه|(?:भूल\s?)?सुधार|शुद्धिपत्र|स्पष्टीकरण|সংশোধনী|תיקון|הבהרה|διόρθωση"
    r"|rettifica|precisazione|rectificatie|correctie|rättelse|rettelse|oikaisu|sprostowanie|oprava|helyreigazítás|düzeltme"
    r"|koreksi|ralat|đính\s+chính|แก้ไขข่าว|retractions?|rétractation|retractaci[oó]n|retratação|rücknahme"
)
# A label and its colon, or a sentence in which the paper speaks of its own text.
CORRECTION_NOTICE = lazy_pattern(
    rf"""(?ix) ^[\s\W]*(?:{_CORRECTION_LABEL})\s*(?:[:：\])】」>|—–-]|$|\([^)]{{0,30}}\)\s*:?|[,\s][^.:]{{0,24}}:)
    | \bthis\s+(?:\w+\s+){{0,3}}(?:article|story|report|headline|piece|post|page)\s+(?:has\s+been|was)\s+(?:\w+\s+)?(?:correct|updat|amend|chang|edit|clarif|revis|retract|withdr)\w+
    | \b(?:earlier|previous|original)\s+(?:version|headline)\s+(?:of|on)\s+this\s+(?:article|story|report|headline|piece|post|page)\b
    | ^\W*(?:corrects\b|(?:amended|corrected|clarified)\s+(?:on\s+\d|to\s+\w+))|\bcorrected\s+version\b
    | (?:이|본|위|해당|앞선|※\s*이)\s*기사[는은를의]?\s[^.]{{0,40}}(?:정정|수정|바로잡|고쳤|고칩)[^.]{{0,14}}니다
    | 기사\s?(?:내용|제목|본문)[^.]{{0,20}}(?:수정|정정)\s?(?:됐|되었|했|하였)습니다
    | (?:정정합니다|정정했습니다|바로\s?잡습니다|바로\s?잡았습니다)[.\s)\]]*$ | 이전\s*(?:기사|버전)에서
    | \bin\s+einer\s+(?:früheren|ersten|vorherigen)\s+(?:version|fassung)\b | \banm(?:erkung|\.)\s+der\s+red
    | \bin\s+diesem\s+(?:artikel|text|beitrag|bericht)\s+(?:stand|hieß\s+es)\s+(?:zuvor|zunächst|zuerst|ursprünglich|fälschlich\w*|früher|irrtümlich)\b
    | \bwir\s+haben\s+(?:de[nr]|die|das|dies)\s+(?:\w+\s+){{0,3}}(?:korrigiert|berichtigt|richtiggestellt)\b
    | \bversion\s+(?:précédente|antérieure)\s+de\s+cet\s+article | \bprécédente\s+version\s+de\s+cet | \bcet\s+article\s+a\s+été\s+(?:corrigé|modifié|mis\s+à\s+jour|rectifié|retiré)
    | \best[ea]\s+(?:noticia|artículo|información|texto|nota)\s+(?:ha\s+sido|fue)\s+(?:corregid|modificad|actualizad|editad|retirad)[oa] | \bversión\s+anterior\s+de\s+est[ea]
    | \best[ea]\s+(?:notícia|artigo|reportagem|matéria|texto)\s+foi\s+(?:corrigid|alterad|atualizad|editad|retirad)[oa]
    | \bquesto\s+(?:articolo|testo|pezzo)\s+è\s+stato\s+(?:corretto|modificato|aggiornato|rettificato|ritirato)
    | \bwe\s+have\s+(?:removed|corrected|amended|deleted|changed)\s+(?:[^.\s]+\s+){{1,10}}(?:from|in)\s+this\s+(?:article|story|report|headline|piece|post|page)\b
    | (?:この)?記事(?:の[^。]{{0,8}})?を[^。]{{0,6}}(?:修正|訂正|撤回|取り消)(?:し|いた)
    | \bwe\s+have\s+(?:retracted|withdrawn)\s+this\s+(?:article|story|report|piece|post)\b
    | \bdiese[nr]\s+(?:artikel|text|beitrag|bericht)\s+(?:\w+\s+){{0,4}}zurückgezogen | \bretiré\s+cet\s+article
    | \bretir(?:ou|amos|aram|ado|ó)\s+est[ea]\s+(?:notícia|noticia|artigo|artículo|reportagem|matéria|texto|información)
    | 기사를\s+[^.]{{0,12}}(?:철회|취소)[^.]{{0,10}}니다
    | \b(?:отозвал[аи]?|отзывает)\s+(?:эту|данную)\s+(?:статью|публикацию|заметку) | \b(?:первой|прежней|предыдущей|ранней)\s+версии\s+(?:этой\s+)?(?:статьи|заметки|текста|материала)
    | سحب\w*\s+(?:\w+\s+){{0,3}}(?:هذا|هذه)\s+(?:المقال|الخبر|التقرير|المادة) | نسخة\s+سابقة\s+من\s+(?:هذا|هذه)
    | (?:यह|इस)\s+(?:लेख|ख़बर|खबर|रिपोर्ट)\s+(?:को\s+)?वापस\s+ल | (?:लेख|ख़बर|खबर|रिपोर्ट)\s+के\s+(?:पहले|पिछले)\s+संस्करण
    | 訂正(?:します|いたします|しました|いたしました) | お詫びして訂正 | (?:特此|予以)(?:更正|订正|訂正) | (?:本|此)文(?:已|曾)[^。]{{0,10}}(?:更正|修改|修正)
    """
)
