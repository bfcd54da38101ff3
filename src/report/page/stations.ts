import type { ReportModel } from '../model.ts';
import type { Voice } from './format.ts';
import { waitsTooLong } from './scope.ts';
import type { Scope } from './scope.ts';

/** One place that a turn passes on its way round the loop. */
export interface Station {
  /** Name that tests know. */
  key: string;
  name: string;
  value: number | null;
  /** Parts of what the number means; one line, or several where there is little room. */
  note: readonly string[];
  /** What is wrong here; empty: nothing. */
  trouble: string;
  /** Section that tells more. */
  href: string;
}

/** The loop in its order: from a session that stops to the next one that starts. */
export const stationsOf = (model: ReportModel, scope: Scope, voice: Voice): Station[] => [
  ...comingIn(model, scope, voice),
  compiling(scope, voice),
  generation(scope, voice),
  knowledge(scope, voice),
  {
    key: 'next',
    name: voice.words.loop.next,
    value: scope.stations.sessions_given,
    note: [voice.words.loop.nextNote],
    trouble: '',
    href: '#use',
  },
];

function comingIn(model: ReportModel, { stations }: Scope, voice: Voice): Station[] {
  const { loop } = voice.words;
  const waits = (since: string | null): string =>
    since !== null && waitsTooLong(since, model.generated_at) ? loop.oldest(voice.age(since)) : '';
  const { sessions, queued, retrying, pending, processing, awaiting_yes: awaiting } = stations;
  const { calls } = model.cost.today;
  return [
    { key: 'stop', name: loop.stop, value: sessions, note: [loop.stopNote], trouble: '', href: '#use' },
    {
      key: 'queue',
      name: loop.queue,
      value: queued,
      note: [loop.queueNote],
      trouble: waits(stations.oldest_queued),
      href: '#trouble',
    },
    {
      key: 'review',
      name: loop.review,
      value: calls,
      note: [loop.reviewCalls],
      trouble: retrying > 0 ? loop.reviewNote(voice.number(retrying)) : '',
      href: retrying > 0 ? '#trouble' : '#cost',
    },
    {
      key: 'pending',
      name: loop.pending,
      value: pending + processing,
      note: awaiting > 0 ? [loop.awaitingNote(voice.number(awaiting))] : [loop.pendingNote],
      trouble: waits(stations.oldest_pending),
      href: '#trouble',
    },
  ];
}

const compiling = ({ stations }: Scope, voice: Voice): Station => ({
  key: 'compile',
  name: voice.words.loop.compile,
  value: stations.done + stations.discarded,
  note: [voice.words.loop.compileNote],
  trouble: stations.failed > 0 ? voice.words.loop.failedNote(voice.number(stations.failed)) : '',
  href: stations.failed > 0 ? '#trouble' : '#changes',
});

/** Generations are numbered by repository: of several there is only how many promotions are known. */
function generation({ stations, totals, buckets }: Scope, voice: Voice): Station {
  const { loop } = voice.words;
  const place = { key: 'generation', trouble: '', href: '#changes' };
  if (buckets.length > 1)
    return { ...place, name: loop.generations, value: totals.generations, note: [loop.generationsNote] };
  const note = stations.generation === null ? loop.none : loop.generationNote;
  return { ...place, name: loop.generation, value: stations.generation, note: [note] };
}

function knowledge({ stations }: Scope, voice: Voice): Station {
  const { loop, lead } = voice.words;
  const { skills, recall } = stations;
  const notes = stations.user_notes + stations.global_notes;
  return {
    key: 'knowledge',
    name: loop.knowledge,
    value: notes + skills + recall,
    note: [
      `${voice.number(notes)} ${lead.notes(notes)}`,
      `${voice.number(skills)} ${lead.skills(skills)}`,
      `${voice.number(recall)} ${lead.records(recall)}`,
    ],
    trouble: '',
    href: '#memory',
  };
}
