import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { builtCsep } from './built-csep.ts';

const csep = builtCsep();

const FACT = 'Always run the linter through make lint in this repository.';
const ANSWER = JSON.stringify({
  memory_updates: [{ summary: 'Lint with make lint', details: { scope: 'global', content: FACT, basis: 'user' } }],
  recall_candidate: [],
  skill_action: [],
});

/** A program that answers only when it was given the session, and notes how it was called. */
function reviewerProgram(temp: TempBucket, reads: string, says: string): string {
  const program = path.join(temp.folder, 'my-reviewer.mjs');
  const source = `#!${process.execPath}
import fs from 'node:fs';
const given = ${reads};
fs.writeFileSync(${JSON.stringify(path.join(temp.folder, 'called'))}, JSON.stringify({ nested: process.env.CODEX_SELF_EVOLUTION_NESTED, argv: process.argv.slice(2) }));
if (!given.includes('NONCE-8231')) process.exit(3);
${says}
`;
  fs.writeFileSync(program, source, { mode: 0o755 });
  return program;
}

const say = (text: string): string => `process.stdout.write(${JSON.stringify(text)});`;
const CODEX_EVENTS = [
  { type: 'item.completed', item: { type: 'agent_message', text: ANSWER } },
  { type: 'turn.completed', usage: { input_tokens: 10, output_tokens: 2 } },
].map((event) => `${JSON.stringify(event)}\n`);

interface Row {
  provider: string;
  reads: string;
  says: string;
  command: (program: string) => string[];
  more: string;
}

const STDIN = "fs.readFileSync(0, 'utf8')";
const rows: Record<string, Row> = {
  'a command that reads its standard input': {
    provider: 'command',
    reads: STDIN,
    says: say(ANSWER),
    command: (program) => [program, '--fast'],
    more: 'payload_mode = "stdin"\nresponse_format = "raw-json"',
  },
  'a command that is given a file and speaks as Codex does': {
    provider: 'command',
    reads: "fs.readFileSync(process.argv[2], 'utf8')",
    says: say(CODEX_EVENTS.join('')),
    command: (program) => [program, '<payload>'],
    more: 'payload_mode = "file"\nresponse_format = "codex-events"',
  },
  'codex-cli with a command of its own': {
    provider: 'codex-cli',
    reads: STDIN,
    says: say(CODEX_EVENTS.join('')),
    command: (program) => [program],
    more: 'timeout_seconds = 60',
  },
};

describe.each(Object.entries(rows))('a profile with %s', (_, { provider, reads, says, command, more }) => {
  test('reviews a session, and a compile promotes what it said', () => {
    const temp = tempBucket();
    const program = reviewerProgram(temp, reads, says);
    fs.writeFileSync(
      path.join(temp.world.home, 'config.toml'),
      `active_profile = "mine"\n\n[profiles.mine]\nprovider = "${provider}"\ncommand = ${JSON.stringify(command(program))}\n${more}\n`,
      { mode: 0o600 },
    );
    const payload = path.join(temp.folder, 'payload.json');
    const transcript = `User: ${FACT} NONCE-8231\nAssistant: Understood.`;
    fs.writeFileSync(
      payload,
      JSON.stringify({ thread_id: 't1', turn_id: 'u1', cwd: temp.repo, transcript, reviewer_provider: provider }),
    );

    const reviewed = csep(temp, ['stop-review', '--hook-payload', payload, '--json']);
    expect(reviewed).toMatchObject({ status: 0, stderr: '' });
    const answer = JSON.parse(reviewed.stdout);
    expect(answer).toMatchObject({ reviewer_provider: provider, suggestion_count: 1 });
    const envelope = JSON.parse(fs.readFileSync(answer.pending_suggestion_path, 'utf8'));
    expect(envelope).toMatchObject({ thread_id: 't1', suggestions: [{ details: { content: FACT, turn_id: 'u1' } }] });
    const called = JSON.parse(fs.readFileSync(path.join(temp.folder, 'called'), 'utf8'));
    expect(called.nested).toBe('1');
    expect(JSON.stringify(called.argv)).not.toContain('NONCE-8231');

    const compiled = csep(temp, ['compile', '--once', '--repo-root', temp.repo, '--json']);
    expect(JSON.parse(compiled.stdout)).toMatchObject({ status: 'success', processed_count: 1 });
    expect(temp.read('memory/MEMORY.md')).toContain(FACT);
    expect(temp.readJson('memory/memory.json')).toMatchObject({
      global: [{ provenance: [{ thread_id: 't1', turn_id: 'u1', basis: 'user' }] }],
    });
    expect(
      fs.existsSync(path.join(temp.world.home, 'agent-runs')) &&
        fs.readdirSync(path.join(temp.world.home, 'agent-runs')),
    ).not.toContain('payload.txt');
  });
});
