import path from 'node:path';
import * as v from 'valibot';
import { renderMemoryMarkdown } from '../assets/memory-markdown.ts';
import { readKnowledge } from '../assets/read-memory.ts';
import type { SourceAuthority } from '../contracts/envelope.ts';
import { isRecord } from '../contracts/json.ts';
import { Snapshot } from '../contracts/snapshot.ts';
import { randomId } from '../kernel/digest.ts';
import { makeFolder } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { writeJson } from '../kernel/json-file.ts';
import type { ReviewTask } from '../reviewer/reviewer.ts';
import { redact, redactDeep } from '../safety/redact.ts';
import { renderTranscript } from '../transcript/render-transcript.ts';
import type { TurnItem } from '../transcript/turn.ts';
import { redactItems } from './redact-items.ts';
import { LONGEST, snapshotName, takeSnapshot } from './take-snapshot.ts';

/** What a review is about, as it came from outside: nothing of it is redacted yet. */
export interface ReviewSubject {
  context: Snapshot['context'];
  start: string;
  items: readonly TurnItem[];
  threadReadOutput: string;
  lastAssistantMessage: string;
  payload: Record<string, unknown>;
  /** Where the items and the texts came from. */
  sources: readonly SourceAuthority[];
  providerStub?: unknown;
  provider: string;
}

/** A task for a reviewer, and where its snapshot lies. */
export interface PreparedReview {
  task: ReviewTask;
  snapshotPath: string;
}

/**
 * Redacts a review's subject, puts it beside what is known already, and writes the snapshot: it is on
 * disk before anybody is asked, so that what a reviewer was shown can always be looked up.
 * @throws DiskFailure
 */
export function prepareReview(layout: BucketLayout, subject: ReviewSubject): PreparedReview {
  const items = redactItems(subject.items);
  const snapshot = redactedSnapshot(layout, subject, items);
  makeFolder(layout.snapshots);
  const snapshotPath = path.join(layout.snapshots, snapshotName(subject.context.thread_id, subject.start));
  writeJson(snapshotPath, Snapshot, snapshot);
  return { task: { snapshot, items, nonce: randomId() }, snapshotPath };
}

function redactedSnapshot(layout: BucketLayout, subject: ReviewSubject, items: readonly TurnItem[]): Snapshot {
  const { memory, skills, generation } = readKnowledge(layout);
  const used = new Set<SourceAuthority>(subject.sources);
  if (memory.user.length + memory.global.length > 0) used.add('memory_files');
  if (skills.length > 0) used.add('managed_skills_manifest');
  const snapshot = takeSnapshot({
    context: subject.context,
    transcript: renderTranscript(items, LONGEST.transcript),
    // Redacted before it is cut: half a secret is recognised by nobody.
    threadReadOutput: redact(subject.threadReadOutput),
    lastAssistantMessage: redact(subject.lastAssistantMessage),
    payload: redactPayload(subject.payload),
    userMd: renderMemoryMarkdown('user', memory.user, generation ?? 0),
    memoryMd: renderMemoryMarkdown('global', memory.global, generation ?? 0),
    skills: skills.map(({ skill_id, title, description, status }) => ({
      skill_id,
      title,
      description: description ?? '',
      status,
    })),
    used,
    ...(subject.providerStub === undefined ? {} : { providerStub: redactDeep(subject.providerStub) }),
    provider: subject.provider,
  });
  // Once more over the whole: it costs little, and nothing can have been forgotten.
  return v.parse(Snapshot, redactStrings(snapshot));
}

/** Keys of Codex's own: `session_id` sounds like a credential to a rule that goes by names, and is none. */
const CODEX_KEYS = new Set(['session_id', 'thread_id', 'turn_id']);

function redactPayload(payload: Record<string, unknown>): Record<string, unknown> {
  const own = Object.entries(payload).filter(([key]) => CODEX_KEYS.has(key));
  const others = Object.entries(payload).filter(([key]) => !CODEX_KEYS.has(key));
  const redacted = redactDeep(Object.fromEntries(others));
  return {
    ...Object.fromEntries(own.map(([key, value]) => [key, redactStrings(value)])),
    ...(isRecord(redacted) ? redacted : {}),
  };
}

/** Every string in a value by itself, whatever its key is called. */
function redactStrings(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactStrings);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redactStrings(member)]));
}
