#!/usr/bin/env node
/** The full run of the fault, security and durability tests: more of everything, and figures on stdout. Bounded in time. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = ['test/faults', 'test/security', 'test/durability', 'test/state-shared', 'test/cache', 'test/stream', 'test/plugins', 'test/privacy'];
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--fileParallelism=false', '--testTimeout=60000', ...process.argv.slice(2), ...folders],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TORTURE: '1' }, timeout: 30 * 60_000 },
);
process.exit(status ?? 1);
