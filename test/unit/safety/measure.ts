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

const SIZE = 6_000;
const TIMES = 16;
/** What growthOf has to stay below: linear work gives about 1, quadratic work TIMES. */
export const GROWTH_LIMIT = 4;
/** The compiler and the garbage collector strike when they like: the least of at least two rounds counts. */
const MAX_ROUNDS = 8;

/**
 * What one text of TIMES the length costs, in terms of what TIMES short ones cost. Both sides handle as many
 * characters, so that a slow machine and cold code weigh on both.
 */
export function growthOf(work: (text: string) => unknown, unit: string): number {
  const short = unit.repeat(Math.ceil(SIZE / unit.length));
  const long = short.repeat(TIMES);
  const atOnce = (): unknown => work(long);
  const inParts = (): void => {
    for (let part = 0; part < TIMES; part += 1) work(short);
  };
  let [ratio, least, leastInParts] = [Infinity, Infinity, Infinity];
  for (let round = 0; round < 2 || (round < MAX_ROUNDS && ratio >= GROWTH_LIMIT); round += 1) {
    least = Math.min(least, cost(atOnce));
    leastInParts = Math.min(leastInParts, cost(inParts));
    ratio = least / Math.max(leastInParts, 1);
  }
  return ratio;
}

/**
 * What a text costs in terms of what ordinary words of the same length cost; only a text that seems dear is measured
 * again, and its least counts.
 */
export function costRatio(work: (text: string) => unknown, text: string, ordinary: string): number {
  const usual = ordinary.repeat(Math.ceil(text.length / ordinary.length)).slice(0, text.length);
  let ratio = Infinity;
  for (let round = 0; round < MAX_ROUNDS && ratio >= COST_LIMIT; round += 1)
    ratio = Math.min(
      ratio,
      cost(() => work(text)) /
        Math.max(
          cost(() => work(usual)),
          1_000,
        ),
    );
  return ratio;
}
/** What costRatio has to stay below: words that rules look for cost more than those that none looks for. */
export const COST_LIMIT = 50;

const page = fs.readFileSync(new URL('../../../docs/security-corpora.md', import.meta.url), 'utf8');

/** The limits that the page promises for a set: the least share that is stopped, the largest that is stopped wrongly. */
export function promised(name: string): [least: number, most: number] {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} `));
  const [least, most] = [...(row ?? '').matchAll(/(?:≥|≤) ([\d.]+) %/g)].map(([, share]) => Number(share) / 100);
  if (least === undefined || most === undefined) throw new Error(`the page says nothing of "${name}"`);
  return [least, most];
}
