#!/usr/bin/env node
// @ts-check
// Installs the Codex CLI that the end-to-end tests drive, on demand and outside the clone, and prints
// the path of its launcher.
import { asProgram, installPackage } from './install-package.mjs';

export const CODEX_VERSION = '0.169.0';

/**
 * Installs unless this version is there, and returns the launcher's path (a script for Node).
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string}
 */
export const installCodex = (environment) =>
  installPackage(
    {
      name: '@openai/codex',
      program: 'codex',
      version: CODEX_VERSION,
      launcher: 'bin/codex.js',
      runsAs: 'node',
      size: '400 MB',
    },
    environment,
  );

asProgram(import.meta.url, installCodex);
