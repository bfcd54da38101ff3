/** A refusal directly before an attack's verb turns it into good advice: "never ignore previous instructions". */
const REFUSAL_BEFORE =
  /(?:\b(?:never|not|don't|mustn't|shouldn't|won't|can't|cannot|avoid|refuses?d?|forbid(?:s|den)?|prohibit(?:s|ed)?|instead of|rather than|without)\b|不要|不得|禁止|切勿|别|請勿|请勿|严禁)[,:]?(?:\s+(?!hesitate|forget|fail|stop|worry|be|only|just)[\w']+){0,4}\s*$/i;
const REACH = 60;

/** A pattern whose hits count unless the sentence refuses them. */
export interface Guarded {
  pattern: RegExp;
  /** A hit that this accepts is innocent; it sees the hit, and the text before and after it. */
  innocent?: (hit: string, before: string, after: string) => boolean;
}

/** The shortest stretch worth showing to a person. */
const excerpt = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 80);

/** True when the words before a hit refuse what it says. */
export const isRefused = (before: string): boolean =>
  REFUSAL_BEFORE.test(before.slice(-REACH).replace(/^.*[.!?;。！？；\n]/s, ''));

/** The first hit that nothing excuses, as an excerpt. */
export function firstHit(text: string, rows: readonly Guarded[]): string | undefined {
  for (const { pattern, innocent } of rows)
    for (const match of text.matchAll(pattern)) {
      const before = text.slice(Math.max(0, match.index - 200), match.index);
      const after = text.slice(match.index + match[0].length, match.index + match[0].length + 200);
      if (!isRefused(before) && !(innocent?.(match[0], before, after) ?? false)) return excerpt(match[0]);
    }
  return undefined;
}

/** Patterns without an excuse of their own. */
export const plainly = (...patterns: RegExp[]): Guarded[] => patterns.map((pattern) => ({ pattern }));
