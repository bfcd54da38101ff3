import fs from 'node:fs';
import path from 'node:path';
import { hostOf } from '../../../src/install/scheduler-host.ts';
import type { SchedulerHost } from '../../../src/install/scheduler-row.ts';
import { systemWorld } from '../../../src/kernel/world.ts';
import type { World } from '../../../src/kernel/world.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

/** A user on a machine whose schedulers are fakes: they note how they were called, and answer as told. */
export interface SchedulerRig {
  folder: string;
  world: World;
  /** Programs that the PATH has, and nothing else. */
  host: SchedulerHost;
  /** Every call, oldest first: program and arguments. */
  calls(): string[][];
  forget(): void;
  /** Makes later calls whose words contain `words` answer with that exit code and say that. */
  answer(program: string, words: string, exitCode: number, says?: string): void;
  read(file: string): string;
  exists(file: string): boolean;
  crontab: string;
}

const FAKE = `#!/bin/sh
{ printf '%s' "$(basename "$0")"; for word in "$@"; do printf '\\t%s' "$word"; done; printf '\\n'; } >> "$CALLS/calls"
for file in "$CALLS/$(basename "$0")"/*; do
  [ -f "$file" ] || continue
  words=$(sed -n 1p "$file")
  case " $* " in *"$words"*) sed -n '3,$p' "$file" >&2; exit "$(sed -n 2p "$file")";; esac
done
`;

/** Keeps what it is given, byte for byte, as the real one does. */
const FAKE_CRONTAB = `${FAKE}
case "$1" in
  -l) [ -f "$CALLS/tab" ] || { echo "no crontab for ann" >&2; exit 1; }; cat "$CALLS/tab";;
  -r) rm -f "$CALLS/tab";;
  -) cat > "$CALLS/tab";;
esac
`;

export function schedulerRig(programs: readonly string[], homeName = 'home of ann'): SchedulerRig {
  const folder = tempFolder();
  const bin = path.join(folder, 'bin');
  const calls = path.join(folder, 'calls');
  fs.mkdirSync(bin);
  fs.mkdirSync(calls);
  fs.mkdirSync(path.join(folder, 'run', 'systemd'), { recursive: true });
  for (const name of programs)
    fs.writeFileSync(path.join(bin, name), name === 'crontab' ? FAKE_CRONTAB : FAKE, { mode: 0o755 });
  const env = {
    HOME: path.join(folder, homeName),
    // The fakes are shell scripts; no real scheduler may be met behind them.
    PATH: `${bin}:${shellTools(folder)}`,
    XDG_RUNTIME_DIR: path.join(folder, 'run'),
    CALLS: calls,
  };
  const world = systemWorld(env);
  const log = path.join(calls, 'calls');
  return {
    folder,
    world,
    host: { ...hostOf(world), uid: 501 },
    calls: () =>
      fs.existsSync(log)
        ? fs
            .readFileSync(log, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => line.split('\t'))
        : [],
    forget: () => fs.rmSync(log, { force: true }),
    answer: (program, words, exitCode, says = '') => {
      fs.mkdirSync(path.join(calls, program), { recursive: true });
      const count = fs.readdirSync(path.join(calls, program)).length;
      fs.writeFileSync(path.join(calls, program, `${count}`), `${words}\n${exitCode}\n${says}`);
    },
    read: (file) => fs.readFileSync(file, 'utf8'),
    exists: (file) => fs.existsSync(file),
    crontab: path.join(calls, 'tab'),
  };
}

/** A folder with the few programs that the fakes need. */
function shellTools(folder: string): string {
  const tools = path.join(folder, 'tools');
  fs.mkdirSync(tools);
  for (const name of ['sh', 'basename', 'sed', 'cat', 'rm']) {
    const real = ['/bin', '/usr/bin'].map((place) => path.join(place, name)).find((file) => fs.existsSync(file));
    if (real) fs.symlinkSync(real, path.join(tools, name));
  }
  return tools;
}
