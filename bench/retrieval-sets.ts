import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecallRecord } from '../src/contracts/recall.ts';

/** A test collection: records, queries, and which records answer which query. */
export interface RetrievalSet {
  name: string;
  records: RecallRecord[];
  queries: { id: string; text: string; grades: Map<string, number> }[];
}

interface Entry {
  id: string;
  title?: string;
  text: string;
}

/** All sets below a folder: each with corpus.jsonl, queries.jsonl, qrels.tsv. */
export function readSets(folder: string): RetrievalSet[] {
  return readdirSync(folder)
    .toSorted()
    .filter((name) => existsSync(path.join(folder, name, 'qrels.tsv')))
    .map((name) => readSet(path.join(folder, name), name));
}

function readSet(folder: string, name: string): RetrievalSet {
  const grades = new Map<string, Map<string, number>>();
  for (const row of readFileSync(path.join(folder, 'qrels.tsv'), 'utf8').split('\n').slice(1)) {
    const [query, record, grade] = row.split('\t');
    if (!query || !record) continue;
    if (!grades.has(query)) grades.set(query, new Map());
    grades.get(query)?.set(record, Number(grade));
  }
  return {
    name,
    records: readEntries(path.join(folder, 'corpus.jsonl')).map(recordOf),
    queries: readEntries(path.join(folder, 'queries.jsonl')).flatMap(({ id, text }) => {
      const own = grades.get(id);
      return own ? [{ id, text, grades: own }] : [];
    }),
  };
}

function readEntries(file: string): Entry[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Entry => JSON.parse(line));
}

const recordOf = ({ id, title = '', text }: Entry): RecallRecord => ({
  id,
  summary: title,
  content: text,
  source_paths: [],
  repo_fingerprint: '',
  cwd: '',
  thread_id: '',
  turn_id: '',
  source_updated_at: '',
});

export interface Quality {
  ndcg: number;
  mrr: number;
  recall5: number;
  hit1: number;
}

/** nDCG@10, MRR@10, recall@5 and hit@1, averaged over the queries. */
export function qualityOf(set: RetrievalSet, search: (query: string) => string[]): Quality {
  const total: Quality = { ndcg: 0, mrr: 0, recall5: 0, hit1: 0 };
  for (const { text, grades } of set.queries) {
    const gains = search(text)
      .slice(0, 10)
      .map((id) => grades.get(id) ?? 0);
    const first = gains.findIndex((gain) => gain > 0);
    total.ndcg += discounted(gains) / discounted([...grades.values()].toSorted((a, b) => b - a).slice(0, 10));
    total.mrr += first < 0 ? 0 : 1 / (first + 1);
    total.recall5 += gains.slice(0, 5).filter((gain) => gain > 0).length / grades.size;
    total.hit1 += first === 0 ? 1 : 0;
  }
  const queries = set.queries.length;
  return {
    ndcg: total.ndcg / queries,
    mrr: total.mrr / queries,
    recall5: total.recall5 / queries,
    hit1: total.hit1 / queries,
  };
}

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, index) => sum + (2 ** gain - 1) / Math.log2(index + 2), 0);
