import fs from 'node:fs';
import path from 'node:path';

/** Things that went wrong in one repository of a home, and what today's reviews cost, for pictures and measurements. */
export function plantTrouble(home: string, repository: string, now: Date): void {
  const name = fs.readdirSync(path.join(home, 'projects')).find((bucket) => bucket.endsWith(repository));
  if (name === undefined) throw new Error(`no bucket of ${repository}`);
  const at = (hours: number): string => `${new Date(now.getTime() - hours * 3_600_000).toISOString().slice(0, 19)}Z`;
  const put = (file: string, content: unknown): void => {
    const target = path.join(home, 'projects', name, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  };
  const session = '0199c246-5a1e-7000-8000-000000000360';
  put(`sessions/${session}.review.json`, {
    schema_version: 1,
    session_id: session,
    cursor: null,
    chains: [],
    outbox: null,
    attempts: 3,
    next_attempt_at: at(-1),
    last_error: 'minimax answered 429: rate limit exceeded',
  });
  put('review/failed/20261119T100000-session.json', {
    at: at(20),
    session_id: session,
    reason: 'no JSON object in the answer',
    raw: 'Sure! Here is what I found in the session:',
  });
  put('set-aside/0f3a9c.json', '{');
  put('set-aside/0f3a9c.json.reason.txt', 'not JSON: it ends in the middle of a value\n');
  const budget = { schema_version: 1, day: at(0).slice(0, 10), calls: 37, tokens: 412_800 };
  fs.writeFileSync(path.join(home, 'budget.json'), JSON.stringify(budget));
  const past = Array.from({ length: 90 }, (_, index) => {
    const calls = (index * 17) % 61;
    return JSON.stringify({ day: at(24 * (90 - index)).slice(0, 10), calls, tokens: calls * 9_300 });
  });
  fs.writeFileSync(path.join(home, 'budget-history.jsonl'), `${past.join('\n')}\n`);
}
