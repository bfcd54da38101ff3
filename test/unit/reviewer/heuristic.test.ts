import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { MemorySuggestion } from '../../../src/contracts/suggestion.ts';
import { readSuggestion } from '../../../src/contracts/read-suggestion.ts';
import { fixedCommands } from '../../../src/reviewer/heuristic-fixed-commands.ts';
import { findSuggestions, heuristicReviewer } from '../../../src/reviewer/heuristic.ts';
import { readTranscript } from '../../../src/transcript/read-transcript.ts';
import type { TurnItem } from '../../../src/transcript/turn.ts';
import { GROWTH_LIMIT, growthOf } from '../safety/measure.ts';
import { asTurnItems, emptySnapshot, figures, readCorpus, scoreOf, suggestionsFor } from './heuristic-corpus.ts';
import type { Transcript } from './heuristic-corpus.ts';

const ORDINALS =
  'second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth';
const LOOKS = ['tuning', ...ORDINALS.split(' ').map((ordinal) => `${ordinal}-look`)];

const memories = (turns: Transcript['turns'], memory = '', user = ''): MemorySuggestion[] =>
  suggestionsFor(turns, memory, user).filter((one) => one.family === 'memory_updates');
const said = (text: string): MemorySuggestion[] => memories([['user', text]]);

const rounds = (count: number): Transcript['turns'] =>
  Array.from({ length: count }, (_, i): Transcript['turns'] => [
    ['run', `./scripts/bump.sh 1.${i}.0`, 0, ''],
    ['run', 'make package && make sign', 0, ''],
    ['run', 'git status', 0, ''],
    ['run', `git tag -m "release ${i}" v1.${i}.0`, 0, ''],
  ]).flat();

describe('the corpus', () => {
  test('has at least 30 transcripts with something to keep and 30 without, with Chinese in both', () => {
    const having = LOOKS.flatMap((look) => readCorpus(`${look}-with`));
    const lacking = LOOKS.flatMap((look) => readCorpus(`${look}-without`));
    expect(having.length).toBeGreaterThanOrEqual(30);
    expect(lacking.length).toBeGreaterThanOrEqual(30);
    for (const part of [having, lacking]) expect(part.filter(({ id }) => id.includes('zh')).length).toBeGreaterThan(10);
    expect(new Set([...having, ...lacking].map(({ id }) => id)).size).toEqual(having.length + lacking.length);
  });

  test('is reviewed with a precision of at least .95', () => {
    const score = scoreOf(LOOKS.flatMap((look) => [...readCorpus(`${look}-with`), ...readCorpus(`${look}-without`)]));
    process.stdout.write(`heuristic: ${figures(score)}\n`);
    expect(score.precision).toBeGreaterThanOrEqual(0.95);
    expect(score.recall).toBeGreaterThanOrEqual(0.85);
  });

  test('yields only suggestions that the stored form accepts', () => {
    for (const { turns, memory, user } of LOOKS.flatMap((look) => readCorpus(`${look}-with`))) {
      for (const { family, ...rest } of suggestionsFor(turns, memory, user)) {
        expect(readSuggestion(family, rest)).toMatchObject({ ok: true });
        expect(rest.summary.length).toBeLessThanOrEqual(100);
        expect(rest.summary).not.toContain('\n');
      }
    }
  });
});

describe('a wish', () => {
  test('keeps the words of the user and loses the small talk', () => {
    const [wish] = said('Thanks! Also, please remember that deploys need a green smoke test.');
    expect(wish?.summary).toEqual('Deploys need a green smoke test');
    expect(wish?.details.content).toEqual('Deploys need a green smoke test.');
    expect(wish?.details).toMatchObject({ action: 'add', basis: 'user', scope: 'global' });
  });

  test('about the person is for USER.md, about the repository for MEMORY.md', () => {
    expect(said('From now on answer in French.')[0]?.details.scope).toEqual('user');
    expect(said('以后请用中文回答我。')[0]?.details.scope).toEqual('user');
    expect(said('We never merge without a review.')[0]?.details.scope).toEqual('global');
    expect(said('以后提交信息都用英文写。')[0]?.details.scope).toEqual('global');
  });

  test('is kept without what tied it to the conversation, and its summary begins its content', () => {
    const [wish] = said('Also, from now on, keep the changelog up to date whenever you change the public API, please.');
    expect(wish?.details.content).toEqual('Keep the changelog up to date whenever you change the public API');
    for (const { turns, memory, user } of LOOKS.flatMap((look) => readCorpus(`${look}-with`))) {
      for (const { summary, details } of memories(turns, memory, user)) {
        expect(summary).not.toMatch(
          /^(?:also|no|yes|ok|so|btw|please|from now on|remember)[\s,]+(?:,|the |we |i |that )/iu,
        );
        expect(details.content.startsWith(summary.replace(/…$/u, '').trimEnd())).toEqual(true);
      }
    }
  });

  test('inside a sentence about something else is kept without the rest of the sentence', () => {
    expect(said('这个 bug 修一下，顺便说一句，我们项目统一用 pnpm，别再用 npm 了')[0]?.details.content).toEqual(
      '我们项目统一用 pnpm，别再用 npm 了',
    );
    expect(said('the modal in this file is too small, but from now on use the spacing tokens')[0]?.summary).toEqual(
      'Use the spacing tokens',
    );
  });

  test('is about the work, not about what the program shall do', () => {
    expect(said('Always keep the modal open until the request finished.')).toEqual([]);
    expect(said('Never merge two carts of different users.')).toEqual([]);
    expect(said('Send a mail each time an order is placed.')).toEqual([]);
    expect(said('Never merge your own PRs.')).toHaveLength(1);
  });

  test('to which a task is tied is part of that task', () => {
    expect(said('All commits must be signed, write that workflow.')).toEqual([]);
    expect(said('All commits must be signed.')).toHaveLength(1);
  });

  test('below an order to write a text belongs to the text', () => {
    expect(said('Draft a style guide for a bank. No default exports in this repo. Commits must be signed.')).toEqual(
      [],
    );
  });

  test('about a tool counts without a scope only when nothing else was asked', () => {
    expect(said('use pnpm instead of npm')).toHaveLength(1);
    expect(said('List the callers. Use ripgrep, not grep.')).toEqual([]);
  });

  test('that begins with "no" keeps its "no"', () => {
    const [wish] = said('My preferences:\n- no semicolons in TypeScript');
    expect(wish).toMatchObject({
      summary: 'No semicolons in TypeScript',
      details: { content: 'No semicolons in TypeScript' },
    });
  });

  test('said twice is one', () => {
    expect(
      memories([
        ['user', 'Always run make lint before you commit.'],
        ['user', 'please always run `make lint` before you commit!'],
      ]),
    ).toHaveLength(1);
  });

  test('that is taken back in the next message is none', () => {
    expect(
      memories([
        ['user', 'From now on use four spaces in this repo.'],
        ['user', 'forget what I just said'],
      ]),
    ).toEqual([]);
  });

  test('that is known already is not suggested again, but its opposite is', () => {
    const memory = '# MEMORY\n\n## Always run make lint before committing\n\nAlways run make lint before committing.\n';
    expect(memories([['user', 'Always run make lint before committing']], memory)).toEqual([]);
    expect(memories([['user', 'Never run make lint before committing']], memory)).toHaveLength(1);
  });

  test('that makes one known entry untrue replaces it', () => {
    const memory =
      '# MEMORY\n\n## Use yarn for installs\n\nyarn install --immutable\n\n## Deploy from release branches\n\nx\n';
    const [wish] = memories([['user', 'From now on use pnpm instead of yarn.']], memory);
    expect(wish?.details).toMatchObject({ action: 'replace', old_summary: 'Use yarn for installs' });
  });

  test('that could replace two known entries is added', () => {
    const memory = '# MEMORY\n\n## Use yarn for installs\n\na\n\n## Run scripts with yarn\n\nb\n';
    const [wish] = memories([['user', 'From now on use pnpm instead of yarn.']], memory);
    expect(wish?.details.action).toEqual('add');
  });

  test("in pasted, quoted or fenced text is not the user's", () => {
    expect(said('> Always use tabs in this repo.\n\nwhat is this?')).toEqual([]);
    expect(said('```\nFrom now on never commit to main.\n```')).toEqual([]);
    expect(said('~~~md\nAlways use tabs in this repo.')).toEqual([]);
    expect(said(`see\n\n${'Never commit to main. '.repeat(120)}`)).toEqual([]);
    expect(said('The tooltip reads “Never share your commit key with the team”.')).toEqual([]);
  });

  test("of the assistant or of a tool is nobody's wish", () => {
    expect(
      suggestionsFor([
        ['assistant', 'From now on I always run the tests before committing.'],
        ['run', 'cat RULES.md', 0, 'Always use tabs in this repo. Never commit to main.'],
      ]),
    ).toEqual([]);
  });

  test('list below rules is kept point by point, but no more than eight points', () => {
    expect(
      said(
        `Rules for this repo:\n${Array.from({ length: 12 }, (_, i) => `- file kind ${i} goes into folder-${i}/`).join('\n')}`,
      ),
    ).toHaveLength(8);
  });

  test('of a long list of rules is one of the first eight, each of them once, that are not known', () => {
    const rules = Array.from(
      { length: 120 },
      (_, i) => `Always use package alpha${i}x, beta${i}y and gamma${i}z in this repo.`,
    );
    const turns = [...rules, ...rules].map((text): Transcript['turns'][number] => ['user', text]);
    const known = rules.slice(0, 110).map((text, i) => `## Rule ${i}\n${text}\n`);
    expect(memories(turns, known.join('\n')).map(({ details }) => details.content)).toEqual(rules.slice(110, 118));
  });

  test('of a turn that is taken back is none, and those of the turns before stay, however many they are', () => {
    const rules = Array.from(
      { length: 70 },
      (_, i) => `Always use package alpha${i}x, beta${i}y and gamma${i}z in this repo.`,
    );
    const turns = rules.map((text): Transcript['turns'][number] => ['user', text]);
    const known = rules.slice(0, 65).map((text, i) => `## Rule ${i}\n${text}\n`);
    expect(
      memories([...turns, ['user', 'Never mind.']], known.join('\n')).map(({ details }) => details.content),
    ).toEqual(rules.slice(65, 69));
  });
});

/** What looking through all turns costs in terms of what looking through the first of them costs as many times. */
const growthOfSession = (work: (items: TurnItem[]) => unknown, turns: Transcript['turns']): number => {
  const items = asTurnItems(turns);
  // Turns as letters: the longest text of growthOf has 96,000.
  return growthOf((letters) => work(items.slice(0, (items.length * letters.length) / 96_000)), 'x');
};

test('a session with 16 times as many different wishes takes about 16 times as long', () => {
  const turns = Array.from({ length: 1_600 }, (_, i): Transcript['turns'][number] => [
    'user',
    `Always use package alpha${i}x, beta${i}y and gamma${i}z in this repo.`,
  ]);
  expect(growthOfSession((items) => findSuggestions({ items, snapshot: emptySnapshot() }), turns)).toBeLessThan(
    GROWTH_LIMIT,
  );
});

test('a session with 16 times as many different failed calls takes about 16 times as long', () => {
  const turns = Array.from({ length: 1_600 }, (_, i): Transcript['turns'][number] => [
    'run',
    `npm run t${i} ${'-a '.repeat(40)}`,
    i % 100 < 50 ? 1 : 0,
    'Error: 1 failed',
  ]);
  expect(growthOfSession(fixedCommands, turns)).toBeLessThan(GROWTH_LIMIT);
});

describe('a fixed command', () => {
  test('rests on a tool and never becomes a memory', () => {
    const suggestions = suggestionsFor([
      ['run', 'npm install', 1, 'Use "pnpm install" for installation in this project.'],
      ['run', 'pnpm install', 0, ''],
    ]);
    expect(suggestions).toMatchObject([{ family: 'recall_candidate', details: { basis: 'tool' } }]);
    expect(suggestions[0]?.details.content).toEqual(
      'Fails: `npm install` (exit code 1)\nError: Use "pnpm install" for installation in this project.\nWorks: `pnpm install`',
    );
  });

  test('is none when the same call works later', () => {
    expect(
      suggestionsFor([
        ['run', 'pytest -q', 127, 'pytest: command not found'],
        ['run', 'uv run pytest -q', 0, ''],
        ['run', 'pytest -q', 0, ''],
      ]),
    ).toEqual([]);
  });

  test('whose end is unknown teaches nothing', () => {
    expect(
      suggestionsFor([
        ['run', 'pytest -q', null, ''],
        ['run', 'uv run pytest -q', 0, ''],
      ]),
    ).toEqual([]);
  });
});

describe('a repeated procedure', () => {
  test('becomes one skill with numbered steps, blanks for what varied, and a trigger', () => {
    const [skill, ...others] = suggestionsFor(rounds(3));
    expect(others).toEqual([]);
    expect(skill).toMatchObject({
      family: 'skill_action',
      details: { action: 'create', skill_id: 'bump-package-sign-git-tag' },
    });
    if (skill?.family !== 'skill_action') throw new Error('expected a skill');
    expect(skill.details.description).toMatch(/^Use when /u);
    expect(skill.details.content).toContain(
      '1. `./scripts/bump.sh <version>`\n2. `make package`\n3. `make sign`\n4. `git tag -m <text> <version>`',
    );
  });

  test('has a short name and says in plain words when to use it', () => {
    const steps: Transcript['turns'] = [
      ['run', 'docker build -t api:1 .', 0, ''],
      ['run', 'docker push api:1', 0, ''],
      ['run', 'kubectl -n api rollout restart deploy/api', 0, ''],
      ['run', 'python manage.py migrate', 0, ''],
    ];
    expect(suggestionsFor([...steps, ...steps])[0]?.details).toMatchObject({
      skill_id: 'docker-kubectl-rollout-migrate',
      title: 'Docker build, docker push, kubectl rollout and migrate',
      description:
        'Use when a change here needs docker build, docker push, kubectl rollout and migrate, in this order.',
    });
  });

  test('that a managed skill covers, or that was gone through once, is none', () => {
    expect(suggestionsFor(rounds(1))).toEqual([]);
  });
});

describe('the reviewer', () => {
  test('costs nothing, finds what the bundled session has, and answers an aborted signal with a failure', async () => {
    const rollout = readTranscript(join(import.meta.dirname, '../../../examples/rollout.jsonl'), null);
    if (!rollout.ok) throw new Error(rollout.failure.reason);
    const task = { snapshot: emptySnapshot(), items: rollout.value.items, nonce: 'n' };
    const review = await heuristicReviewer.review(task, new AbortController().signal);
    if (!review.ok) throw new Error(review.failure.reason);
    expect(heuristicReviewer.costs).toEqual(false);
    expect(review.value.skipped).toEqual([]);
    expect(review.value.suggestions.map(({ family, summary }) => `${family}: ${summary}`)).toEqual([
      'memory_updates: Keep commit messages in the imperative mood and under 60 characters',
      'memory_updates: We use alembic here, never hand-written SQL files',
      'memory_updates: 用中文回答我，代码注释还是写英文',
      'recall_candidate: `pytest tests/refunds -q` fails here; use `uv run pytest tests/refunds -q`',
      'skill_action: Procedure in 4 steps: alembic revision, alembic upgrade, dump_schema, pytest',
    ]);
    expect(await heuristicReviewer.review(task, AbortSignal.abort())).toMatchObject({
      ok: false,
      failure: { reason: 'aborted' },
    });
  });

  test('says nothing about a session in which nothing was said', () => {
    expect(suggestionsFor([])).toEqual([]);
    expect(asTurnItems([])).toEqual([]);
  });
});
