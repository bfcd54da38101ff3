import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readBytes } from '../kernel/files.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { realPath, removeFile } from '../kernel/move-files.ts';
import { pause } from '../kernel/pause.ts';
import { saidBy } from './scheduler-row.ts';
import type { PlannedCommand, PlannedFile, SchedulerHost, SchedulerPlan } from './scheduler-row.ts';

const RETRY_AFTER_MS = 500;
/** systemd and launchd want to read what they start; nothing in it is secret. */
const UNIT_MODE = 0o644;

/**
 * Carries a plan out: files, commands, removals. When a command fails the files are as they were before; what
 * the scheduler itself has taken over by then is told in the failure.
 */
export function applyPlan(host: SchedulerHost, plan: SchedulerPlan): Result<void> {
  const before = attempt(() => plan.files.map((file) => ({ path: file.path, bytes: readBytes(file.path) })));
  if (!before.ok) return before;
  const written = attempt(() => writeFiles(plan.files));
  const done = written.ok ? firstFailure(host, plan.commands) : written;
  if (!done.ok) {
    for (const file of before.value) putBack(file.path, file.bytes);
    return done;
  }
  const removed = attempt(() => {
    for (const file of plan.removals) removeFile(file);
  });
  return removed.ok ? firstFailure(host, plan.lastCommands ?? []) : removed;
}

export function contentOf(file: PlannedFile): Buffer {
  return file.encoding === 'utf16le' ? Buffer.from(`\uFEFF${file.content}`, 'utf16le') : Buffer.from(file.content);
}

function writeFiles(files: readonly PlannedFile[]): void {
  for (const file of files) {
    // Folders of the user's configuration are often links, and theirs to lay.
    const folder = realPath(path.dirname(file.path));
    makeFolder(folder);
    writeDurably(path.join(folder, path.basename(file.path)), contentOf(file), { mode: UNIT_MODE });
  }
}

function putBack(file: string, bytes: Buffer | undefined): void {
  attempt(() => (bytes === undefined ? removeFile(file) : writeDurably(file, bytes, { mode: UNIT_MODE })));
}

function firstFailure(host: SchedulerHost, commands: readonly PlannedCommand[]): Result<void> {
  for (const command of commands) {
    const run = runOften(host, command);
    if (run.status === 0 || command.mayFail) continue;
    return fail({ reason: 'program-failed', program: command.argv.join(' '), detail: saidBy(run) });
  }
  return succeed(undefined);
}

function runOften(host: SchedulerHost, command: PlannedCommand) {
  for (let left = command.tries ?? 1; ; left--) {
    const run = host.run(command.argv, command.input);
    if (run.status === 0 || left <= 1) return run;
    pause(RETRY_AFTER_MS);
  }
}
