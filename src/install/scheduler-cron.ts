import { NO_PLAN, saidBy, scansElsewhere } from './scheduler-row.ts';
import type { SchedulerFound, SchedulerHost, SchedulerJob, SchedulerPlan, SchedulerRow } from './scheduler-row.ts';

/** Any Unix with a crontab of the user (crontab(5)), where nothing better runs. */
export const cron: SchedulerRow = {
  kind: 'cron',
  label: 'codex-self-evolution',
  isAvailable: (host) => host.findProgram('crontab') !== undefined,
  unitPath: () => null,
  look,
  plan: (_host, job, found) => {
    const text = withBlock(found.text ?? '', cronLine(job));
    return text === (found.text ?? '') ? NO_PLAN : writing(text);
  },
  planRemoval: (_host, found) => {
    if (!found.exists || found.text === null) return NO_PLAN;
    const text = withoutBlock(found.text);
    return text === '' ? { ...NO_PLAN, commands: [{ argv: ['crontab', '-r'] }] } : writing(text);
  },
  startCommand: () => undefined,
};

const writing = (text: string): SchedulerPlan => ({
  ...NO_PLAN,
  commands: [{ argv: ['crontab', '-'], input: Buffer.from(text, 'latin1') }],
});

/** What `crontab -l` says of a user who has none; anything else that it refuses with is no empty crontab. */
const NO_CRONTAB = /no crontab for|can't open .*No such file/i;

function look(host: SchedulerHost): SchedulerFound {
  const nothing = { text: null, exists: false, elsewhere: false, foreign: false, loaded: false, error: null };
  if (host.findProgram('crontab') === undefined) return { ...nothing, loaded: null };
  const run = host.run(['crontab', '-l']);
  if (run.status === 0) {
    // Byte for byte: other people's lines may be in any encoding.
    const text = run.stdout.toString('latin1');
    const block = BLOCK.exec(text)?.[0] ?? null;
    const exists = block !== null;
    return { ...nothing, text, exists, elsewhere: scansElsewhere(host, block, logWords), loaded: exists };
  }
  if (run.status !== null && NO_CRONTAB.test(run.stderr)) return nothing;
  return { ...nothing, loaded: null, error: `crontab -l: ${saidBy(run)}` };
}

const logWords = (log: string): string => asBytes(`>>${shellWord(log)} `);

/** As a crontab is read here. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const BEGIN = '# >>> codex-self-evolution (added by csep scheduler install, removed by csep scheduler uninstall)';
/** The crontab had no line end at its end: it gets none back. */
const GLUED = ' after a line without an end';
const END = '# <<< codex-self-evolution';
const BLOCK = /^# >>> codex-self-evolution [^\n]*\n(?:[^\n]*\n)*?# <<< codex-self-evolution\n/m;

/** The crontab with our block in it: in its place when there is one, else at the end. */
export function withBlock(crontab: string, line: string): string {
  const glued = BLOCK.exec(crontab)?.[0].startsWith(`${BEGIN}${GLUED}`) ?? !(crontab === '' || crontab.endsWith('\n'));
  const block = `${BEGIN}${glued ? GLUED : ''}\n${asBytes(line)}\n${END}\n`;
  if (BLOCK.test(crontab)) return crontab.replace(BLOCK, () => block);
  return `${crontab}${glued ? '\n' : ''}${block}`;
}

/** The crontab as it was before. */
export function withoutBlock(crontab: string): string {
  const block = BLOCK.exec(crontab);
  if (!block) return crontab;
  const before = crontab.slice(0, block.index);
  const after = crontab.slice(block.index + block[0].length);
  const glued = block[0].startsWith(`${BEGIN}${GLUED}`) && after === '';
  return (glued ? before.replace(/\n$/, '') : before) + after;
}

/** One line of a crontab: when, then a command for `sh`. */
export function cronLine(job: SchedulerJob): string {
  const variables = Object.entries(job.environment).map(([name, value]) => `${name}=${shellWord(value)}`);
  const words = [...variables, 'nice -n 10', ...job.argv.map(shellWord), `>>${shellWord(job.log)}`, '2>&1'];
  return `${job.minutes === 1 ? '*' : `*/${job.minutes}`} * * * * ${words.join(' ')}`;
}

/**
 * A word for `sh`, in single quotes. Cron cuts the command at a percent sign unless a backslash stands before
 * it, and reads a backslash before that one as escaping it: the quotes are closed and opened in between.
 */
export const shellWord = (text: string): string =>
  /^[\w@+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`).replaceAll('%', String.raw`''\%`)}'`;
