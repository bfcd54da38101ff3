import fs from 'node:fs';

type Kinds = readonly { kind: string }[];

const countOf = (list: Kinds, kind: string): number => list.filter((each) => each.kind === kind).length;

/** `kind: n of m` for every kind with a hit, and the sum. */
export function figures(title: string, all: Kinds, hits: Kinds): string {
  const kinds = [...new Set(hits.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => `${kind}: ${countOf(hits, kind)} of ${countOf(all, kind)}`);
  return [
    `${title}: ${hits.length} of ${all.length} in ${new Set(all.map(({ kind }) => kind)).size} kinds`,
    ...rows,
  ].join('; ');
}

/** Figures and seeds belong into the test's output. */
export const report = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Processor time of this process, in microseconds: other work on the machine does not count. */
function cost(work: () => unknown): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return user + system;
}

const SIZE = 12_000;
/** Below this, what is measured is the clock and the compiler. */
const NOISE = 4_000;

/** How much more a text of four times the length costs: 4 when linear, 16 when quadratic; 1 when too cheap to tell. */
export function growthOf(work: (text: string) => unknown, unit: string): number {
  const text = (size: number): string => unit.repeat(Math.ceil(size / unit.length));
  const best = (size: number): number => Math.min(...[1, 2, 3].map(() => cost(() => work(text(size)))));
  work(text(SIZE / 4));
  const small = best(SIZE);
  const large = best(SIZE * 4);
  return large < NOISE ? 1 : large / Math.max(small, NOISE / 4);
}

const page = fs.readFileSync(new URL('../../../docs/security-corpora.md', import.meta.url), 'utf8');

/** The limits that the page promises for a set: the least share that is stopped, the largest that is stopped wrongly. */
export function promised(name: string): [least: number, most: number] {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} `));
  const [least, most] = [...(row ?? '').matchAll(/(?:≥|≤) ([\d.]+) %/g)].map(([, share]) => Number(share) / 100);
  if (least === undefined || most === undefined) throw new Error(`the page says nothing of "${name}"`);
  return [least, most];
}
