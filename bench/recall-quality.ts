import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { eachTerm } from '../src/assets/recall-terms.ts';
import { recallStoreOf } from '../src/assets/recall-store.ts';
import type { RecallHit, RecallStore } from '../src/assets/recall-store.ts';
import { type Quality, qualityOf, readSets, type RetrievalSet } from './retrieval-sets.ts';

/**
 * How well recall ranks, per set, against two baselines. The sets are not part of the project:
 * `--data DIR` or CSEP_RECALL_DATA names the folder that they lie in.
 * With `--calibrate` it prints what thresholds of `relevance` let through: with and without the answer in the store.
 */

type Search = (query: string) => string[];

/** What a first version does: the number of query words that the text contains. */
function containment(set: RetrievalSet): Search {
  const texts = set.records.map(({ summary, content }) => `${summary} ${content}`.toLowerCase());
  return (query) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return best(
      set,
      texts.map((text) => words.filter((word) => text.includes(word)).length),
    );
  };
}

/** BM25 with the same terms: one field, no weights, no coverage, no stand-ins. */
function plain(set: RetrievalSet): Search {
  const lengths: number[] = [];
  const postings = new Map<string, Map<number, number>>();
  for (const [ordinal, { summary, content }] of set.records.entries()) {
    let length = 0;
    eachTerm(`${summary}\n${content}`, (term) => {
      length++;
      const list = postings.get(term) ?? new Map<number, number>();
      if (list.size === 0) postings.set(term, list);
      list.set(ordinal, (list.get(ordinal) ?? 0) + 1);
    });
    lengths.push(length);
  }
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return (query) => {
    const asked = new Set<string>();
    eachTerm(query, (term) => void asked.add(term));
    const scores = lengths.map(() => 0);
    for (const term of asked) {
      const list = postings.get(term) ?? new Map<number, number>();
      const rarity = Math.log(1 + (lengths.length - list.size + 0.5) / (list.size + 0.5));
      for (const [ordinal, count] of list) {
        const norm = 1.2 * (0.25 + (0.75 * (lengths[ordinal] ?? 0)) / average);
        scores[ordinal] = (scores[ordinal] ?? 0) + (rarity * count * 2.2) / (count + norm);
      }
    }
    return best(set, scores);
  };
}

function best(set: RetrievalSet, scores: readonly number[]): string[] {
  return scores
    .map((score, ordinal) => ({ score, ordinal }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.ordinal - b.ordinal)
    .slice(0, 10)
    .map(({ ordinal }) => set.records[ordinal]?.id ?? '');
}

const percent = (share: number): string => share.toFixed(4).padStart(8);
const line = (name: string, { ndcg, mrr, recall5, hit1 }: Quality): string =>
  `  ${name.padEnd(14)}${percent(ndcg)}${percent(mrr)}${percent(recall5)}${percent(hit1)}`;

function compare(sets: readonly RetrievalSet[]): void {
  for (const set of sets) {
    console.log(`${set.name}: ${set.records.length} records, ${set.queries.length} queries`);
    console.log(`  ${''.padEnd(14)} nDCG@10  MRR@10    R@5  hit@1`);
    const store = recallStoreOf(set.records);
    console.log(line('containment', qualityOf(set, containment(set))));
    console.log(line('plain BM25', qualityOf(set, plain(set))));
    console.log(
      line(
        'recall',
        qualityOf(set, (query) => store.search(query, { topK: 10 }).map(({ record }) => record.id)),
      ),
    );
  }
}

/** The best hit of a query. */
interface Asked {
  relevance: number;
  matched: number;
  right: boolean;
}

const askedOf = (store: RecallStore, text: string, isRight: (hit: RecallHit) => boolean): Asked => {
  const [hit] = store.search(text, { topK: 1 });
  return { relevance: hit?.relevance ?? 0, matched: hit?.matched ?? 0, right: hit !== undefined && isRight(hit) };
};

const share = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(3)).padStart(10);

/** A store of this many records: the answers of the first queries, and others to fill it. */
function smaller(set: RetrievalSet, size: number): RetrievalSet {
  const kept = new Set<string>();
  for (const { grades } of set.queries) if (kept.size < size / 2) for (const id of grades.keys()) kept.add(id);
  for (const { id } of set.records) if (kept.size < size) kept.add(id);
  return { ...set, records: set.records.filter(({ id }) => kept.has(id)) };
}

/**
 * What thresholds of relevance let through. Answered: queries whose answer is in the store. Unanswered: queries of the
 * same kind whose answer is not. Foreign: queries of the other sets.
 */
function calibrate(sets: readonly RetrievalSet[]): void {
  for (const set of sets) {
    for (const size of [30, 300, set.records.length].filter((most) => most <= set.records.length)) {
      calibrateOne(
        smaller(set, size),
        sets.filter((other) => other !== set),
      );
    }
  }
}

function calibrateOne(set: RetrievalSet, others: readonly RetrievalSet[]): void {
  const store = recallStoreOf(set.records);
  const known = new Set(set.records.map(({ id }) => id));
  const isAnswered = ({ grades }: RetrievalSet['queries'][number]): boolean =>
    [...grades.keys()].some((id) => known.has(id));
  const answered = set.queries
    .filter(isAnswered)
    .map(({ text, grades }) => askedOf(store, text, ({ record }) => grades.has(record.id)));
  const unanswered = set.queries
    .filter((query) => !isAnswered(query))
    .map(({ text }) => askedOf(store, text, () => false));
  const foreign = others.flatMap(({ queries }) =>
    queries.slice(0, 200).map(({ text }) => askedOf(store, text, () => false)),
  );
  console.log(
    `${set.name}, ${set.records.length} records: ${answered.length} answered, ${unanswered.length} unanswered, ${foreign.length} foreign queries`,
  );
  console.log('  relevance >=  right shown, wrong shown, unanswered shown, foreign shown');
  for (const limit of [5, 8, 10, 15, 20, 25, 30, 35, 40, 45, 50]) {
    const passes = ({ relevance, matched }: Asked): boolean => relevance >= limit / 100 && matched >= 2;
    const shown = answered.filter(passes);
    const right = shown.filter((asked) => asked.right).length;
    console.log(
      `  ${(limit / 100).toFixed(2)}   ${share(right, answered.length)}${share(shown.length - right, answered.length)}` +
        `${share(unanswered.filter(passes).length, unanswered.length)}${share(foreign.filter(passes).length, foreign.length)}`,
    );
  }
}

const { values } = parseArgs({ options: { data: { type: 'string' }, calibrate: { type: 'boolean', default: false } } });
const folder = values.data ?? process.env['CSEP_RECALL_DATA'];
if (!folder || !existsSync(folder)) {
  console.log(
    `recall-quality: no data${folder ? ` at ${folder}` : ''}. Name a folder of sets (corpus.jsonl, queries.jsonl, qrels.tsv each) ` +
      'with --data DIR or CSEP_RECALL_DATA; nothing was measured.',
  );
} else if (values.calibrate) calibrate(readSets(folder));
else compare(readSets(folder));
