import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { OUTSIDE_NAME } from '../contracts/outside-name.ts';
import { readText } from '../kernel/files.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { renderJson } from '../kernel/render-json.ts';
import { noteKey } from '../assets/note-key.ts';

/**
 * sessions/<session_id>.injected.json: what the history of one session has been given. Written by
 * hooks only, and only as an economy: without it a note is told twice.
 */
export interface Injected {
  /** Keys of memory notes and of the recall contract (`noteKey`). */
  given: string[];
  /** Ids of recall records. */
  recalled: string[];
}

export const NOTHING_INJECTED: Injected = { given: [], recalled: [] };

const LIMITS = { given: 4_000, recalled: 2_000 } satisfies Record<keyof Injected, number>;
const MAX_BYTES = 1_000_000;

/**
 * File of a session; session ids come from outside.
 * @returns undefined for a session without a name: nothing can be remembered for it
 */
function injectedFile(layout: Pick<BucketLayout, 'sessions'>, sessionId: string): string | undefined {
  if (sessionId === '') return undefined;
  // Codex's ids are UUIDs. A stranger's name becomes a sum here and not a sha256: crypto costs the hook 2 ms.
  const name = OUTSIDE_NAME.test(sessionId) ? sessionId : `h-${noteKey(sessionId)}`;
  return path.join(layout.sessions, `${name}.injected.json`);
}

/** What a session has been given; undefined when nothing is known (no file, or a damaged one). */
export function readInjected(layout: Pick<BucketLayout, 'sessions'>, sessionId: string): Injected | undefined {
  const file = injectedFile(layout, sessionId);
  if (file === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(readText(file, MAX_BYTES) ?? 'null');
    if (!isRecord(value) || value['version'] !== 1) return undefined;
    return { given: texts(value['given']), recalled: texts(value['recalled']) };
  } catch {
    return undefined;
  }
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index]);

/** Remembers it; `before` is what the file says already, when the caller has read it. @throws DiskFailure; whoever calls decides whether that matters */
export function writeInjected(
  layout: Pick<BucketLayout, 'sessions'>,
  sessionId: string,
  injected: Injected,
  before?: Injected,
): void {
  const file = injectedFile(layout, sessionId);
  if (file === undefined) return;
  const bounded = {
    version: 1,
    session_id: sessionId.slice(0, 200),
    given: injected.given.slice(-LIMITS.given),
    recalled: injected.recalled.slice(-LIMITS.recalled),
  };
  // Replacing a file costs a flush of the disk, a few milliseconds, and a resumed session often brings nothing new.
  if (before && sameTexts(before.given, bounded.given) && sameTexts(before.recalled, bounded.recalled)) return;
  makeFolder(layout.sessions);
  writeDurably(file, renderJson(bounded), { sync: false });
}
