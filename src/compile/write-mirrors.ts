import path from 'node:path';
import type { Report } from '../contracts/event.ts';
import type { Failure, Result } from '../contracts/failure.ts';
import type { Generation } from '../contracts/generation.ts';
import { MirrorState } from '../contracts/generation.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { readFacts } from '../assets/read-generation.ts';
import type { Mirrors } from '../assets/render-mirrors.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, listNames, readBytes, readText } from '../kernel/files.ts';
import { makeFolder, syncFile, syncFolder, writeDurably } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson, writeJson } from '../kernel/json-file.ts';
import { moveFile, removeFile } from '../kernel/move-files.ts';
import { renderJson } from '../kernel/render-json.ts';
import { isSkillMirror } from './edited-mirrors.ts';
import { ASIDE_PREFIX, flatName, SKILL_MIRRORS, UNREADABLE } from './names.ts';

/** Copies of the current generation in the documented layout; people and other programs read and edit them. */
export interface MirrorTask {
  layout: BucketLayout;
  facts: Generation;
  /** Path inside the bucket → text. */
  mirrors: Mirrors;
  report: Report;
}

/** Mirrors are files that people open; nobody edits one of this size by hand. */
const MAX_MIRROR_BYTES = 256 * 1024 * 1024;

/**
 * Writes every mirror that differs, keeping what a person saved in between, and mirrors.json last. What lies in the
 * place of one and is no file that can be read is told and left alone: the others do not wait for it.
 */
export function writeMirrors(task: MirrorTask): void {
  const files: MirrorState['files'] = { ...readMirrorState(task.layout)?.files };
  for (const [name, content] of task.mirrors) {
    replaceMirror(task, name, content);
    const file = path.join(task.layout.stateDir, name);
    const facts = factsOf(file);
    const sum = sha256(content);
    // When it goes whose place it has taken, nobody has removed the skill.
    if (facts && facts.kind !== 'file' && isSkillMirror(name)) delete files[name];
    // Somebody saved after us: their file differs from what we note here, and is found by that.
    else if (facts) files[name] = { sha256: sum, size: facts.size, mtimeNs: facts.mtimeNs, ino: facts.ino };
  }
  for (const name of Object.keys(files).filter((known) => isOfGoneSkill(task, known))) {
    removeMirror(task, name);
    delete files[name];
  }
  const { published } = readMirrorState(task.layout) ?? {};
  writeJson(task.layout.mirrors, MirrorState, {
    schema_version: 1,
    generation: task.facts.generation,
    files,
    ...(published ? { published } : {}),
  });
}

/** Retired skills keep their file; only one that was forgotten, or rolled back over, has none any more. */
const isOfGoneSkill = (task: MirrorTask, name: string): boolean =>
  name.startsWith(SKILL_MIRRORS) && !task.mirrors.has(name);

/** Has all mirrors written again by the next pass, or by this one's promotion. */
export function markLagging(layout: BucketLayout): void {
  const state = readMirrorState(layout);
  if (state) writeJson(layout.mirrors, MirrorState, { ...state, generation: 0 });
}

/** Takes a mirror that is not there from the notes: its absence has been dealt with. */
export function dropMirror(layout: BucketLayout, name: string): void {
  const state = readMirrorState(layout);
  if (!state) return;
  const files = Object.fromEntries(Object.entries(state.files).filter(([known]) => known !== name));
  writeJson(layout.mirrors, MirrorState, { ...state, files });
}

/** Whether some retained generation has taken in a file of this sum. */
export const wasAdopted = (layout: BucketLayout, name: string, sum: string): boolean =>
  listGenerations(layout).some((folder) => {
    const facts = readFacts(folder);
    return facts.ok && (facts.value.adopted[name]?.includes(sum) ?? false);
  });

/** Notes how published skills were left; writes only when something differs. */
export function notePublished(layout: BucketLayout, judged: ReadonlyMap<string, string>): void {
  const state = readMirrorState(layout);
  if (!state || (judged.size === 0 && !state.published)) return;
  const published: MirrorState['files'] = {};
  for (const [file, sum] of judged) {
    const seen = attempt(() => publishedFacts(file, sum));
    if (seen.ok && seen.value) published[file] = seen.value;
  }
  if (renderJson(published) !== renderJson(state.published ?? {}))
    writeJson(layout.mirrors, MirrorState, { ...state, published });
}

type MirrorFacts = MirrorState['files'][string];

/** A file that was saved since it was judged gets facts that no file has, so that the next look finds it. */
function publishedFacts(file: string, sum: string): MirrorFacts | undefined {
  const facts = factsOf(file);
  if (facts?.kind !== 'file') return undefined;
  const { size, mtimeNs, ino } = facts;
  if (sha256(readBytes(file, MAX_MIRROR_BYTES) ?? '') === sum) return { sha256: sum, size, mtimeNs, ino };
  return { sha256: sum, size: 0, mtimeNs: '0', ino: '0' };
}

export function readMirrorState(layout: BucketLayout): MirrorState | undefined {
  const state = readJson(layout.mirrors, MirrorState);
  return state.ok ? state.value : undefined;
}

/** Notes a mirror as it lies there, with the sum of its text: it differs from ours in nothing that counts. */
export function noteMirror(layout: BucketLayout, name: string, sum: string): void {
  const state = readMirrorState(layout);
  const facts = factsOf(path.join(layout.stateDir, name));
  if (!state || !facts) return;
  const entry = { sha256: sum, size: facts.size, mtimeNs: facts.mtimeNs, ino: facts.ino };
  writeJson(layout.mirrors, MirrorState, { ...state, files: { ...state.files, [name]: entry } });
}

function replaceMirror(task: MirrorTask, name: string, content: string | Buffer): void {
  const { layout } = task;
  const file = path.join(layout.stateDir, name);
  const present = readPlace(task, file);
  if (!present.ok) return;
  const before = present.value;
  if (before && before.equals(bytesOf(content))) return;
  makeFolder(path.dirname(file));
  if (before) setOldAside(task, name, file);
  // Exclusive: when somebody saves in this very moment, theirs stays and is taken up by the next compile.
  writeDurably(file, content, { exclusive: true });
}

function removeMirror(task: MirrorTask, name: string): void {
  const file = path.join(task.layout.stateDir, name);
  const present = readPlace(task, file);
  if (present.ok && present.value) setOldAside(task, name, file);
}

/** What lies in a mirror's place. A link, a folder, a giant are not ours to follow or to replace: they are told. */
function readPlace({ facts, report }: MirrorTask, file: string): Result<Buffer | undefined> {
  const present = attempt(() => readBytes(file, MAX_MIRROR_BYTES));
  if (!present.ok) {
    const what = `${file} ${whatItIs(file, present.failure)} and is left as it is; generation ${facts.generation} is not shown there`;
    report({ type: 'problem', what });
  }
  return present;
}

function whatItIs(file: string, failure: Failure): string {
  const kind = factsOf(file)?.kind;
  if (kind === 'link' || kind === 'folder') return `is a ${kind}`;
  return `cannot be read (${failure.reason === 'disk-failed' ? failure.code : failure.reason})`;
}

/** The old mirror is moved first and judged then: what is judged cannot change any more. */
function setOldAside(task: MirrorTask, name: string, file: string): void {
  makeFolder(task.layout.trash);
  const aside = path.join(
    task.layout.trash,
    `${ASIDE_PREFIX}${process.hrtime.bigint().toString(36)}.${flatName(name)}`,
  );
  if (moveFile(file, aside)) judgeAside(task, aside, name);
}

/** Drops an old mirror that some generation knows; keeps anything else in edits/. */
export function judgeAside(task: Pick<MirrorTask, 'layout' | 'facts' | 'report'>, aside: string, name: string): void {
  const { layout } = task;
  const bytes = attempt(() => readBytes(aside, MAX_MIRROR_BYTES));
  const sum = sha256(bytes.ok ? (bytes.value ?? '') : aside);
  if (bytes.ok && isKnown(task, name, sum)) {
    removeFile(aside);
    return;
  }
  makeFolder(layout.edits);
  // A link that somebody laid between our look and our move: no text that a compile could take over.
  const kept = path.join(layout.edits, `${sum.slice(0, 12)}.${flatName(name)}${bytes.ok ? '' : UNREADABLE}`);
  moveFile(aside, kept);
  // Before a new mirror makes sure, with its own folder, that the edit is no longer where it was.
  if (bytes.ok) syncFile(kept);
  syncFolder(layout.edits);
  syncFolder(layout.stateDir);
  task.report({ type: 'mirror-edit-kept', path: path.join(layout.stateDir, name), kept });
}

/** Whether some retained generation rendered exactly this text, or has taken it in. */
export function isKnown(task: Pick<MirrorTask, 'layout' | 'facts'>, name: string, sum: string): boolean {
  const knows = (facts: Generation): boolean =>
    facts.mirrors[name] === sum || (facts.adopted[name]?.includes(sum) ?? false);
  if (readMirrorState(task.layout)?.files[name]?.sha256 === sum || knows(task.facts)) return true;
  const inGeneration = listGenerations(task.layout).some((folder) => {
    const facts = readFacts(folder);
    return facts.ok && knows(facts.value);
  });
  return inGeneration || isInKeptReceipt(task.layout, sum);
}

/** The receipts of generations that are gone keep their mirrors' sums; a sum stands nowhere else in them. */
const isInKeptReceipt = (layout: BucketLayout, sum: string): boolean =>
  listNames(layout.keptReceipts).some((name) => {
    const text = attempt(() => readText(path.join(layout.keptReceipts, name)));
    return text.ok && text.value?.includes(`"${sum}"`);
  });

const bytesOf = (content: string | Buffer): Buffer =>
  typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
