/**
 * How a note is written, whatever it is about: honest notes tell what happened, to whom and why, with figures and
 * paths; attacks order what is to be done from now on, everywhere.
 */
const SAYS: readonly RegExp[] = [
  // The user appears at all.
  /\busers?\b|Nutzer|用户|用戶|使用者|利用者|ユーザー|usuari[oa]|utilisat|пользовател|사용자|usuári|utente/i,
  // What somebody in the room wants.
  /\b(?:users?|he|she|team|colleagues?|we)(?:'s)? (?:\w+ )?(?:wants?|said|says|prefers?|asked|insists|decided|agreed|confirmed|wishes|likes|okay)\b|Nutzer(?:in)? (?:will|möchte|wünscht|bevorzugt|hat)|(?:用户|使用者)(?:要求|希望|说|說|喜欢|偏好|习惯|想)|利用者は|ユーザーは|usuari[oa] (?:quiere|prefiere|pid|dijo)|utilisat(?:eur|rice) (?:veut|préfère|souhaite|a )|пользователь (?:просит|просил|хочет|предпочитает)|사용자(?:는|가)|usuári[oa] (?:quer|prefere|pediu)/i,
  // A reason or an outcome.
  /\b(?:because|since|cause[ds]?|so that|due to|fail(?:s|ed|ing)?|errors?|fix(?:ed)?|bugs?)\b|因为|因為|原因|报错|失败|修复|ため|エラー|때문|오류|\b(?:porque|weil|parce|fehlschl|error|erreur|erro)\b|потому|ошибк|из-за/i,
  // A refusal.
  /\b(?:don't|do not|never|without|no need|needn't|not|nicht|nie|ohne|kein\w*|nunca|sin|jamais|sans|sem|não)\b|不|勿|别|ない|せず|なし|않|없이|마세요|\bне\b|\bбез\b|никогда/i,
  /\b(?:you|your)\b|你|您|あなた|\b(?:du|dein|tú|vous|votre)\b/i,
  /\b(?:he|his|she|her)\b/i,
  /`/,
  /[\\/]\w+\.\w{1,4}\b/,
  /\d/,
  // A version or the number of a ticket.
  /[A-Z]{2}[-_]\d|\b\d+\.\d/,
  /host:other/,
  /host:local/,
  /host:known/,
];

/** Words that make a rule of what is said. */
const GENERAL =
  /\b(?:any|all|every|each|always|whenever|wherever|everywhere|whatever|whoever|default|routine(?:ly)?|general(?:ly)?|from now on|later|future|immer|jede[rsmn]?|alle[nrs]?|künftig|siempre|cada|tod[oa]s?|toujours|chaque|tou(?:s|tes)|désormais|sempre)\b|每次|每个|总是|一律|所有|凡|以后|今后|毎回|常に|すべて|今後|항상|모든|매번|앞으로|всегда|кажд|все[хм]?\b|впредь/gi;
const PAST =
  /\b[a-z]{2,}ed\b|\b(?:was|were|had|did|got|went|made|found|war|wurde[n]?|hatte|fue|era|estaba|était|été|foi|estava)\b|了|した|だった|했다|였다|был[аио]?\b/g;
const WORDS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2}|[\p{L}\p{N}_'-]+/gu;

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
const step = (share: number, perStep: number, most: number): number =>
  share === 0 ? 0 : Math.min(most, 1 + Math.floor(share / perStep));

/**
 * The traits of a text, each as a small number; as many for every text, in one order.
 *
 * @param marked the text with addresses replaced by their kind
 */
export function traitsOf(marked: string, sentences: number): number[] {
  const words = Math.max(1, countOf(marked, WORDS));
  return [
    ...SAYS.map((pattern) => (pattern.test(marked) ? 1 : 0)),
    step(countOf(marked, GENERAL) / words, 0.05, 4),
    step(countOf(marked, PAST) / words, 0.05, 4),
    step(countOf(marked, /\d+/g) / words, 0.1, 2),
    Math.min(7, Math.floor(Math.log2(words))),
    Math.min(6, sentences),
  ];
}
