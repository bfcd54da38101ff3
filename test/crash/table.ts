import { afterAll, beforeAll, expect, test } from 'vitest';
import { noteCovered } from '../support/crash-summary.ts';
import { dieAt, prepare } from './crash-table.ts';
import type { Ending } from './crash-table.ts';
import { Lab } from './lab.ts';
import { scenarios } from './scenarios.ts';

export interface Row {
  ending: Ending;
  /** As in: what happens in front of every call. */
  title: string;
}

/** One test per scenario: a run that ends so at each of its calls, and once after the last. */
export function crashTable({ ending, title }: Row): void {
  let lab: Lab;
  beforeAll(() => {
    lab = new Lab();
  });
  afterAll(() => lab.dispose());

  test.each(scenarios)('in front of every call: $name', async (scenario) => {
    const prepared = await prepare(lab, scenario);
    const { calls } = prepared;
    const wrong: Record<string, string[]> = {};
    const phases: Record<string, number> = {};
    for (let number = 1; number <= calls.length + 1; number++) {
      const call = calls[number - 1];
      if (ending === 'tear' && call?.kind !== 'write') continue;
      const problems = await dieAt(prepared, number, ending);
      const name = `${number} ${call?.phase} ${call?.kind} ${call?.path.slice(lab.folder.length)}`;
      if (problems.length > 0) wrong[name] = problems;
      // The one after the last call is what an undisturbed run leaves: tried, and not counted.
      if (call) phases[call.phase] = (phases[call.phase] ?? 0) + 1;
    }
    noteCovered({ ending: title, phases });
    expect(wrong).toEqual({});
  });
}
