import { defineConfig } from 'vitest/config';

/** The real Codex CLI against a mock of the model: slow, so one test after the other, and slow is not wrong. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/support/provide-codex.ts', 'test/support/leak-guard.ts'],
    setupFiles: ['test/support/leak-watch.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
