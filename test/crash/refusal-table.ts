import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiskFailure } from '../../src/kernel/disk-failure.ts';
import { describe as inWords } from '../../src/commands/describe.ts';
import { noteCovered } from '../support/crash-summary.ts';
import type { Call, Fate } from '../support/fault-layer.ts';
import { bury } from './bury.ts';
import { fromHere, prepare, recover } from './crash-table.ts';
import type { Prepared } from './crash-table.ts';
import { brokenLater, brokenNow } from './invariants.ts';
import { Lab, lay } from './lab.ts';
import { scenarios } from './scenarios.ts';

/** What a disk answers at one call, or at that and all later ones that it concerns. */
export interface Refusal {
  /** Used in turn, call by call. */
  codes: readonly string[];
  title: string;
  lasts: boolean;
  concerns(call: Call): boolean;
}

export const NEEDS_ROOM = new Set<Call['kind']>(['open', 'write', 'fsync', 'mkdir', 'link', 'copy', 'symlink']);

/** One test per scenario: the disk refuses so at each of its calls. */
export function refusalTable(refusal: Refusal): void {
  let lab: Lab;
  beforeAll(() => {
    lab = new Lab();
  });
  afterAll(() => lab.dispose());

  test.each(scenarios)('at every call: $name', async (scenario) => {
    const prepared = await prepare(lab, scenario);
    const wrong: Record<string, string[]> = {};
    for (const call of prepared.calls) {
      const problems = await refuseAt(prepared, call.number, refusal);
      if (problems.length > 0)
        wrong[`${call.number} ${call.phase} ${call.kind} ${path.relative(lab.folder, call.path)}`] = problems;
    }
    noteCovered({ ending: `disk refuses: ${refusal.title}`, phases: { calls: prepared.calls.length } });
    expect(wrong).toEqual({});
  });
}

async function refuseAt(prepared: Prepared, number: number, refusal: Refusal): Promise<string[]> {
  const { lab, before, scenario, whole } = prepared;
  const code = refusal.codes[number % refusal.codes.length] ?? 'EIO';
  const fateOf = (call: Call): Fate => {
    const isMeant = call.number === number || (refusal.lasts && call.number > number && refusal.concerns(call));
    return isMeant ? { kind: 'fail', code } : { kind: 'pass' };
  };
  lay(before);
  const { told, thrown } = await fromHere(lab, scenario, { root: lab.folder, fateOf });
  const problems = [...unclear(told, thrown), ...blamed(prepared, refusal.lasts)];
  problems.push(...brokenNow(lab, await lab.view(), whole, 'killed'));
  // The process ends; the next is another one, a little later.
  bury(lab, 'killed');
  await scenario.next?.(lab);
  problems.push(...(await recover(lab)), ...brokenLater(lab, scenario, 'killed'));
  return problems;
}

/** Only a disk's refusal is ever thrown, and what is told is one line without a stack. */
function unclear(told: unknown, thrown: unknown): string[] {
  if (thrown !== undefined && !(thrown instanceof DiskFailure))
    return [`thrown: ${thrown instanceof Error ? thrown.message : typeof thrown}`];
  const failure = thrown instanceof DiskFailure ? thrown.failure : told;
  const text = isFailure(failure) ? inWords(failure) : String(failure);
  return /\n|\bat \/|\[object/.test(text) ? [`not one clear line: ${text}`] : [];
}

const isFailure = (value: unknown): value is DiskFailure['failure'] =>
  typeof value === 'object' && value !== null && 'reason' in value;

const isJudged = (name: string): boolean => /^[^.].*\.json$/.test(name);

/** A refused disk says nothing about the envelopes. */
function blamed({ lab, scenario }: Prepared, lasts: boolean): string[] {
  // Its run had died before, and that counts.
  if (scenario.died) return [];
  return ['pending', 'processing', 'failed'].flatMap((state) => {
    const folder = path.join(lab.stateDir, 'suggestions', state);
    const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => isJudged(name)) : [];
    return names.flatMap((name) => {
      const { attempt_count: attempts, crash_count: crashes = 0 } = JSON.parse(
        fs.readFileSync(path.join(folder, name), 'utf8'),
      );
      // Whoever cannot even move it back leaves it for the next run to find.
      const stays = state === 'processing' && !lasts;
      return [
        ...(attempts > 0 || crashes > 0 ? [`${state}/${name} counts ${attempts} attempts, ${crashes} crashes`] : []),
        ...(stays ? [`${name} was not given back`] : []),
      ];
    });
  });
}
