// Runs before `npm pack`: Node strips no types below node_modules, so a published copy carries compiled files. A clone needs none of this.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], { stdio: 'inherit', cwd: root });
// What the code reads beside itself.
cpSync(`${root}src/policy/classifiers/task-weights.bin`, `${root}dist/src/policy/classifiers/task-weights.bin`);
cpSync(`${root}config`, `${root}dist/config`, { recursive: true });
