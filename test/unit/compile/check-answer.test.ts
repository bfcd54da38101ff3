import { describe, expect, test } from 'vitest';
import type { CompileAnswer, CompileTask } from '../../../src/backend/backend.ts';
import { mergeBatch } from '../../../src/backend/script.ts';
import { checkAnswer } from '../../../src/compile/check-answer.ts';
import { recallRecord } from '../../support/recall-records.ts';
import { memory, note } from '../../support/temp-bucket.ts';
import { aTask, known, owned, recallOf } from '../backend/agent-rig.ts';

const REMOVE = { action: 'remove' };
const ours = (summary: string, content: string, more = {}) =>
  known(summary, content, { provenance: [{ suggestion_id: 'a1', thread_id: '', turn_id: '', at: '', ...more }] });

/** The deterministic answer to a task, changed. */
const judged = (task: CompileTask, change: (answer: CompileAnswer) => Partial<CompileAnswer>) => {
  const answer = mergeBatch(task);
  return checkAnswer({ ...answer, ...change(answer) }, task);
};
const refusedBy = (rule: string) => ({ ok: false, failure: { reason: 'answer-rejected', rule } });

describe('an answer is refused by', () => {
  const task = aTask(
    [memory('Timeouts', 'Requests to the billing API time out after 30 seconds.', { basis: 'tool' })],
    {
      memory: { user: [known('Mine', 'Answer in German.', { scope: 'user' })], global: [known('Kept')] },
      skills: [owned('deploy')],
      recall: recallOf([recallRecord('aaaaaaaaaaaa', { content: 'The cache is warmed nightly.' })]),
      handTouched: new Set(['skill:deploy', 'user:Mine']),
    },
  );

  test.each<[string, string, (answer: CompileAnswer) => Partial<CompileAnswer>]>([
    ['changesOnlyNamedSkills', 'a skill that nobody named', ({ skills }) => ({ skills: [...skills, owned('fresh')] })],
    [
      'changesOnlyNamedSkills',
      'a skill that nobody retired',
      ({ skills }) => ({ skills: skills.map((one) => ({ ...one, status: 'retired' })) }),
    ],
    [
      'keepsToolWordsFromTheUser',
      "the output of a tool among the user's wishes",
      ({ memory: { user, global } }) => ({
        memory: {
          user: [
            ...user,
            ours('Timeouts', 'Requests to the billing API time out after 30 seconds.', { basis: 'tool' }),
          ],
          global,
        },
      }),
    ],
    [
      'restsOnTheBatch',
      'an entry without provenance',
      ({ memory: { user, global } }) => ({
        memory: {
          user,
          global: [
            ...global,
            known('New', 'Requests to the billing API time out after 30 seconds.', { provenance: [] }),
          ],
        },
      }),
    ],
    [
      'restsOnTheBatch',
      'a recall record from nowhere',
      () => ({
        recall: { added: [recallRecord('bbbbbbbbbbbb', { content: 'The weather in Lisbon is nice.' })], replaced: [] },
      }),
    ],
    [
      'changesOnlyKnownRecall',
      'a recall record with another text',
      () => ({ recall: { added: [], replaced: [recallRecord('aaaaaaaaaaaa', { content: 'Other words.' })] } }),
    ],
    [
      'changesOnlyKnownRecall',
      'a recall record that is there already',
      () => ({ recall: { added: [recallRecord('aaaaaaaaaaaa')], replaced: [] } }),
    ],
    [
      'answersForEverySuggestion',
      'a discard without a reason',
      ({ verdicts }) => ({ verdicts: verdicts.map((one) => ({ ...one, outcome: 'discarded' })) }),
    ],
    [
      'leavesHandEditsAlone',
      'another heading on what a person has just written',
      ({ memory: { user, global } }) => ({
        memory: { user: user.map((one) => ({ ...one, summary: 'Other' })), global },
      }),
    ],
  ])('%s: %s', (rule, _, change) => {
    expect(judged(task, change)).toMatchObject(refusedBy(rule));
  });
});

describe('what may vanish', () => {
  const store = { user: [], global: [known('Old gateway'), known('New gateway'), known('Other')] };

  test('one suggestion with a vague name accounts for one entry', () => {
    const task = aTask([memory('', '', { ...REMOVE, old_summary: 'gateway' })], { memory: store });
    const removed = (count: number) => ({
      memory: { user: [], global: store.global.slice(count) },
      verdicts: [{ suggestion_id: 'a1', index: 0, family: 'memory_updates', outcome: 'removed' as const }],
    });
    expect(judged(task, () => removed(1))).toMatchObject({ ok: true });
    expect(judged(task, () => removed(2))).toMatchObject(refusedBy('keepsWhatNobodyNamed'));
  });

  test('two suggestions account for two, whichever way round', () => {
    const task = aTask(
      [
        memory('', '', { ...REMOVE, old_summary: 'gateway' }),
        memory('', '', { ...REMOVE, old_summary: 'Old gateway' }),
      ],
      { memory: store },
    );
    const verdicts = [0, 1].map((index) => ({
      suggestion_id: 'a1',
      index,
      family: 'memory_updates',
      outcome: 'removed' as const,
    }));
    expect(judged(task, () => ({ memory: { user: [], global: [known('Other')] }, verdicts }))).toMatchObject({
      ok: true,
    });
  });

  test('a suggestion that was left out accounts for nothing', () => {
    const task = aTask([memory('', '', { ...REMOVE, old_summary: 'Other' })], { memory: store });
    const verdicts = [
      {
        suggestion_id: 'a1',
        index: 0,
        family: 'memory_updates',
        outcome: 'discarded' as const,
        reason: 'low_signal' as const,
      },
    ];
    expect(judged(task, () => ({ verdicts }))).toMatchObject(refusedBy('keepsWhatNobodyNamed'));
  });

  test('an entry that another one says whole, not one that it only contains', () => {
    const before = { user: [], global: [known('npm', 'Use npm for installs.'), known('Rest', 'The rest of it all.')] };
    const task = aTask([memory('Never', 'Never use npm for installs.')], { memory: before });
    expect(judged(task, ({ memory: { global } }) => ({ memory: { user: [], global: global.slice(1) } }))).toMatchObject(
      refusedBy('keepsWhatNobodyNamed'),
    );
  });
});

describe('what is not held against an answer', () => {
  test('entries that were there, however long and however many', () => {
    const global = Array.from({ length: 5_200 }, (_, number) => known(`Fact ${number}`));
    const giant = known('Giant', 'y '.repeat(15_000));
    const task = aTask([note('Port', 'The gateway listens on port 8080.')], {
      memory: { user: [], global: [...global, giant] },
    });
    expect(judged(task, () => ({}))).toMatchObject({ ok: true });
  });

  test.each([memory, note])('a "never" that stands in the summary alone (%#)', (suggestion) => {
    const task = aTask([
      suggestion(
        'Never edit generated files under src/gen',
        'They come from schema/*.graphql by `npm run codegen`; change the schema and run it again.',
      ),
    ]);
    expect(judged(task, () => ({}))).toMatchObject({ ok: true });
  });

  test('a secret that was taken out of a suggestion', () => {
    const task = aTask([
      memory(
        'Token',
        `Deploys use https://bot:ghp_${'aB3dE5fG7h'.repeat(4).slice(0, 36)}@example.com/x as their remote.`,
      ),
    ]);
    expect(judged(task, () => ({}))).toMatchObject({ ok: true });
  });
});
