import type { Hit } from './lint-patterns.ts';

/** One way to say a thing: what settles it, and the characters that belong to the same word. */
export interface Term {
  /** Global, of bounded length, beginning with a character of one unit; compiled when it is first needed. */
  stem: () => RegExp;
  /** Global, a run of one class: of what stands before the stem, the run that touches it may belong to it. */
  lead?: RegExp;
  /** The same for what stands behind it. */
  tail?: RegExp;
}

/** Things that make a sentence when they follow each other. */
export interface Chain {
  /** What must follow what; each is said by any of its terms. */
  parts: readonly (readonly Term[])[];
  /** How many characters may lie between a part and the next, at most. */
  gaps: readonly number[];
}

/** Where a part stands: it begins anywhere from `start` to `latest`, and ends anywhere from `soonest` to `end`. */
interface Spot {
  start: number;
  latest: number;
  soonest: number;
  end: number;
}

/** A spot from which the rest of a chain can be reached, and where that ends. */
interface Whole extends Spot {
  until: number;
}

/** A term, compiled when somebody looks for it. */
export function term(stem: string, around: Pick<Term, 'lead' | 'tail'> = {}): Term {
  let made: RegExp | undefined;
  return { ...around, stem: () => (made ??= new RegExp(stem, 'giu')) };
}

/** The first index of a sorted list at which `isThere` holds; the length of the list where it never does. */
function firstIndex<T>(list: readonly T[], isThere: (one: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = list[middle];
    if (one !== undefined && isThere(one)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Asks for the run of such characters in which a position lies. */
function runsOf(text: string, run: RegExp | undefined): (at: number) => { start: number; end: number } | undefined {
  if (run === undefined) return () => undefined;
  const runs = Array.from(text.matchAll(run), ({ 0: { length }, index }) => ({ start: index, end: index + length }));
  return (at) => {
    const found = runs[firstIndex(runs, ({ end }) => end > at)];
    return found !== undefined && found.start <= at ? found : undefined;
  };
}

function spotsOfTerm(text: string, { stem, lead, tail }: Term): Spot[] {
  const spots: Spot[] = [];
  const pattern = stem();
  pattern.lastIndex = 0;
  let match = pattern.exec(text);
  if (match === null) return spots;
  const [before, behind] = [runsOf(text, lead), runsOf(text, tail)];
  for (; match !== null; match = pattern.exec(text)) {
    const { index } = match;
    const soonest = index + match[0].length;
    const start = before(index - 1)?.start ?? index;
    spots.push({ start, latest: index, soonest, end: behind(soonest)?.end ?? soonest });
    // A word may begin inside of another one.
    pattern.lastIndex = index + 1;
  }
  return spots;
}

/** All spots of a part, in the order of `latest`. */
const spotsOf = (text: string, terms: readonly Term[]): Spot[] =>
  terms.flatMap((each) => spotsOfTerm(text, each)).toSorted((one, two) => one.latest - two.latest);

/** True for a text that may lie between two parts. */
type Between = (length: number, from: number) => boolean;

/** True when the next part begins in time, and no sentence ends before it. */
const isInReach = (from: Spot, to: Spot, isGap: Between): boolean =>
  to.start <= from.end || isGap(to.start - from.end, from.end);

/** The spots from which one of `next` can be reached. What is out of reach for the nearest is so for the others. */
function reaching(spots: readonly Spot[], next: readonly Whole[], isGap: Between): Whole[] {
  const nearest = [...next];
  for (let at = nearest.length - 2; at >= 0; at -= 1) {
    const [one, two] = [nearest[at], nearest[at + 1]];
    if (one !== undefined && two !== undefined && two.start < one.start) nearest[at] = two;
  }
  const nearestTo = (spot: Spot, from: number): Whole | undefined => {
    const found = nearest[firstIndex(next, ({ latest }) => latest >= from)];
    return found !== undefined && isInReach(spot, found, isGap) ? found : undefined;
  };
  return spots.flatMap((spot) => {
    // What follows the whole word comes before what stands inside of it.
    const found = nearestTo(spot, spot.end) ?? nearestTo(spot, spot.soonest);
    return found === undefined ? [] : [{ ...spot, until: found.until }];
  });
}

/**
 * The hits of chains, leftmost first, none inside of another. Each part is looked for once and the places are put
 * together afterwards: one expression for all of it would try every end of every part, and the time would grow with
 * the cube of the text's length.
 *
 * @param stop what may not stand between two parts; not global
 */
export function hitsOfChains(text: string, chains: readonly Chain[], stop: RegExp): Hit[] {
  const known = new Map<readonly Term[], Spot[]>();
  const spotsFor = (terms: readonly Term[]): Spot[] => {
    const spots = known.get(terms) ?? spotsOf(text, terms);
    known.set(terms, spots);
    return spots;
  };
  const isGap =
    (most: number): Between =>
    (length, from) =>
      length <= most && !stop.test(text.slice(from, from + length));
  const wholes = chains.flatMap(({ parts, gaps }) => {
    let next = spotsFor(parts.at(-1) ?? []).map((spot): Whole => ({ ...spot, until: spot.end }));
    for (let at = parts.length - 2; at >= 0 && next.length > 0; at -= 1)
      next = reaching(spotsFor(parts[at] ?? []), next, isGap(gaps[at] ?? 0));
    return next;
  });
  const hits: Hit[] = [];
  let from = 0;
  for (const { start, until } of wholes.toSorted((one, two) => one.start - two.start)) {
    if (start < from) continue;
    hits.push({ index: start, 0: text.slice(start, until) });
    from = until;
  }
  return hits;
}
