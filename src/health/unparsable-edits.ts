import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { parseMemoryMarkdown } from '../assets/memory-markdown.ts';
import { factsOf, listNames, readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/** Hand edits that no compile can take over: they are kept, and their owner should know. */

/** A mirror above this is not parsed for the sake of `status`. */
const LARGEST = 8 * 1024 * 1024;

const READERS: Record<string, (text: string) => boolean> = {
  'memory/USER.md': isMemory,
  'memory/MEMORY.md': isMemory,
  'recall/index.json': isJson,
  'skills/manifest.json': isJson,
};

/** Paths of the edits in edits/ that were parked, and of edited mirrors that cannot be parsed. */
export function unparsableEdits(layout: BucketLayout): string[] {
  const parked = listNames(layout.edits).filter((name) => name.endsWith('.unreadable'));
  const noted = notedMirrors(layout);
  const inPlace = Object.entries(READERS).flatMap(([name, reads]) => {
    const file = path.join(layout.stateDir, name);
    return isTouched(file, noted[name]) && !reads(readText(file, LARGEST) ?? '') ? [file] : [];
  });
  return [...parked.map((name) => path.join(layout.edits, name)), ...inPlace];
}

function isMemory(text: string): boolean {
  return parseMemoryMarkdown(text) !== undefined;
}

function isJson(text: string): boolean {
  try {
    return isRecord(JSON.parse(text.trim() === '' ? '{}' : text));
  } catch {
    return false;
  }
}

/** Told by times and sizes, as a compile does; a mirror that was never written down has nothing to compare with. */
function isTouched(file: string, noted: unknown): boolean {
  const facts = factsOf(file);
  if (facts?.kind !== 'file' || facts.size > LARGEST) return false;
  return !isRecord(noted) || facts.mtimeNs !== noted['mtimeNs'] || facts.size !== noted['size'];
}

function notedMirrors(layout: BucketLayout): Record<string, unknown> {
  try {
    const state: unknown = JSON.parse(readText(layout.mirrors, LARGEST) ?? 'null');
    const files = isRecord(state) ? state['files'] : undefined;
    return isRecord(files) ? files : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
