import { describe, expect, test } from 'vitest';
import type { Suggestion } from '../../../src/contracts/suggestion.ts';
import { readAnswer } from '../../../src/reviewer/read-answer.ts';

const wish = {
  summary: 'Use pnpm',
  confidence: 0.9,
  details: { scope: 'user', content: 'Use pnpm, never npm.', basis: 'user' },
};
const good = { memory_updates: [wish], recall_candidate: [], skill_action: [] };

function read(answer: unknown): { suggestions: Suggestion[]; skipped: unknown[] } {
  const result = readAnswer(typeof answer === 'string' ? answer : JSON.stringify(answer));
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

function faultOf(answer: string): string {
  const result = readAnswer(answer);
  if (result.ok || result.failure.reason !== 'answer-unparsable') throw new Error('expected an unparsable answer');
  expect(result.failure.raw).toBe(answer);
  return result.failure.detail;
}

describe('what may stand around an answer', () => {
  const text = JSON.stringify(good);
  test.each([
    ['nothing', text],
    ['blanks', `\n\n  ${text}\n`],
    ['a code fence', `\`\`\`json\n${text}\n\`\`\``],
    ['a code fence without a language', `\`\`\`\n${text}\n\`\`\``],
    ['prose', `Here is what I found:\n\n${text}\n\nI hope this helps.`],
    ['prose and a fence', `Sure!\n\`\`\`json\n${text}\n\`\`\`\nDone {really}.`],
    ['thoughts', `<think>Maybe {"memory_updates": 5}? No.</think>\n${text}`],
    ['thoughts without a beginning', `Maybe {"memory_updates": [{"summary": "a draft"}]}? No.</think>\n\n${text}`],
    ['thoughts before a fence', `Hm {foo}.</thinking>\`\`\`json\n${text}\n\`\`\``],
    ['thoughts and prose', `<think>{"a": 1}</think> So this is it: ${text}`],
    ['a byte order mark', `\uFEFF${text}`],
  ])('%s', (_, answer) => {
    expect(read(answer).suggestions).toHaveLength(1);
  });

  test('braces and quotes inside of strings do not end the object', () => {
    const tricky = {
      memory_updates: [{ ...wish, details: { content: 'braces } and { and \\" quotes " and \\\\ ends' } }],
    };
    const { suggestions } = read(`Answer: ${JSON.stringify(tricky)} }}`);
    expect(suggestions[0]?.details.content).toBe('braces } and { and \\" quotes " and \\\\ ends');
  });

  test('only the first object counts', () => {
    expect(faultOf(`{not json} ${text}`)).toBe('the first object is no valid JSON');
    expect(read(`{} ${text}`).suggestions).toEqual([]);
  });
});

describe('the structure is strict', () => {
  test.each([
    ['', 'there is no JSON object'],
    ['I have nothing to add.', 'there is no JSON object'],
    ['{"memory_updates": [{"summary": "Use pn', 'the JSON object breaks off'],
    ['{"memory_updates": [{"summary": "an open string }]}', 'the JSON object breaks off'],
    ['[]', 'the answer is not a JSON object'],
    ['[{"memory_updates": []}]', 'the answer is not a JSON object'],
    ['null', 'the answer is not a JSON object'],
    ['"memory_updates"', 'the answer is not a JSON object'],
    ['{"memory_updates": [], "notes": []}', 'unknown top-level key "notes"'],
    ['{"__proto__": []}', 'unknown top-level key "__proto__"'],
    ['{"memory_updates": {}}', 'memory_updates is not a list'],
    ['{"skill_action": null}', 'skill_action is not a list'],
  ])('%s', (answer, fault) => {
    expect(faultOf(answer)).toBe(fault);
  });

  test('an answer of more than 100,000 characters is none', () => {
    expect(readAnswer(JSON.stringify(good).padEnd(100_000)).ok).toBe(true);
    expect(faultOf(JSON.stringify(good).padEnd(100_001))).toBe('the answer has 100001 characters; 100000 are allowed');
  });

  test('an answer that is nested to exhaust the stack is none', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(faultOf(`{"memory_updates": ${deep}}`)).toBe('the JSON is nested more than 64 levels deep');
    expect(faultOf(deep)).toBe('the JSON is nested more than 64 levels deep');
  });

  test('absent families are empty ones', () => {
    expect(read('{}')).toEqual({ suggestions: [], skipped: [] });
  });
});

describe('items are checked one by one', () => {
  test('a bad item among good ones is skipped, with place and reason', () => {
    const bad = { summary: 'Old one', details: { action: 'replace' } };
    const { suggestions, skipped } = read({ memory_updates: [wish, bad, wish], skill_action: [7] });
    expect(suggestions).toHaveLength(2);
    expect(skipped).toEqual([
      { family: 'memory_updates', index: 1, reason: 'replace needs old_summary', item: bad },
      { family: 'skill_action', index: 0, reason: 'not an object', item: 7 },
    ]);
  });

  test('details that a model wrote flat are read as details', () => {
    const flat = { summary: 'Use pnpm', action: 'replace', old_summary: 'Use npm', content: 'Use pnpm.' };
    expect(read({ memory_updates: [flat] }).suggestions[0]).toMatchObject({
      confidence: 1,
      details: { action: 'replace', old_summary: 'Use npm', content: 'Use pnpm.' },
    });
  });

  test('a basis beside the details is read as one of them', () => {
    const item = { summary: 'Use pnpm', basis: 'user', details: { content: 'Use pnpm.' } };
    expect(read({ memory_updates: [item] }).suggestions[0]).toMatchObject({ details: { basis: 'user' } });
  });

  test('a family inside an item does not change where it belongs', () => {
    const item = { ...wish, family: 'skill_action' };
    expect(read({ memory_updates: [item] }).suggestions[0]?.family).toBe('memory_updates');
  });
});

const scopeFor = (basis: string | undefined): unknown => {
  const item = { summary: 'Always run x', details: { scope: 'user', content: 'Always run x.', basis } };
  const [suggestion] = read({ memory_updates: [item] }).suggestions;
  return suggestion?.family === 'memory_updates' ? suggestion.details.scope : undefined;
};

describe('on whose words an item rests', () => {
  test('words of tools and of the assistant never get scope user', () => {
    expect(scopeFor('tool')).toBe('global');
    expect(scopeFor('assistant')).toBe('global');
    expect(scopeFor('user')).toBe('user');
    expect(scopeFor(undefined)).toBe('user');
  });

  test('a model cannot pass its words off as a hand edit', () => {
    const item = { ...wish, details: { ...wish.details, basis: 'hand-edit' } };
    expect(read({ memory_updates: [item] })).toMatchObject({
      suggestions: [],
      skipped: [{ reason: 'basis: a reviewer cannot claim a hand edit' }],
    });
  });
});
