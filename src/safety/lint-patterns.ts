/** Sees a hit and the text before and after it; true makes the hit innocent. */
export type Excuse = (hit: string, before: string, after: string) => boolean;

/** What a row found: where, and the words; a match of an expression is one. */
export interface Hit {
  index: number;
  0: string;
}

/** One thing to look for. */
export interface Row {
  /**
   * Words without which the pattern cannot match, in lower case: `a|b & c|d` is (a or b) and (c or d). They are looked
   * up before the pattern is, because compiling a pattern costs a hundred times what looking up a word does, and
   * session starts lint hundreds of ordinary notes.
   */
  needs: readonly (readonly string[])[];
  /** From left to right, none inside of another. */
  hits: (text: string) => Iterable<Hit>;
  excuse: Excuse | undefined;
  /** Hits that are themselves prohibitions ("do not tell the user") count although a refusal stands there. */
  evenRefused: boolean;
}

const wordsOf = (needs: string): string[][] => needs.split(' & ').map((group) => group.split('|'));

/** A row for a pattern, given as a literal or, when it is put together from parts, as a function that makes it. */
export function row(needs: string, pattern: RegExp | (() => RegExp), excuse?: Excuse): Row {
  let made: RegExp | undefined = pattern instanceof RegExp ? pattern : undefined;
  const make = (): RegExp => {
    made ??= pattern instanceof RegExp ? pattern : pattern();
    return made;
  };
  return rowOfHits(needs, (text) => text.matchAll(make()), excuse);
}

/** A row for what no expression should look for alone: `hits` does. */
export const rowOfHits = (needs: string, hits: Row['hits'], excuse?: Excuse): Row => ({
  needs: wordsOf(needs),
  hits,
  excuse,
  evenRefused: false,
});

/** A row whose hits are prohibitions. */
export const prohibition = (needs: string, pattern: RegExp, excuse?: Excuse): Row => ({
  ...row(needs, pattern, excuse),
  evenRefused: true,
});

/** A refusal directly before an attack's verb turns it into good advice: "never ignore previous instructions". */
const REFUSAL_BEFORE =
  /(?:\b(?:never|not|don't|mustn't|shouldn't|won't|can't|cannot|avoid|refuses?d?|forbid(?:s|den)?|prohibit(?:s|ed)?|instead of|rather than|without)\b|不要|不得|禁止|切勿|别|請勿|请勿|严禁)[,:]?(?:\s+(?!hesitate|forget|fail|stop|worry|be|only|just)[\w']+){0,4}\s*$/i;
const REACH = 60;
const CONTEXT = 200;

/** The shortest stretch worth showing to a person. */
const excerpt = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 80);

/** What is left of the sentence before a hit. */
export const clauseBefore = (before: string): string => before.replace(/^.*[.!?;。！？；\n]/s, '');

/** True when the words before a hit refuse what it says. */
export const isRefused = (before: string): boolean => REFUSAL_BEFORE.test(clauseBefore(before.slice(-REACH)));

function hitOf(text: string, { hits, excuse, evenRefused }: Row): string | undefined {
  for (const match of hits(text)) {
    const before = text.slice(Math.max(0, match.index - CONTEXT), match.index);
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + CONTEXT);
    if (!evenRefused && isRefused(before)) continue;
    if (!(excuse?.(match[0], before, after) ?? false)) return excerpt(match[0]);
  }
  return undefined;
}

/** The first hit that nothing excuses, as an excerpt. */
export function firstHit(text: string, rows: readonly Row[]): string | undefined {
  const lower = text.toLowerCase();
  for (const each of rows) {
    if (!each.needs.every((group) => group.some((word) => lower.includes(word)))) continue;
    const hit = hitOf(text, each);
    if (hit !== undefined) return hit;
  }
  return undefined;
}
