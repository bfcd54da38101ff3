import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import { sha256 } from '../kernel/digest.ts';
import { readForeignFile } from '../kernel/foreign-file.ts';
import { readBackup } from './backups.ts';
import { codexFiles, PLUGIN_ID } from './codex-files.ts';
import { isChange } from './file-change.ts';
import type { FileChange } from './file-change.ts';
import { EMPTY_HOOKS } from './hooks-json.ts';
import type { FileNote } from './install-record.ts';
import { planHooksFile } from './plan-hooks.ts';
import { readTomlDocument, valueAt } from './toml-document.ts';
import { readCodexHooks } from './trust-status.ts';
import { withoutTrust } from './trust-tables.ts';

/** What of ours is in one Codex home. */
export interface UninstallPlan {
  codexHome: string;
  /** In the order in which they are to be written: without trust nothing runs, whatever comes after. */
  files: FileChange[];
  /** Of these: those that go back to what they were before us, byte for byte. */
  wholes: string[];
  /** `name@marketplace`, ours. */
  plugins: string[];
  /** Hooks of ours that are left: a person's text. */
  left: string[];
}

export interface UninstallSubject {
  home: string;
  codexHome: string;
  /** What `install` noted of the files. */
  notes: readonly FileNote[];
}

/** Files that nobody has changed since go back to every byte of before; from others only what is ours is cut. */
export function planUninstall(subject: UninstallSubject): Result<UninstallPlan> {
  const files = codexFiles(subject.codexHome);
  const found = readCodexHooks(subject.codexHome);
  const [problem] = found.problems;
  if (problem) return fail(problem);
  const ours = found.hooks.filter(({ owner }) => owner === 'ours');
  const keys = ours.filter(({ source }) => source === 'hooks.json').map(({ key }) => key);
  const config = planConfig(subject, files.config, keys);
  if (!config.ok) return config;
  const hooks = planHooks(subject, files.hooks);
  if (!hooks.ok) return hooks;
  return succeed({
    codexHome: files.home,
    files: [config.value, hooks.value].filter(isChange),
    wholes: [config.value, hooks.value].flatMap(({ path, isWhole }) => (isWhole ? [path] : [])),
    plugins: [...new Set(ours.flatMap(({ pluginId }) => pluginId ?? []))],
    left: [...new Set(ours.filter(({ source }) => source === 'config.toml').map(({ file }) => file))],
  });
}

/** As it was before us; undefined when somebody has changed it since, or we do not know. */
function wholeBefore(
  { home, notes }: UninstallSubject,
  path: string,
  text: string,
): { text: string | undefined } | undefined {
  const note = notes.find((candidate) => candidate.path === path);
  if (!note || note.after_sha256 !== sha256(text)) return undefined;
  if (note.created) return { text: undefined };
  const before = note.before === null ? undefined : readBackup(home, note.before);
  return before === undefined ? undefined : { text: before };
}

const wasCreated = ({ notes }: UninstallSubject, path: string): boolean =>
  notes.some((note) => note.path === path && note.created);

interface PlannedChange extends FileChange {
  isWhole: boolean;
}

function planHooks(subject: UninstallSubject, path: string): Result<PlannedChange> {
  const before = readForeignFile(path)?.text;
  if (before === undefined) return succeed({ path, before, after: undefined, isWhole: false });
  const whole = wholeBefore(subject, path, before);
  if (whole) return succeed({ path, before, after: whole.text, isWhole: true });
  const plan = planHooksFile(path, before, { groups: [], replacePython: false });
  if (!plan.ok) return plan;
  const { text = '' } = plan.value;
  const isEmpty = text.trim() === EMPTY_HOOKS && wasCreated(subject, path);
  return succeed({ path, before, after: isEmpty ? undefined : text, isWhole: false });
}

function planConfig(subject: UninstallSubject, path: string, hookKeys: readonly string[]): Result<PlannedChange> {
  const before = readForeignFile(path)?.text;
  if (before === undefined) return succeed({ path, before, after: undefined, isWhole: false });
  const whole = wholeBefore(subject, path, before);
  if (whole) return succeed({ path, before, after: whole.text, isWhole: true });
  const read = readTomlDocument(path, before);
  if (!read.ok) return read;
  const state = valueAt(read.value.values, ['hooks', 'state']);
  const pluginKeys = isRecord(state) ? Object.keys(state).filter((key) => key.startsWith(`${PLUGIN_ID}:`)) : [];
  const after = withoutTrust(path, read.value, [...hookKeys, ...pluginKeys]);
  if (!after.ok) return after;
  const isEmpty = after.value.trim() === '' && wasCreated(subject, path);
  return succeed({ path, before, after: isEmpty ? undefined : after.value, isWhole: false });
}
