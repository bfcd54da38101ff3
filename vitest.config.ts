import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/guard-home.ts', 'test/support/leak-guard.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/architecture.test.ts'],
          setupFiles: ['test/support/leak-watch.ts'],
          // Fast tests; but a machine may be slow, and slow is not wrong.
          testTimeout: 60_000,
        },
      },
      // Processes are started and killed here.
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          setupFiles: ['test/support/leak-watch.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      // Thousands of deaths, one after the other, with a layer between the program and node:fs.
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.test.ts'],
          globalSetup: ['test/support/crash-summary.ts'],
          setupFiles: ['test/support/fault-install.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
