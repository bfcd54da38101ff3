import { crossedOut, plainOf } from './heuristic-sentences.ts';
import type { Sentence } from './heuristic-sentences.ts';
import type { VetoName } from './heuristic-vetoes.ts';
import { LASTING, PERSONAL, WORKFLOW } from './heuristic-words.ts';

/** How sure a rule is that the sentence is a lasting wish, and which vetoes do not touch it. */
export interface Match {
  confidence: number;
  waives?: readonly VetoName[];
}

/** Looks at one sentence of the user; undefined: not its business. */
export type WishRule = (sentence: Sentence) => Match | undefined;

const OPENER =
  /^(?:(?:ok(?:ay)?|so|and|also|but|please|pls|plz|btw|by the way|oh|hey|hi|hello|thanks|thank you|thx|great|good|perfect|nice|cool|well|alright|all right|right|yes|yep|yeah|sorry|actually|again|important|(?:note|reminder)(?=[:,!])|fyi|one (?:more|last|other) thing|another thing|just|codex|(?:then|next|first|second|last)(?=[,:])|ps|p\.s\.|quick note|for the record|to be clear|seriously|look|listen|heads up|kindly|in addition|additionally|finally)(?:[\s,.:;!—–-]+|$))+/u;

/** The sentence without greetings and the like. */
export const opened = (plain: string): string => plain.replace(OPENER, '');

export const CONDITION =
  /^(?:in|for|on|when|whenever|before|after|if|with|during|as|every time|each time|any time|anytime|while|at|unless|once|from now on|going forward|generally|by default)\b(?:[^,:]{1,90}[,:] |(?<=^for)[\w ]{1,25}? (?=(?:use|always|never|prefer) ))(?:please |you should |then |just )*/u;
/** A condition about the program under work, not about the work. */
const ABOUT_PEOPLE = /\b(?:me|you|i|we|commit|pr|push|merge|tests? (?:fail|pass|are)|build (?:fails|breaks))\b/u;
const PROGRAM_CONDITION =
  /^(?:when|if|while|once|whenever|after|before|unless) (?:the|a|an|it|its|this|that|there|no|any|users?|nothing|we get|clicked|called|given|empty|null)\b/u;
export const MODAL = String.raw`(?:(?:i(?:'d| would)? (?:want|need|expect|like) you to|you (?:should|must|need to|have to|can|ought to)|make sure (?:to|that you|you)|be sure to|try to|please|kindly|we (?:should|must|need to|have to)|you are to|you're supposed to)\s+)?`;

/** What the sentence asks for, once greetings, a condition and "you should" are off; undefined when the condition is the program's. */
export function request(plain: string): string | undefined {
  const whole = opened(plain);
  const condition = /^(?:always|never)\b/u.test(whole) ? '' : (CONDITION.exec(whole)?.[0] ?? '');
  if (PROGRAM_CONDITION.test(condition) && !ABOUT_PEOPLE.test(plain)) return undefined;
  const rest = whole.slice(condition.length);
  return opened(
    rest.replace(/^(?:(?:just )?a (?:rule|reminder|note|convention)[:,] ?|\w[\w ]{2,40}: )/u, (lead) =>
      /\b(?:always|never|use|remember|prefer|keep|i|we|don't|stop|like)\b/u.test(lead) ? lead : '',
    ),
  );
}

/** A rule in one expression: the request reads like `wanted`, names all that it `needs`, and nothing of `unless`. */
export function asksFor(
  confidence: number,
  wanted: RegExp,
  more: { needs?: RegExp; unless?: RegExp; waives?: readonly VetoName[] } = {},
): WishRule {
  return ({ plain }) => {
    const rest = request(plain);
    if (rest === undefined || !wanted.test(rest)) return undefined;
    if (more.needs?.test(rest) === false || more.unless?.test(rest) === true) return undefined;
    return { confidence, ...(more.waives ? { waives: more.waives } : {}) };
  };
}

/** Where a new request may begin inside a sentence: "looks ok but please never …", "…，以后…". */
const LATER =
  /(?:[,;:，、；：]| -| –| —)\s*(?:(?:and|but|also|so|then|ok|btw|by the way) )*|\b(?:but|and|also|so|btw|by the way) (?=[a-z])/giu;
/** Somebody or something else is the subject, or a text or program is being ordered: what follows belongs to that. */
const OTHER_ORDER =
  /\b(?:should|must|will|would|can|could|has to|have to|needs to|need to|shall|may|that|which|who|so that|if|when|while|unless|whether|because|since|says?|said)\b|^(?:please |now |then |first )*(?:write|implement|build|design|draft|translate|make|let|ensure|explain|create)\b|[:：]/u;

/** The clauses that may hold a request of their own: what begins later, and a Chinese sentence without its last clauses. */
export function clausesOf(sentence: Sentence): Sentence[] {
  const clauses: Sentence[] = [];
  const crossed = crossedOut(sentence.text);
  for (const { index } of [...crossed.matchAll(/，/gu)].toReversed().slice(0, 3))
    if (index >= 8) clauses.push(partOf(sentence, sentence.text.slice(0, index)));
  for (const found of crossed.matchAll(LATER)) {
    const before = plainOf(sentence.text.slice(0, found.index));
    const clause = partOf(sentence, sentence.text.slice(found.index + found[0].length));
    if (before !== '' && mayBegin(before, clause.plain))
      clauses.push({ ...clause, goesOn: !STRONG_START.test(clause.plain) });
  }
  return clauses;
}

const partOf = (sentence: Sentence, text: string): Sentence => ({
  ...sentence,
  text,
  plain: plainOf(text),
  header: '',
  alone: false,
});

function mayBegin(before: string, after: string): boolean {
  if (STRONG_START.test(after)) return !/\b(?:if|when|unless|whether|says?|said|would)\b/u.test(before);
  if (OTHER_ORDER.test(before) || !REQUEST_START.test(after)) return false;
  const bare = /^(?:always|never)\b/u.test(after) && !/\bplease\b|\bpl[sz]\b/u.test(before);
  return !bare || [WORKFLOW, LASTING, PERSONAL].some((words) => words.test(after));
}

/** Says by itself that it is meant to last, whatever stands before it. */
const STRONG_START =
  /^(?:please |pls |plz |just |also )*(?:from now on|going forward|in (?:the )?future|for (?:all )?future|remember(?: that|[:,])|keep in mind|in (?:this|our) (?:repo|repository|project|codebase|team)\b|(?:our|the) (?:convention|house rule|team rule)|we (?:never|always) |don't ever|do not ever|never ever)|^(?:另外|还有|顺便说?一?[下句]?|对了)?[,，]?\s*(?:以后|今后|从现在|记住|请记住|永远|千万|我们(?:这个?)?(?:项目|仓库|团队|这边|这里)|本(?:项目|仓库)|这个(?:项目|仓库)|所有.{1,12}都(?:要|得|必须)|今後|これから|必ず|常に)/u;
const REQUEST_START =
  /^(?:please |pls |plz |just |also )*(?:always|never|next time|remember|stop \w+ing|use \S+ (?:instead of|not|rather than)|i prefer|we (?:always|never|use)|you (?:should|must) (?:always|never))\b/u;
