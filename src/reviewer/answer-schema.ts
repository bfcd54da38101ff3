/** Strict schemas know no optional keys: what may be left out is null. */
const optionalText = { type: ['string', 'null'] };
const texts = { type: ['array', 'null'], items: { type: 'string' } };
const basis = { type: ['string', 'null'], enum: ['user', 'assistant', 'tool', null] };

const closed = (properties: Record<string, unknown>): Record<string, unknown> => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const listOf = (details: Record<string, unknown>): Record<string, unknown> => ({
  type: 'array',
  items: closed({ summary: { type: 'string' }, confidence: { type: 'number' }, details: closed(details) }),
});

/** The shape that `prompt.ts` describes, as a strict JSON schema, for programs that hold a model to one. */
export const ANSWER_SCHEMA: Record<string, unknown> = closed({
  memory_updates: listOf({
    scope: { type: 'string', enum: ['user', 'global'] },
    action: { type: 'string', enum: ['add', 'replace', 'remove'] },
    old_summary: optionalText,
    content: optionalText,
    source_paths: texts,
    basis,
  }),
  recall_candidate: listOf({ content: { type: 'string' }, source_paths: texts, aliases: texts, basis }),
  skill_action: listOf({
    action: { type: 'string', enum: ['create', 'patch', 'edit', 'retire'] },
    skill_id: { type: 'string' },
    title: optionalText,
    description: optionalText,
    content: optionalText,
    basis,
  }),
});
