import type { Finding } from './finding.ts';

/** Shannon entropy in bits per character. */
export function entropyOf(text: string): number {
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

const HEX = /^(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)$/;
const LOWEST_ENTROPY = 3.6;
const LOWEST_CHANGES = 0.33;

/** Random by the mixture of its characters; digests in hex, identifiers, dates and paths are not. */
export function isHighEntropy(token: string): boolean {
  const bare = token.replaceAll(/[+/=_-]/g, '');
  if (bare.length < 16 || HEX.test(bare) || !/[a-z]/.test(bare)) return false;
  if (!/[A-Z]/.test(bare) && !/[0-9]/.test(bare)) return false;
  if (changesOfClass(bare) < (/[0-9]/.test(bare) ? LOWEST_CHANGES : 0.4)) return false;
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

/** A path has words between its slashes. */
function isPath(token: string): boolean {
  const parts = token.split('/');
  if (parts.length === 1) return false;
  return (
    parts.length > token.length / 8 ||
    parts.filter((part) => /^[a-z]{3,}[a-z_-]*$|^[A-Z]?[a-z]{4,}\w*$/.test(part)).length > 0
  );
}

const isSlug = (token: string): boolean => {
  const parts = token.split(/[-_]+/);
  return (
    parts.length > 1 + token.length / 8 || parts.filter((part) => /^[A-Z]?[a-z]{3,}$|^\d{4}$/.test(part)).length >= 2
  );
};

/** The parts of a run that may be a value of their own: the whole, or what stands between slashes. */
function candidates(run: string, offset: number): Finding[] {
  if (!isPath(run)) return [{ start: offset, end: offset + run.length, kind: 'high-entropy' }];
  return [...run.matchAll(/[A-Za-z0-9_-]{32,}={0,2}/g)].map((match) => ({
    start: offset + match.index,
    end: offset + match.index + match[0].length,
    kind: 'high-entropy',
  }));
}

function isSpared(text: string, { start, end }: Finding): boolean {
  const token = text.slice(start, end);
  if (token.length > LONGEST || KNOWN_START.test(token) || KNOWN_ID.test(token) || isSlug(token)) return true;
  if (DIGEST_BEFORE.test(text.slice(Math.max(0, start - 80), start))) return true;
  if (/^(?:sha\d{1,3}|md5)-/.test(token) || ID_AFTER.test(text.slice(end, end + 30))) return true;
  return isWrappedLine(text, start, end);
}

/** Values of at least 32 characters that stand for themselves and look random. */
export function findHighEntropy(text: string): Finding[] {
  return [...text.matchAll(TOKEN)]
    .flatMap(({ 0: run, index }) => candidates(run, index))
    .filter((found) => isHighEntropy(text.slice(found.start, found.end)) && !isSpared(text, found));
}
