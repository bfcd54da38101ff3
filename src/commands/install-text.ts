import type { InstallSummary } from '../install/install.ts';
import type { UninstallSummary } from '../install/uninstall.ts';

const DONE = { created: 'made', changed: 'changed', removed: 'removed' };
const WOULD = { created: 'would make', changed: 'would change', removed: 'would remove' };

/** What install did, and what is left for the person to do. */
export function installText(summary: InstallSummary, more: readonly string[] = []): string {
  const { dry_run, files, commands } = summary;
  const words = dry_run ? WOULD : DONE;
  const lines = [
    ...files.flatMap(({ path, action, diff }) => [`${words[action]} ${path}`, ...(dry_run && diff ? [diff] : [])]),
    ...commands.map((command) => `${dry_run ? 'would run' : 'ran'}: ${command}`),
    ...more,
  ];
  const already = more.length === 0 ? 'Everything was' : 'The hooks were';
  const head = dry_run
    ? 'This would be done (nothing was changed):'
    : summary.changed
      ? `Installed version ${summary.version}.`
      : `${already} installed already; nothing ${more.length === 0 ? '' : 'of them '}was changed.`;
  return [head, ...lines, ...(dry_run ? [] : ['', trustText(summary)])].join('\n');
}

/** The commonest reason why nothing happens. */
function trustText({ hooks, way }: InstallSummary): string {
  const waiting = hooks.filter(({ status }) => status !== 'trusted');
  if (hooks.length > 0 && waiting.length === 0)
    return 'Codex trusts the hooks: the next session uses them. See it work: csep status';
  const off = waiting.filter(({ status }) => status === 'disabled');
  if (off.length > 0)
    return `Switched off in Codex: ${off.map(({ event }) => event).join(', ')}. Switch them on with /hooks.`;
  return [
    'One step is left: Codex runs no hook that you have not trusted, and says nothing about it.',
    `Open codex, type /hooks, and trust the three hooks of codex-self-evolution (or run: csep install${way === 'plugin' ? ' --plugin' : ''} --trust).`,
  ].join('\n');
}

export function uninstallText(summary: UninstallSummary): string {
  const words = summary.dry_run ? WOULD : DONE;
  const did = summary.dry_run ? 'would remove' : 'removed';
  const lines = [
    ...summary.files.flatMap(({ path, action, diff }) => [
      `${words[action]} ${path}`,
      ...(summary.dry_run && diff ? [diff] : []),
    ]),
    ...summary.commands.map((command) => `${summary.dry_run ? 'would run' : 'ran'}: ${command}`),
    ...summary.scheduler.map((what) => `${did} ${what}`),
    ...summary.skills_removed.map((folder) => `${did} the published skill ${folder}`),
    ...(summary.purged ? [`${did} everything that was learned, with keys and logs, from ${summary.home}`] : []),
  ];
  const done = summary.dry_run ? 'This would be done (nothing was changed):' : 'Uninstalled.';
  const kept = summary.kept.map(({ path, why }) => `  ${path} (${why})`);
  return [
    ...(lines.length === 0 ? ['Nothing of ours is installed; nothing was changed.'] : [done, ...lines]),
    ...(kept.length === 0 ? [] : ['', 'Kept:', ...kept]),
  ].join('\n');
}
