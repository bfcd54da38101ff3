import { term, type Term } from './lint-chains.ts';

/** Latin letters with their accents, and Cyrillic ones. */
const LETTERS = /[\w\u00c0-\u024f\u0400-\u04ff]+/gu;
const NO_BLANKS = /\S+/gu;
const DOMAIN = /[\w\u00c0-\u024f\u0400-\u04ff-]+/gu;
/** One letter of a word that goes on. */
const ONE_MORE = String.raw`[\w\u00c0-\u024f\u0400-\u04ff]`;

/** Words as they are. */
const words = (alternatives: string): Term => term(`(?:${alternatives})`);
/** Beginnings of words, which may end there. */
const stems = (alternatives: string): Term => term(`(?:${alternatives})`, { tail: LETTERS });
/** Words with or without an s: where another word is glued to them, the s may be its first letter. */
const plurals = (alternatives: string): Term => term(`(?:${alternatives})`, { tail: /s+/giu });
/** Beginnings of words, which go on. */
const beginnings = (alternatives: string): Term => term(`(?:${alternatives})${ONE_MORE}`, { tail: LETTERS });

/** What nobody else should know. */
export const SECRET: readonly Term[] = [
  words(
    String.raw`\.env\b|~?/?\.ssh|\.aws|zugangsdaten|geheimniss?e?|schlüssel|umgebungsvariablen|(?:mots? de passe)|identifiants|cl[ée]s? privées?|variables d'environnement|credenciales|claves? privadas?|secretos|variables de entorno|переменн[\w\u00c0-\u024f\u0400-\u04ff]{1,24} окружения|credenciais|credenziali|chiavi|密码|密钥|私钥|令牌|凭证|环境变量|秘密鍵|パスワード|認証情報|トークン|環境変数|비밀번호|비밀 ?키|토큰|환경 ?변수|자격 ?증명`,
  ),
  plurals('cl[ée]|secret|contraseña|clave|token|senha|chave'),
  stems(
    String.raw`(?:ssh|api)[- ]?(?:key|schlüssel|clés?|claves?|ключ|キー|키)|passw(?:ort|örter|ord)|парол|ключ|секрет|токен`,
  ),
  beginnings(String.raw`учётн[\w\u00c0-\u024f\u0400-\u04ff]{1,24} данн|учетн[\w\u00c0-\u024f\u0400-\u04ff]{1,24} данн`),
];
/** Takes something elsewhere. */
export const SEND: readonly Term[] = [
  words(
    String.raw`send(?:e|en|et|est)|lad(?:e|en)\b[^.\n]{0,60}\bhoch|hochladen|weiterleiten|发送|上传|提交|发给|发到|转发|传到|送信|送って|アップロード|転送|投稿|보내|전송|업로드`,
  ),
  stems(
    String.raw`schick|übermittle|übertrag|poste|leite|kopier|envoi|envoy|transmet|transmit|téléverse|publi|copie|env[ií][aeo]|manda|sub[ea]|transfier|copi[ae]|envie|invia`,
  ),
  beginnings(String.raw`отправ|пошл|загруз|переда|выгруз|скопир`),
];
/** Where a stranger may be. */
export const AWAY: readonly Term[] = [
  term(String.raw`https?://(?!localhost|127\.)\S`, { tail: NO_BLANKS }),
  // A label of a domain has 63 characters at most.
  term(String.raw`(?<=\S)@[\w\u00c0-\u024f\u0400-\u04ff-]{1,63}\.[\w\u00c0-\u024f\u0400-\u04ff]`, {
    lead: NO_BLANKS,
    tail: LETTERS,
  }),
  term(String.raw`(?<=[\w\u00c0-\u024f\u0400-\u04ff-])\.(?:com|net|org|io|dev|xyz|ru|cn)\b`, { lead: DOMAIN }),
  words('server|serveur|servidor|сервер|サーバ|服务器|서버|외부|外部|externe|externo'),
  stems('extern'),
  beginnings('внешн'),
];
/** Makes something visible. */
export const SHOW: readonly Term[] = [
  words(
    String.raw`gib\b[^.\n]{0,50}\baus|ausgeben|lies\b[^.\n]{0,40}\bvor|drucke|\bdime\b|mostre|revele|mostra|rivela|显示|输出|打印|泄露|透露|公开|念出|表示|出力|教えて|公開|출력|보여|공개|알려`,
  ),
  stems(
    String.raw`zeig|verrat|nenn|affich|montre|révèle|imprime|muestra|revela|enseña|покажи|выведи|раскрой|напечатай`,
  ),
];
/** What a model was told. */
export const OWN_ORDERS: readonly Term[] = [
  words(
    String.raw`anweisungen|instruktionen|vorgaben|regeln|richtlinien|befehle|einschränkungen|systemprompt|consignes|règles|directives|ordres|restrictions|invite système|prompt système|instrucciones|indicaciones|reglas|órdenes|ordenes|directrices|restricciones|prompt del sistema|instruções|regras|ordens|istruzioni|regole|指令|指示|规则|規則|命令|要求|限制|约束|提示词|设定|ルール|制約|プロンプト|지시|명령|규칙|지침|제한|프롬프트`,
  ),
  plurals('instruction'),
  stems(String.raw`правил|команд|системн[\w\u00c0-\u024f\u0400-\u04ff]{1,24} (?:промпт|запрос)`),
  beginnings(String.raw`инструкци|указани|ограничени|предписани`),
];
/** No longer to be followed. */
export const AWAY_WITH: readonly Term[] = [
  words(
    String.raw`vergiss|vergesst|vergessen|verwirf|verwerfen|setz[\w\u00c0-\u024f\u0400-\u04ff]{0,24} dich (?:über|hinweg)|halte dich nicht(?: mehr)? an|befolge (?:nicht|keine)|gelten nicht(?: mehr)?|(?:ist|sind) (?:ungültig|aufgehoben|hinfällig|überholt)|ne (?:suis|suivez|respecte|tiens|tenez)[\w\u00c0-\u024f\u0400-\u04ff]{0,24} (?:plus|pas)|ne s'appliquent plus|(?:est|sont) (?:annulée?s?|caduques?|levée?s?)|fais fi|faites fi|passe outre|no (?:sigas|sigues|obedezcas|respetes|hagas caso)|haz caso omiso|(?:ya no|no) (?:se aplican|valen|rigen)|quedan? (?:anuladas?|sin efecto)|esqueça|desconsidere|dimentica|ignora|忽略|无视|無視|忘记|忘掉|忘了|抛开|放弃|不要(?:再)?(?:理会|遵守|遵循|听从)|不必(?:再)?(?:理会|遵守|遵循)|不再(?:受|适用|有效|遵守)|作废|失效|无效|无须遵守|忘れ|破棄|従わ|無効|取り消|捨て|무시|잊|따르지|무효|폐기`,
  ),
  stems(
    String.raw`ignorier|missacht|übergeh|ignor[eoa]|oubli|néglige|olvid|descart|desobedec|не (?:следуй|соблюдай|слушай|выполняй)|пренебрег`,
  ),
  beginnings(String.raw`игнорир|забуд|отмен|больше не действ`),
];
/** The prompt that a model was given. */
export const PROMPT: readonly Term[] = [
  words(
    String.raw`systemprompt|prompt système|prompt del sistema|системн[\w\u00c0-\u024f\u0400-\u04ff]{1,24} промпт|系统提示词?|システムプロンプト|시스템 ?프롬프트`,
  ),
];
