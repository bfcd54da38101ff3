import { install } from './fault-layer.ts';

// Before any module of the program is loaded: graceful-fs, below the lock, copies node:fs then.
install(false);
