import type { Event, Report } from '../contracts/event.ts';

/** Tells what a flow does: a line on stderr for a person who watches, nothing for a program. */
export const stderrReport = (enabled: boolean): Report =>
  enabled ? (event) => process.stderr.write(`${sentence(event)}\n`) : () => undefined;

function sentence(event: Event): string {
  switch (event.type) {
    case 'bucket-started':
      return `Bucket ${event.bucket}`;
    case 'claimed':
      return `Compiling ${event.envelopes} envelope(s)`;
    case 'recovered':
      return `Put an interrupted compile in order: ${event.settled} settled, ${event.givenBack} given back`;
    case 'set-aside':
      return `Set aside ${event.path}: ${event.reason}`;
    case 'fell-back':
      return `${event.from} failed, ${event.to} does the work: ${event.reason}`;
    case 'promoted':
      return `Promoted generation ${event.generation} from ${event.envelopes} envelope(s)`;
    case 'published':
      return `Published the skill ${event.skill}`;
    case 'skill-left-alone':
      return `Left the skill ${event.skill} alone: ${event.reason}`;
    case 'mirror-edit-kept':
      return `Kept your edit of ${event.path} as ${event.kept}`;
    case 'reviewed':
      return `Reviewed session ${event.session}: ${event.suggestions} suggestion(s)`;
    case 'review-deferred':
      return `Session ${event.session} waits: ${event.reason}`;
    case 'review-failed':
      return `Review of session ${event.session} failed: ${event.reason}`;
    case 'problem':
      return event.what;
  }
}
