import type { Envelope } from '../contracts/envelope.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { ManifestEntry, Skill } from '../contracts/skills.ts';
import type { Scope, Suggestion } from '../contracts/suggestion.ts';
import { renderMemoryMarkdown } from '../assets/memory-markdown.ts';
import { renderRecallMarkdown } from '../assets/recall-markdown.ts';
import { sha1 } from '../kernel/digest.ts';
import { redact } from '../safety/redact.ts';
import { stripHidden } from '../safety/hidden-text.ts';
import { AGENT_GOALS, RESPONSE_SCHEMA } from './agent-contract.ts';
import type { CompileTask, Place } from './backend.ts';
import { chooseMemory, chooseRecall, chooseSkills } from './choose-context.ts';
import type { OpenPart, SortedBatch } from './sort-out.ts';
import { isOpen } from './sort-out.ts';

/** An entry of the store and how the agent was shown it: redacted, without hidden characters. */
export interface Shown<T> {
  record: T;
  summary: string;
  content: string;
}

/** What of the store an agent was sent. Everything else stays as it is. */
export interface Sent {
  memory: Record<Scope, Shown<MemoryRecord>[]>;
  recall: Shown<RecallRecord>[];
  skills: Shown<Skill>[];
}

/** The question's material, and what has to be remembered of it to read the answer. */
export interface AgentBrief {
  /** JSON; see `payloadOf`. */
  payload: string;
  bytes: number;
  sent: Sent;
}

/** Chooses what an agent is sent and writes it down. Nothing that the user did not put into the store or a suggestion is in it. */
export function agentBrief(task: CompileTask, sorted: SortedBatch): AgentBrief {
  const { open } = sorted;
  const skills = chooseSkills(task, open);
  const sent: Sent = {
    memory: { user: [], global: [] },
    recall: chooseRecall(task, open).map(shown),
    skills: skills.whole.map(shown),
  };
  for (const { scope, record } of chooseMemory(task, open)) sent.memory[scope].push(shown(record));
  const payload = JSON.stringify(payloadOf(task, sorted, { sent, named: skills.named }));
  return { payload, bytes: Buffer.byteLength(payload), sent };
}

/** As an agent is shown a text of the store. */
export const showable = (text: string): string => stripHidden(redact(text));

const shown = <T extends { summary?: string; content: string }>(record: T): Shown<T> => ({
  record,
  summary: showable(record.summary ?? ''),
  content: showable(record.content),
});

interface Chosen {
  sent: Sent;
  /** Skills of which only the manifest's line is sent. */
  named: readonly Skill[];
}

/** The payload of FORMATS, "Agent payload"; the batch comes last, because it is the part that grows. */
function payloadOf(task: CompileTask, sorted: SortedBatch, { sent, named }: Chosen) {
  const { place } = task;
  return {
    schema_version: 1,
    repo: repoOf(place),
    existing_assets: {
      manifest: [...sent.skills.map(({ record, content }) => ({ ...lineOf(record), content })), ...named.map(lineOf)],
      memory: memoryOf(sent, place),
      recall: recallOf(sent, place),
    },
    omitted: omittedOf(task, sorted, { sent, named }),
    contract: { schema_version: 1, goals: AGENT_GOALS, response_schema: RESPONSE_SCHEMA },
    batch: task.batch.flatMap((envelope) => envelopeOf(envelope, sorted.open)),
  };
}

const repoOf = ({ root, layout }: Place) => ({
  cwd: root,
  repo_fingerprint: sha1(root),
  skills_dir: layout.skillsFolder,
  memory_dir: layout.memoryFolder,
  recall_dir: layout.recallFolder,
});

const lineOf = ({ content: _content, ...entry }: Skill): Partial<ManifestEntry> => {
  const { skill_id, action, title, path, status, owner, managed, description } = entry;
  return {
    skill_id,
    action,
    title: showable(title),
    path,
    status,
    owner,
    managed,
    description: showable(description ?? ''),
  };
};

function memoryOf({ memory }: Sent, { layout }: Place) {
  const records = (scope: Scope) =>
    memory[scope].map(({ record, summary, content }) => ({
      scope,
      summary,
      content,
      source_paths: record.source_paths,
      confidence: record.confidence,
    }));
  const markdown = (scope: Scope): string =>
    renderMemoryMarkdown(
      scope,
      memory[scope].map(({ record, summary, content }) => ({ ...record, summary, content })),
      0,
    ).replace(/<!-- csep generation 0 -->\n$/, '');
  return {
    user_markdown: markdown('user'),
    global_markdown: markdown('global'),
    index: { user: records('user'), global: records('global') },
    paths: { user_md: layout.userMd, memory_md: layout.memoryMd, memory_json: layout.memoryJson },
  };
}

function recallOf({ recall }: Sent, { layout }: Place) {
  const records = recall.map(({ record, summary, content }) => ({ ...known(record), summary, content }));
  return {
    records,
    compiled_markdown: renderRecallMarkdown(records),
    paths: { index: layout.recallIndex, compiled_md: layout.recallMd },
  };
}

/** The documented keys only: what else a record carries is nobody's business. */
const known = (record: RecallRecord): RecallRecord => ({
  id: record.id,
  summary: record.summary,
  content: record.content,
  source_paths: record.source_paths,
  repo_fingerprint: record.repo_fingerprint,
  cwd: record.cwd,
  thread_id: record.thread_id,
  turn_id: record.turn_id,
  source_updated_at: record.source_updated_at,
  ...(record.aliases ? { aliases: record.aliases } : {}),
});

function omittedOf(task: CompileTask, { parts }: SortedBatch, { sent, named }: Chosen) {
  return {
    memory: {
      user: task.memory.user.length - sent.memory.user.length,
      global: task.memory.global.length - sent.memory.global.length,
    },
    recall: Math.max(0, task.recall.count - sent.recall.length),
    skills: task.skills.length - sent.skills.length - named.length,
    skill_contents: named.length,
    suggestions: parts.filter((part) => !isOpen(part)).length,
    note: 'What is left out exists and stays as it is; do not write it again.',
  };
}

/** The envelope with its documented keys and those suggestions that wait for a decision. */
function envelopeOf(envelope: Envelope, open: readonly OpenPart[]) {
  const own = open.filter((part) => part.envelope === envelope);
  const suggestions = new Map(own.map((part) => [part.index, part.suggestion]));
  if (suggestions.size === 0) return [];
  return [
    {
      schema_version: envelope.schema_version,
      suggestion_id: envelope.suggestion_id,
      idempotency_key: envelope.idempotency_key,
      thread_id: envelope.thread_id,
      cwd: redact(envelope.cwd),
      repo_fingerprint: envelope.repo_fingerprint,
      reviewer_timestamp: envelope.reviewer_timestamp,
      source_authority: envelope.source_authority,
      state: envelope.state,
      attempt_count: envelope.attempt_count,
      // Snapshots hold the transcript; an agent with tools is not told where.
      review_snapshot_path: null,
      failure_reason: null,
      transition_log: [],
      suggestions: [...suggestions].map(([index, suggestion]) => suggestionOf(index, suggestion)),
    },
  ];
}

/** As it was read: redacted already. */
const suggestionOf = (index: number, suggestion: Suggestion): unknown => ({
  index,
  family: suggestion.family,
  summary: stripHidden(suggestion.summary),
  confidence: suggestion.confidence,
  details: withoutHidden(suggestion.details),
});

function withoutHidden(value: unknown): unknown {
  if (typeof value === 'string') return stripHidden(value);
  if (Array.isArray(value)) return value.map(withoutHidden);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutHidden(member)]));
}
