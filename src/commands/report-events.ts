import type { Event, Report } from '../contracts/event.ts';
import { counted } from '../kernel/counted.ts';
import type { World } from '../kernel/world.ts';
import { redactBuiltin } from '../safety/redact-builtin.ts';

/** What somebody should learn of even when a program called us: something was kept, left alone or passed over. */
const NOTABLE: readonly Event['type'][] = [
  'set-aside',
  'problem',
  'mirror-edit-kept',
  'skill-left-alone',
  'fell-back',
  'review-failed',
];

/**
 * Tells what a flow does: to a person who watches all of it, to everybody what is notable; and that
 * goes into the log as well.
 */
export const stderrReport =
  (world: World, watched: boolean): Report =>
  (event) => {
    const notable = NOTABLE.includes(event.type);
    if (notable) world.diagnostics.log(event.type, { text: sentence(event) });
    if (watched || notable) process.stderr.write(`${redactBuiltin(sentence(event))}\n`);
  };

function sentence(event: Event): string {
  switch (event.type) {
    case 'bucket-started':
      return `Bucket ${event.bucket}`;
    case 'claimed':
      return `Compiling ${counted(event.envelopes, 'envelope')}`;
    case 'recovered':
      return `Put an interrupted compile in order: ${event.settled} settled, ${event.givenBack} given back`;
    case 'set-aside':
      return `Set aside ${event.path}: ${event.reason}`;
    case 'fell-back':
      return `${event.from} failed, ${event.to} does the work: ${event.reason}`;
    case 'promoted':
      return event.envelopes === 0
        ? `Made generation ${event.generation}`
        : `Promoted generation ${event.generation} from ${counted(event.envelopes, 'envelope')}`;
    case 'proposed':
      return `Planned ${counted(event.envelopes, 'envelope')}; nothing is promoted before your yes: csep review`;
    case 'published':
      return `Published the skill ${event.skill}`;
    case 'skill-left-alone':
      return `Left the skill ${event.skill} alone: ${event.reason}`;
    case 'mirror-edit-kept':
      return `Kept your edit of ${event.path} as ${event.kept}`;
    case 'reviewed':
      return `Reviewed session ${event.session}: ${counted(event.suggestions, 'suggestion')}`;
    case 'review-deferred':
      return `Session ${event.session} waits: ${event.reason}`;
    case 'review-failed':
      return `Review of session ${event.session} failed: ${event.reason}`;
    case 'problem':
      return event.what;
  }
}

/** Who did the work of whom, and why; for the summaries of a compile and of a scan. */
export const fallbackText = (of: {
  backend: string;
  fallback_backend: string | null;
  fallback_reason?: string;
}): string => `${of.fallback_backend} did the work of ${of.backend}: ${of.fallback_reason ?? 'it failed'}`;
