#!/usr/bin/env node
import { runBin } from './run-bin.ts';

void runBin('markdown', import.meta.dirname);
