import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Call, Fate } from '../support/fault-layer.ts';
import { fromHere, prepare } from './crash-table.ts';
import { Lab, lay } from './lab.ts';
import { scenarios } from './scenarios.ts';

/** What a virus scanner or an editor that has a file open does to a rename on Windows. */
describe('a rename that another program blocks for a moment', () => {
  let lab: Lab;
  beforeAll(() => {
    lab = new Lab();
  });
  afterAll(() => lab.dispose());

  test.each(scenarios)('is tried again: $name', async (scenario) => {
    const { before, whole } = await prepare(lab, scenario);
    lay(before);
    const blocked = new Set<string>();
    const fateOf = (call: Call): Fate => {
      if (call.kind !== 'rename' || blocked.has(call.path)) return { kind: 'pass' };
      blocked.add(call.path);
      return { kind: 'fail', code: 'EBUSY' };
    };
    const { told, thrown } = await fromHere(lab, scenario, { root: lab.folder, fateOf });
    expect({ told, thrown }).toEqual({ told: undefined, thrown: undefined });
    expect(blocked.size).toBeGreaterThan(0);
    expect(await lab.view()).toEqual(whole[1]);
  });
});
