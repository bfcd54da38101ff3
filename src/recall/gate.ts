import { isRecord } from '../contracts/json.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readText } from '../kernel/files.ts';
import { writeDurably } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { renderJson } from '../kernel/render-json.ts';

/** What a model is to be given. */
export interface Gated {
  /** Tells its text from every other one that a model may be given. */
  key: string;
  record: { summary: string; content: string };
}

/**
 * The last look at a text before a model reads it. It was linted when it was stored; since then the
 * rules may have grown, and people and other programs edit files. The lint takes half a millisecond
 * per text in a fresh process, so verdicts are kept: a text that these rules have passed is passed.
 */
export interface Gate {
  /** Those that must not be shown, in their order. */
  harmful<T extends Gated>(shown: readonly T[]): Promise<T[]>;
  /** Keeps the verdicts, if the disk lets us. */
  remember(): void;
}

/**
 * Names the rules: the build puts a digest of their source here, one for all bundles, since hooks and
 * commands keep their verdicts in one file. Under other rules what was passed is looked at again.
 */
declare const LINT_EDITION: string | undefined;
const EDITION = typeof LINT_EDITION === 'string' ? LINT_EDITION : 'source';

const MOST_KEPT = 3_000;
const MAX_BYTES = 200_000;

/** @param layout bucket whose verdicts are read and kept; undefined: nothing is kept */
export function openGate(layout: Pick<BucketLayout, 'linted'> | undefined): Gate {
  const passed = new Set(layout ? readPassed(layout.linted) : []);
  let news = false;
  return {
    async harmful(shown) {
      const unknown = shown.filter(({ key }) => !passed.has(key));
      if (unknown.length === 0) return [];
      const { lintSuggestion } = await import('../safety/lint.ts');
      const refused = unknown.filter(({ record }) => !lintSuggestion([record.summary, record.content]).ok);
      for (const gated of unknown) {
        if (refused.includes(gated)) continue;
        passed.add(gated.key);
        news = true;
      }
      return refused;
    },
    remember() {
      if (!layout || !news) return;
      news = false;
      const kept = { version: 1, edition: EDITION, passed: [...passed].slice(-MOST_KEPT) };
      // Without it the next session is a little slower, and nothing else.
      attempt(() => writeDurably(layout.linted, renderJson(kept), { sync: false }));
    },
  };
}

function readPassed(file: string): string[] {
  try {
    const value: unknown = JSON.parse(readText(file, MAX_BYTES) ?? 'null');
    if (!isRecord(value) || value['edition'] !== EDITION || !Array.isArray(value['passed'])) return [];
    return value['passed'].filter((key) => typeof key === 'string');
  } catch {
    return [];
  }
}
