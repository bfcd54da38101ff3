import { counted } from '../kernel/counted.ts';
import type { Finding } from './finding.ts';
import { broken, ok, warn } from './finding.ts';
import type { DoctorFacts } from './doctor-facts.ts';

/** Checks of the home: who can read it, on what disk it lies, what in it cannot be used. */

function homePermissions({ open, status }: DoctorFacts): Finding {
  if (open.length === 0) return ok('only you can read the home');
  const key = open.find(({ path }) => path === status.env_provider.path);
  const some = open
    .slice(0, 3)
    .map(({ path, mode }) => `${path} (0${mode.toString(8)})`)
    .join(', ');
  const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
  const says = `others can read ${some}${more}`;
  return key
    ? broken(`your keys are open to others: ${says}`, 'Run csep doctor --fix.')
    : warn(says, 'Run csep doctor --fix.');
}

/** Folders that sync programs copy behind our back, as parts of a path. */
const CLOUD =
  /[\\/](Dropbox|OneDrive(?: - [^\\/]+)?|Google ?Drive|My Drive|iCloud ?Drive|Mobile Documents|CloudStorage|Nextcloud|ownCloud|pCloud ?Drive|Syncthing|Box(?: Sync)?|MEGA|Seafile)(?=[\\/]|$)/i;

function homePlace({ status, disk, otherHosts }: DoctorFacts): Finding {
  const move = 'Put it on a disk of this machine: CODEX_SELF_EVOLUTION_HOME names another folder.';
  const [, cloud] = CLOUD.exec(status.home) ?? [];
  if (cloud !== undefined) return warn(`the home lies in ${cloud}, which copies files while they are written`, move);
  if (disk?.remote)
    return warn(`the home lies on ${disk.remote}: renames and locks of other machines are seen late`, move);
  if (otherHosts.length > 0)
    return warn(
      `the home is used by other machines, too (${otherHosts.slice(0, 3).join(', ')})`,
      'Give each machine a home of its own.',
    );
  return ok('the home lies on a disk of this machine');
}

function caseOfNames({ disk, status }: DoctorFacts): Finding {
  if (!disk?.caseInsensitive) return ok('names that differ in case are different files');
  const twins = duplicates(status.buckets.map(({ project }) => project.normalize('NFC').toLowerCase()));
  if (twins.length === 0) return ok('names that differ in case are one file here; no two buckets need it otherwise');
  return warn(
    `the disk takes names that differ in case for one, and two buckets differ in that only (${twins[0]})`,
    'Look at csep migrate-worktrees: it merges buckets of one repository.',
  );
}

const duplicates = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

const ROOM = 500 * 1024 * 1024;
const NO_ROOM = 50 * 1024 * 1024;

function diskSpace({ disk }: DoctorFacts): Finding {
  if (!disk) return ok('the system does not say how much room there is');
  const megabytes = `${Math.round(disk.freeBytes / 1024 / 1024)} MB free`;
  if (disk.freeBytes < NO_ROOM)
    return broken(`the disk is full: ${megabytes}`, 'Make room; nothing is lost, and work goes on by itself.');
  if (disk.freeBytes < ROOM) return warn(`the disk is nearly full: ${megabytes}`, 'Make room.');
  return ok(megabytes);
}

/** Two clocks are never quite equal. */
const TOLERANCE_MS = 5 * 60_000;

function clock({ status, now, health }: DoctorFacts): Finding {
  const times = [
    status.scheduler.last_tick?.at,
    status.review.oldest,
    ...status.buckets.map(({ last_receipt: receipt }) => receipt?.ended_at),
    ...Object.values(health).map((step) => step.last_failure),
  ];
  const future = times.find((at) => Date.parse(at ?? '') > now.getTime() + TOLERANCE_MS);
  if (future)
    return warn(
      `something was written at ${future}, and it is only ${now.toISOString().slice(0, 19)}Z`,
      'Set the clock of this machine (and switch on time synchronisation).',
    );
  return ok('no time lies in the future');
}

function setAside({ status }: DoctorFacts): Finding {
  const found = status.buckets.filter(({ counts }) => counts.set_aside > 0);
  const total = found.reduce((sum, { counts }) => sum + counts.set_aside, 0);
  if (total === 0) return ok('no file was set aside');
  return warn(
    `${counted(total, 'damaged file was', 'damaged files were')} set aside, as in ${found[0]?.state_dir}`,
    'Look into set-aside/ there: the reason lies beside each; delete them when they are of no use.',
  );
}

function handEdits({ status }: DoctorFacts): Finding {
  const files = status.buckets.flatMap(({ unparsable_edits: edits }) => edits);
  if (files.length === 0) return ok('every hand edit could be read');
  return warn(
    `${counted(files.length, 'hand edit')} cannot be read, as ${files[0]}`,
    'Correct the file (each note begins with "## " and a title), or remove it; it is kept until then.',
  );
}

function readable({ status }: DoctorFacts): Finding {
  const problems = [...status.buckets.flatMap((bucket) => bucket.problems), ...status.problems];
  const receipt = status.buckets.find(({ last_receipt: last }) => last?.error)?.last_receipt;
  const all = [...problems, ...(receipt ? [`${receipt.path}: ${receipt.error}`] : [])];
  const [first] = all;
  if (first === undefined) return ok('everything in the home can be read');
  return warn(
    `${first}${all.length > 1 ? ` (and ${all.length - 1} more)` : ''}`,
    'Look at that path: its owner, its permissions, and which version wrote it.',
  );
}

export const HOME_CHECKS = {
  'home-permissions': homePermissions,
  'home-place': homePlace,
  'case-of-names': caseOfNames,
  'disk-space': diskSpace,
  clock,
  'set-aside': setAside,
  'hand-edits': handEdits,
  readable,
};
