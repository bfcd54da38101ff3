import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Snapshot } from '../../../src/contracts/snapshot.ts';
import type { Suggestion } from '../../../src/contracts/suggestion.ts';
import { findSuggestions } from '../../../src/reviewer/heuristic.ts';
import type { TurnItem } from '../../../src/transcript/turn.ts';

const Turn = v.union([
  v.tuple([v.picklist(['user', 'assistant']), v.string()]),
  v.tuple([v.literal('run'), v.string(), v.nullable(v.number()), v.string()]),
  v.tupleWithRest([v.literal('files')], v.string()),
]);

const Expectation = v.object({
  family: v.picklist(['memory_updates', 'recall_candidate', 'skill_action']),
  contains: v.string(),
  scope: v.optional(v.string()),
  action: v.optional(v.string()),
  old_summary: v.optional(v.string()),
});

/** One line of a corpus: a short session and what is worth keeping of it. */
const Transcript = v.object({
  id: v.string(),
  turns: v.array(Turn),
  expect: v.array(Expectation),
  memory: v.optional(v.string(), ''),
  user: v.optional(v.string(), ''),
});
export type Transcript = v.InferOutput<typeof Transcript>;

export function readCorpus(name: string): Transcript[] {
  const text = readFileSync(join(import.meta.dirname, '../../corpora/heuristic', `${name}.jsonl`), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => v.parse(Transcript, JSON.parse(line)));
}

export function asTurnItems(turns: Transcript['turns']): TurnItem[] {
  return turns.map((turn, i): TurnItem => {
    const place = { at: '2026-11-20T11:00:00Z', turnId: `turn-${i}` };
    switch (turn[0]) {
      case 'user':
      case 'assistant':
        return { kind: turn[0], text: turn[1], ...place };
      case 'run':
        return { kind: 'command', command: turn[1], exitCode: turn[2], output: turn[3], ...place };
      case 'files':
        return { kind: 'files', paths: turn.slice(1), ...place };
    }
  });
}

export const emptySnapshot = (memory = '', user = ''): Snapshot => ({
  context: {
    session_id: 's',
    thread_id: 't',
    turn_id: 'u',
    cwd: '/r',
    repo_root: '/r',
    state_dir: '/s',
    triggered_at: '',
  },
  turn_snapshot: { transcript: '', thread_read_output: '', last_assistant_message: '', hook_payload_excerpt: {} },
  comparison_materials: { current_user_md: user, current_memory_md: memory, managed_skills_summary: [] },
  source_authority: [],
  reviewer_provider: 'heuristic',
});

export const suggestionsFor = (turns: Transcript['turns'], memory = '', user = ''): Suggestion[] =>
  findSuggestions({ items: asTurnItems(turns), snapshot: emptySnapshot(memory, user) });

export interface Score {
  transcripts: number;
  right: number;
  wrong: string[];
  missed: string[];
  precision: number;
  recall: number;
}

/** A suggestion is right when it meets an expectation of its transcript, wrong otherwise; each expectation counts once. */
export function scoreOf(corpus: readonly Transcript[]): Score {
  const wrong: string[] = [];
  const missed: string[] = [];
  let right = 0;
  for (const { id, turns, expect, memory, user } of corpus) {
    const open = [...expect];
    for (const suggestion of suggestionsFor(turns, memory, user)) {
      const met = open.findIndex((one) => meets(suggestion, one));
      if (met === -1) wrong.push(`${id}: ${suggestion.family} ${JSON.stringify(suggestion.summary)}`);
      else right += open.splice(met, 1).length;
    }
    missed.push(...open.map((one) => `${id}: ${one.family} ${one.contains}`));
  }
  const expected = right + missed.length;
  return {
    transcripts: corpus.length,
    right,
    wrong,
    missed,
    precision: right + wrong.length === 0 ? 1 : right / (right + wrong.length),
    recall: expected === 0 ? 1 : right / expected,
  };
}

function meets(suggestion: Suggestion, expected: v.InferOutput<typeof Expectation>): boolean {
  const { details } = suggestion;
  if (suggestion.family !== expected.family || !details.content.toLowerCase().includes(expected.contains.toLowerCase()))
    return false;
  if (suggestion.family !== 'memory_updates') return true;
  return (
    (expected.scope ?? suggestion.details.scope) === suggestion.details.scope &&
    (expected.action ?? suggestion.details.action) === suggestion.details.action &&
    (expected.old_summary ?? suggestion.details.old_summary) === suggestion.details.old_summary
  );
}

export const figures = ({ transcripts, right, wrong, missed, precision, recall }: Score): string =>
  `${transcripts} transcripts, ${right} right, ${wrong.length} wrong, ${missed.length} missed: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`;
