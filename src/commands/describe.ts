import type { Failure } from '../contracts/failure.ts';

/** Says a failure in English: what happened, what became of the data, what to do next. */
export function describe(failure: Failure): string {
  switch (failure.reason) {
    case 'usage':
      // Where a command is named that helps, the list of flags would lead away from it.
      return failure.detail.includes('`csep ') ? failure.detail : `${failure.detail} (see --help)`;
    case 'file-missing':
      return `${failure.path} does not exist. Nothing was changed.`;
    case 'file-unreadable':
      return `${failure.path} cannot be read: ${failure.detail}. Nothing was changed.`;
    case 'file-invalid':
      return `${failure.path} is not what it should be: ${failure.detail}. The file was left as it is.`;
    case 'file-too-large':
      return `${failure.path} has ${failure.size} bytes; at most ${failure.limit} are read. Nothing was changed.`;
    case 'newer-schema':
      return `${failure.path} was written by a newer version (schema ${failure.version}). It was left alone; update this program.`;
    case 'disk-failed':
      return `Could not ${failure.operation} ${failure.path} (${failure.code}). What was there before is unchanged; ${adviceFor(failure.code)}`;
    case 'symlink-refused':
      return `${failure.path} is a symbolic link; nothing is read or written through links. Replace it by a real file or folder.`;
    case 'bucket-locked':
      return `Another compile${failure.ownerPid === null ? '' : ` (process ${failure.ownerPid})`} is working on ${failure.bucket}; nothing was changed. Try again later.`;
    case 'lock-lost':
      return `The lock on ${failure.bucket} was lost; nothing was promoted, the suggestions stay where they were.`;
    case 'race-lost':
      return `Another compile promoted generation ${failure.generation} of ${failure.bucket} first; the suggestions were given back and are compiled next time.`;
    case 'answer-unparsable':
      return `The answer could not be read: ${failure.detail}. Nothing was stored; what is queued stays queued and is reviewed later.`;
    case 'answer-rejected':
      return `The backend's answer breaks the rule ${failure.rule}: ${failure.detail}. Nothing of it was taken over.`;
    case 'install-conflict':
      return `${failure.what}. Nothing was changed. ${failure.fix}`;
    case 'not-configured':
      return `${failure.what} is not configured. ${failure.fix}`;
    case 'model-refused':
      return `${failure.provider} refused with status ${failure.status}: ${failure.detail}. Nothing was stored; what is queued stays queued and is reviewed later.`;
    case 'model-unreachable':
      return `${failure.provider} cannot be reached: ${failure.detail}. Nothing was stored; what is queued stays queued and is reviewed later.`;
    case 'model-timed-out':
      return `${failure.provider} gave no answer within ${failure.afterMs} ms. Nothing was stored; what is queued stays queued and is reviewed later.`;
    case 'agent-unavailable':
      return `${failure.agent} is not available: ${failure.detail}`;
    case 'agent-failed':
      return `${failure.agent} failed: ${failure.detail}. Nothing was stored; what is queued stays queued and is reviewed later.`;
    case 'scheduler-unavailable':
      return `No scheduler can be used: ${failure.detail}. Nothing was changed; a session that starts compiles in the background what waits (scheduler.opportunistic).`;
    case 'scheduler-taken':
      return `${failure.path} was not written by this program (the Python plugin has a job of that name). Nothing was changed; scheduler install --replace moves it aside and takes its place.`;
    case 'program-failed':
      return `${failure.program} failed: ${failure.detail}. Our files are as they were before; correct the cause and run it again.`;
    case 'budget-used-up':
      return `The budget of model calls and tokens for today is used up, so ${failure.what} was not asked; nothing was changed. Tomorrow (UTC) it is asked again; review.daily_calls and review.daily_tokens of config.toml raise it.`;
    case 'aborted':
      return `${failure.what} was stopped before it was done; it goes on with the next run.`;
  }
}

function adviceFor(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full: make room, then run it again.';
    case 'EROFS':
      return 'the file system is read-only.';
    case 'EACCES':
    case 'EPERM':
      return 'check the permissions and the owner.';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file stands where a folder should be.';
    default:
      return 'run it again; if it stays, look at the disk.';
  }
}
