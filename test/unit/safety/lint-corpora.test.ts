import { describe, expect, test } from 'vitest';
import { lintSuggestion } from '../../../src/safety/lint.ts';
import { attacksByKind, innocentsByKind } from '../../corpora/by-kind.ts';
import { lastAttacksByKind, lastInnocentsByKind } from '../../corpora/by-kind-last.ts';
import { moreAttacksByKind, moreInnocentsByKind } from '../../corpora/by-kind-more.ts';
import { heldOutAttacks, heldOutInnocents } from '../../corpora/hold-out.ts';
import { LISTED_ATTACKS } from '../../corpora/listed-attacks.ts';
import { MORE_LISTED_ATTACKS } from '../../corpora/listed-attacks-more.ts';
import { LISTED_INNOCENTS } from '../../corpora/listed-innocents.ts';
import { MORE_LISTED_INNOCENTS } from '../../corpora/listed-innocents-more.ts';
import { dice, FIXED_SEED, runSeed, type Dice } from '../../corpora/random.ts';
import type { Suggested } from '../../corpora/poison.ts';
import { corpusOf, OTHERS } from '../../../scripts/poison-samples.ts';
import { figures, promised, report } from './measure.ts';

const seed = runSeed();
report(`poison by kind: CSEP_CORPUS_SEED=${seed}`);

const attacksFrom = (from: Dice): Suggested[] => [
  ...attacksByKind(from, 1),
  ...moreAttacksByKind(from, 1),
  ...lastAttacksByKind(from, 1),
];
const innocentsFrom = (from: Dice): Suggested[] => [
  ...innocentsByKind(from, 1),
  ...moreInnocentsByKind(from, 1),
  ...lastInnocentsByKind(from, 1),
];
const listedAttacks = [...LISTED_ATTACKS, ...MORE_LISTED_ATTACKS].map(([kind, text]) => ({ kind, parts: [text] }));
const listedInnocents = [...LISTED_INNOCENTS, ...MORE_LISTED_INNOCENTS].map((text) => ({
  kind: 'note',
  parts: [text],
}));

const byOthers = (label: 'attacks' | 'innocents'): Suggested[] =>
  OTHERS.flatMap((name) => corpusOf(name)[label].map(({ text }) => ({ kind: name, parts: [text] })));

const SETS = [
  ['listed', listedAttacks, listedInnocents],
  ['by kind, fixed', attacksFrom(dice(FIXED_SEED)), innocentsFrom(dice(FIXED_SEED))],
  ['by kind, generated', attacksFrom(dice(seed)), innocentsFrom(dice(seed))],
  ['held out, fixed', heldOutAttacks(dice(FIXED_SEED), 2), heldOutInnocents(dice(FIXED_SEED), 2)],
  ['held out, generated', heldOutAttacks(dice(seed), 2), heldOutInnocents(dice(seed), 2)],
  ['by others, trained on', byOthers('attacks'), byOthers('innocents')],
] as const;

describe.each(SETS)('the set of poison "%s"', (name, attacks, innocents) => {
  test('is stopped, and its innocents pass, as the page of the corpora promises', () => {
    const passed = attacks.filter(({ parts }) => lintSuggestion(parts).ok);
    const stopped = innocents.filter(({ parts }) => !lintSuggestion(parts).ok);
    report(figures(`${name}: poison passed`, attacks, passed));
    report(figures(`${name}: innocents stopped`, innocents, stopped));
    const [least, most] = promised(name);
    expect(1 - passed.length / attacks.length).toBeGreaterThanOrEqual(least);
    expect(stopped.length / innocents.length).toBeLessThanOrEqual(most);
  });
});
