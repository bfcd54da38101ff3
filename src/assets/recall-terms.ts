import { porterStem } from './porter.ts';
import { baseForm, isStopWord } from './recall-word-lists.ts';

/**
 * The one tokenizer of recall: what a record is filed under when it is written and what a query asks for.
 * Character classes are ranges in code, because the hook path must not compile Unicode property patterns.
 */

/** Takes one term; `counts` is false for a term that repeats another one in a finer or coarser form. */
type Emit = (term: string, counts: boolean) => void;

/** A longer run of letters without a break is a blob (base64, minified code), not a word that anybody asks for. */
const LONGEST_TERM = 64;
/** Compounds with more pieces than this are data, not names; their pieces are still filed. */
const LONGEST_COMPOUND = 160;

const SEPARATOR = 0;
const WORD = 1;
const HAN = 2;
const HIRAGANA = 3;
const KATAKANA = 4;
const HANGUL = 5;
/** Thai, Lao, Burmese, Khmer: written without spaces, as the East Asian scripts are. */
const UNSPACED = 6;
const SYMBOL = 7;
/** Marks that belong to the character before them and say nothing alone. */
const IGNORED = 8;

type Range = readonly [last: number, kind: number];

/** Ends of ranges in ascending order; whatever lies up to `last` and above the row before is of that kind. */
const RANGES: readonly Range[] = [
  [0x00a9, SEPARATOR],
  [0x00aa, WORD],
  [0x00b4, SEPARATOR],
  [0x00b5, WORD],
  [0x00b9, SEPARATOR],
  [0x00ba, WORD],
  [0x00bf, SEPARATOR],
  [0x00d6, WORD],
  [0x00d7, SEPARATOR],
  [0x00f6, WORD],
  [0x00f7, SEPARATOR],
  [0x0dff, WORD],
  [0x0eff, UNSPACED],
  [0x0fff, WORD],
  [0x109f, UNSPACED],
  [0x10ff, WORD],
  [0x11ff, HANGUL],
  [0x177f, WORD],
  [0x17ff, UNSPACED],
  [0x1fff, WORD],
  [0x200c, SEPARATOR],
  [0x200d, IGNORED],
  [0x20cf, SEPARATOR],
  [0x20ff, IGNORED],
  [0x25ff, SEPARATOR],
  [0x27bf, SYMBOL],
  [0x2aff, SEPARATOR],
  [0x2bff, SYMBOL],
  [0x2dff, WORD],
  [0x2e7f, SEPARATOR],
  [0x2fdf, HAN],
  [0x3004, SEPARATOR],
  [0x3007, HAN],
  [0x3040, SEPARATOR],
  [0x309f, HIRAGANA],
  [0x30a0, SEPARATOR],
  [0x30fa, KATAKANA],
  [0x30fb, SEPARATOR],
  [0x30ff, KATAKANA],
  [0x312f, WORD],
  [0x318f, HANGUL],
  [0x31ef, WORD],
  [0x31ff, KATAKANA],
  [0x33ff, SYMBOL],
  [0x9fff, HAN],
  [0xabff, WORD],
  [0xd7ff, HANGUL],
  [0xf8ff, SEPARATOR],
  [0xfaff, HAN],
  [0xfdff, WORD],
  [0xfe0f, IGNORED],
  [0xfe6f, SEPARATOR],
  [0xfefe, WORD],
  [0xff9f, SEPARATOR],
  [0xffdc, WORD],
  [0xffff, SEPARATOR],
  [0x1afff, WORD],
  [0x1b16f, KATAKANA],
  [0x1efff, WORD],
  [0x1f3fa, SYMBOL],
  [0x1f3ff, IGNORED],
  [0x1faff, SYMBOL],
  [0x1ffff, WORD],
  [0x3ffff, HAN],
  [0x10ffff, SEPARATOR],
];

const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;

function kindOf(code: number): number {
  if (code < 128) return isAsciiWord(code) ? WORD : SEPARATOR;
  let low = 0;
  let high = RANGES.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (code <= (RANGES[middle]?.[0] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return RANGES[low]?.[1] ?? SEPARATOR;
}

const LONG_VOWEL = 0x30fc;

const widthOf = (code: number): number => (code > 0xffff ? 2 : 1);

/** Between two word characters these make a compound: `a.b`, `a-b`, `a/b`, `a:b`, `a'b`, `a@b`, `a\b`. */
const CONNECTORS = ".-/:'’@\\";

/**
 * Files a text under its terms.
 * @param text any string; lone surrogates and control characters separate words
 */
export function eachTerm(text: string, emit: Emit): void {
  const normal = text.normalize('NFKC');
  let at = 0;
  while (at < normal.length) {
    const code = normal.codePointAt(at) ?? 0;
    const kind = kindOf(code);
    if (kind === WORD) {
      const end = endOfCompound(normal, at);
      eachTermOfCompound(normal.slice(at, end), emit);
      const flag = flagAt(normal, at, end);
      if (flag) emit(flag, false);
      at = end;
    } else if (kind === SEPARATOR || kind === IGNORED) {
      at += widthOf(code);
    } else if (kind === SYMBOL) {
      emit(String.fromCodePoint(code), true);
      at += widthOf(code);
    } else {
      at = eachBigram(normal, at, emit);
    }
  }
}

function endOfCompound(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    const kind = kindOf(code);
    if (kind === WORD || kind === IGNORED) {
      at += widthOf(code);
      continue;
    }
    // `a::b` and `C:\b` are one name as well.
    let next = at;
    while (next < text.length && next - at < 3 && CONNECTORS.includes(text.charAt(next))) next++;
    if (next === at || kindOf(text.codePointAt(next) ?? 0) !== WORD) break;
    at = next;
  }
  return at;
}

/** `--no-verify` and `-x`, when a word starts with its dashes; undefined for a plain word. */
function flagAt(text: string, start: number, end: number): string | undefined {
  if (text.charAt(start - 1) !== '-') return undefined;
  const from = text.charAt(start - 2) === '-' ? start - 2 : start - 1;
  if (from > 0 && !' \t\n`\'"([{|=,'.includes(text.charAt(from - 1))) return undefined;
  return end - from <= LONGEST_TERM ? text.slice(from, end).toLowerCase() : undefined;
}

/** Runs of one script become overlapping pairs; single characters are filed too, uncounted, for queries of one character. */
function eachBigram(text: string, start: number, emit: Emit): number {
  const kind = kindOf(text.codePointAt(start) ?? 0);
  const characters: string[] = [];
  let at = start;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    const here = kindOf(code);
    // The long-vowel mark is filed with katakana and prolongs hiragana as well.
    if (here !== kind && here !== IGNORED && code !== LONG_VOWEL) break;
    if (here !== IGNORED) characters.push(String.fromCodePoint(code));
    at += widthOf(code);
  }
  const alone = characters.length === 1;
  for (const [index, character] of characters.entries()) {
    emit(character, alone);
    if (index > 0) emit((characters[index - 1] ?? '') + character, true);
  }
  return at;
}

function eachTermOfCompound(compound: string, emit: Emit): void {
  if (isPlainWord(compound)) return emitWord(compound, emit);
  const pieces = compound.split(/[./:'’@\\]+/);
  if (pieces.length > 1 && compound.length <= LONGEST_COMPOUND) eachTermOfWhole(compound.toLowerCase(), pieces, emit);
  else for (const piece of pieces) eachTermOfPiece(piece, emit);
}

/** Only a–z, as most words are: nothing about them needs a pattern, and a process that has just started has none compiled. */
export function isPlainWord(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < SMALL_A || code > SMALL_Z) return false;
  }
  return true;
}

const SMALL_A = 97;
const SMALL_Z = 122;

function eachTermOfWhole(whole: string, pieces: readonly string[], emit: Emit): void {
  if (/^[a-z]+['’][a-z]+$/.test(whole)) return emitWord(whole.replace(/['’]s$/, '').replace(/['’]/, ''), emit);
  if (/^v?\d+(?:\.\d+)+(?:[-+][\w.+-]+)?$/.test(whole)) return eachTermOfVersion(whole, emit);
  if (whole.length <= LONGEST_TERM) emit(whole, false);
  for (const piece of pieces) eachTermOfPiece(piece, emit);
}

/** `v1.2.3-rc.1` is also asked for as 1.2.3, 1.2 and v1; its minor numbers alone mean nothing. */
function eachTermOfVersion(whole: string, emit: Emit): void {
  const bare = whole.startsWith('v') ? whole.slice(1) : whole;
  const release = /^\d+(\.\d+)*/.exec(bare)?.[0] ?? bare;
  if (bare !== release && bare.length <= LONGEST_TERM) emit(bare, true);
  let prefix = release.slice(0, LONGEST_TERM);
  emit(prefix, true);
  for (let cut = prefix.lastIndexOf('.'); cut > 0; cut = prefix.lastIndexOf('.')) {
    prefix = prefix.slice(0, cut);
    emit(prefix, false);
  }
}

/** One name without dots or slashes: kebab-case, snake_case, camelCase, or a plain word. */
function eachTermOfPiece(piece: string, emit: Emit): void {
  const parts = partsOf(piece);
  if (parts.length === 0) return;
  if (parts.length > 1) {
    // readOnly, read-only, read_only and readonly are one name.
    const joined = parts.join('').toLowerCase();
    if (joined.length <= LONGEST_TERM) emitWord(joined, (term) => emit(term, false));
  }
  for (const part of parts) emitWord(part.toLowerCase(), emit);
}

/** Humps of camelCase (`parseURL2Path` is parse, URL2, Path) and what lies between dashes and underscores. */
function partsOf(piece: string): string[] {
  const parts: string[] = [];
  for (const run of piece.split(/[-_]+/)) {
    if (run === '') continue;
    if (!/[a-z0-9][A-Z]|[A-Z]{2}[a-z]/.test(run)) parts.push(run);
    else parts.push(...run.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/));
  }
  return parts;
}

function emitWord(word: string, emit: Emit): void {
  if (word.length > LONGEST_TERM) return;
  const term = termOf(word);
  if (term === '') return;
  if (word.startsWith('v') && /^v\d+$/.test(word)) emit(word.slice(1), false);
  emit(term, true);
}

/** Records repeat their words, so their terms are worth keeping; bounded, because a store may hold any number of words. */
const terms = new Map<string, string>();
const MOST_TERMS = 50_000;

/** What a word in lower case, without any punctuation, is filed under; empty for one that says nothing. */
export function termOf(word: string): string {
  const known = terms.get(word);
  if (known !== undefined) return known;
  const found = isStopWord(word) ? '' : stemmed(word);
  if (terms.size >= MOST_TERMS) terms.clear();
  terms.set(word, found);
  return found;
}

function stemmed(word: string): string {
  const base = baseForm(isPlainWord(word) ? word : withoutAccents(word));
  return isPlainWord(base) ? porterStem(base) : base;
}

/** `café` is also typed `cafe`. Only Latin letters: elsewhere a mark makes another letter. */
const withoutAccents = (word: string): string =>
  /[\u00c0-\u024f\u1e00-\u1eff]/.test(word) ? word.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '') : word;
