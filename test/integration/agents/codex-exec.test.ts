import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/agents/ask.ts';
import { askCodexExec } from '../../../src/agents/codex-exec.ts';
import { COMMON_FAULTS, faultTests, QUESTION } from './support/faults.ts';
import { withLab } from './support/lab.ts';

const lab = withLab();
const never = new AbortController().signal;
const asking = (program: string, timeoutMs = 60_000, model: string | null = null): Ask =>
  askCodexExec({ command: [program], model, timeoutMs }, lab);

const ANSWER = `
  event({ type: 'thread.started', thread_id: 't' });
  event({ type: 'item.completed', item: { type: 'error', message: 'Codex is ignoring 1 setting' } });
  event({ type: 'item.completed', item: { type: 'agent_message', text: 'let me think' } });
  event({ type: 'item.completed', item: { type: 'agent_message', text: '{"a":"\\u2028"}' } });
  event({ type: 'turn.completed', usage: { input_tokens: 900, cached_input_tokens: 100, output_tokens: 30 } });`;

describe('codex exec', () => {
  test('answers with its last message and says what it used', async () => {
    const answer = await asking(lab.program('codex', `input();${ANSWER}`))(QUESTION, never);
    const value = { text: '{"a":"\u2028"}', cut: false, tokens: { input: 900, output: 30 } };
    expect(answer).toEqual({ ok: true, value });
    expect(lab.left()).toEqual([]);
  });

  test('gets instructions and material on standard input, however long', async () => {
    const prompt = `${'material '.repeat(40_000)}THE END`;
    await asking(lab.program('codex', `note(input());${ANSWER}`))({ system: 'SYSTEM', prompt }, never);
    expect(lab.notes()).toEqual([`SYSTEM\n\n${prompt}`]);
  });

  test('may do nothing but answer: no tools, no hooks, no rollout, in an empty private folder', async () => {
    lab.userFile(
      '.codex/config.toml',
      '[mcp_servers.search]\ncommand = "x"\n[mcp_servers."strange name"]\ncommand = "y"\n',
    );
    const program = lab.program(
      'codex',
      `note(process.argv.slice(2).join(' ')); note(fs.readdirSync('.').join()); note(String(fs.statSync('.').mode & 0o777));
       note([process.env.CODEX_SELF_EVOLUTION_NESTED, process.env.CODEX_HOME, process.env.TMPDIR, process.cwd(), process.env.PWD].join(' '));${ANSWER}`,
    );
    await asking(program, 60_000, 'gpt-x')(QUESTION, never);
    const [argv = '', files, mode, places = ''] = lab.notes();
    expect(argv).toMatch(/^exec --json --ephemeral --skip-git-repo-check --sandbox=read-only --disable=hooks /);
    expect(argv).toMatch(/ --model gpt-x -$/);
    for (const setting of ['approval_policy="never"', 'features.shell_tool=false', 'mcp_servers.search.enabled=false'])
      expect(argv).toContain(`--config ${setting} `);
    expect(argv).not.toContain('strange');
    expect([files, mode]).toEqual(['', '448']);
    const [nested, codexHome, tmpdir = '', cwd = '', pwd] = places.split(' ');
    expect([nested, codexHome, pwd]).toEqual(['1', lab.env['CODEX_HOME'], cwd]);
    for (const folder of [tmpdir, cwd]) expect(folder.startsWith(path.join(lab.home, 'agent-runs', 'run-'))).toBe(true);
  });

  test('is held to a schema, and asked with the model of its own configuration otherwise', async () => {
    const program = lab.program(
      'codex',
      `const at = process.argv.indexOf('--output-schema'); note(at < 0 ? 'none' : fs.readFileSync(process.argv[at + 1], 'utf8')); note(String(process.argv.includes('--model')));${ANSWER}`,
    );
    await asking(program)({ ...QUESTION, schema: { type: 'object' } }, never);
    await asking(program)(QUESTION, never);
    expect(lab.notes()).toEqual(['{"type":"object"}', 'false', 'none', 'false']);
    expect(lab.left()).toEqual([]);
  });

  test('that was cut says so', async () => {
    const program = lab.program(
      'codex',
      `event({ type: 'turn.failed', error: { message: 'Incomplete response returned, reason: max_output_tokens' } }); process.exit(1);`,
    );
    expect(await asking(program)(QUESTION, never)).toEqual({ ok: true, value: { text: '', cut: true } });
  });

  test('that is not installed is not available, and nothing is left', async () => {
    expect(await asking('no-codex-here')(QUESTION, never)).toMatchObject({
      ok: false,
      failure: { reason: 'agent-unavailable', agent: 'codex' },
    });
    expect(lab.left()).toEqual([]);
  });

  faultTests(
    lab,
    [
      ...COMMON_FAULTS,
      {
        name: 'a refusal with a status',
        program: `event({ type: 'error', message: 'Reconnecting... 1/5' }); event({ type: 'turn.failed', error: { message: 'unexpected status 401 Unauthorized: no such key, url: http://x' } }); process.exit(1);`,
        outcome: { reason: 'model-refused', status: 401, says: 'no such key' },
      },
      {
        name: 'a refusal without a status',
        program: `event({ type: 'error', message: 'We are at capacity' }); process.exit(1);`,
        outcome: { reason: 'agent-failed', says: 'We are at capacity' },
      },
      {
        name: 'a turn that is not completed',
        program: `event({ type: 'turn.started' });`,
        outcome: { reason: 'agent-failed', says: 'exit code 0' },
      },
      { name: 'no output', program: '', outcome: { reason: 'agent-failed', says: 'exit code 0' } },
      {
        name: 'a turn without an answer',
        program: `event({ type: 'turn.completed' });`,
        outcome: { reason: 'answer-unparsable', says: 'empty answer' },
      },
      {
        name: 'tools called over and over',
        program: `for (;;) event({ type: 'item.started', item: { type: 'command_execution' } });`,
        outcome: { reason: 'agent-failed', says: 'more than 10 times' },
      },
    ],
    asking,
  );
});
