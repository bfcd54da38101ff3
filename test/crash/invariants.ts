import fs from 'node:fs';
import path from 'node:path';
import { readCurrentGeneration } from '../../src/assets/read-generation.ts';
import { countEnvelopes } from '../../src/bucket/pending.ts';
import { envelopeIds } from '../../src/bucket/envelope-file.ts';
import { sha256 } from '../../src/kernel/digest.ts';
import { filesBelow, foldersBelow } from './bury.ts';
import type { Lab, View } from './lab.ts';
import type { Scenario } from './scenario.ts';

export type Death = 'killed' | 'power';

/** What readers may never see, at whatever moment the program died. */
export function brokenNow(lab: Lab, seen: View, whole: readonly View[], death: Death): string[] {
  const problems = seen.problems.map((problem) => `a reader met: ${problem}`);
  const sight = JSON.stringify(seen);
  if (!whole.some((view) => JSON.stringify(view) === sight))
    problems.push(`a reader saw neither the old state nor the new one: ${sight}`);
  return death === 'killed' ? [...problems, ...tornFiles(lab, () => true)] : problems;
}

/** What must not be when the next runs have come by. */
export function brokenLater(lab: Lab, scenario: Scenario, death: Death): string[] {
  return [
    ...wrongFacts(lab, scenario),
    ...wrongEnvelopes(lab),
    ...staleMirrors(lab),
    ...leftovers(lab, death),
    // A power cut may empty what is not synced because the ledger knows it: settled envelopes.
    ...tornFiles(lab, (file) => death === 'killed' || !/\/(?:done|discarded|set-aside)\//.test(file)),
  ];
}

function wrongFacts(lab: Lab, { facts, gone = [], purged = [] }: Scenario): string[] {
  const entries = lab.entries();
  const count = (fact: string): number => entries.filter((entry) => entry.includes(fact)).length;
  return [
    ...facts.filter((fact) => count(fact) !== 1).map((fact) => `"${fact}" is in ${count(fact)} entries`),
    ...gone.filter((fact) => count(fact) !== 0).map((fact) => `"${fact}" is still there`),
    ...filesBelow(lab.home)
      .filter((file) => purged.some((fact) => fs.readFileSync(file, 'utf8').includes(fact)))
      .map((file) => `${path.relative(lab.folder, file)} still holds what was forgotten`),
  ];
}

function wrongEnvelopes(lab: Lab): string[] {
  const { layout } = lab.bucket;
  const applied = lab.applied();
  const { pending, processing, failed } = countEnvelopes(layout);
  const { current } = readCurrentGeneration(layout);
  const settled = [...envelopeIds(layout, 'done'), ...envelopeIds(layout, 'discarded')];
  return [
    ...[...applied].filter(([, times]) => times !== 1).map(([id, times]) => `${id} was applied ${times} times`),
    ...settled.filter((id) => !(id in (current?.facts.applied ?? {}))).map((id) => `${id} is settled and in no ledger`),
    ...[...applied.keys()].filter((id) => !settled.includes(id)).map((id) => `${id} is applied and not settled`),
    ...(pending + processing + failed > 0 ? [`pending ${pending}, processing ${processing}, failed ${failed}`] : []),
  ];
}

function staleMirrors(lab: Lab): string[] {
  const { current } = readCurrentGeneration(lab.bucket.layout);
  if (!current) return ['there is no sound generation'];
  return Object.entries(current.facts.mirrors).flatMap(([name, sum]) => {
    const file = lab.at(name);
    return fs.existsSync(file) && sha256(fs.readFileSync(file)) === sum ? [] : [`the mirror ${name} differs`];
  });
}

const LEFTOVER = /^(?:\.stage-|compile\.lock|mirror-)/;
/** Nobody takes the lock of an archive; should it be put back one day, its owner is long gone. */
const isOfArchive = (file: string): boolean => /\.archived\.\d{8}T\d{6}\//.test(file);

function leftovers(lab: Lab, death: Death): string[] {
  const { layout } = lab.bucket;
  const kept = [layout.trash, layout.edits, layout.queue, layout.proposals, path.join(lab.home, 'workers')];
  // A power cut may tear an entry that the hook did not sync; it is set aside.
  if (death === 'killed') kept.push(layout.setAside);
  return [
    ...[...filesBelow(lab.folder), ...foldersBelow(lab.folder)].filter(
      (file) => LEFTOVER.test(path.basename(file)) && !isOfArchive(file),
    ),
    ...kept.flatMap((folder) => filesBelow(folder).filter((file) => !path.basename(file).startsWith('.tmp-'))),
  ].map((file) => `left over: ${path.relative(lab.folder, file)}`);
}

function tornFiles(lab: Lab, counts: (file: string) => boolean): string[] {
  return filesBelow(lab.home)
    .filter((file) => file.endsWith('.json') && !/\/\.(?:tmp|new|stage|purged)-/.test(file) && counts(file))
    .flatMap((file) => {
      try {
        JSON.parse(fs.readFileSync(file, 'utf8'));
        return [];
      } catch {
        return [`torn: ${path.relative(lab.folder, file)}`];
      }
    });
}
