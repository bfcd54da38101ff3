import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { recallSettings } from '../../../src/config/quick-settings.ts';
import { settingsOf } from '../../../src/config/read-settings.ts';
import { systemWorld } from '../../../src/kernel/world.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

test.each([
  '',
  '# [recall]\n#top_k = 9\n[review]\nquiet_seconds = 5\n',
  '[recall]\ntop_k = 9\n',
  '  [ recall ]  # mine\r\ntop_k = 9\r\n',
  'recall.top_k = 9\n',
  'recall = { top_k = 9 }\n',
  '["recall"]\ntop_k = 9\n',
  '["re\\u0063all"]\ntop_k = 9\n',
  "active_profile = '''x\n# y'''\n[recall]\ntop_k = 9\n",
  '[recall]\ntop_k = "nine"\n',
  '[review]\nquiet_seconds = soon\n',
])('the quick look and the full reader say the same of %j', async (toml) => {
  const home = path.join(tempFolder(), 'home');
  fs.mkdirSync(home);
  fs.writeFileSync(path.join(home, 'config.toml'), toml);
  const world = systemWorld({ HOME: path.dirname(home) }, home);

  expect(await recallSettings(world)).toEqual(settingsOf(world).recall);
});
