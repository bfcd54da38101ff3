/**
 * Porter's stemmer for lower-case a–z words, written from the paper:
 * M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980.
 * Words with other letters or digits are not its business; the caller keeps them as they are.
 */

type Rule = readonly [suffix: string, replacement: string];

const STEP_2: readonly Rule[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
];

const STEP_3: readonly Rule[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

const STEP_4 = 'ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic ou'.split(' ');

const isVowelAt = (word: string, at: number): boolean => {
  const letter = word.charAt(at);
  if (letter === 'y') return at > 0 && !isVowelAt(word, at - 1);
  return 'aeiou'.includes(letter);
};

/** The paper's m: how often a vowel run is followed by a consonant run. */
function measure(stem: string): number {
  let count = 0;
  let afterVowel = false;
  for (let at = 0; at < stem.length; at++) {
    const vowel = isVowelAt(stem, at);
    if (afterVowel && !vowel) count++;
    afterVowel = vowel;
  }
  return count;
}

function hasVowel(stem: string): boolean {
  for (let at = 0; at < stem.length; at++) if (isVowelAt(stem, at)) return true;
  return false;
}

const endsInDouble = (word: string): boolean =>
  word.length > 1 && word.at(-1) === word.at(-2) && !isVowelAt(word, word.length - 1);

/** Consonant, vowel, consonant at the end, the last none of w, x, y: a short syllable that asks for an e. */
const endsShort = (word: string): boolean => {
  const last = word.length - 1;
  return (
    last >= 2 &&
    !isVowelAt(word, last) &&
    isVowelAt(word, last - 1) &&
    !isVowelAt(word, last - 2) &&
    !'wxy'.includes(word.charAt(last))
  );
};

function withoutPlural(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function withoutTense(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const cut = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  return cut > 0 && hasVowel(word.slice(0, -cut)) ? mended(word.slice(0, -cut)) : word;
}

/** What is left of a verb gets its e back, or loses a doubled consonant. */
function mended(stem: string): string {
  if (stem.endsWith('at') || stem.endsWith('bl') || stem.endsWith('iz')) return `${stem}e`;
  if (endsInDouble(stem) && !'lsz'.includes(stem.charAt(stem.length - 1))) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function replaced(word: string, rules: readonly Rule[]): string {
  // By places: to take each rule apart costs a process that has just started two kilobytes a word.
  const rule = rules.find((one) => word.endsWith(one[0]));
  if (!rule) return word;
  const stem = word.slice(0, -rule[0].length);
  return measure(stem) > 0 ? stem + rule[1] : word;
}

function withoutSuffix(word: string): string {
  const suffix = STEP_4.find((one) => word.endsWith(one));
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  const allowed = suffix !== 'ion' || stem.endsWith('s') || stem.endsWith('t');
  return allowed && measure(stem) > 1 ? stem : word;
}

function tidied(word: string): string {
  let end = word;
  if (end.endsWith('e')) {
    const stem = end.slice(0, -1);
    const count = measure(stem);
    if (count > 1 || (count === 1 && !endsShort(stem))) end = stem;
  }
  return end.endsWith('ll') && measure(end.slice(0, -1)) > 1 ? end.slice(0, -1) : end;
}

/** @param word lower-case letters a–z; words of one or two letters stay as they are */
export function porterStem(word: string): string {
  if (word.length < 3) return word;
  let end = withoutTense(withoutPlural(word));
  // Only behind a consonant, as Porter's later English stemmer has it: otherwise deployed and deployment part.
  if (end.endsWith('y') && end.length > 2 && !isVowelAt(end, end.length - 2) && hasVowel(end.slice(0, -1)))
    end = `${end.slice(0, -1)}i`;
  return tidied(withoutSuffix(replaced(replaced(end, STEP_2), STEP_3)));
}
