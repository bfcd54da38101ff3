import type { Ask, ModelAnswer, Question } from '../../../src/agents/ask.ts';
import { agentBackend } from '../../../src/backend/agent.ts';
import type { Purse } from '../../../src/backend/agent.ts';
import type { Backend, CompileAnswer, CompileTask } from '../../../src/backend/backend.ts';
import { checkAnswer } from '../../../src/compile/check-answer.ts';
import type { Result } from '../../../src/contracts/failure.ts';
import { succeed } from '../../../src/contracts/failure.ts';
import type { MemoryRecord } from '../../../src/contracts/memory.ts';
import type { RecallRecord } from '../../../src/contracts/recall.ts';
import type { Skill } from '../../../src/contracts/skills.ts';
import { aPlace } from '../../support/compile-task.ts';
import { faithfulAnswer, payloadIn } from '../../support/faithful-agent.mjs';
import { anEnvelope } from '../../support/temp-bucket.ts';

export type Faithful = ReturnType<typeof faithfulAnswer>;

export const recallOf = (records: readonly RecallRecord[]): CompileTask['recall'] => ({
  count: records.length,
  has: (id) => records.some((record) => record.id === id),
  get: (id) => records.find((record) => record.id === id),
  similar: (_text, count) => records.slice(0, count),
});

export const aTask = (suggestions: unknown[], more: Partial<CompileTask> = {}): CompileTask => ({
  place: aPlace,
  memory: { user: [], global: [] },
  skills: [],
  recall: recallOf([]),
  batch: [anEnvelope('a1', suggestions)],
  handTouched: new Set(),
  tombstones: [],
  at: '2026-11-20T10:00:00Z',
  ...more,
});

export const known = (summary: string, content = summary, more: Partial<MemoryRecord> = {}): MemoryRecord => ({
  scope: 'global',
  summary,
  content,
  source_paths: ['README.md'],
  confidence: 0.7,
  provenance: [{ suggestion_id: 'older', thread_id: 't0', turn_id: '', at: '2026-01-01T00:00:00Z' }],
  ...more,
});

export const owned = (skillId: string, more: Partial<Skill> = {}): Skill => ({
  skill_id: skillId,
  action: 'create',
  title: 'Deploy the site',
  path: `skills/managed/${skillId}.md`,
  status: 'active',
  owner: 'codex-self-evolution-plugin',
  managed: true,
  created_by: 'x',
  updated_at: '',
  retired_at: null,
  description: 'Use when you deploy the site',
  content: '1. Build the site.\n2. Copy it to the web server.\n3. Look at the front page.',
  ...more,
});

export const openPurse: Purse = { bookCall: () => true, bookTokens: () => undefined };

export interface Rig {
  backend: Backend;
  questions: Question[];
}

/** An agent backend whose model is a function of the payload. */
export function agentOf(
  answer: (payload: ReturnType<typeof payloadIn>) => unknown,
  more: { purse?: Purse; reply?: Partial<ModelAnswer> } = {},
): Rig {
  const questions: Question[] = [];
  const ask: Ask = async (question) => {
    questions.push(question);
    const said = answer(payloadIn(question.prompt));
    const text = typeof said === 'string' ? said : JSON.stringify(said);
    return succeed({ text, cut: false, tokens: { input: 100, output: 10 }, ...more.reply });
  };
  const purse = more.purse ?? openPurse;
  return { backend: agentBackend({ name: 'agent:fake', ask, purse, nonce: () => 'nonce-12345678' }), questions };
}

/** What a faithful model would say, spoilt. */
export const spoilt = (spoil: (answer: Faithful) => unknown): Rig =>
  agentOf((payload) => {
    const answer = faithfulAnswer(payload);
    return spoil(answer) ?? answer;
  });

/** Compiles as `runBackend` does without a fallback: the answer counts only when it keeps the rules. */
export async function compileChecked(backend: Backend, task: CompileTask): Promise<Result<CompileAnswer>> {
  const answer = await backend.compile(task, new AbortController().signal);
  return answer.ok ? checkAnswer(answer.value, task) : answer;
}

export async function compiled(backend: Backend, task: CompileTask): Promise<CompileAnswer> {
  const result = await compileChecked(backend, task);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

export const outcomes = ({ verdicts }: CompileAnswer): string[] =>
  verdicts.map(({ outcome, reason }) => (reason ? `${outcome}:${reason}` : outcome));
