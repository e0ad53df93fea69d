#!/usr/bin/env node
/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out.
 *
 * A registry that serves only some platforms' binaries makes npm drop the others from the lockfile, and then `npm ci`
 * refuses the lockfile ("Missing: ... from lock file") wherever they cannot be fetched. With their name, version, os and cpu
 * written down, `npm ci` skips what does not fit the machine without asking the registry. Run it after `npm install`:
 *
 *   node bin/complete-lock.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const lockFile = new URL('package-lock.json', root);
const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
const overrides = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).overrides ?? {};

const SYSTEMS = {
  mac: 'darwin',
  darwin: 'darwin',
  win: 'win32',
  win32: 'win32',
  linux: 'linux',
  android: 'android',
  freebsd: 'freebsd',
  openharmony: 'openharmony',
};
const PROCESSORS = ['arm64', 'x64', 'ia32', 'riscv64', 'ppc64', 's390x'];

/** os, cpu and libc, read from a package's name; undefined when it names no platform. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.map((word) => SYSTEMS[word]).find(Boolean);
  const cpu = words.find((word) => PROCESSORS.includes(word)) ?? (words.some((word) => word.startsWith('arm')) ? 'arm' : undefined);
  if (os === undefined || cpu === undefined) return undefined;
  const libc = os === 'linux' ? (/musl/.test(name) ? 'musl' : 'glibc') : undefined;
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
}

let added = 0;
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  const owner = path.split('node_modules/').at(-1);
  for (const [dependency, wanted] of Object.entries(entry.optionalDependencies ?? {})) {
    if (`node_modules/${dependency}` in lock.packages || `${path}/node_modules/${dependency}` in lock.packages) continue;
    const alias = /^npm:(.+)@(.+)$/.exec(overrides[owner]?.[dependency] ?? '');
    const platform = platformOf(alias?.[1] ?? dependency);
    if (platform === undefined) continue;
    const version = alias?.[2] ?? wanted;
    lock.packages[`node_modules/${dependency}`] = { ...(alias && { name: alias[1] }), version, ...platform, optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} packages of other platforms added`);
