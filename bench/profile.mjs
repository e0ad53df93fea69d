// Where the CPU and the allocations of one path go, once it is warm.
//   node profile.mjs --path all [--dir ..] [--secs 5] [--out results/profiles]
// Writes PATH.md: functions by self time, files by self time, functions by bytes allocated; and run/PATH.folded, stacks for any flame graph tool.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configFor, listening, load, PATHS, sleep } from './paths.mjs';

const here = new URL('.', import.meta.url).pathname;
const { values: options } = parseArgs({
  options: {
    path: { type: 'string', default: 'all' },
    dir: { type: 'string', default: '..' },
    secs: { type: 'string', default: '5' },
    port: { type: 'string', default: '24300' },
    out: { type: 'string', default: `${here}results/profiles` },
  },
});
const { path, secs } = options;
const upstream = Number(options.port);
const gateway = upstream + 1;
const work = process.env.RUN_DIR ?? `${here}run`;
mkdirSync(work, { recursive: true });
mkdirSync(options.out, { recursive: true });
const children = [];
const start = (core, command, env) => {
  const log = openSync(`${work}/profile-${children.length}.log`, 'w');
  children.push(spawn('taskset', ['-c', core, ...command], { stdio: ['ignore', log, log], env: { ...process.env, ...env } }));
};

/** A session of the Chrome DevTools protocol. */
async function connect(port) {
  const [{ webSocketDebuggerUrl }] = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((done) => socket.addEventListener('open', done));
  const waiting = new Map();
  let id = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    waiting.get(message.id)?.(message.result);
  });
  return {
    send: (method, params = {}) =>
      new Promise((done) => {
        id += 1;
        waiting.set(id, done);
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => socket.close(),
  };
}

const place = ({ url, lineNumber }) =>
  `${url
    .replace(/^file:\/\//, '')
    .replace(/.*\/node_modules\//, '')
    .replace(/.*\/((?:src|plugins|routes)\/)/, '$1')}${url === '' ? '' : `:${lineNumber + 1}`}`;
const nameOf = (frame) => `${(frame.functionName || '(anonymous)').replace(/\s+/g, ' ').slice(0, 60)} ${place(frame)}`.trim();

function foldCpu(profile) {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parent = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const self = new Map();
  profile.samples.forEach((id, index) => {
    self.set(id, (self.get(id) ?? 0) + profile.timeDeltas[index]);
  });
  const stacks = new Map();
  const byName = new Map();
  const byFile = new Map();
  const inclusive = new Map();
  let busy = 0;
  for (const [id, time] of self) {
    const { callFrame } = nodes.get(id);
    if (callFrame.functionName === '(idle)') continue;
    busy += time;
    const add = (map, key) => map.set(key, (map.get(key) ?? 0) + time);
    add(byName, nameOf(callFrame));
    add(byFile, callFrame.url === '' ? (callFrame.functionName || '(native)').slice(0, 40) : place(callFrame).replace(/:\d+$/, ''));
    const stack = [];
    for (let at = id; at !== undefined; at = parent.get(at)) stack.unshift(nameOf(nodes.get(at).callFrame));
    for (const name of new Set(stack)) add(inclusive, name);
    add(stacks, stack.slice(1).join(';'));
  }
  return { stacks, byName, byFile, inclusive, busy };
}

function foldHeap({ head }) {
  const byName = new Map();
  let total = 0;
  const walk = (node) => {
    total += node.selfSize;
    byName.set(nameOf(node.callFrame), (byName.get(nameOf(node.callFrame)) ?? 0) + node.selfSize);
    node.children.forEach(walk);
  };
  walk(head);
  return { byName, total };
}

const table = (map, whole, count) =>
  [...map]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([name, value]) => `| ${((100 * value) / whole).toFixed(1)} | ${name.replaceAll('|', '\\|')} |`)
    .join('\n');

async function main() {
  start('1', [`${here}bin/fake-llm`, '--port', String(upstream)]);
  const folder = configFor(path, upstream, `${work}/profile-conf`);
  const inspect = upstream + 2;
  start(
    '0',
    [process.execPath, `--inspect=127.0.0.1:${inspect}`, resolve(here, options.dir, 'src/cli/main.ts'), 'start', '--config', folder, '--port', String(gateway)],
    { ORCHESTRATOR_STATE: `${work}/profile-state` },
  );
  await listening(gateway);
  await sleep(1000);
  await load(path, gateway, 5, work);
  const session = await connect(inspect);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 250 });
  await session.send('Profiler.start');
  const told = await load(path, gateway, secs, work);
  const { profile } = await session.send('Profiler.stop');
  await session.send('HeapProfiler.startSampling', { samplingInterval: 16384, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true });
  const again = await load(path, gateway, 2, work);
  const heap = foldHeap((await session.send('HeapProfiler.stopSampling')).profile);
  session.close();
  const cpu = foldCpu(profile);
  const unit = PATHS[path].stream ? 'token' : 'request';
  const head = `# Profile of the path '${path}'\n\nNode ${process.version}; ${(cpu.busy / told.all).toFixed(1)} us of the main thread's CPU a ${unit} with the profiler on, ${(heap.total / again.all).toFixed(0)} bytes allocated a ${unit}. Warm, the gateway alone on a core.\n`;
  const parts = [
    ['Functions by self time', table(cpu.byName, cpu.busy, 50)],
    ['Files by self time', table(cpu.byFile, cpu.busy, 45)],
    ['Functions by whole time', table(cpu.inclusive, cpu.busy, 90)],
    ['Functions by bytes allocated', table(heap.byName, heap.total, 40)],
  ];
  writeFileSync(`${options.out}/${path}.md`, `${head}${parts.map(([title, rows]) => `\n## ${title}\n\n| % | where |\n| --- | --- |\n${rows}\n`).join('')}`);
  writeFileSync(`${work}/${path}.folded`, `${[...cpu.stacks].map(([stack, time]) => `${stack} ${time}`).join('\n')}\n`);
  console.log(`${head}${options.out}/${path}.md`);
}
main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => {
    for (const child of children) child.kill('SIGKILL');
    process.exit();
  });
