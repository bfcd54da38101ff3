import { isRecord } from '../contracts/json.ts';
import type { Generation } from '../contracts/generation.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { mergeRecallEdit } from '../assets/merge-recall-edit.ts';
import { readFacts } from '../assets/read-generation.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import { damageOfRecords } from '../assets/recall-damage.ts';
import { readRecordLine } from '../assets/recall-record.ts';
import { counted } from '../kernel/counted.ts';
import { recallId } from '../kernel/digest.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { adoptKeys, noteAdopted, reportUnreadable } from './adopted-edits.ts';
import type { AdoptedEdits } from './adopted-edits.ts';
import { RECALL_MIRROR } from './edited-mirrors.ts';
import { findEdits } from './find-edits.ts';
import type { Edit, EditSearch } from './find-edits.ts';
import { isForgottenRecall } from './forgotten.ts';
import { liftOrDrop } from './lift-tombstones.ts';
import { recallState } from './mirror-recall.ts';
import { recallRecords } from './recall-records.ts';
import type { BucketWork } from './show-generation.ts';

/** Takes records that a person added, changed or removed in recall/index.json into the knowledge. */
export function adoptRecallEdits(work: BucketWork, search: EditSearch, result: AdoptedEdits): void {
  for (const edit of findEdits(search, RECALL_MIRROR)) {
    const parsed = parseIndex(edit.text);
    if (parsed) adoptIndex(work, result, { edit, parsed });
    else reportUnreadable(work, edit, 'is no JSON object with records');
  }
}

interface ParsedIndex {
  records: RecallRecord[];
  state: string | null;
  /** Ids of entries that are no records; without an id there is nothing to tell them by. */
  unread: Set<string>;
  unreadable: number;
  whole: unknown;
}

function parseIndex(text: string): ParsedIndex | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  const entries = isRecord(value) ? value['records'] : value;
  if (!Array.isArray(entries)) return undefined;
  const index: ParsedIndex = { records: [], state: null, unread: new Set(), unreadable: 0, whole: value };
  if (isRecord(value) && typeof value['state'] === 'string') index.state = value['state'];
  for (const entry of entries) {
    const record = readEntry(entry);
    if (record) index.records.push(record);
    else {
      index.unreadable++;
      if (isRecord(entry) && typeof entry['id'] === 'string') index.unread.add(entry['id']);
    }
  }
  return index;
}

/** A record that a person writes needs neither an id nor a summary. */
function readEntry(entry: unknown): RecallRecord | undefined {
  if (!isRecord(entry) || typeof entry['content'] !== 'string' || entry['content'].trim() === '') return undefined;
  const { content } = entry;
  const summary =
    typeof entry['summary'] === 'string' ? entry['summary'] : (content.split('\n', 1)[0] ?? '').slice(0, 80);
  const id = typeof entry['id'] === 'string' && entry['id'] !== '' ? entry['id'] : recallId(content);
  return readRecordLine(JSON.stringify({ ...entry, id, summary }));
}

interface IndexEdit {
  edit: Edit;
  parsed: ParsedIndex;
}

function adoptIndex(work: BucketWork, result: AdoptedEdits, { edit, parsed }: IndexEdit): void {
  const { layout } = work.bucket;
  const { knowledge } = result;
  const current = byId(recallRecords(knowledge));
  const base = baseOf(layout, parsed.state);
  const merged = mergeRecallEdit({ base: base?.records, edited: parsed.records, current, unread: parsed.unread });
  const judged = liftOrDrop({
    before: [],
    after: [...merged.added.values(), ...merged.replaced.values()],
    stones: knowledge.tombstones,
    isForgotten: isForgottenRecall,
    knownSince: parsed.state === null ? 'all' : (base?.facts.tombstones ?? []),
  });
  const dropped = new Set(judged.dropped.map((record) => record.id));
  const { added, replaced, removed } = joined(knowledge.recallEdits, merged, dropped);
  result.knowledge = { ...knowledge, recallEdits: { added, replaced, removed }, tombstones: judged.stones };
  const touched = [...merged.added.keys(), ...merged.replaced.keys(), ...merged.removed].filter(
    (id) => !dropped.has(id),
  );
  const keys = adoptKeys(result, RECALL_MIRROR, parsed.whole);
  noteAdopted(layout, result, { edit, touched: [...touched.map((id) => `recall:${id}`), ...keys] });
  if (parsed.unreadable > 0)
    work.report({
      type: 'problem',
      what: `${edit.file}: ${counted(parsed.unreadable, 'entry is no record and was', 'entries are no records and were')} left out`,
    });
}

type Edits = ReturnType<typeof mergeRecallEdit>;
type Earlier = AdoptedEdits['knowledge']['recallEdits'];

/** A later edit on top of an earlier one: a record that the earlier one added is no stored one yet. */
function joined(earlier: Earlier, later: Edits, dropped: ReadonlySet<string>): Edits {
  const added = new Map(earlier.added);
  const replaced = new Map(earlier.replaced);
  const removed = new Set(earlier.removed);
  for (const [id, record] of [...later.added, ...later.replaced]) {
    if (dropped.has(id)) continue;
    const isStored = removed.delete(id) || replaced.has(id) || (later.replaced.has(id) && !added.has(id));
    (isStored ? replaced : added).set(id, record);
  }
  for (const id of later.removed) {
    if (!added.delete(id)) removed.add(id);
    replaced.delete(id);
  }
  return { added, replaced, removed };
}

const byId = (records: readonly RecallRecord[]): Map<string, RecallRecord> =>
  new Map(records.map((record) => [record.id, record]));

interface Base {
  records: Map<string, RecallRecord>;
  facts: Generation;
}

/** The newest generation with the records that the file was written with. */
function baseOf(layout: BucketLayout, state: string | null): Base | undefined {
  if (state === null) return undefined;
  for (const { folder, number } of listGenerations(layout)) {
    const facts = readFacts({ folder, number });
    if (!facts.ok || recallState({ chunks: facts.value.recall_chunks, files: facts.value.files }) !== state) continue;
    // Generations share a state: another of them may still have what this one has lost.
    if (damageOfRecords(folder, facts.value)) continue;
    const records = facts.value.recall_chunks.flatMap((chunk) => recordsOfChunk(openChunk(folder, chunk.name)));
    return { records: byId(records), facts: facts.value };
  }
  return undefined;
}
