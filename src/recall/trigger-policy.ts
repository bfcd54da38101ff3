import { queryTerms } from '../assets/recall-query.ts';

/** Words that speak of earlier work, with their Chinese and Japanese twins. */
const WORDS: readonly (readonly [reason: string, words: RegExp])[] = [
  ['remember', /\bremember(?:s|ed|ing)?\b|记得|記得|记住|記住|覚えて|憶えて/i],
  ['previous', /\bprevious(?:ly)?\b|上次|上一次|前回|先ほど|先程/i],
  ['again', /\bagain\b|再次|再一次|又一次|もう一度|再び|また同じ/i],
  ['recall', /\brecall(?:s|ed|ing)?\b|回忆|回憶|回想|想起|思い出/i],
  ['before', /\bbefore\b|之前|以前|先前|從前|从前|前に/i],
];

const FEWEST_TERMS = 2;

/** Why a recall is due; empty when it is not. */
export function triggerReasons(query: string, explicit: boolean): string[] {
  const reasons = explicit ? ['explicit'] : [];
  const terms = queryTerms(query).filter((term) => term.counts);
  if (terms.length >= FEWEST_TERMS) reasons.push('search_terms');
  for (const [reason, words] of WORDS) if (words.test(query)) reasons.push(`keyword:${reason}`);
  return reasons;
}
