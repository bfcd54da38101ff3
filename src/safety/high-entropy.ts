import type { Finding } from './finding.ts';

/** Shannon entropy in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const classOf = (code: number): number => {
  if (code >= 48 && code <= 57) return 0;
  if (code >= 65 && code <= 90) return 1;
  return code >= 97 && code <= 122 ? 2 : 3;
};

/** How often neighbours differ in class: 0.6 in random base62, under 0.3 in identifiers, words and dates. */
function changesOfClass(text: string): number {
  let changes = 0;
  for (let index = 1; index < text.length; index += 1)
    if (classOf(text.charCodeAt(index)) !== classOf(text.charCodeAt(index - 1))) changes += 1;
  return changes / Math.max(1, text.length - 1);
}

/** The commonest pairs of letters of English words, and so of the names in code. */
const COMMON_PAIRS = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me ' +
    'de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot ' +
    'il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai ' +
    'sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag ' +
    'if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du'
  ).split(' '),
);

/** The share of neighbouring letters that words put side by side: a quarter in random letters, most in names of code. */
function commonPairs(text: string): number {
  let pairs = 0;
  let common = 0;
  for (const run of text.match(/[A-Za-z]{2,}/g) ?? [])
    for (let index = 1; index < run.length; index += 1) {
      pairs += 1;
      if (COMMON_PAIRS.has(run.slice(index - 1, index + 1).toLowerCase())) common += 1;
    }
  return pairs === 0 ? 0 : common / pairs;
}

const HEX = /^(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)$/;
const LOWEST_ENTROPY = 3.5;
const LOWEST_CHANGES = 0.2;
/** Measured: 998 of 1,000 random tokens of 32 characters stay below, all concatenated words lie above 0.7. */
const HIGHEST_COMMON_PAIRS = 0.6;

/** Random by the mixture of its characters; digests in hex, identifiers, dates and paths are not. */
export function isHighEntropy(token: string): boolean {
  const bare = token.replaceAll(/[+/=_-]/g, '');
  if (bare.length < 16 || HEX.test(bare) || !/[a-z]/.test(bare)) return false;
  if (!/[A-Z]/.test(bare) && (bare.match(/[0-9]/g)?.length ?? 0) < bare.length / 16) return false;
  if (changesOfClass(bare) < LOWEST_CHANGES || commonPairs(bare) > HIGHEST_COMMON_PAIRS) return false;
  return entropyOf(bare) >= Math.min(LOWEST_ENTROPY, Math.log2(bare.length) * 0.85);
}

const TOKEN = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
/** Longer runs are files in base64; keys of that length have a prefix, an armour or dots. */
const LONGEST = 256;

/** Files in base64 by their first bytes, public keys, addresses of content. */
const KNOWN_START =
  /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|PHN2Z|PD94bW|JVBERi|AAABAA|T2dnU|SUQz|UEsDB|H4sI|d09GM|d09GR|AAEAAA|Qk0|AAAA[BCE]3NzaC1|AAAA(?:GG|IG)Z0eX|Qm[1-9A-HJ-NP-Za-km-z]{44}$|ey[A-Za-z])/;
/** Ids whose issuers gave them a prefix: long and random, but they open nothing. */
const KNOWN_ID =
  /(?:^|[/_-])(?:chatcmpl|resp|msg|call|toolu|srvtoolu|thread|run|step|asst|file|batch|req|evt|cus|sub|in|ch|prod|price|acct|rs|fc|ws|gen|session|conv|item|vs|ft|org|proj|user|cmpl|modr|event|trace|span)[_-][A-Za-z0-9]{16,}$/;
/** Digests by what stands before them. */
const DIGEST_BEFORE =
  /(?:sha\d{1,3}[-:=]|md5[-:=]|SHA256:|h1:|integrity["']?\s{0,4}[:=]\s{0,4}["']?|digest["']?[:=]\s{0,2}["']?|;base64,|checksum["']?\s{0,2}[:=]\s{0,2}["']?|etag["']?\s{0,2}[:=]\s{0,2}(?:W\/)?["']?|\$2[aby]\$\d\d\$[./A-Za-z0-9]{0,60}|\/nix\/store\/|%[0-9A-F]{2})$/i;
const ID_AFTER = /^\.apps\.googleusercontent\.com/;

/** A line of a file in base64: full lines of one of the usual widths, with another line of base64 beside. */
const WRAPPED_WIDTHS = new Set([60, 64, 70, 72, 76]);
const BASE64_LINE = /^[A-Za-z0-9+/]+={0,2}$/;

function isWrappedLine(text: string, start: number, end: number): boolean {
  const linesBefore = text.slice(Math.max(0, start - 140), start).split('\n');
  if ((linesBefore.at(-1) ?? '').trim() !== '' || !/^\s*$/.test(text.slice(end, end + 1))) return false;
  const before = linesBefore.at(-2)?.trim() ?? '';
  const after =
    text
      .slice(end + 1, end + 140)
      .split('\n')[0]
      ?.trim() ?? '';
  const isFull = (line: string): boolean => WRAPPED_WIDTHS.has(line.length) && BASE64_LINE.test(line);
  return isFull(before) || (isFull(text.slice(start, end)) && BASE64_LINE.test(after));
}

const PATH_WORD = /^(?:[a-z]{3,}[a-z_-]*|[A-Z]?[a-z]{3,}(?:[A-Z][a-z]+)*\d{0,3})$/;

const ROOT =
  /^\/?(?:usr|var|home|Users|nix|tmp|opt|etc|private|mnt|media|root|app|srv|Library|dev|proc|sys|run|data|workspace|workspaces|build|src|lib|bin|dist|api|node_modules)\//;

/** A path has words between its slashes. */
function isPath(token: string): boolean {
  const parts = token.split('/');
  if (parts.length === 1) return false;
  const words = parts.filter((part) => PATH_WORD.test(part)).join('').length;
  return ROOT.test(token) || parts.length > 2 + token.length / 8 || words > token.length / 4;
}

const isSlug = (token: string): boolean => {
  const parts = token.split(/[-_]+/);
  return (
    parts.length > 1 + token.length / 8 || parts.filter((part) => /^[A-Z]?[a-z]{3,}$|^\d{4}$/.test(part)).length >= 2
  );
};

/** What stands between the slashes of a path may be a value of its own. */
const partsOf = (text: string, { start, end, kind }: Finding): Finding[] =>
  [...text.slice(start, end).matchAll(/[A-Za-z0-9_-]{32,}={0,2}/g)].map((match) => ({
    start: start + match.index,
    end: start + match.index + match[0].length,
    kind,
  }));

/** Files, digests, public keys and wrapped lines, by their beginning and by what stands around them. */
function isKnownData(text: string, { start, end }: Finding): boolean {
  if (KNOWN_START.test(text.slice(start, end))) return true;
  if (DIGEST_BEFORE.test(text.slice(Math.max(0, start - 80), start))) return true;
  return /^(?:sha\d{1,3}|md5)-/.test(text.slice(start, start + 8)) || isWrappedLine(text, start, end);
}

function isSecret(text: string, found: Finding): boolean {
  const token = text.slice(found.start, found.end);
  if (!isHighEntropy(token) || token.length > LONGEST || KNOWN_ID.test(token) || isSlug(token)) return false;
  return !ID_AFTER.test(text.slice(found.end, found.end + 30)) && !isKnownData(text, found);
}

/** Values of at least 32 characters that stand for themselves and look random. */
export function findHighEntropy(text: string): Finding[] {
  return [...text.matchAll(TOKEN)]
    .map(({ 0: run, index: start }) => ({ start, end: start + run.length, kind: 'high-entropy' }))
    .filter((run) => !isKnownData(text, run))
    .flatMap((run) => (isPath(text.slice(run.start, run.end)) ? partsOf(text, run) : [run]))
    .filter((found) => isSecret(text, found));
}
