import path from 'node:path';
import * as v from 'valibot';
import { renderMemoryMarkdown } from '../assets/memory-markdown.ts';
import { readKnowledge } from '../assets/read-memory.ts';
import type { SourceAuthority } from '../contracts/envelope.ts';
import { Snapshot } from '../contracts/snapshot.ts';
import { randomId } from '../kernel/digest.ts';
import { makeFolder } from '../kernel/files.ts';
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
    payload: Object.fromEntries(Object.entries(subject.payload).map(([key, value]) => [key, redactDeep(value)])),
    userMd: renderMemoryMarkdown('user', memory.user, generation ?? 0),
    memoryMd: renderMemoryMarkdown('global', memory.global, generation ?? 0),
    skills: skills.map(({ skill_id, title, description, status }) => ({
      skill_id,
      title,
      description: description ?? '',
      status,
    })),
    used,
    ...(subject.providerStub === undefined ? {} : { providerStub: subject.providerStub }),
    provider: subject.provider,
  });
  // Once more over the whole: it costs little, and nothing can have been forgotten.
  return v.parse(Snapshot, redactDeep(snapshot));
}
