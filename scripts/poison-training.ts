import { Buffer } from 'node:buffer';
import { featuresOf, PLACES } from '../src/safety/poison-features.ts';
import { readWeights, weightOfEach, type Table } from '../src/safety/poison-model.ts';
import { readingsOf } from '../src/safety/readings.ts';
import { dice, FIXED_SEED, type Dice } from '../test/corpora/random.ts';
import { OTHERS, samples, type Sample } from './poison-samples.ts';

/** A sample as the trainer sees it. */
export interface Row extends Sample {
  places: Int32Array;
  each: number;
}
/** With the features of each. */
const rowsOf = (list: readonly Sample[]): Row[] =>
  list.map((sample) => {
    const features = featuresOf(readingsOf(sample.text).plain);
    return { ...sample, places: Int32Array.from(features).toSorted(), each: weightOfEach(features) };
  });

const COST = 2;
const EPOCHS = 8;

/** Weights by place, and the bias behind the last. */
export type Weights = Float64Array;
const at = (list: Float64Array | Int32Array, index: number): number => list[index] ?? 0;

/** What the weights say of a row. */
function scoreOf(weights: Weights, { places, each }: Row): number {
  let sum = 0;
  for (const place of places) sum += at(weights, place);
  return sum * each + at(weights, PLACES);
}

/**
 * What the features are multiplied with before training: the rarer, the more, and nothing for what only one author
 * has written, which says who wrote rather than what. Roots are rounded alike on every machine, powers are not.
 */
function worthOf(rows: readonly Row[]): Float64Array {
  const often = new Float64Array(PLACES);
  const groups = [...new Set(rows.map(({ group }) => group))];
  const first = new Int32Array(PLACES);
  const worth = new Float64Array(PLACES);
  for (const { places, share, group } of rows) {
    const author = groups.indexOf(group) + 1;
    for (const place of places) {
      often[place] = at(often, place) + share;
      if (at(first, place) === 0) first[place] = author;
      else if (at(first, place) !== author) worth[place] = 1;
    }
  }
  let squares = 0;
  let count = 0;
  for (const [place, isShared] of worth.entries())
    if (isShared > 0) worth[place] = 1 / Math.sqrt(Math.sqrt(1 + at(often, place)));
  for (const { places } of rows) {
    count += places.length;
    for (const place of places) squares += at(worth, place) ** 2;
  }
  return worth.map((each) => each * Math.sqrt(count / squares));
}

/** What is trained: weights for rows as they are, and what their features were multiplied with to find them. */
interface Model {
  weights: Weights;
  worth: Float64Array;
}

/**
 * A linear support vector machine with squared hinge loss, by dual coordinate descent (Hsieh and others, "A dual
 * coordinate descent method for large-scale linear SVM", ICML 2008). Sums, products, quotients and roots only: the
 * same bytes on every machine, which logarithms and exponents do not promise.
 */
function train(rows: readonly Row[]): Model {
  const worth = worthOf(rows);
  const weights = new Float64Array(PLACES + 1);
  const states = rows.map((row) => stateOf(row, worth));
  const from = dice(FIXED_SEED);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) for (const state of shuffled(states, from)) descend(state, weights);
  for (const [place, each] of worth.entries()) weights[place] = at(weights, place) * each;
  return { weights, worth };
}

interface State {
  places: Int32Array;
  values: Float64Array;
  sign: number;
  softness: number;
  norm: number;
  dual: number;
}
function stateOf(row: Row, worth: Float64Array): State {
  const places = row.places.filter((place) => at(worth, place) > 0);
  const values = Float64Array.from(places, (place) => at(worth, place) * row.each);
  const softness = 0.5 / (COST * row.share);
  const norm = values.reduce((sum, value) => sum + value ** 2, 1 + softness);
  return { places, values, sign: row.attack ? 1 : -1, softness, norm, dual: 0 };
}

/** One step: the weights move so far that this row is no longer on the wrong side. */
function descend(state: State, weights: Weights): void {
  const { places, values, sign, softness, norm } = state;
  let score = at(weights, PLACES);
  for (let index = 0; index < places.length; index += 1) score += at(weights, at(places, index)) * at(values, index);
  const dual = Math.max(0, state.dual - (sign * score - 1 + softness * state.dual) / norm);
  const step = (dual - state.dual) * sign;
  state.dual = dual;
  if (step === 0) return;
  for (let index = 0; index < places.length; index += 1) {
    const place = at(places, index);
    weights[place] = at(weights, place) + step * at(values, index);
  }
  weights[PLACES] = at(weights, PLACES) + step;
}

function shuffled<T>(list: readonly T[], from: Dice): T[] {
  const keyed = list.map((each) => ({ each, key: from.below(2 ** 31) }));
  return keyed.toSorted((one, two) => one.key - two.key).map(({ each }) => each);
}

/** Weights that are kept; the least of them are worth little, and each costs two bytes. */
const KEPT = 29_000;
const MOST = 127;
const FARTHEST = 255;

/** The weights as the program carries them: those that decide most, in steps of 1/127 of the largest of all. */
function tableOf({ weights, worth }: Model, { threshold, doubt }: Pick<Table, 'threshold' | 'doubt'>): Table {
  const kept = Array.from(worth, (each, place) => ({ place, weight: at(weights, place), each }))
    .filter(({ weight }) => weight !== 0)
    .toSorted((one, two) => Math.abs(two.weight / two.each) - Math.abs(one.weight / one.each) || one.place - two.place)
    .slice(0, KEPT);
  const largest = kept.reduce((most, { weight }) => Math.max(most, Math.abs(weight)), 0);
  const unit = Number((largest / MOST).toPrecision(6));
  const bytes: number[] = [];
  let last = -1;
  for (const { place, weight } of kept.toSorted((one, two) => one.place - two.place)) {
    const steps = Math.max(-MOST, Math.min(MOST, Math.round(weight / unit)));
    if (steps === 0) continue;
    for (; place - last > FARTHEST; last += FARTHEST) bytes.push(FARTHEST, 0);
    bytes.push(place - last, steps & 0xff);
    last = place;
  }
  return {
    bias: Number(at(weights, PLACES).toFixed(6)),
    unit,
    threshold,
    doubt,
    weights: Buffer.from(bytes).toString('base64'),
  };
}

/** The score above which this share of the innocents would be stopped. */
function thresholdFor(share: number, innocents: readonly number[]): number {
  const sorted = innocents.toSorted((one, two) => two - one);
  return sorted[Math.floor(share * sorted.length)] ?? 0;
}

const UNKNOWN = { threshold: 0, doubt: 0 };

/** The weights as the program reads them. */
function shipped(table: Table): Weights {
  const weights = Float64Array.from([...readWeights(table.weights)].map((steps) => steps * table.unit));
  return Float64Array.from([...weights, table.bias]);
}

/** What a model says of a sample that it has not seen. */
export interface Scored {
  row: Row;
  score: number;
}

/** Scores of each corpus of others by a model that has not seen it, with the weights as they are shipped. */
function crossValidated(rows: readonly Row[]): Scored[] {
  return OTHERS.flatMap((name) => {
    const weights = shipped(tableOf(train(rows.filter(({ group }) => group !== name)), UNKNOWN));
    return rows.filter(({ group }) => group === name).map((row) => ({ row, score: scoreOf(weights, row) }));
  });
}

/** Shares of the innocents that score more than the two limits in cross-validation. */
const STOPPED = 0.019;
const IN_DOUBT = 0.03;

/** The table that the corpora make, the scores of cross-validation, and what they come to. */
export function trainedTable(): { table: Table; scored: Scored[]; curve: string } {
  const rows = rowsOf(samples());
  const scored = crossValidated(rows);
  const innocents = scored.filter(({ row }) => !row.attack).map(({ score }) => score);
  const limit = (share: number): number => Number(thresholdFor(share, innocents).toFixed(3));
  const table = tableOf(train(rows), { threshold: limit(STOPPED), doubt: limit(IN_DOUBT) });
  return { table, scored, curve: curveOf(scored) };
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** For each share of innocents stopped: what is stopped of the attacks, of each corpus and of all. */
function curveOf(scored: readonly Scored[]): string {
  const innocents = scored.filter(({ row }) => !row.attack).map(({ score }) => score);
  const stopped = (name: string | undefined, least: number): string => {
    const attacks = scored.filter(({ row }) => row.attack && (name === undefined || row.group === name));
    return percent(attacks.filter(({ score }) => score > least).length, attacks.length);
  };
  return [0.005, 0.01, 0.015, 0.02, 0.03, 0.05]
    .map((share) => {
      const least = thresholdFor(share, innocents);
      const each = OTHERS.map((name) => `${name} ${stopped(name, least)}`).join(', ');
      return `${percent(share, 1)} of the innocents: above ${least.toFixed(3)}, attacks ${stopped(undefined, least)} (${each})`;
    })
    .join('\n');
}

/** The generated file. */
export const tableSource = ({
  bias,
  unit,
  threshold,
  doubt,
  weights,
}: Table): string => `/** Written by scripts/train-poison-model.mjs; do not edit. */
export const TABLE = {
  bias: ${bias},
  unit: ${unit},
  threshold: ${threshold},
  doubt: ${doubt},
  weights:
    '${weights}',
};
`;
