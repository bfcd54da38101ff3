import { describe, expect, test } from 'vitest';
import { cmdLauncher, shellLauncher } from '../../../src/install/launcher.ts';

const target = {
  node: 'C:\\Program Files\\nodejs\\node.exe',
  folder: 'C:\\it 100% me\\app\\0.9.0',
  home: 'C:\\it 100% me',
};

describe('the launcher for cmd.exe', () => {
  test('never fails as a hook, and doubles what would begin a variable', () => {
    const text = cmdLauncher({ kind: 'hook', ...target });

    expect(text).toContain('"%NODE%" "C:\\it 100%% me\\app\\0.9.0\\hook.cjs" %* 2>nul\r\nexit /b 0\r\n');
    expect(text).toContain('if not defined CODEX_SELF_EVOLUTION_HOME set "CODEX_SELF_EVOLUTION_HOME=C:\\it 100%% me"');
  });

  test('hands the exit code on as a program', () => {
    expect(cmdLauncher({ kind: 'program', ...target })).toContain('csep.js" %*\r\nexit /b %ERRORLEVEL%\r\n');
  });
});

test('the launcher for a shell comes to its exec before it looks for anything', () => {
  const lines = shellLauncher({ kind: 'hook', node: '/n/node', folder: '/h/app/1.0.0', home: '/h' }).split('\n');
  const exec = lines.findIndex((line) => line.includes('exec "$node"'));

  expect(lines.slice(0, exec).join('\n')).not.toMatch(/\$\(|`|for /);
});
