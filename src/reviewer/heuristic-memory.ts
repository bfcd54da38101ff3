import type { Scope } from '../contracts/suggestion.ts';
import { PERSONAL, PERSONAL_CJK } from './heuristic-words.ts';

/** USER.md is about the person, MEMORY.md about the repository. */
export function scopeOf(plain: string): Scope {
  if (
    /\b(?:this|the|our) (?:\w+ )?(?:repo|repository|project|codebase|monorepo|team)\b|\bwe\b|\bour\b|我们|项目|仓库|团队|リポジトリ|プロジェクト/u.test(
      plain,
    )
  )
    return 'global';
  return PERSONAL.test(plain) || PERSONAL_CJK.test(plain) || SPEAKS.test(plain) ? 'user' : 'global';
}

const SPEAKS =
  /\b(?:speak|talk|communicate|answer|reply|respond) (?:to me |with me )?(?:only )?in \w+|用(?:简体|繁体)?(?:中文|英文|日语)(?:跟我|和我)?(?:回|答|交|沟|说|解)|日本語で|英語で/u;

const LEAD =
  /^(?:(?:ok(?:ay)?|so|and|also|but|please|pls|plz|btw|by the way|oh|hey|hi|hello|thanks|thank you|thx|alright|actually|(?:well|right|yes|yep|no+|nope|hm+|again|wrong|good|great|nice|perfect|sure)(?=[,.:;!—–])|yes but|important|note(?= for\b|[,.:;!—–])|reminder(?=[,.:;!—–])|fyi|sorry|wait|no(?= no\b)|that(?:'|’)?s (?:wrong|not right|incorrect)|from (?:now|here|today) on(?:wards?)?|(?:going|moving) forward|in (?:the )?future|henceforth|for (?:the )?(?:future|next time|(?:later|future|next)(?: sessions?)?)(?=[,:])|next time|(?:[\w ]{0,20}\b(?:new|one|two|a few|few|another|more|last|general|house|ground|hard|team) )?(?:rules?|things?|notes?|reminders?)(?: for (?:you|the future|later)| before [\w ]{1,20})?(?=:)|before we (?:go on|start|begin|continue)(?=[,:])|let me be clear|(?:(?:please )?remember|(?:keep|bear) in mind)(?: for (?:the )?(?:future|later|next time))?(?: that| to)?|(?:for|as a) future reference|just (?:so you know|fyi)|don(?:'|’)t forget (?:that|to)|(?:can|could|would) you|i want you to|i(?:'|’)d like you to|make sure (?:to|that you|you))(?:[\s,.:;!—–-]+|$))+/iu;
const LEAD_CJK =
  /^(?:(?:好的?|嗯|对了|另外|还有|顺便说?一?[下句]?|请(?!求|勿)你?|麻烦你?|注意|提醒一下|记住|请记住|记一下|牢记|切记|以后|今后(?:は|も)?|これからは|从现在(?:起|开始)|不对|错了|不是这样)[\s,，。.:：、!！]*)+/u;
/** What the end of a wish says about the wish. */
const TAIL =
  /(?:[\s,.;]+(?:please|pls|plz|fyi|thanks|from (?:now|here) on|going forward|(?:and |please )?remember (?:that|this|it)|please remember|keep that in mind|for (?:later|next time|the future)))+[\s.!?]*$/iu;

const MAX_SUMMARY = 100;

/** The wish on one line, at most 100 characters, in the user's language: the beginning of its content. */
export const summaryOf = (text: string): string => cut(contentOf(text).replace(/[\s.。!！?？;；:：,，]+$/u, ''));

/** The user's sentence without what tied it to the conversation. */
export function contentOf(text: string): string {
  const stripped = text
    .replace(LEAD, '')
    .replace(LEAD_CJK, '')
    .replace(TAIL, '')
    .replace(/,? from now on\b/iu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const own = stripped.length >= 4 ? stripped.replace(/^(.*(?:always|never|stop)\b.*)\?$/iu, '$1.') : text.trim();
  return /^[a-z]+(?:[\s']|$)/u.test(own) ? `${own.charAt(0).toUpperCase()}${own.slice(1)}` : own;
}

/** Cuts at a clause when there is one in the last third, otherwise at a word. */
export function cut(text: string, limit = MAX_SUMMARY): string {
  const characters = Array.from(text);
  if (characters.length <= limit) return characters.join('');
  const head = characters.slice(0, limit - 1).join('');
  const at = Math.max(...['; ', ', ', '，', '；', ' ('].map((mark) => head.lastIndexOf(mark)), -1);
  if (at > head.length * 0.6) return head.slice(0, at);
  const space = head.lastIndexOf(' ');
  return `${head.slice(0, space > head.length * 0.6 ? space : head.length)}…`;
}

/** Terms that carry a wish's meaning: words without filler, pairs of Chinese and Japanese characters. */
function termsOf(text: string): Set<string> {
  const terms = new Set<string>();
  const lower = text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
  for (const [word] of lower.matchAll(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|[\p{L}\p{N}][\p{L}\p{N}.+#@/_'-]*/gu,
  )) {
    const term = word.replace(/[.'/-]+$/u, '');
    if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(term)) {
      for (let i = 0; i + 1 < term.length; i += 1) terms.add(term.slice(i, i + 2));
    } else if (!FILLER.has(term)) {
      terms.add(term.length > 4 ? term.replace(/(?:ing|es|s|ed)$/u, '') : term);
    }
  }
  return terms;
}

const FILLER = new Set(
  'a an the and or but so of to in on at for with by from as is are be it its this that these those i we you my our your me us please always now here also just use using used do does any more anymore only instead rather than remember keep mind should must will would can could ok repo project repository codebase from going forward future'.split(
    ' ',
  ),
);

const NEGATION =
  /\b(?:no|not|never|don't|do not|stop|avoid|without|isn't|aren't|doesn't|won't|can't)\b|不|别|勿|禁止|没|ない|禁止/u;

/** What is compared of a text; made once per text, for sessions with thousands of wishes. */
export interface Meaning {
  terms: ReadonlySet<string>;
  negated: boolean;
}

export const meaningOf = (text: string): Meaning => ({
  terms: termsOf(text),
  negated: NEGATION.test(text.toLowerCase()),
});

/** The same wish in other words: nearly all terms of the shorter one in the other, the same negation and numbers. */
export function saysTheSame(one: Meaning, other: Meaning): boolean {
  const [small, large] = one.terms.size <= other.terms.size ? [one.terms, other.terms] : [other.terms, one.terms];
  if (small.size === 0 || one.negated !== other.negated) return false;
  let shared = 0;
  for (const term of small) if (large.has(term)) shared += 1;
  return shared / small.size >= 0.8 && shared / large.size >= 0.4;
}

/** One entry of USER.md or MEMORY.md as it stands in the snapshot. */
export interface KnownEntry {
  summary: string;
  /** Of the summary, and of the content if there is one. */
  meanings: Meaning[];
}

export function knownEntries(markdown: string): KnownEntry[] {
  return markdown
    .split(/^## /mu)
    .slice(1)
    .map((block) => {
      const [first = '', ...rest] = block.split('\n');
      const summary = first.trim();
      const texts = [summary, rest.join('\n').trim()].filter((text) => text !== '');
      return { summary, meanings: texts.map(meaningOf) };
    });
}

export const isKnown = (wish: Meaning, known: readonly KnownEntry[]): boolean =>
  known.some(({ meanings }) => meanings.some((meaning) => saysTheSame(wish, meaning)));

const REPLACED = [
  /\b(?:instead of|rather than|in place of|no longer|not|and not|never|switched from|moved from|migrated from|over) (?:use |using |the )?([\w@.+/-]+)(?: any ?more| now| again)?/giu,
  /\b(?:don't|do not|stop) us(?:e|ing) ([\w@.+/-]+)/giu,
  /(?:而不是|不要再?用|不再用|别用|不用|代替|替代|取代|不是)\s*([\w@.+/-]+)/gu,
  /([\w@.+/-]+)\s*(?:ではなく|じゃなくて|の代わりに)/gu,
];
const CHANGES =
  /\b(?:now|any ?more|no longer|instead|rather than|switched|moved|migrated|from now on|going forward|not|over)\b|改用|换成|不再|以后|而不是|不要|不用|别用|今後|ではなく|の代わり/iu;

/** The heading of the one entry that a wish makes untrue; undefined when there is none, or more than one may be meant. */
export function replacedHeading(wish: string, known: readonly KnownEntry[]): string | undefined {
  if (!CHANGES.test(wish)) return undefined;
  for (const form of REPLACED) {
    for (const [, raw] of wish.matchAll(form)) {
      const gone = raw?.replace(/[.,;]+$/u, '').toLowerCase() ?? '';
      if (gone.length < 2 || FILLER.has(gone)) continue;
      const named = known.filter(({ summary }) => namesWord(summary, gone) && !NEGATION.test(summary.toLowerCase()));
      const [only] = named;
      if (only && named.length === 1 && known.filter(({ summary }) => summary.includes(only.summary)).length === 1)
        return only.summary;
    }
  }
  return undefined;
}

const namesWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^$(){}|[\]\\/]/gu, String.raw`\$&`)}(?![\\w-])`, 'iu').test(text);
