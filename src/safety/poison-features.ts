import { LEXICON } from './poison-lexicon.ts';
import { traitsOf } from './poison-traits.ts';

/** How many weights the model could have; a feature's place among them is its hash. */
export const PLACES = 2 ** 18;

/** Places of what occurs in a text, each once: how often says little in notes of a few sentences. */
export type Features = ReadonlySet<number>;

const KNOWN_HOST =
  /^(?:[\w-]+\.)*(?:github|gitlab|bitbucket|npmjs|yarnpkg|pypi|pythonhosted|python|nodejs|rust-lang|rustup|crates|golang|go|docker|debian|ubuntu|alpinelinux|kernel|apache|maven|gradle|google|googleapis|microsoft|apple|mozilla|amazonaws|cloudflare|wikipedia|stackoverflow|w3|ietf|openai|anthropic|githubusercontent|brew|bun|deno|astral|jetbrains|postgresql|kubernetes|k8s|hashicorp|terraform|sentry|slack|stripe)\.(?:com|org|io|dev|net|sh|rs|land)$/;
const LOCAL_HOST =
  /^(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1|[\w-]+$|.*\.(?:local|internal|localhost|test|lan|corp|intranet|home|example)$|(?:.*\.)?example\.(?:com|org|net)$)/;

/** The names of strangers' hosts are made up anew each time, so only their kind counts. */
function hostKind(host: string): string {
  if (LOCAL_HOST.test(host)) return 'host:local';
  return KNOWN_HOST.test(host) ? 'host:known' : 'host:other';
}

const URLS =
  /\b(?:https?|wss?|ftp|sftp|s3|gs|git|ssh):\/\/(?:[^\s/@]{1,80}@)?([^\s/:?#"'`<>)\]]{1,120})[^\s"'`<>)\]]{0,300}/gi;
const MAILS = /(?<![\w.+-])[\w.+-]{1,64}@([\w-]{1,60}(?:\.[\w-]{1,60}){1,5})/g;
const ADDRESSES = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
const NAMES =
  /(?<![\w.-])(?:[a-z][\w-]{0,60}\.){1,5}(?:com|net|org|io|dev|sh|app|xyz|top|info|biz|site|online|store|cc|ru|cn|me|tv|live|cloud|tech|click|icu|pw|work|run|tools|link|host|space|club|zone|codes|systems|services|network|digital|agency|pro|us|eu|uk|co|ai|de|fr|jp|kr|br)\b(?![\w(.-])/gi;
const BLOBS = /(?<![\w+/-])(?=[a-z+/_-]{0,200}\d)[\w+/-]{24,2000}={0,2}/gi;

/** Addresses and blobs as words that tell of which kind they are. */
const marked = (text: string): string =>
  text
    .replaceAll(URLS, (_, host: string) => ` url ${hostKind(host.toLowerCase())} `)
    .replaceAll(MAILS, (_, host: string) => ` mail ${hostKind(host.toLowerCase())} `)
    .replaceAll(ADDRESSES, (host) => ` ${hostKind(host)} `)
    .replaceAll(NAMES, (host) => ` ${hostKind(host.toLowerCase())} `)
    .replaceAll(BLOBS, ' blob ');

const NO_SPACES = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+|\p{Script=Hangul}+|host:\w+|--?[a-z][\w-]*(?:=\w+)?|\.[a-z][\w.-]*\w|[\p{L}_][\p{L}\p{M}\p{N}_]*(?:['.:/-](?=[\p{L}_])[\p{L}\p{M}\p{N}_]+)*|\d+(?:\.\d+)*|```|[|>&;$!?]/gu;

/** Without the ends that only grammar asks for. */
function stem(word: string): string {
  if (word.length < 4 || !/^[a-z']+$/.test(word)) return word;
  return word
    .replace(/'s?$/, '')
    .replace(/ies$/, 'y')
    .replace(/(?<=[a-z]{3})(?:ing|edly|ed|es|s|ly|e)$/, '')
    .replace(/([bdglmnprt])\1$/, '$1');
}

/** FNV-1a. */
function hashOf(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum >>> 0;
}

function mixed(left: number, right: number): number {
  let sum = Math.imul(left ^ (left >>> 15), 0x2c1b3c6d) ^ Math.imul(right + 0x9e3779b9, 0x297a2d39);
  sum = Math.imul(sum ^ (sum >>> 12), 0x85ebca6b);
  return (sum ^ (sum >>> 13)) >>> 0;
}

interface Lexicon {
  whole: Map<string, number[]>;
  beginnings: Map<string, number[]>;
}

function readLexicon(): Lexicon {
  const read: Lexicon = { whole: new Map(), beginnings: new Map() };
  for (const [id, words] of Object.values(LEXICON).entries())
    for (const word of words.split(' ')) {
      const isBeginning = word.endsWith('*');
      const map = isBeginning ? read.beginnings : read.whole;
      const bare = isBeginning ? word.slice(0, -1) : word;
      const known = map.get(bare);
      if (known === undefined) map.set(bare, [id]);
      else if (known.at(-1) !== id) known.push(id);
    }
  return read;
}
let lexicon: Lexicon | undefined;

const LONGEST_BEGINNING = 16;
function classesOf(word: string): readonly number[] {
  lexicon ??= readLexicon();
  const whole = lexicon.whole.get(word);
  if (whole !== undefined) return whole;
  for (let length = Math.min(word.length, LONGEST_BEGINNING); length >= 2; length -= 1) {
    const found = lexicon.beginnings.get(word.slice(0, length));
    if (found !== undefined) return found;
  }
  return [];
}

interface Token {
  hash: number;
  beginning: number | undefined;
  classes: readonly number[];
}
const LETTERS = /^\p{L}{3}/u;
const tokenOf = (word: string): Token => ({
  hash: hashOf(stem(word)),
  beginning: LETTERS.test(word) ? hashOf(word.slice(0, BEGINNING)) : undefined,
  classes: classesOf(word),
});

/** A run of a script without spaces: its pairs of signs, and the longest word of the lexicon at each. */
function tokensOfRun(run: string): Token[] {
  const { whole } = (lexicon ??= readLexicon());
  return Array.from({ length: run.length }, (_, at) => {
    let classes: readonly number[] | undefined;
    for (let length = 6; length >= 1 && classes === undefined; length -= 1)
      classes = whole.get(run.slice(at, at + length));
    return { hash: hashOf(run.slice(at, at + 2)), beginning: undefined, classes: classes ?? [] };
  });
}

const COMPOUND = /[a-z][./:-][a-z]/;
function tokensOfWord(word: string): Token[] {
  if (NO_SPACES.test(word)) return tokensOfRun(word);
  if (!COMPOUND.test(word) || word.startsWith('host:')) return [tokenOf(word)];
  const parts = word.split(/[./:-]+/).filter((part) => part.length > 1);
  return [word, ...parts].map(tokenOf);
}

/** Kinds of features, so that the same words of two kinds lie in two places. */
const KIND = { word: 1, pair: 2, first: 3, meaning: 4, meanings: 5, beginning: 6, trait: 7 };
/** How far apart two meanings may stand to count as a pair. */
const REACH = 6;
/** Words that begin alike often mean the same, in any language that writes with spaces. */
const BEGINNING = 5;

function addSentence(tokens: readonly Token[], add: (kind: number, value: number) => void): void {
  for (const [at, { hash, beginning, classes }] of tokens.entries()) {
    add(KIND.word, hash);
    if (beginning !== undefined) add(KIND.beginning, beginning);
    for (const one of classes) add(KIND.meaning, one);
    if (at === 0) for (const start of [hash, ...classes]) add(KIND.first, start);
    const next = tokens[at + 1];
    if (next !== undefined) add(KIND.pair, mixed(hash, next.hash));
    for (const other of tokens.slice(at + 1, at + 1 + REACH))
      for (const one of classes) for (const two of other.classes) add(KIND.meanings, one * 256 + two);
  }
}

const SENTENCE = /(?<=[.!?;:])\s+|(?<=[。！？；])|\n+/u;

/** Scopes and actions of a suggestion come as texts of their own beside its words. */
const SAYS_NOTHING =
  /^\s*(?:global|user|repo|repository|project|workspace|memory|add|replace|remove|create|patch|edit|update|retire|delete)?\s*$/;

/** The sentences of a text, for windows and for telling a person which one it was. */
export const sentencesOf = (text: string): string[] =>
  text.split(SENTENCE).filter((sentence) => !SAYS_NOTHING.test(sentence));

/** What the model is told of a text. */
export function featuresOf(text: string): Features {
  const found = new Set<number>();
  const add = (kind: number, value: number): void => {
    found.add(mixed(kind, value) % PLACES);
  };
  const read = marked(text);
  const sentences = sentencesOf(read);
  for (const sentence of sentences)
    addSentence(Array.from(sentence.toLowerCase().matchAll(WORD), ([word]) => tokensOfWord(word)).flat(), add);
  for (const [trait, value] of traitsOf(read, sentences.length).entries()) add(KIND.trait, trait * 16 + value);
  return found;
}
