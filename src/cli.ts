#!/usr/bin/env node
import { runBin } from './run-bin.ts';

void runBin('json', import.meta.dirname);
