// The same load on several checkouts of the gateway, interleaved: what did a change gain?
//   node compare.mjs --dirs ..,/path/to/another/checkout [--paths all,json,hit,stream1,stream64,cross] [--rounds N] [--secs N]
// Node flags may follow a directory: '..#--max-semi-space-size=16'. raw-dispatch and fast-full are the floors of targets.mjs.
// CPU a request or token is read from /proc over all threads of the process. Prints the least and the median of the rounds.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configFor, listening, load, PATHS, sleep } from './paths.mjs';

const here = new URL('.', import.meta.url).pathname;
const { values: options } = parseArgs({
  options: {
    dirs: { type: 'string', default: '..' },
    paths: { type: 'string', default: 'all,json,hit,stream1,stream64,cross' },
    rounds: { type: 'string', default: '5' },
    secs: { type: 'string', default: '2' },
    port: { type: 'string', default: '24100' },
    connections: { type: 'string', default: '32' },
  },
});
const work = process.env.RUN_DIR ?? `${here}run`;
mkdirSync(work, { recursive: true });
const upstream = Number(options.port);
const connections = Number(options.connections);
const FLOORS = {
  'raw-dispatch': ['gateways/raw.mjs', 'dispatch'],
  'fast-full': ['gateways/fastify.mjs', 'hijack,parse,zod,classify,hash,prom,pino'],
};

const children = [];
function start(core, command, env = {}) {
  const log = openSync(`${work}/compare-${children.length}.log`, 'w');
  const child = spawn('taskset', ['-c', core, ...command], { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
  children.push(child);
  return child.pid;
}
/** CPU seconds of a process, all threads. */
const cpu = (pid) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const rss = (pid) => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) / 1024);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

async function startAll(names) {
  const variants = [];
  let port = upstream + 1;
  for (const dir of options.dirs.split(',')) {
    const floor = FLOORS[dir];
    for (const conf of floor ? ['floor'] : new Set(names.map((name) => PATHS[name].conf))) {
      port += 1;
      const [place, ...flags] = dir.split('#');
      let pid;
      if (floor) pid = start('0', [process.execPath, here + floor[0], floor[1], String(port), String(upstream)]);
      else {
        const folder = configFor(
          names.find((name) => PATHS[name].conf === conf),
          upstream,
          `${work}/compare-${port}`,
        );
        const args = [resolve(here, place, 'src/cli/main.ts'), 'start', '--config', folder, '--port', String(port)];
        pid = start('0', [process.execPath, ...flags.flatMap((flag) => flag.split(' ')), ...args], { ORCHESTRATOR_STATE: `${work}/compare-state-${port}` });
      }
      await listening(port);
      variants.push({ dir, conf, port, pid });
    }
  }
  return variants;
}

async function main() {
  start('1', [`${here}bin/fake-llm`, '--port', String(upstream)]);
  await listening(upstream);
  const names = options.paths.split(',');
  const variants = await startAll(names);
  await sleep(1500);
  const rows = [];
  for (let round = -1; round < Number(options.rounds); round++) {
    for (const name of names) {
      const floors = name !== 'hit' && name !== 'cross';
      const chosen = variants.filter(({ conf }) => conf === PATHS[name].conf || (floors && conf === 'floor'));
      for (const { dir, port, pid } of chosen.sort(() => Math.random() - 0.5)) {
        const before = cpu(pid);
        const told = await load(name, port, round === -1 ? 8 : options.secs, work, connections);
        await sleep(60);
        if (round >= 0) rows.push({ name, dir, us: ((cpu(pid) - before) * 1e6) / told.all, rss: rss(pid), ...told });
      }
    }
  }
  for (const name of names) {
    for (const dir of options.dirs.split(',')) {
      const mine = rows.filter((row) => row.name === name && row.dir === dir);
      if (mine.length === 0) continue;
      const us = mine.map((row) => row.us);
      const errors = mine.reduce((sum, row) => sum + row.errors, 0);
      const rate = Math.round(Math.max(...mine.map((row) => row.rate)));
      const cost = `least ${Math.min(...us)
        .toFixed(2)
        .padStart(7)} us  median ${median(us).toFixed(2).padStart(7)} us`;
      console.log(`${name.padEnd(9)} ${dir.slice(-44).padEnd(44)} ${cost}  ${rate}/s  rss ${mine.at(-1).rss} MB${errors > 0 ? `  ERRORS ${errors}` : ''}`);
    }
  }
}
main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(async () => {
    for (const child of children) child.kill('SIGTERM');
    await sleep(1500);
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    process.exit();
  });
