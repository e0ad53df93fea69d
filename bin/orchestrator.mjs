#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { argv } from 'node:process';
import { run } from './run.mjs';

// Node refuses to strip types below node_modules, so a packed copy carries compiled files.
const compiled = 'dist/src/cli/main.js';
run(existsSync(new URL(`../${compiled}`, import.meta.url)) ? compiled : 'src/cli/main.ts', argv.slice(2));
