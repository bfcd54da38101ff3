#!/usr/bin/env node
// @ts-check
// Installs the Codex CLI that the end-to-end tests drive, on demand and outside the clone, and prints
// the path of its launcher.
import { asProgram, installedPackage, installPackage } from './install-package.mjs';

export const CODEX_VERSION = '0.169.0';

/** @type {import('./install-package.mjs').PinnedPackage} */
const CODEX = {
  name: '@openai/codex',
  program: 'codex',
  version: CODEX_VERSION,
  launcher: 'bin/codex.js',
  runsAs: 'node',
  size: '400 MB',
};

/**
 * Installs unless this version is there, and returns the launcher's path (a script for Node).
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string}
 */
export const installCodex = (environment) => installPackage(CODEX, environment);

/**
 * The same without installing anything: undefined when it is not there.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string | undefined}
 */
export const installedCodex = (environment) => installedPackage(CODEX, environment);

asProgram(import.meta.url, installCodex);
