import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { install } from '../../src/install/install.ts';
import type { InstallSummary } from '../../src/install/install.ts';
import type { InstallRequest } from '../../src/install/plan-install.ts';
import { uninstall } from '../../src/install/uninstall.ts';
import type { UninstallSummary } from '../../src/install/uninstall.ts';
import { findCodex } from '../../src/install/codex-program.ts';
import type { Failure } from '../../src/contracts/failure.ts';
import type { World } from '../../src/kernel/world.ts';

/** A user's folder with a Codex home, and a program to install: a few files that stand for dist/. */
export class InstallLab {
  readonly folder: string;
  readonly home: string;
  readonly codexHome: string;
  readonly program: string;
  readonly world: World;

  constructor(name = 'user', base = os.tmpdir()) {
    this.folder = path.join(fs.mkdtempSync(path.join(fs.realpathSync(base), 'csep-install-')), name);
    this.home = path.join(this.folder, '.codex-self-evolution');
    this.codexHome = path.join(this.folder, '.codex');
    this.program = path.join(this.folder, 'dist');
    for (const folder of [this.codexHome, path.join(this.program, 'chunks')]) fs.mkdirSync(folder, { recursive: true });
    for (const file of ['hook.cjs', 'cli.js', 'csep.js', 'package.json', 'chunks/a.cjs'])
      fs.writeFileSync(path.join(this.program, file), file === 'package.json' ? '{}\n' : `// ${file}\n`);
    this.world = {
      home: this.home,
      env: { HOME: this.folder, PATH: process.env['PATH'], CODEX_HOME: this.codexHome },
      clock: { now: () => new Date('2026-11-20T12:00:00Z') },
      diagnostics: { log: () => undefined },
    };
  }

  dispose(): void {
    fs.rmSync(path.dirname(this.folder), { recursive: true, force: true });
  }

  at(name: string): string {
    return path.join(this.codexHome, name);
  }

  /** Text of a file of Codex; undefined when there is none. */
  read(name: string): string | undefined {
    return fs.existsSync(this.at(name)) ? fs.readFileSync(this.at(name), 'utf8') : undefined;
  }

  write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(this.at(name)), { recursive: true });
    fs.writeFileSync(this.at(name), text);
  }

  request(more: Partial<InstallRequest> = {}): InstallRequest {
    return {
      codexHome: this.codexHome,
      way: 'hooks',
      trust: true,
      switchWay: false,
      replacePython: false,
      programFolder: this.program,
      node: process.execPath,
      platform: 'linux',
      ...more,
    };
  }

  async install(more: Partial<InstallRequest> = {}, dryRun = false): Promise<InstallSummary | Failure> {
    const codex = () => findCodex(this.world.env, this.codexHome, this.folder);
    const result = await install(this.world, this.request(more), { dryRun, codex });
    return result.ok ? result.value : result.failure;
  }

  async uninstall(more: { purge?: boolean; dryRun?: boolean } = {}): Promise<UninstallSummary | Failure> {
    const result = await uninstall(this.world, {
      codexHome: this.codexHome,
      purge: false,
      dryRun: false,
      codex: () => findCodex(this.world.env, this.codexHome, this.folder),
      unschedule: () => ({ ok: true, value: [] }),
      ...more,
    });
    return result.ok ? result.value : result.failure;
  }

  /** Everything below the user's folder, with bytes, modes and times. */
  picture(folder = this.folder): Record<string, string> {
    const picture: Record<string, string> = {};
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
      const facts = fs.lstatSync(path.join(folder, name), { bigint: true });
      const content = facts.isFile() ? fs.readFileSync(path.join(folder, name), 'base64') : '';
      picture[name] = `${facts.mode} ${facts.isFile() ? facts.mtimeNs : ''} ${content}`;
    }
    return picture;
  }
}

/** Another tool's hooks, written by hand, with its trust. */
export const THEIR_HOOKS = `{
   "description" : "mine",
   "hooks": {
      "Stop": [ {"hooks": [ { "type":"command", "command":"their-tool stop" } ] } ],
      "PreToolUse": [
         { "matcher": "Bash", "hooks": [ { "command": "their-tool pre", "type": "command", "timeout": 5 } ] }
      ]
   }
}`;

export const theirConfig = (hooksFile: string): string =>
  `# my settings\nmodel = "gpt-5.5"   # the good one\n\n[hooks.state.${JSON.stringify(`${hooksFile}:stop:0:0`)}]\ntrusted_hash = "sha256:${'1'.repeat(64)}" # theirs\n\n[tui]\ntheme = "dark"`;
