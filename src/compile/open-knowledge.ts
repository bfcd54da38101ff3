import path from 'node:path';
import type * as v from 'valibot';
import type { Envelope } from '../contracts/envelope.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Generation, KeptKeys, Ledger, RecallChunk, Tombstone } from '../contracts/generation.ts';
import { Memory } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { RecallIndex } from '../contracts/recall.ts';
import { Manifest } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { foreignKeys, withKeys } from '../assets/kept-keys.ts';
import { readCurrentGeneration, readFacts } from '../assets/read-generation.ts';
import { readOlderMemory } from '../assets/read-memory.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { exists, readBytes, readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { parseJson } from '../kernel/json-file.ts';
import { envelopeIds, readEnvelope } from '../bucket/envelope-file.ts';
import { setAside } from '../bucket/set-aside.ts';

/** Changes to the stored recall records that no generation has yet. */
export interface RecallEdits {
  added: ReadonlyMap<string, RecallRecord>;
  replaced: ReadonlyMap<string, RecallRecord>;
  removed: ReadonlySet<string>;
}

const NO_RECALL_EDITS: RecallEdits = { added: new Map(), replaced: new Map(), removed: new Set() };

/** What is known before a compile: the current generation, or what an older home holds. */
export interface OpenKnowledge {
  /** Highest number taken; the next promotion is this plus one. Null: there is none yet. */
  highest: number | null;
  /** Facts of the generation that the content comes from; undefined for a first promotion. */
  facts: Generation | undefined;
  memory: Memory;
  skills: Skill[];
  ledger: Ledger;
  tombstones: Tombstone[];
  recallFolder: string | undefined;
  recallChunks: RecallChunk[];
  /** Records of an older home that have no generation yet. */
  imported: RecallRecord[];
  /** What a person changed in recall since: applied on top of the stored records. */
  recallEdits: RecallEdits;
  /** Files of an older home whose content is taken over: path → sha256. */
  adopted: Record<string, string[]>;
  /** Keys of the mirrors that are not ours; they are written again with them. */
  keptKeys: KeptKeys;
  problems: string[];
}

/**
 * Opens a bucket for a compile.
 * @returns `newer-schema` when a later version has written here: everything is left alone then
 */
export function openKnowledge(layout: BucketLayout): Result<OpenKnowledge> {
  const { current, damaged } = readCurrentGeneration(layout);
  const newer = damaged.find((generation) => generation.detail === 'newer-schema');
  if (newer)
    return fail({ reason: 'newer-schema', path: path.join(layout.generations, String(newer.generation)), version: 2 });
  const problems = damaged.map(
    (generation) => `generation ${generation.generation} is damaged (${generation.detail}) and passed over`,
  );
  const highest = listGenerations(layout)[0]?.number ?? null;
  if (!current) return openOlderHome(layout, highest, problems);
  return succeed({
    highest,
    facts: current.facts,
    memory: current.memory,
    skills: current.skills,
    ledger: current.facts.applied,
    tombstones: damaged.length > 0 ? tombstonesOf(layout) : current.facts.tombstones,
    recallFolder: current.folder.folder,
    recallChunks: current.facts.recall_chunks,
    imported: [],
    recallEdits: NO_RECALL_EDITS,
    adopted: {},
    keptKeys: current.facts.kept_keys ?? {},
    problems,
  });
}

/**
 * A bucket of the Python plugin, or one whose generations are all damaged: its mirrors are the knowledge, its done/ and
 * discarded/ the ledger.
 */
function openOlderHome(layout: BucketLayout, highest: number | null, problems: string[]): Result<OpenKnowledge> {
  const adopted: Record<string, string[]> = {};
  const note = (file: string): void => {
    // A link or a folder in the place of a mirror is told when the mirrors are written.
    const bytes = attempt(() => readBytes(file, MAX_OLDER_FILE));
    if (bytes.ok && bytes.value)
      adopted[path.relative(layout.stateDir, file).replaceAll('\\', '/')] = [sha256(bytes.value)];
  };
  const readOlder = olderReader(layout, problems);
  const index = readOlder(layout.recallIndex, RecallIndex);
  if (!index.ok) return index;
  const manifest = readOlder(exists(layout.manifest) ? layout.manifest : layout.olderManifest, Manifest);
  if (!manifest.ok) return manifest;
  const memoryFile = readOlder(layout.memoryJson, Memory);
  if (!memoryFile.ok) return memoryFile;
  const memory = readOlderMemory(layout, problems);
  for (const file of [
    layout.userMd,
    layout.memoryMd,
    layout.memoryJson,
    layout.recallIndex,
    layout.recallMd,
    layout.manifest,
  ])
    note(file);
  const skills = (manifest.value?.skills ?? []).map((entry): Skill => {
    const file = path.join(layout.managedSkills, `${entry.skill_id}.md`);
    const named = MANAGED_NAME.test(entry.skill_id);
    if (named) note(file);
    return { ...entry, content: named ? bodyOf(readText(file, MAX_OLDER_FILE) ?? '') : '' };
  });
  return succeed({
    highest,
    facts: undefined,
    memory,
    skills,
    ledger: ledgerOf(layout),
    tombstones: tombstonesOf(layout),
    recallFolder: undefined,
    recallChunks: [],
    imported: index.value?.records ?? [],
    recallEdits: NO_RECALL_EDITS,
    adopted,
    keptKeys: olderKeys({ memory: memoryFile.value, index: index.value, manifest: manifest.value }),
    problems,
  });
}

/** Damage of memory or records does not lift what the newest generation says is forgotten. */
function tombstonesOf(layout: BucketLayout): Tombstone[] {
  for (const folder of listGenerations(layout)) {
    const facts = readFacts(folder);
    if (facts.ok) return facts.value.tombstones;
  }
  return [];
}

function olderKeys({ memory, index, manifest }: Record<'memory' | 'index' | 'manifest', unknown>): KeptKeys {
  const ofMemory = withKeys({}, 'memory/memory.json', foreignKeys('memory/memory.json', memory));
  const ofRecall = withKeys(ofMemory, 'recall/index.json', foreignKeys('recall/index.json', index));
  return withKeys(ofRecall, 'skills/manifest.json', foreignKeys('skills/manifest.json', manifest));
}

const MAX_OLDER_FILE = 256 * 1024 * 1024;
const MANAGED_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

type OlderReader = <S extends v.GenericSchema>(file: string, schema: S) => Result<v.InferOutput<S> | undefined>;

/** A missing file is empty; a damaged one is set aside and told, never read as empty and overwritten. */
function olderReader(layout: BucketLayout, problems: string[]): OlderReader {
  return (file, schema) => {
    const text = readText(file, MAX_OLDER_FILE);
    if (text === undefined) return succeed(undefined);
    const parsed = parseJson(file, text, schema);
    if (parsed.ok || parsed.failure.reason !== 'file-invalid') return parsed;
    const kept = setAside(layout, file, parsed.failure.detail);
    problems.push(`${file} is damaged and was moved to ${kept?.keptAt ?? 'set-aside/'}`);
    return succeed(undefined);
  };
}

/** The body of a managed skill's file, without title and status line. */
export function bodyOf(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines[0]?.startsWith('# ')) lines.shift();
  const rest = lines.join('\n').trim();
  return rest.startsWith('Status: retired') ? rest.slice('Status: retired'.length).trim() : rest;
}

/** What the older home's folders say was applied; so nothing of it is merged a second time. */
function ledgerOf(layout: BucketLayout): Ledger {
  const ledger: Ledger = {};
  for (const outcome of ['done', 'discarded'] as const) {
    for (const id of envelopeIds(layout, outcome)) {
      const envelope = readEnvelope(layout, outcome, id);
      ledger[id] = { outcome, at: envelope.ok ? lastTransition(envelope.value) : '' };
    }
  }
  return ledger;
}

const lastTransition = (envelope: Envelope): string =>
  envelope.transition_log.at(-1)?.at || envelope.reviewer_timestamp;
