import { featuresOf, PLACES, sentencesOf, type Features } from './poison-features.ts';
import { TABLE } from './poison-table.ts';

/** The weights of a linear model, as the training writes them (scripts/poison-training.ts). */
export interface Table {
  /** What no feature at all scores. */
  bias: number;
  /** What a weight of 1 is worth. */
  unit: number;
  /** A text that scores more is stopped. */
  threshold: number;
  /** A text that scores less is not stopped by a rule that errs often. */
  doubt: number;
  /** Base64 of pairs of bytes: how many places further, and the weight there, from -127 to 127; 255 and 0 only go further. */
  weights: string;
}

/** The weights by place. */
export function readWeights(base64: string): Int8Array {
  const bytes = Buffer.from(base64, 'base64');
  const weights = new Int8Array(PLACES);
  let place = -1;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    place += bytes[at] ?? 0;
    // An Int8Array takes 255 for -1.
    if (place >= 0) weights[place] = bytes[at + 1] ?? 0;
  }
  return weights;
}

/** A text with fewer features says too little to be judged by its words: it scores as if it had so many. */
const FEWEST = 110;
/** A short text says as much with each of its words as a long one with several: rows have the length 1. */
export const weightOfEach = (features: Features): number => 1 / Math.sqrt(Math.max(FEWEST, features.size));

let weights: Int8Array | undefined;
function scoreOf(text: string): number {
  weights ??= readWeights(TABLE.weights);
  const features = featuresOf(text);
  let sum = 0;
  for (const place of features) sum += weights[place] ?? 0;
  return sum * weightOfEach(features) * TABLE.unit + TABLE.bias;
}

/** Enough to show a person where to look. */
const MOST_SENTENCES = 200;

/** An attack in a long text is looked for in stretches as long as a note, each beginning in the middle of the last. */
const WINDOW = 900;

function windowsOf(text: string): string[] {
  if (text.length <= WINDOW * 1.5) return [text];
  const windows: string[] = [];
  let window: string[] = [];
  let length = 0;
  for (const sentence of sentencesOf(text)) {
    window.push(sentence);
    length += sentence.length;
    if (length < WINDOW) continue;
    windows.push(window.join('\n'));
    window = window.slice(Math.ceil(window.length / 2));
    length = window.reduce((sum, each) => sum + each.length, 0);
  }
  return [...windows, window.join('\n')];
}

/** How much a text reads like an attack: the larger, the more; `TABLE` says what is much. */
export const poisonScore = (text: string): number => Math.max(...windowsOf(text).map(scoreOf));

/** A sentence of some twelve words: nothing in it could outweigh a phrase. */
const TOO_FEW = 72;

/** False for a text that is long enough to be told from an attack and reads so much like an honest note. */
export const mayBeAnAttack = (text: string, score: typeof poisonScore): boolean =>
  featuresOf(text).size < TOO_FEW || score(text) > TABLE.doubt;

/** Names the sentence that reads most like an attack, when the text as a whole reads like one. */
export function readsLikeAnAttack(text: string, score: typeof poisonScore): string | undefined {
  if (score(text) <= TABLE.threshold) return undefined;
  const [worst] = sentencesOf(text)
    .slice(0, MOST_SENTENCES)
    .map((sentence) => ({ sentence, score: scoreOf(sentence) }))
    .toSorted((one, two) => two.score - one.score);
  return `worded like an attack: ${(worst?.sentence ?? '').replaceAll(/\s+/g, ' ').trim()}`;
}
