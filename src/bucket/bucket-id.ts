/** Names of buckets: the folder of a repository below projects/. Pure: text in, text out. */

/** Leaves room for a suffix and for `.archived.<time>` within the 255 bytes that file systems allow. */
const MAX_NAME_BYTES = 200;

/** Tries before giving up; a second one already takes two roots with one and the same 32-bit hash. */
const MAX_SUFFIXES = 8;

const ARCHIVED = /^(.+)\.archived\.(\d{8}T\d{6})$/s;
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The documented name: `/Users/alice/code/myrepo` → `-Users-alice-code-myrepo`,
 * `C:\Users\x` → `C--Users-x`. What some file system would refuse or change becomes `-`;
 * several roots may share one plain name (`bucketNames` tells them apart).
 */
export function plainBucketName(root: string): string {
  const dashed = withDashes(root).replace(/[. ]+$/u, (end) => '-'.repeat(end.length));
  const name = dashed === '' || dashed.startsWith('.') || WINDOWS_DEVICE.test(dashed) ? `-${dashed}` : dashed;
  if (Buffer.byteLength(name) > MAX_NAME_BYTES || ARCHIVED.test(name)) return withSuffix(name, root);
  return name;
}

/** Most paths are plain ASCII: the pattern for all others takes half a millisecond to compile, in every hook. */
const withDashes = (root: string): string =>
  /^[ -~]*$/.test(root) ? root.replaceAll(/[/\\:]/g, '-') : root.replaceAll(/[/\\:]|[\p{Cc}\p{Cs}]/gu, '-');

/**
 * The names that a root's bucket may have, in the order in which they are tried: the plain one first.
 * Lazy, since the first is nearly always the one and the others cost a hash each.
 */
export function* bucketNames(root: string): Generator<string> {
  const plain = plainBucketName(root);
  yield plain;
  for (let round = 0; round < MAX_SUFFIXES; round++) {
    const name = withSuffix(plain, `${root}${'\0'.repeat(round)}`);
    // A plain name that was too long has this suffix already.
    if (name !== plain) yield name;
  }
}

/** Whether a bucket of that name can be this root's. */
export function isNameOf(name: string, root: string): boolean {
  for (const candidate of bucketNames(root)) if (candidate === name) return true;
  return false;
}

/**
 * Names with equal keys are one and the same folder on some disk: macOS and Windows ignore case,
 * and HFS+ the way in which accents are composed.
 */
export const nameKey = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');

/** Whether a name in projects/ can be a bucket's: all roots are absolute paths. */
export const isBucketName = (name: string): boolean =>
  /^(?:-|[A-Za-z]-)/.test(name) && archivedFrom(name) === undefined;

export interface ArchivedName {
  /** Name of the bucket when it was live. */
  id: string;
  /** `YYYYMMDDTHHMMSS` */
  archivedAt: string;
}

/** Takes `<name>.archived.<YYYYMMDDTHHMMSS>` apart; undefined for every other name. */
export function archivedFrom(name: string): ArchivedName | undefined {
  const [, id, archivedAt] = ARCHIVED.exec(name) ?? [];
  return id === undefined || archivedAt === undefined ? undefined : { id, archivedAt };
}

/** `<name>-<8 hex of the root>`, cut at a character's border so that it stays within the limit. */
const withSuffix = (name: string, root: string): string => `${cut(name, MAX_NAME_BYTES - 9)}-${hash8(root)}`;

function cut(text: string, bytes: number): string {
  let size = 0;
  let result = '';
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    result += character;
  }
  // A cut may leave a blank or a dot in front of the suffix, which is harmless there.
  return result;
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * FNV-1a, 64 bits folded to 32 (http://www.isthe.com/chongo/tech/comp/fnv/). It keeps names apart
 * and protects nothing (bucket.json says whose a bucket is), and hooks do not pay for loading node:crypto.
 */
function hash8(text: string): string {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(text, 'utf8')) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  return BigInt.asUintN(32, hash ^ (hash >> 32n))
    .toString(16)
    .padStart(8, '0');
}
