#!/usr/bin/env node
// @ts-check
// Installs the opencode that the end-to-end tests drive, on demand and outside the clone, and prints the path
// of its program.
import { asProgram, installPackage } from './install-package.mjs';

export const OPENCODE_VERSION = '1.18.33';

/**
 * Installs unless this version is there, and returns the program's path. Its setup script puts the binary for this
 * machine where the package promises one, on every system under the name `opencode.exe`.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string}
 */
export const installOpencode = (environment) =>
  installPackage(
    {
      name: 'opencode-ai',
      program: 'opencode',
      version: OPENCODE_VERSION,
      launcher: 'bin/opencode.exe',
      runsAs: 'native',
      size: '350 MB',
      setup: 'postinstall.mjs',
    },
    environment,
  );

asProgram(import.meta.url, installOpencode);
