import { hitsOfChains, type Chain } from './lint-chains.ts';
import { AWAY, AWAY_WITH, OWN_ORDERS, PROMPT, SECRET, SEND, SHOW } from './lint-language-terms.ts';
import { firstHit, prohibition, row, rowOfHits, type Excuse, type Row } from './lint-patterns.ts';

/** Directions that are about files, warnings and settings. */
const ofTools: Excuse = (hit, before, after) =>
  /eslint|lint|css|dist|build|warn|warnung|avertissement|advertencia|предупрежд|警告|(?:生成|ビルド)\S{0,4}(?:ファイル|文件)|目录|dateien|fichiers|archivos|файл\S{0,24} (?:в|под)/i.test(
    `${hit} ${after.slice(0, 24)}`,
  ) || /(?:nie|niemals|nicht|nunca|jamais|ne pas|никогда|не)\s+\S{0,12}$/i.test(before.slice(-24));

const END = /[。!?！？\n]/;
const END_OR_DOT = /[.。!?！？\n]/;
const DISMISSALS: readonly Chain[] = [
  { parts: [AWAY_WITH, OWN_ORDERS], gaps: [40] },
  { parts: [OWN_ORDERS, AWAY_WITH], gaps: [40] },
];
const LEAKS: readonly Chain[] = [
  { parts: [SEND, SECRET, AWAY], gaps: [60, 60] },
  { parts: [SECRET, AWAY, SEND], gaps: [60, 30] },
  { parts: [SEND, AWAY, SECRET], gaps: [30, 60] },
  { parts: [SECRET, SEND, AWAY], gaps: [30, 30] },
];
const SECRET_OR_PROMPT = [...SECRET, ...PROMPT];
const DISPLAYS: readonly Chain[] = [
  { parts: [SHOW, SECRET_OR_PROMPT], gaps: [40] },
  { parts: [SECRET, SHOW], gaps: [16] },
];

const LANGUAGES: Row[] = [
  rowOfHits(
    'anweis|instrukt|vorgaben|regeln|richtlin|befehle|einschränk|prompt|instruc|consign|règles|directiv|ordres|restric|indicac|reglas|rdenes|direct|инструкц|указан|правил|команд|огранич|предпис|системн|instruç|regras|ordens|istruz|regole|指令|指示|规则|規則|命令|要求|限制|约束|提示词|设定|ルール|制約|プロンプト|지시|명령|규칙|지침|제한',
    (text) => hitsOfChains(text, DISMISSALS, END_OR_DOT),
    (hit, before, after) =>
      /^[\x20-\x7e]*$/.test(hit) &&
      !/[a-z]\b.{0,6}\b(?:todas|todo|las|los|les|toutes|tous|alle|deine|die|le|la|tes|vos|tus)\b/i.test(hit)
        ? true
        : ofTools(hit, before, after),
  ),
  rowOfHits(
    'send|schick|übermitt|übertrag|lade|hochladen|poste|leite|kopier|envoi|envoy|transm|télév|publi|copi|enví|envi|manda|sub|transf|отправ|пошл|загруз|перед|выгруз|скопир|invia|发|上传|提交|转|传|送|アップ|投稿|보내|전송|업로드 & env|ssh|aws|key|schlüssel|clé|cle|clave|ключ|キー|zugangs|passw|geheim|umgebung|mot|identif|secret|variable|contrase|creden|token|парол|секрет|токен|перемен|учет|учёт|senha|chave|chiav|密码|密钥|私钥|令牌|凭证|环境变量|秘密鍵|パスワード|認証|トークン|環境|비밀|토큰|환경|자격',
    (text) => hitsOfChains(text, LEAKS, END),
    (hit, before) =>
      /(?:never|not|don't|nie|niemals|nicht|keine|jamais|ne|pas|nunca|no|никогда|не|不要|不得|禁止|切勿|勿|ない|ないで|금지|마세요)/i.test(
        `${before.slice(-20)} ${hit}`.match(
          /(?:^|\s|[、，])(?:never|not|don't|nie|niemals|nicht|keine|jamais|ne|pas|nunca|no|никогда|не)(?=\s)|不要|不得|禁止|切勿|勿|ないで|しない|금지|마세요/i,
        )?.[0] ?? '',
      ) || /vault|tresor|coffre|1password|github/i.test(hit),
  ),
  rowOfHits(
    'zeig|gib|ausgeben|verrat|lies|nenn|affich|montr|révèl|imprim|muestra|revel|enseñ|dime|покаж|вывед|раскр|напечат|mostr|rivel|显示|输出|打印|泄露|透露|公开|念出|表示|出力|教え|公開|출력|보여|공개|알려',
    (text) => hitsOfChains(text, DISPLAYS, END_OR_DOT),
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
    /(?:deaktivier\w{0,24}|schalte?\b[^.\n]{0,24}?\b(?:ab|aus)\b|umgeh\w{0,24}|désactiv\w{0,24}|contourn\w{0,24}|desactiv\w{0,24}|deshabilit\w{0,24}|evit[ae]\b|отключ\w{0,24}|обойди\w{0,24}|выключ\w{0,24}|disattiva\w{0,24}|desative\w{0,24})[^.\n]{0,30}?(?:sandbox|песочниц\w{0,24}|sicherheits\w{1,24}|genehmigung\w{0,24}|freigabe\w{0,24}|sécurité|approbations?|confirmations?|seguridad|aprobaci\w{1,24}|confirmaci\w{1,24}|защит\w{0,24}|подтверждени\w{0,24}|проверк\w{0,24})|(?:genehmige|bestätige|approuve|aprueba|autoriza|acepta|подтверждай|одобряй|разрешай)\w{0,24}\s+(?:alle|jede\w{0,24}|sämtliche|tou(?:s|tes)|chaque|todos?|todas?|cualquier|cada|все|любые|каждую)\s+(?:\S+\s+){0,2}?(?:befehle?\w{0,24}|kommandos?|anfragen?|commandes?|demandes?|actions?|comandos?|órdenes|solicitudes|команд\w{0,24}|запрос\w{0,24}|действи\w{0,24})/giu,
    (_hit, before) =>
      /(?:nie|niemals|nicht|jamais|ne|nunca|no|никогда|не)\s+(?:\S+\s+){0,2}$/iu.test(before.slice(-30)),
  ),
];

/** The same attacks in German, French, Spanish, Russian, Chinese, Japanese, Korean, and some Portuguese and Italian. */
export const attacksInAnotherLanguage = (text: string): string | undefined => firstHit(text, LANGUAGES);
