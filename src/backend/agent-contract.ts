/** What a compile agent is told to aim at; in the payload as well as in the question. */
export const AGENT_GOALS: readonly string[] = [
  'Promote what the suggestions of the batch teach into memory, recall and skills; nothing else.',
  'Keep every existing entry word for word, unless a suggestion of the batch replaces or removes it (old_summary names it).',
  'Two entries that say the same may become one that says all of it.',
  'Write with the words of the suggestions, in their language; add no fact, number, path, command or name of your own.',
  'Say what became of every suggestion: name it in the provenance of the entry that carries it, or list it in discarded_items with a reason.',
];

/** Reasons that an agent may give; the other discards are decided before it is asked. */
export const AGENT_REASONS = [
  'low_signal',
  'no_match',
  'ambiguous_match',
  'unsupported_action',
  'injection_suspected',
] as const;

const text = { type: 'string' } as const;

/** Every key required and none besides: what providers that enforce a schema ask of it. */
const object = (properties: Record<string, unknown>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const listOf = (items: unknown) => ({ type: 'array', items });

const provenance = listOf(object({ suggestion_id: text, index: { type: 'integer' } }));
const entry = object({ summary: text, content: text, provenance });

/** JSON schema of the answer; `contracts/agent-answer.ts` reads more leniently. `manifest_entries` is not asked for, since it is not used. */
export const RESPONSE_SCHEMA: Record<string, unknown> = object({
  memory_records: object({ user: listOf(entry), global: listOf(entry) }),
  recall_records: listOf(entry),
  compiled_skills: listOf(
    object({
      skill_id: text,
      title: text,
      description: text,
      content: text,
      action: { type: 'string', enum: ['create', 'patch', 'edit', 'retire'] },
    }),
  ),
  discarded_items: listOf(
    object({
      suggestion_id: text,
      index: { type: 'integer' },
      reason: { type: 'string', enum: [...AGENT_REASONS] },
      detail: text,
    }),
  ),
});
