import { expect, test } from 'vitest';
import { tempBucket } from '../../support/temp-bucket.ts';
import { builtCsep } from './built-csep.ts';

const csep = builtCsep();

test.each([
  'install --dry-run',
  'uninstall --dry-run',
  'session-start',
  'compile-preflight',
  'compile',
  'scan',
  'scheduler status',
  'scheduler install --dry-run',
  'recall words',
  'recall-trigger words',
  'status --no-tools',
  'doctor --no-tools',
  'history',
  'rollback 1',
  'review list',
  'forget words',
  'report',
  'config show',
  'config validate',
  'config init',
  'config path',
  'config use openai',
  'config list-profiles',
  'config migrate',
  'migrate-worktrees',
])('a home that is no folder is told by %s', (words) => {
  const ran = csep(tempBucket(), [...words.split(' '), '--home', '/dev/null']);

  expect(ran.stderr).toContain('/dev/null is not what it should be: it is no folder, and the home must be a folder');
  expect(ran).toMatchObject({ status: 1, stdout: '' });
});
