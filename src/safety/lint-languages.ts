import { firstHit, prohibition, row, type Excuse, type Row } from './lint-patterns.ts';

/** Directions that are about files, warnings and settings. */
const ofTools: Excuse = (hit, before, after) =>
  /eslint|lint|css|dist|build|warn|warnung|avertissement|advertencia|предупрежд|警告|(?:生成|ビルド)\S{0,4}(?:ファイル|文件)|目录|dateien|fichiers|archivos|файл\S* (?:в|под)/i.test(
    `${hit} ${after.slice(0, 24)}`,
  ) || /(?:nie|niemals|nicht|nunca|jamais|ne pas|никогда|не)\s+\S{0,12}$/i.test(before.slice(-24));

const SECRET = String.raw`(?:\.env\b|~?/?\.ssh|\.aws|(?:ssh|api)[- ]?(?:key|schlüssel|clés?|claves?|ключ[\w\u00c0-\u024f\u0400-\u04ff]*|キー|키)[\w\u00c0-\u024f\u0400-\u04ff]*|zugangsdaten|passw(?:ort|örter[\w\u00c0-\u024f\u0400-\u04ff]*|ord)[\w\u00c0-\u024f\u0400-\u04ff]*|geheimniss?e?|schlüssel|umgebungsvariablen|(?:mots? de passe)|identifiants|cl[ée]s?(?: privées?)?|secrets?|variables d'environnement|contraseñas?|credenciales|claves?(?: privadas?)?|secretos|variables de entorno|tokens?|парол[\w\u00c0-\u024f\u0400-\u04ff]*|ключ[\w\u00c0-\u024f\u0400-\u04ff]*|секрет[\w\u00c0-\u024f\u0400-\u04ff]*|токен[\w\u00c0-\u024f\u0400-\u04ff]*|переменн[\w\u00c0-\u024f\u0400-\u04ff]+ окружения|учётн[\w\u00c0-\u024f\u0400-\u04ff]+ данн[\w\u00c0-\u024f\u0400-\u04ff]+|учетн[\w\u00c0-\u024f\u0400-\u04ff]+ данн[\w\u00c0-\u024f\u0400-\u04ff]+|senhas?|credenciais|chaves?|credenziali|chiavi|密码|密钥|私钥|令牌|凭证|环境变量|秘密鍵|パスワード|認証情報|トークン|環境変数|비밀번호|비밀 ?키|토큰|환경 ?변수|자격 ?증명)`;
const SEND = String.raw`(?:send(?:e|en|et|est)|schick[\w\u00c0-\u024f\u0400-\u04ff]*|übermittle[\w\u00c0-\u024f\u0400-\u04ff]*|übertrag[\w\u00c0-\u024f\u0400-\u04ff]*|lad(?:e|en)\b[^.\n]{0,60}\bhoch|hochladen|poste[\w\u00c0-\u024f\u0400-\u04ff]*|leite[\w\u00c0-\u024f\u0400-\u04ff]*|weiterleiten|kopier[\w\u00c0-\u024f\u0400-\u04ff]*|envoi[\w\u00c0-\u024f\u0400-\u04ff]*|envoy[\w\u00c0-\u024f\u0400-\u04ff]*|transmet[\w\u00c0-\u024f\u0400-\u04ff]*|transmit[\w\u00c0-\u024f\u0400-\u04ff]*|téléverse[\w\u00c0-\u024f\u0400-\u04ff]*|publi[\w\u00c0-\u024f\u0400-\u04ff]*|copie[\w\u00c0-\u024f\u0400-\u04ff]*|env[ií][aeo][\w\u00c0-\u024f\u0400-\u04ff]*|manda[\w\u00c0-\u024f\u0400-\u04ff]*|sub[ea][\w\u00c0-\u024f\u0400-\u04ff]*|transfier[\w\u00c0-\u024f\u0400-\u04ff]*|copi[ae][\w\u00c0-\u024f\u0400-\u04ff]*|отправ[\w\u00c0-\u024f\u0400-\u04ff]+|пошл[\w\u00c0-\u024f\u0400-\u04ff]+|загруз[\w\u00c0-\u024f\u0400-\u04ff]+|переда[\w\u00c0-\u024f\u0400-\u04ff]+|выгруз[\w\u00c0-\u024f\u0400-\u04ff]+|скопир[\w\u00c0-\u024f\u0400-\u04ff]+|envie[\w\u00c0-\u024f\u0400-\u04ff]*|invia[\w\u00c0-\u024f\u0400-\u04ff]*|发送|上传|提交|发给|发到|转发|传到|送信|送って|アップロード|転送|投稿|보내|전송|업로드)`;
const AWAY = String.raw`(?:https?://(?!localhost|127\.)\S+|\S+@[\w\u00c0-\u024f\u0400-\u04ff-]+\.[\w\u00c0-\u024f\u0400-\u04ff]+|[\w\u00c0-\u024f\u0400-\u04ff-]+\.(?:com|net|org|io|dev|xyz|ru|cn)\b|server|serveur|servidor|сервер|サーバ|服务器|서버|외부|外部|extern[\w\u00c0-\u024f\u0400-\u04ff]*|externe|externo|внешн[\w\u00c0-\u024f\u0400-\u04ff]+)`;
const SHOW = String.raw`(?:zeig[\w\u00c0-\u024f\u0400-\u04ff]*|gib\b[^.\n]{0,50}\baus|ausgeben|verrat[\w\u00c0-\u024f\u0400-\u04ff]*|lies\b[^.\n]{0,40}\bvor|nenn[\w\u00c0-\u024f\u0400-\u04ff]*|drucke|affich[\w\u00c0-\u024f\u0400-\u04ff]*|montre[\w\u00c0-\u024f\u0400-\u04ff]*|révèle[\w\u00c0-\u024f\u0400-\u04ff]*|imprime[\w\u00c0-\u024f\u0400-\u04ff]*|muestra[\w\u00c0-\u024f\u0400-\u04ff]*|revela[\w\u00c0-\u024f\u0400-\u04ff]*|enseña[\w\u00c0-\u024f\u0400-\u04ff]*|\bdime\b|покажи[\w\u00c0-\u024f\u0400-\u04ff]*|выведи[\w\u00c0-\u024f\u0400-\u04ff]*|раскрой[\w\u00c0-\u024f\u0400-\u04ff]*|напечатай[\w\u00c0-\u024f\u0400-\u04ff]*|mostre|revele|mostra|rivela|显示|输出|打印|泄露|透露|公开|念出|表示|出力|教えて|公開|출력|보여|공개|알려)`;
const OWN_ORDERS = String.raw`(?:anweisungen|instruktionen|vorgaben|regeln|richtlinien|befehle|einschränkungen|systemprompt|instructions?|consignes|règles|directives|ordres|restrictions|invite système|prompt système|instrucciones|indicaciones|reglas|órdenes|ordenes|directrices|restricciones|prompt del sistema|инструкци[\w\u00c0-\u024f\u0400-\u04ff]+|указани[\w\u00c0-\u024f\u0400-\u04ff]+|правил[\w\u00c0-\u024f\u0400-\u04ff]*|команд[\w\u00c0-\u024f\u0400-\u04ff]*|ограничени[\w\u00c0-\u024f\u0400-\u04ff]+|предписани[\w\u00c0-\u024f\u0400-\u04ff]+|системн[\w\u00c0-\u024f\u0400-\u04ff]+ (?:промпт|запрос)[\w\u00c0-\u024f\u0400-\u04ff]*|instruções|regras|ordens|istruzioni|regole|指令|指示|规则|規則|命令|要求|限制|约束|提示词|设定|ルール|制約|プロンプト|지시|명령|규칙|지침|제한|프롬프트)`;
const AWAY_WITH = String.raw`(?:ignorier[\w\u00c0-\u024f\u0400-\u04ff]*|vergiss|vergesst|vergessen|missacht[\w\u00c0-\u024f\u0400-\u04ff]*|übergeh[\w\u00c0-\u024f\u0400-\u04ff]*|verwirf|verwerfen|setz[\w\u00c0-\u024f\u0400-\u04ff]* dich (?:über|hinweg)|halte dich nicht(?: mehr)? an|befolge (?:nicht|keine)|gelten nicht(?: mehr)?|(?:ist|sind) (?:ungültig|aufgehoben|hinfällig|überholt)|ignor[eoa][\w\u00c0-\u024f\u0400-\u04ff]*|oubli[\w\u00c0-\u024f\u0400-\u04ff]*|néglige[\w\u00c0-\u024f\u0400-\u04ff]*|ne (?:suis|suivez|respecte|tiens|tenez)[\w\u00c0-\u024f\u0400-\u04ff]* (?:plus|pas)|ne s'appliquent plus|(?:est|sont) (?:annulée?s?|caduques?|levée?s?)|fais fi|faites fi|passe outre|olvid[\w\u00c0-\u024f\u0400-\u04ff]*|descart[\w\u00c0-\u024f\u0400-\u04ff]*|desobedec[\w\u00c0-\u024f\u0400-\u04ff]*|no (?:sigas|sigues|obedezcas|respetes|hagas caso)|haz caso omiso|(?:ya no|no) (?:se aplican|valen|rigen)|quedan? (?:anuladas?|sin efecto)|игнорир[\w\u00c0-\u024f\u0400-\u04ff]+|забуд[\w\u00c0-\u024f\u0400-\u04ff]+|не (?:следуй|соблюдай|слушай|выполняй)[\w\u00c0-\u024f\u0400-\u04ff]*|отмен[\w\u00c0-\u024f\u0400-\u04ff]+|пренебрег[\w\u00c0-\u024f\u0400-\u04ff]*|больше не действ[\w\u00c0-\u024f\u0400-\u04ff]+|esqueça|desconsidere|dimentica|ignora|忽略|无视|無視|忘记|忘掉|忘了|抛开|放弃|不要(?:再)?(?:理会|遵守|遵循|听从)|不必(?:再)?(?:理会|遵守|遵循)|不再(?:受|适用|有效|遵守)|作废|失效|无效|无须遵守|忘れ|破棄|従わ|無効|取り消|捨て|무시|잊|따르지|무효|폐기)`;

const LANGUAGES: Row[] = [
  row(
    'anweis|instrukt|vorgaben|regeln|richtlin|befehle|einschränk|prompt|instruc|consign|règles|directiv|ordres|restric|indicac|reglas|rdenes|direct|инструкц|указан|правил|команд|огранич|предпис|системн|instruç|regras|ordens|istruz|regole|指令|指示|规则|規則|命令|要求|限制|约束|提示词|设定|ルール|制約|プロンプト|지시|명령|규칙|지침|제한',
    () =>
      new RegExp(
        `${AWAY_WITH}[^.。!?！？\\n]{0,40}?${OWN_ORDERS}|${OWN_ORDERS}[^.。!?！？\\n]{0,40}?${AWAY_WITH}`,
        'giu',
      ),
    (hit, before, after) =>
      /^[\x20-\x7e]*$/.test(hit) &&
      !/[a-z]\b.{0,6}\b(?:todas|todo|las|los|les|toutes|tous|alle|deine|die|le|la|tes|vos|tus)\b/i.test(hit)
        ? true
        : ofTools(hit, before, after),
  ),
  row(
    'send|schick|übermitt|übertrag|lade|hochladen|poste|leite|kopier|envoi|envoy|transm|télév|publi|copi|enví|envi|manda|sub|transf|отправ|пошл|загруз|перед|выгруз|скопир|invia|发|上传|提交|转|传|送|アップ|投稿|보내|전송|업로드 & env|ssh|aws|key|schlüssel|clé|cle|clave|ключ|キー|zugangs|passw|geheim|umgebung|mot|identif|secret|variable|contrase|creden|token|парол|секрет|токен|перемен|учет|учёт|senha|chave|chiav|密码|密钥|私钥|令牌|凭证|环境变量|秘密鍵|パスワード|認証|トークン|環境|비밀|토큰|환경|자격',
    () =>
      new RegExp(
        `(?:${SEND}[^。!?！？\\n]{0,60}?${SECRET}[^。!?！？\\n]{0,60}?${AWAY}|${SECRET}[^。!?！？\\n]{0,60}?${AWAY}[^。!?！？\\n]{0,30}?${SEND}|${SEND}[^。!?！？\\n]{0,30}?${AWAY}[^。!?！？\\n]{0,60}?${SECRET}|${SECRET}[^。!?！？\\n]{0,30}?${SEND}[^。!?！？\\n]{0,30}?${AWAY})`,
        'giu',
      ),
    (hit, before) =>
      /(?:never|not|don't|nie|niemals|nicht|keine|jamais|ne|pas|nunca|no|никогда|не|不要|不得|禁止|切勿|勿|ない|ないで|금지|마세요)/i.test(
        `${before.slice(-20)} ${hit}`.match(
          /(?:^|\s|[、，])(?:never|not|don't|nie|niemals|nicht|keine|jamais|ne|pas|nunca|no|никогда|не)(?=\s)|不要|不得|禁止|切勿|勿|ないで|しない|금지|마세요/i,
        )?.[0] ?? '',
      ) || /vault|tresor|coffre|1password|github/i.test(hit),
  ),
  row(
    'zeig|gib|ausgeben|verrat|lies|nenn|affich|montr|révèl|imprim|muestra|revel|enseñ|dime|покаж|вывед|раскр|напечат|mostr|rivel|显示|输出|打印|泄露|透露|公开|念出|表示|出力|教え|公開|출력|보여|공개|알려',
    () =>
      new RegExp(
        `${SHOW}[^.。!?！？\\n]{0,40}?(?:${SECRET}|systemprompt|prompt système|prompt del sistema|системн[\\w\u00c0-\u024f\u0400-\u04ff]+ промпт|系统提示词?|システムプロンプト|시스템 ?프롬프트)|${SECRET}[^.。!?！？\\n]{0,16}?${SHOW}`,
        'giu',
      ),
    (hit, before, after) =>
      /^[\x20-\x7e]*$/.test(hit) &&
      !/\b(?:zeig|gib|verrat|lies|nenn|affich|montr|muestra|revela|dime|mostr|rivel|enseñ)/i.test(hit)
        ? true
        : /(?:nie|niemals|nicht|keine|jamais|pas|nunca|no|никогда|не)\s|不要|不得|禁止|不会|不能|不显示|脱敏|しない|ないで|되지|마세요|必须隐藏|エラー|错误/i.test(
            `${before.slice(-16)}${hit}${after.slice(0, 10)}`,
          ),
  ),
  prohibition(
    'frag|rückfrag|bestätig|zustimm|erlaub|genehm|nachfrag|confirm|autoris|permis|approb|demand|pregunt|aprob|autoriz|подтвержд|разреш|спраш|спрос|соглас|chied|perguntar',
    /\bohne\s+(?:\w+\s+){0,2}?(?:zu fragen|nachzufragen|rückfragen?|nachfragen?|bestätigung|zustimmung|erlaubnis|genehmigung|freigabe)\b|\b(?:frag(?:e|en|st)?|bitte)\s+(?:\w+\s+){0,2}?(?:nie(?:mals)?|nicht)(?: mehr)?\s+(?:\w+\s+){0,2}?(?:nach|um|erlaubnis|bestätigung|zustimmung|$|[.,;])|\b(?:ne\s+)?demande[zr]?\s+(?:plus\s+)?(?:jamais|plus|pas)\b[^.\n]{0,24}?(?:confirmation|permission|autorisation|approbation|avis)|\bsans\s+(?:\w+\s+){0,2}?(?:demander|confirmation|autorisation|permission|validation|approbation)\b|\bsin\s+(?:\w+\s+){0,2}?(?:preguntar|confirmación|confirmacion|permiso|aprobación|autorización)\b|\b(?:no|nunca)\s+(?:pidas|preguntes|solicites|pida|pregunte)\b|без\s+(?:\S+\s+){0,2}?(?:подтверждени\S+|разрешени\S+|согласи\S+|вопросов|спроса|одобрени\S+)|не\s+(?:спрашивай|запрашивай|проси)\S*|\bsem\s+(?:perguntar|confirmação|permissão)|\bsenza\s+(?:chiedere|conferma|permesso)/giu,
    (hit, before, after) =>
      /(?:nie|niemals|nicht|kein|nichts|keine|verboten|jamais|rien|pas|interdit|nunca|no|prohibido|никогда|нельзя|запрещ|не)\b[^.\n]{0,60}$/iu.test(
        before.slice(-60),
      ) || /verboten|interdit|prohibido|запрещ|lint|format|tests?\b|ohne tests/i.test(after.slice(0, 40)),
  ),
  prohibition(
    'nutzer|benutzer|anwender|utilisateur|usuario|пользовател|utente|usuário|ユーザ|用户|사용자|niemand|personne|nadie|никому',
    /\b(?:sag|erzähl|verrat|zeig|meld|informier|teil)\w*\s+(?:es\s+|das\s+|dies\s+)?(?:de[mnr]\s+)?(?:be)?(?:nutzer\w*|anwender\w*|niemand\w*)\s+(?:nichts|nicht|kein\w*|davon)|\b(?:der|die|den)\s+(?:be)?nutzer\w*\s+(?:darf|soll|muss|braucht)\s+(?:\w+\s+){0,2}?(?:nichts|nicht)|\bne\s+(?:dis|dites|dire|parle|parlez|montre|révèle|mentionne)\w*\s+(?:rien|pas|jamais|plus|en)?\b[^.\n]{0,30}?(?:utilisateur|personne)|\bsans\s+(?:le\s+|en\s+)?(?:dire|informer|prévenir|avertir)\b[^.\n]{0,20}?utilisateur|\bno\s+(?:se\s+)?(?:lo\s+|le\s+)?(?:digas|diga|cuentes|informes|menciones|avises|muestres)\w*\b[^.\n]{0,30}?(?:usuario|nadie)|\bsin\s+(?:que\s+)?(?:el\s+)?(?:decir|avisar|informar|usuario)\b[^.\n]{0,20}?(?:usuario|sepa|entere)|не\s+(?:говори|сообщай|рассказывай|показывай|упоминай|уведомляй)\S*[^.\n]{0,24}?(?:пользовател|никому)|(?:в тайне|тайно|втайне|незаметно)\b[^.\n]{0,20}?пользовател|사용자에게[^.\n]{0,12}?(?:알리지|말하지|보이지)|(?:告诉|告知|通知|让)用户[^。\n]{0,4}?(?:之前)?(?:禁止|不可)/giu,
  ),
  row(
    'fortan|künftig|ab jetzt|ab sofort|désormais|dorénavant|à partir|a partir|desde ahora|de ahora|с этого|отныне|теперь|从现在|今后|これから|今から|지금부터|이제부터',
    /(?:ab (?:jetzt|sofort)|von (?:nun|jetzt) an|fortan|künftig|désormais|dorénavant|à partir de maintenant|desde ahora|a partir de ahora|de ahora en adelante|с этого момента|отныне|теперь|从现在(?:起|开始)|今后|これから(?:は)?|今から(?:は)?|지금부터|이제부터)[^.。\n]{0,50}?(?:gehorch\w*|ohne (?:einschränkung|regeln)\w*|keine (?:regeln|einschränkungen|grenzen)|uneingeschränkt|jeden befehl|alle befehle|obéi\w*|sans (?:restrictions?|limites?|règles)|aucune (?:règle|limite|restriction)|obedec\w*|sin (?:restricciones|límites|reglas)|cualquier orden|подчиня\w+|без ограничений|любую команду|любые команды|不受|无限制|服从|只听|任何命令|无条件|制限(?:なし|のない|を受けない)|すべての命令|従う|제한 없|복종|모든 명령)/giu,
  ),
  row(
    'nutzer|user|utilisateur|usuario|пользовател|用户|ユーザ|사용자|benutzer|anweisung|consigne|anwender',
    /(?:was|das,? was|worte?|wünsche|anweisungen)\b[^.\n]{0,16}?\b(?:be)?nutzer\w*\b[^.\n]{0,24}?\b(?:zählt|zählen|gilt|gelten|ist egal|spielt)\b[^.\n]{0,12}?(?:nicht|keine rolle|egal|weniger)|(?:hat|haben|gilt|steht)\b[^.\n]{0,24}?\b(?:vorrang|über)\b[^.\n]{0,24}?\b(?:be)?nutzer|(?:prime|priment|l'emporte|passe avant|prévaut|prévalent)\b[^.\n]{0,24}?\b(?:utilisateur|consignes|instructions|système)|(?:prevalece|tiene prioridad|manda|vale más)\b[^.\n]{0,24}?\b(?:usuario|instrucciones|sistema)|(?:важнее|приоритетнее|выше)\b[^.\n]{0,24}?(?:пользовател|инструкц|систем)|(?:不用管|不管|别管|无论)用户[^。\n]{0,12}?(?:说|要求|怎么|什么)|(?:优先于|高于|凌驾于)(?:用户|系统|开发者)|ユーザー?の(?:言うこと|指示|発言|要求)より|(?:ユーザー?|システム|開発者)(?:の指示)?より(?:も)?優先|사용자(?:의)?[^.\n]{0,8}?보다[^.\n]{0,8}?우선/giu,
    (_hit, before) => /einstellung|setting|config|配置|設定/i.test(before.slice(-40)),
  ),
  row(
    'sandbox|песочниц|沙箱|サンドボックス|genehmig|bestätig|approuv|aprueb|подтвержд|befehle|commandes|comandos|команд|batch|freigabe',
    /(?:deaktivier\w*|schalte?\b[^.\n]{0,24}?\b(?:ab|aus)\b|umgeh\w*|désactiv\w*|contourn\w*|desactiv\w*|deshabilit\w*|evit[ae]\b|отключ\w*|обойди\w*|выключ\w*|disattiva\w*|desative\w*)[^.\n]{0,30}?(?:sandbox|песочниц\w*|sicherheits\w+|genehmigung\w*|freigabe\w*|sécurité|approbations?|confirmations?|seguridad|aprobaci\w+|confirmaci\w+|защит\w*|подтверждени\w*|проверк\w*)|(?:genehmige|bestätige|approuve|aprueba|autoriza|acepta|подтверждай|одобряй|разрешай)\w*\s+(?:alle|jede\w*|sämtliche|tou(?:s|tes)|chaque|todos?|todas?|cualquier|cada|все|любые|каждую)\s+(?:\S+\s+){0,2}?(?:befehle?\w*|kommandos?|anfragen?|commandes?|demandes?|actions?|comandos?|órdenes|solicitudes|команд\w*|запрос\w*|действи\w*)/giu,
    (_hit, before) =>
      /(?:nie|niemals|nicht|jamais|ne|nunca|no|никогда|не)\s+(?:\S+\s+){0,2}$/iu.test(before.slice(-30)),
  ),
];

/** The same attacks in German, French, Spanish, Russian, Chinese, Japanese, Korean, and some Portuguese and Italian. */
export const attacksInAnotherLanguage = (text: string): string | undefined => firstHit(text, LANGUAGES);
