#!/usr/bin/env node
/**
 * Starts a script of this project on the Node that the project brings, after installing what is missing.
 *
 *   node bin/run.mjs SCRIPT [ARGUMENT...]      SCRIPT relative to the project's root
 *
 * Runs on any Node from 20 on and needs no package. When everything is installed it costs one small file read.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { argv, execPath, exit, platform, stderr, stdin } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(root, 'node_modules', '.orchestrator-lock');

/** Oldest Node that runs TypeScript and every dependency; the same as `engines` in package.json. */
const OLDEST = [22, 19];

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const fingerprint = (lock) => `${createHash('sha256').update(lock).digest('hex')} ${platform}-${process.arch}`;

/** Path of the Node binary that the `node` package brought; undefined when it is not there. */
function broughtNode() {
  try {
    const directory = dirname(createRequire(join(root, 'package.json')).resolve('node/package.json'));
    const binary = join(directory, 'bin', platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

const recentEnough = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
};

/** Whether npm's own record of what lies in node_modules agrees with the lockfile, for installs made by hand. */
function agrees(lock) {
  const record = read(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  try {
    const installed = JSON.parse(record).packages;
    return Object.entries(JSON.parse(lock).packages).every(([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version);
  } catch {
    return false;
  }
}

function install(lock) {
  stderr.write('Installing what is missing (npm ci, about half a minute the first time) ...\n');
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath?.endsWith('.js') ? [execPath, process.env.npm_execpath] : ['npm'];
  const result = spawnSync(npm[0], [...npm.slice(1), ...options], {
    cwd: root,
    // npm's own words would mix with the output of a command whose stdout is read by a program.
    stdio: ['ignore', 2, 2],
    shell: platform === 'win32' && npm.length === 1,
    // The engine must never fetch or build llama.cpp by itself: its binary comes from the registry like all else.
    env: { ...process.env, NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true' },
  });
  if (result.error !== undefined || result.status !== 0) {
    stderr.write(`The installation failed${result.error ? `: ${result.error.message}` : ''}. npm ci in ${root} shows why.\n`);
    exit(1);
  }
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, fingerprint(lock));
}

/** Installs what package-lock.json names unless it is there already. */
function ensureInstalled() {
  const lock = read(join(root, 'package-lock.json'));
  // A packed copy has no lockfile; npm installed its dependencies with it.
  if (lock === undefined || read(marker) === fingerprint(lock)) return;
  if (agrees(lock) && (broughtNode() !== undefined || recentEnough())) writeFileSync(marker, fingerprint(lock));
  else install(lock);
}

/** Runs a script of the project in place of this process, or as its only child where a process cannot be replaced. */
export function run(script, parameters) {
  ensureInstalled();
  const node = broughtNode() ?? (recentEnough() ? execPath : undefined);
  if (node === undefined) {
    stderr.write(`Node ${OLDEST.join('.')} or newer is needed; this is ${process.versions.node}, and the package "node" did not bring one.\n`);
    exit(1);
  }
  const path = `${join(root, 'node_modules', '.bin')}${platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  // Modules without their types, compiled, as the last start left them: reading them takes a second of a start otherwise, and
  // 30 MB for the whole run. Not for tests, whose coverage would be less exact.
  const cache = script.endsWith('cli/main.ts') ? { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'orchestrator') } : {};
  const env = { ...cache, ...process.env, PATH: path };
  const command = [resolve(root, script), ...parameters];
  if (typeof process.execve === 'function' && platform !== 'win32') process.execve(node, [node, ...command], env);

  const child = spawn(node, command, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends these two to the child by itself; a second one would cut its orderly end short.
      if (!(stdin.isTTY && signal !== 'SIGTERM')) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    stderr.write(`${node} cannot be started: ${error.message}\n`);
    exit(1);
  });
  child.on('exit', (code, signal) => exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0)));
}

if (resolve(argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const [script, ...parameters] = argv.slice(2);
  if (script === undefined) {
    stderr.write('Usage: node bin/run.mjs SCRIPT [ARGUMENT...]\n');
    exit(2);
  }
  run(script, parameters);
}
