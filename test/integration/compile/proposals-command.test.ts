import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKnowledge } from '../../../src/assets/read-memory.ts';
import { listGenerations } from '../../../src/assets/generation-folder.ts';
import { readFacts } from '../../../src/assets/read-generation.ts';
import { asEditable, fromEditable } from '../../../src/commands/review-text.ts';
import { editText } from '../../../src/kernel/edit-text.ts';
import { askAboutReview } from '../../../src/commands/review-interactive.ts';
import { compileUntilEmpty } from '../../../src/compile/compile-until-empty.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { memory, note, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

let program: string;
beforeAll(async () => {
  program = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-program-'));
  const output = { dir: program, format: 'cjs', entryFileNames: '[name].cjs' } as const;
  await build({
    cwd: ROOT,
    platform: 'node',
    external: [/^node:/],
    logLevel: 'silent',
    input: { cli: 'src/cli.ts' },
    output,
  });
});
afterAll(() => fs.rmSync(program, { recursive: true }));

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

function csep(lab: TempBucket, args: string[], more: Record<string, string> = {}): Promise<Ended> {
  const env = { ...lab.world.env, PATH: process.env['PATH'], CODEX_SELF_EVOLUTION_HOME: lab.world.home, ...more };
  const child = spawn(process.execPath, [path.join(program, 'cli.cjs'), ...args], { cwd: lab.repo, env });
  const ended: Ended = { code: null, output: '', errors: '' };
  child.stdout.on('data', (bytes) => (ended.output += String(bytes)));
  child.stderr.on('data', (bytes) => (ended.errors += String(bytes)));
  child.stdin.end();
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}

const review = async (lab: TempBucket, ...args: string[]) => {
  const ended = await csep(lab, ['review', ...args]);
  return { ...ended, json: ended.output.startsWith('{') ? JSON.parse(ended.output) : undefined };
};

const contents = (lab: TempBucket): string[] => {
  const { user, global } = readKnowledge(lab.bucket.layout).memory;
  return [...user, ...global].map((record) => record.content).toSorted();
};

const reviewMode = (lab: TempBucket): void =>
  fs.writeFileSync(path.join(lab.world.home, 'config.toml'), 'schema_version = 1\n\n[compile]\nmode = "review"\n');

describe('csep review', () => {
  test('lists, shows, edits, accepts, rejects and undoes what a compile in review mode planned', async () => {
    const lab = tempBucket();
    reviewMode(lab);
    lab.deposit('e1aa', [memory('Use pnpm', 'The package manager is pnpm.'), memory('Use yarn', 'Yarn is used, too.')]);
    lab.deposit('e2bb', [note('Gateway', 'The gateway needs port 8080.')]);
    expect(JSON.parse((await csep(lab, ['compile', '--repo-root', lab.repo])).output)).toMatchObject({
      status: 'success',
      processed_count: 0,
      proposed_count: 2,
      generation: null,
    });
    expect((await csep(lab, ['scan'])).output).toContain('"compile_status": "skip_empty"');
    const listed = await review(lab, 'list');
    expect(listed).toMatchObject({ code: 0, errors: '' });
    expect(listed.json.suggestions.map(({ id }: { id: string }) => id)).toEqual(['e1aa#0', 'e1aa#1', 'e2bb#0']);
    expect((await review(lab, 'show', 'e2')).json.suggestions).toMatchObject([{ summary: 'Gateway' }]);
    expect(await review(lab, 'edit', 'e1aa#0', '--content', 'The package manager is pnpm 10.')).toMatchObject({
      code: 0,
    });
    expect((await review(lab, 'accept', 'e1aa#0')).json).toMatchObject({ status: 'noted' });
    expect((await review(lab, 'reject', 'e1aa#1')).json).toMatchObject({ status: 'promoted', generation: 1 });
    expect((await review(lab, 'accept', '--all')).json).toMatchObject({ status: 'promoted', generation: 2 });
    expect(contents(lab)).toEqual(['The package manager is pnpm 10.']);
    expect((await review(lab, 'undo')).json).toMatchObject({ status: 'rolled_back', restored: 1, generation: 3 });
    expect((await review(lab)).json).toMatchObject({
      suggestions: [],
      proposals: [],
      last: { entry: { cause: 'rollback' } },
    });
  });

  test('says what is wrong with a call, and exits with 2', async () => {
    const lab = tempBucket();
    lab.deposit('e1aa', [memory('Use pnpm', 'The package manager is pnpm.'), memory('Use make', 'Run make verify.')]);
    for (const [args, says] of [
      [['accept'], 'takes an id'],
      [['accept', 'nothing'], 'nothing that waits is called'],
      [['edit', 'e1aa', '--content', 'x'], 'several suggestions'],
      [['edit', 'e1aa#0'], '--content or --summary'],
      [['burn'], 'review knows'],
      [['acept', 'e1aa'], 'did you mean accept?'],
      [['undo'], 'no older generation'],
    ] as const) {
      expect(await review(lab, ...args)).toMatchObject({ code: 2, output: '', errors: expect.stringContaining(says) });
    }
    expect(lab.list('suggestions/pending')).toEqual(['e1aa.json']);
  });

  test('knows its words also where nothing is kept yet', async () => {
    const lab = tempBucket();
    const errors = expect.stringContaining('review knows');
    expect(await review(lab, 'burn', '--home', `${lab.world.home}-other`)).toMatchObject({ code: 2, errors });
  });

  test('racing with compiles and with itself applies everything once', async () => {
    const lab = tempBucket();
    const ids = Array.from({ length: 6 }, (_, index) => `e${index}`);
    const subjects = ['pnpm', 'vitest', 'oxlint', 'docker', 'postgres', 'redis'];
    for (const [index, id] of ids.entries())
      lab.deposit(id, [memory(`Use ${subjects[index]}`, `Always use ${subjects[index]} in this repository.`)]);
    const runs = await Promise.all([
      ...ids.map((id) => review(lab, 'accept', id)),
      review(lab, 'accept', '--all'),
      csep(lab, ['compile', '--once', '--repo-root', lab.repo, '--batch-size', '2']),
      csep(lab, ['compile', '--repo-root', lab.repo]),
      csep(lab, ['scan']),
    ]);
    for (const { code, errors } of runs) expect([0, 2].includes(code ?? 1) ? '' : errors).toEqual('');
    await lab.compile();
    expect(contents(lab)).toEqual(subjects.map((one) => `Always use ${one} in this repository.`).toSorted());
    const applied = listGenerations(lab.bucket.layout).flatMap((folder) => {
      const facts = readFacts(folder);
      return facts.ok ? facts.value.receipt.envelopes : [];
    });
    expect(applied.toSorted()).toEqual(ids);
    expect(lab.list('suggestions/done')).toEqual(ids.map((id) => `${id}.json`));
    expect(lab.list('proposals')).toEqual([]);
  });
});

/** Presses keys whenever a question has been put. */
function person(answers: string[][]) {
  const input = new Readable({ read: () => undefined });
  const shown: string[] = [];
  let text = '';
  const output = new Writable({
    write(bytes, _encoding, done) {
      text += String(bytes);
      shown.push(String(bytes));
      if (/◆ {2}(?:What is to become|The last promotion)/u.test(text)) {
        text = '';
        const keys = answers.shift() ?? ['escape'];
        setImmediate(() => {
          for (const name of keys) input.emit('keypress', name, { name });
        });
      }
      done();
    },
  });
  return { streams: { input, output }, shown: () => shown.join('') };
}

const down = (times: number): string[] => [...Array.from({ length: times }, () => 'down'), 'return'];

const edit = () => ({ content: 'The package manager is pnpm 10.' });

const propose = async (lab: TempBucket): Promise<void> => {
  const options = { backend: scriptBackend, fallback: null, batchSize: 100, report: () => undefined };
  await compileUntilEmpty(lab.world, lab.bucket, { ...options, mode: 'review' });
};
const ask = async (lab: TempBucket, answers: string[][]) => {
  const { streams, shown } = person(answers);
  const work = { ...lab, report: () => undefined, patienceMs: 0 };
  const asked = await askAboutReview(work, { streams, edit });
  return { asked, shown: shown() };
};

describe('csep review on a terminal', () => {
  test('goes through everything: edit, accept, reject, skip, and undo of the last promotion', async () => {
    const lab = tempBucket();
    lab.deposit('e0', [memory('Use make', 'Run make verify.')]);
    await lab.compile();
    lab.deposit('e1', [memory('Use pnpm', 'The package manager is pnpm.')]);
    lab.deposit('e2', [memory('Use yarn', 'Yarn is used, too.')]);
    lab.deposit('e3', [memory('Later', 'This may wait for a while.')]);
    await propose(lab);
    const { asked, shown } = await ask(lab, [down(1), down(0), down(2), down(4), down(0)]);
    expect(asked).toMatchObject({ ok: true });
    expect(shown).toContain('pnpm 10');
    expect(contents(lab)).toEqual(['Run make verify.', 'The package manager is pnpm 10.']);
    expect(lab.list('suggestions/discarded')).toEqual(['e2.json']);
    expect(lab.list('suggestions/pending')).toEqual(['e3.json']);
    expect((await ask(lab, [down(4), down(1)])).shown).toContain('Nothing to change: generation 3 has the content of');
    expect(listGenerations(lab.bucket.layout)[0]?.number).toEqual(3);
    await ask(lab, [down(0), down(1)]);
    expect(listGenerations(lab.bucket.layout)[0]?.number).toEqual(5);
    expect(contents(lab)).toEqual(['Run make verify.', 'The package manager is pnpm 10.']);
  });

  test('left in the middle leaves the rest waiting, and hostile texts cannot move the cursor', async () => {
    const lab = tempBucket();
    lab.deposit('e1', [memory('\u001b[2JUse \u202epnpm', 'The package manager\u001b]0;title\u0007 is pnpm.')]);
    const { asked, shown } = await ask(lab, [['escape']]);
    expect(asked).toMatchObject({ ok: true });
    expect(shown).toContain('Use pnpm');
    expect(shown).not.toContain('\u001b[2J');
    expect(shown).not.toContain('\u202e');
    expect(shown).not.toContain('\u0007');
    expect(lab.list('suggestions/pending')).toEqual(['e1.json']);
  });
});

const editor = (folder: string, script: string): string => {
  fs.writeFileSync(path.join(folder, 'editor.cjs'), script);
  return `${process.execPath} ${path.join(folder, 'editor.cjs')}`;
};

describe('an editor', () => {
  const suggestion = { summary: 'Use pnpm', content: 'The package manager is pnpm.\nSince 2024.' };

  test('gets a file that only its owner can read, and that is gone afterwards', () => {
    const lab = tempBucket();
    const seen = path.join(lab.folder, 'seen.json');
    const script = `const fs = require('node:fs'); const file = process.argv[2];
      fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify([fs.statSync(file).mode & 0o777, fs.readFileSync(file, 'utf8')]));
      fs.writeFileSync(file, '# Use pnpm 10\\r\\n\\r\\nOnly pnpm 10.\\r\\n');`;
    const env = { PATH: process.env['PATH'], VISUAL: '', EDITOR: editor(lab.folder, script) };
    const left = editText(asEditable(suggestion), { folder: lab.bucket.layout.proposals, env });
    expect(JSON.parse(fs.readFileSync(seen, 'utf8'))).toEqual([
      0o600,
      '# Use pnpm\n\nThe package manager is pnpm.\nSince 2024.\n',
    ]);
    expect(fromEditable(left ?? '')).toEqual({ summary: 'Use pnpm 10', content: 'Only pnpm 10.' });
    expect(lab.list('proposals')).toEqual([]);
  });

  test('that fails or is not there changes nothing', () => {
    const lab = tempBucket();
    const folder = lab.bucket.layout.proposals;
    for (const EDITOR of [editor(lab.folder, 'process.exit(1)'), path.join(lab.folder, 'nothing')])
      expect(editText('text', { folder, env: { PATH: process.env['PATH'], EDITOR } })).toEqual(undefined);
    expect(lab.list('proposals')).toEqual([]);
  });

  test('that leaves no heading or no text means no change', () => {
    expect(fromEditable(asEditable(suggestion))).toEqual(suggestion);
    for (const text of ['', '\n\n', '# Only a heading\n', '# \n\ntext', 'no heading at all'])
      expect(fromEditable(text)).toEqual(undefined);
  });
});
