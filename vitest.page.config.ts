import { defineConfig } from 'vitest/config';
import { pageAssets } from './scripts/page-assets.mjs';

/** The report page in a real Chromium (CSEP_CHROMIUM, otherwise /usr/bin/chromium). */
export default defineConfig({
  plugins: [pageAssets],
  test: {
    include: ['test/page/**/*.test.ts'],
    globalSetup: ['test/support/guard-home.ts', 'test/support/leak-guard.ts'],
    setupFiles: ['test/support/leak-watch.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 600_000,
  },
});
