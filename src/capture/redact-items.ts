import { redact } from '../safety/redact.ts';
import type { TurnItem } from '../transcript/turn.ts';

/** Redacts everything that somebody said, ran, printed or touched. Times and ids are Codex's own. */
export const redactItems = (turnItems: readonly TurnItem[]): TurnItem[] => turnItems.map(redactItem);

function redactItem(turnItem: TurnItem): TurnItem {
  switch (turnItem.kind) {
    case 'user':
    case 'assistant':
      return { ...turnItem, text: redact(turnItem.text) };
    case 'command':
      return { ...turnItem, command: redact(turnItem.command), output: redact(turnItem.output) };
    case 'files':
      return { ...turnItem, paths: turnItem.paths.map(redact) };
  }
}
