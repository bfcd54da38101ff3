import fs from 'node:fs';
import path from 'node:path';
import { plainBucketName } from '../../src/bucket/bucket-id.ts';
import { anEnvelope, memory } from './temp-bucket.ts';

/** What the Python plugin 0.7 leaves in a home, one bucket per working directory, as FORMATS has it. */
export function pythonBucket(home: string, cwd: string, word: string): string {
  const stateDir = path.join(home, 'projects', plainBucketName(cwd));
  const write = (relative: string, content: unknown): void => {
    const file = path.join(stateDir, relative);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  };
  write('.canonical_cwd', cwd);
  const record = (scope: string) => ({
    scope,
    summary: `${word} ${scope}`,
    content: `What ${word} says about ${scope} matters in folder ${word}/src.`,
    source_paths: [],
    confidence: 0.9,
    provenance: [{ suggestion_id: `${word}-done`, thread_id: 't', turn_id: '1', at: '2026-10-20T10:00:00Z' }],
  });
  write('memory/memory.json', { user: [record('user')], global: [record('global')] });
  write('memory/USER.md', `# USER\n\n## ${word} user\n\n${record('user').content}\n\n`);
  write('memory/MEMORY.md', `# MEMORY\n\n## ${word} global\n\n${record('global').content}\n\n`);
  write('recall/index.json', {
    records: [
      {
        id: `${Buffer.from(word).toString('hex')}00000000000`.slice(0, 12),
        summary: `${word} note`,
        content: `The ${word} service listens on its own port.`,
        source_paths: [],
        repo_fingerprint: 'x',
        cwd,
        thread_id: 't',
        turn_id: '1',
        source_updated_at: '2026-10-20T10:00:00Z',
      },
    ],
  });
  write('recall/compiled.md', '# Compiled Recall\n');
  const skill = {
    skill_id: `${word}-skill`,
    action: 'create',
    title: `${word} skill`,
    description: `Use when ${word} is due`,
    path: path.join(stateDir, 'skills', 'managed', `${word}-skill.md`),
    status: 'active',
    owner: 'codex-self-evolution-plugin',
    managed: true,
    created_by: `${word}-done`,
    updated_at: '2026-10-20T10:00:00Z',
    retired_at: null,
  };
  write('skills/managed/manifest.json', { skills: [skill] });
  write(`skills/managed/${word}-skill.md`, `# ${word} skill\n\n1. Start ${word}.\n2. Check what ${word} has done.\n`);
  for (const state of ['pending', 'processing', 'failed', 'done', 'discarded']) {
    const id = `${word}-${state}`;
    const says = memory(`${word} ${state}`, `The ${state} envelope of ${word} speaks of ${word}-${state}.md here.`);
    const attempts = state === 'failed' ? 1 : 0;
    write(
      `suggestions/${state}/${id}.json`,
      anEnvelope(id, [says], { state, attempt_count: attempts, cwd, their_key: 'kept' }),
    );
  }
  write('compiler/compile.lock', { created_at: '2026-10-20T10:00:00Z', pid: 999_999_999 });
  return stateDir;
}
