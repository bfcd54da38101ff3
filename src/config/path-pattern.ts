/** What a pattern asks of the next letters of a path. */
type Step =
  | { kind: 'letter'; letter: string }
  /** `?`, and `*`: inside of one folder's name. */
  | { kind: 'one' | 'name' }
  /** `**` at the end of a name: whatever follows. */
  | { kind: 'anything' }
  /** `**` before a separator: no folder at all, or some, behind which `inside` ends. */
  | { kind: 'folders' | 'inside' };

/**
 * Whether a path is what the pattern says, or lies below. `**` crosses folders, `*` and `?` stay inside of one.
 *
 * All places in the pattern that the path may have reached are followed at once: a regular expression would try them
 * one after the other, and with five `**` that takes seconds on a path of 600 letters.
 */
export function matchesFolder(pattern: string, path: string): boolean {
  const steps = stepsOf(pattern);
  let reached = withSkipped(steps, new Set([0]));
  for (let at = 0; at < path.length; at++) {
    const letter = path.charAt(at);
    if (reached.has(steps.length) && isSeparator(letter)) return true;
    reached = withSkipped(steps, new Set([...reached].flatMap((place) => placesAfter(steps, place, letter))));
    if (reached.size === 0) return false;
  }
  return reached.has(steps.length);
}

const isSeparator = (letter: string): boolean => letter === '/' || letter === '\\';

function stepsOf(pattern: string): Step[] {
  return (pattern.match(/\*\*[/\\]?|[^]/g) ?? []).flatMap((part): Step[] => {
    if (part === '**') return [{ kind: 'anything' }];
    if (part.length > 1) return [{ kind: 'folders' }, { kind: 'inside' }];
    if (part === '*') return [{ kind: 'name' }];
    return [part === '?' ? { kind: 'one' } : { kind: 'letter', letter: part }];
  });
}

/** The places themselves, and those behind steps that may take no letter. */
function withSkipped(steps: readonly Step[], places: Set<number>): Set<number> {
  // A set gives what is added while it is gone through, too.
  for (const place of places) {
    const kind = steps[place]?.kind;
    if (kind === 'anything' || kind === 'name') places.add(place + 1);
    if (kind === 'folders') places.add(place + 1).add(place + 2);
  }
  return places;
}

function placesAfter(steps: readonly Step[], place: number, letter: string): number[] {
  const step = steps[place];
  if (step === undefined) return [];
  if (step.kind === 'letter') return step.letter === letter ? [place + 1] : [];
  return AFTER[step.kind](place, isSeparator(letter));
}

const AFTER: Record<Exclude<Step['kind'], 'letter'>, (place: number, separates: boolean) => number[]> = {
  one: (place, separates) => (separates ? [] : [place + 1]),
  name: (place, separates) => (separates ? [] : [place]),
  anything: (place) => [place],
  folders: () => [],
  inside: (place, separates) => (separates ? [place, place + 1] : [place]),
};
