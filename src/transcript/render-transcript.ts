import { shorten } from './shorten.ts';
import type { TurnItem } from './turn.ts';

/**
 * A transcript as a model reads it.
 *
 * @param budget characters of the result, the note about what was left out included
 */
export function renderTranscript(turnItems: readonly TurnItem[], budget: number): string {
  const blocks = turnItems.map((turnItem) => ({ turnItem, text: renderItem(turnItem, Infinity) }));
  let over = blocks.reduce((sum, { text }) => sum + text.length + SEPARATOR.length, NOTE_LENGTH) - budget;
  for (const { kind, limit } of STEPS) {
    for (const block of blocks) {
      if (over <= 0) break;
      if (block.turnItem.kind !== kind || block.text === '') continue;
      const shorter = limit === 0 && kind !== 'command' ? '' : renderItem(block.turnItem, limit);
      if (shorter.length >= block.text.length) continue;
      over -= block.text.length - shorter.length;
      block.text = shorter;
    }
  }
  return withNote(
    blocks.map(({ turnItem, text }) => ({ kind: turnItem.kind, text })),
    budget,
  );
}

const SEPARATOR = '\n\n';
const NOTE_LENGTH = 120;

/**
 * One way to make a transcript shorter; the list is in the order in which they are taken: what the
 * user said is worth most, what a tool printed least, and what is old less than what is new.
 */
interface Step {
  kind: TurnItem['kind'];
  limit: number;
}

const stepsOf = (kind: TurnItem['kind'], limits: readonly number[]): Step[] => limits.map((limit) => ({ kind, limit }));

const STEPS: readonly Step[] = [
  ...stepsOf('command', [600, 200, 0]),
  ...stepsOf('assistant', [1200, 300, 0]),
  ...stepsOf('files', [0]),
  ...stepsOf('user', [2000, 500, 0]),
];

function withNote(blocks: readonly { kind: TurnItem['kind']; text: string }[], budget: number): string {
  const gone = blocks.filter(({ text }) => text === '');
  const kept = blocks.flatMap(({ text }) => (text === '' ? [] : [text]));
  const note = gone.length === 0 ? [] : [`[Left out to keep this short: ${countKinds(gone)}.]`];
  const text = [...note, ...kept].join(SEPARATOR);
  // Commands alone can still be too many: then the newest count.
  return text.length <= budget
    ? text
    : `[… the beginning was left out]\n${text.slice(-Math.max(0, budget - 40))}`.slice(0, budget);
}

function countKinds(gone: readonly { kind: TurnItem['kind'] }[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of gone) counts.set(NAMES[kind], (counts.get(NAMES[kind]) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

const NAMES = { user: 'user messages', assistant: 'answers', command: 'commands', files: 'file changes' } as const;

function renderItem(turnItem: TurnItem, limit: number): string {
  switch (turnItem.kind) {
    case 'user':
      return `User: ${bound(turnItem.text, limit)}`;
    case 'assistant':
      return `Assistant: ${bound(turnItem.text, limit)}`;
    case 'files':
      return `Files changed: ${turnItem.paths.join(', ')}`;
    case 'command':
      return `Command: ${turnItem.command}\nExit code: ${turnItem.exitCode ?? 'unknown'}${output(turnItem.output, limit)}`;
  }
}

const bound = (text: string, limit: number): string =>
  limit === Infinity ? text : shorten(text, Math.ceil(limit * 0.7), Math.floor(limit * 0.3));

function output(text: string, limit: number): string {
  if (text === '') return '';
  if (limit === 0) return '\nOutput: (left out)';
  return `\nOutput:\n${limit === Infinity ? text : shorten(text, Math.ceil(limit * 0.3), Math.floor(limit * 0.7))}`;
}
