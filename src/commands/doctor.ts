import { defineCommand } from 'citty';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { examine } from '../health/doctor.ts';
import type { Level, NamedFinding } from '../health/finding.ts';
import { worstFirst } from '../health/finding.ts';
import { gatherFacts } from '../health/gather-facts.ts';
import { counted } from '../kernel/counted.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { closeToOthers, openPaths } from '../kernel/disk-place.ts';
import { timestamp } from '../kernel/clock.ts';
import type { World } from '../kernel/world.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { runCommand } from './edge.ts';
import { printResult } from './output.ts';
import { lookingWorld, toolsFlag } from './status.ts';

export const doctorCommand = defineCommand({
  meta: {
    name: 'doctor',
    description:
      'Check everything from the hooks to the promoted memory, and say how to mend what is broken; exits with 1 when something is (examples: doctor, doctor --online, doctor --fix)',
  },
  args: {
    online: {
      type: 'boolean',
      description: 'Ask the provider as well: one request that costs no tokens',
      default: false,
    },
    fix: { type: 'boolean', description: 'Close the home to others (modes 0700 and 0600)', default: false },
    all: { type: 'boolean', description: 'Show the checks that are well, too', default: false },
    ...toolsFlag,
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = lookingWorld(args.home);
    await runCommand(
      world,
      () => diagnose(world, args),
      (diagnosis) => {
        printResult(diagnosis, () => diagnosisText(diagnosis, args.all), args);
        if (diagnosis.counts.broken > 0) process.exitCode = 1;
      },
    );
  },
});

interface DoctorFlags {
  online: boolean;
  fix: boolean;
  tools: boolean;
}

/** What `doctor` prints. */
interface Diagnosis {
  timestamp: string;
  home: string;
  level: Level;
  counts: Record<Level, number>;
  /** In the order of the checks. */
  checks: NamedFinding[];
  /** Paths whose modes `--fix` has tightened, and those it could not. */
  fixed: { closed: number; refused: string[] } | null;
}

async function diagnose(world: World, flags: DoctorFlags): Promise<Result<Diagnosis>> {
  const fixed = flags.fix ? closeHome(world.home) : null;
  const checks = examine(await gatherFacts(world, { noTools: !flags.tools, online: flags.online }));
  const count = (level: Level): number => checks.filter((finding) => finding.level === level).length;
  return succeed({
    timestamp: timestamp(world.clock),
    home: world.home,
    level: worstFirst(checks)[0]?.level ?? 'ok',
    counts: { ok: count('ok'), warn: count('warn'), broken: count('broken') },
    checks,
    fixed,
  });
}

function closeHome(home: string): NonNullable<Diagnosis['fixed']> {
  const open = openPaths(home);
  const refused = open.filter((found) => !attempt(() => closeToOthers(found)).ok);
  return { closed: open.length - refused.length, refused: refused.map(({ path }) => path).slice(0, 20) };
}

function diagnosisText({ checks, counts, fixed }: Diagnosis, all: boolean): string {
  const shown = worstFirst(checks).filter(({ level }) => all || level !== 'ok');
  const lines = [
    ...(fixed === null ? [] : [`Closed ${counted(fixed.closed, 'path')} to others${refusedText(fixed.refused)}.`]),
    ...shown.flatMap((finding) => findingLines(finding)),
    `${counts.broken} broken, ${counted(counts.warn, 'warning')}, ${counts.ok} well.`,
  ];
  return lines.map((line) => line.replaceAll(/[\p{Cc}\p{Cf}]/gu, '')).join('\n');
}

const refusedText = (refused: readonly string[]): string =>
  refused.length === 0 ? '' : `; could not close ${refused.join(', ')}`;

const MARKS: Record<Level, string> = { ok: 'ok     ', warn: 'warning', broken: 'BROKEN ' };

const findingLines = ({ level, check, says, fix }: NamedFinding): string[] => [
  `${MARKS[level]}  ${check}: ${says}`,
  ...(fix === undefined ? [] : [`         ${fix}`]),
];
