import { expect, test } from 'vitest';
import { installText } from '../../../src/commands/install-text.ts';
import type { InstallSummary } from '../../../src/install/install.ts';

const summary = (way: InstallSummary['way']): InstallSummary => ({
  home: '/home',
  codex_home: '/codex',
  way,
  version: '1.0.0',
  launcher: '/home/app/hook',
  dry_run: false,
  changed: true,
  files: [],
  commands: [],
  hooks: [{ event: 'Stop', key: 'key', status: 'untrusted' }],
});

test.each([
  ['hooks', '(or run: csep install --trust)'],
  ['plugin', '(or run: csep install --plugin --trust)'],
] as const)('whoever installed %s is told the command that trusts them', (way, command) => {
  expect(installText(summary(way))).toContain(command);
});
