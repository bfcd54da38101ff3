// @ts-check
/**
 * What a model that does exactly as it is told would answer to a compile question. Plain JavaScript,
 * because stand-ins for opencode and Codex run it as well.
 *
 * @typedef {{suggestion_id: string, suggestions: {index: number, family: string, summary: string, details: Record<string, any>}[]}} SentEnvelope
 * @typedef {{existing_assets: any, batch: SentEnvelope[], omitted: any, [key: string]: any}} SentPayload
 */

/**
 * The payload inside a question, between the fence's lines.
 * @param {string} question
 * @returns {SentPayload}
 */
export function payloadIn(question) {
  const found = /<<<untrusted:([\w-]+)\n(\{.*\})\nuntrusted:\1>>>/.exec(question);
  if (!found?.[2]) throw new Error('no fenced payload in the question');
  return JSON.parse(found[2]);
}

/** @param {{summary: string}} entry */
const kept = (entry) => ({ summary: entry.summary, content: '', provenance: [] });

/** @param {SentPayload} payload */
export function faithfulAnswer(payload) {
  const { index } = payload.existing_assets.memory;
  /** @type {any} */
  const answer = {
    memory_records: { user: index.user.map(kept), global: index.global.map(kept) },
    recall_records: [],
    compiled_skills: [],
    discarded_items: [],
  };
  for (const { suggestion_id, suggestions } of payload.batch)
    for (const suggestion of suggestions) follow(answer, suggestion, { suggestion_id, index: suggestion.index });
  return answer;
}

/**
 * @param {any} answer
 * @param {SentEnvelope['suggestions'][number]} suggestion
 * @param {{suggestion_id: string, index: number}} source
 */
function follow(answer, { family, summary, details }, source) {
  const entry = { summary, content: details['content'], provenance: [source] };
  if (family === 'recall_candidate') answer.recall_records.push(entry);
  if (family === 'skill_action') answer.compiled_skills.push(skillOf(details));
  if (details['skill_candidate']) answer.compiled_skills.push(skillOf(details['skill_candidate']));
  if (family !== 'memory_updates') return;
  const records = answer.memory_records[details['scope'] ?? 'global'];
  if (details['action'] === 'replace' || details['action'] === 'remove') {
    const at = records.findIndex((/** @type {any} */ one) => one.summary.includes(details['old_summary'].trim()));
    if (at === -1) {
      answer.discarded_items.push({ ...source, reason: 'no_match', detail: 'nothing has that name' });
      return;
    }
    records.splice(at, 1);
    if (details['action'] === 'remove') return;
  }
  records.push(entry);
}

/** @param {Record<string, any>} details */
const skillOf = ({ skill_id, title, description, content, action }) => ({
  skill_id,
  title: title ?? '',
  description: description ?? '',
  content: content ?? '',
  action,
});
