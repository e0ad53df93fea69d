// npm run bench [-- --quick] [-- --scenarios sat32,flood] [-- --targets a,b]
// Builds the load generator and the fake upstream, measures side by side, and writes bench/results/DATE.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

const here = new URL('.', import.meta.url).pathname;
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    scenarios: { type: 'string' },
    targets: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    secs: { type: 'string' },
    out: { type: 'string' },
  },
});
const FLOORS = ['direct-x', 'nginx', 'haproxy', 'raw-dispatch', 'fast-hijack', 'fast-full'];
/** What each scenario measures. A peer that cannot do it, or would only be waited for, is not in its list. */
const TABLE = {
  sat32: [...FLOORS, 'orchestrator', 'orchestrator-hit', 'portkey', 'litellm'],
  fixed1000: ['direct-x', 'nginx', 'haproxy', 'raw-dispatch', 'fast-full', 'orchestrator'],
  flood: ['nginx', 'raw-dispatch', 'fast-full', 'orchestrator', 'orchestrator-cross'],
  tokens12k: ['direct-x', 'nginx', 'raw-dispatch', 'fast-full', 'orchestrator', 'orchestrator-cross'],
  many: ['direct-x', 'nginx', 'raw-dispatch', 'fast-full', 'orchestrator'],
  workers: ['one-process', 'two-workers'],
};
const QUICK = { sat32: ['nginx', 'raw-dispatch', 'fast-full', 'orchestrator', 'orchestrator-hit'], flood: ['nginx', 'raw-dispatch', 'orchestrator'] };
const BASES = { workers: 'one-process' };
const scenarios = options.scenarios?.split(',') ?? Object.keys(options.quick ? QUICK : TABLE);
const rounds = Number(options.rounds);
const secs = options.secs ?? (options.quick ? '1' : '3');
if (!(rounds >= 5)) refuse('fewer than five rounds say nothing on a shared machine');
for (const scenario of scenarios) if (TABLE[scenario] === undefined) refuse(`there is no scenario '${scenario}'; there are ${Object.keys(TABLE).join(', ')}`);

execFileSync('make', ['-s', '-C', here], { stdio: 'inherit' });
execFileSync(process.execPath, [`${here}mkbodies.mjs`], { cwd: here });
mkdirSync(`${here}run/peers`, { recursive: true });

/** Peers are fetched into run/ when they are first measured; the project never depends on them. */
const PEERS = {
  nginx: () => existsSync('/usr/sbin/nginx'),
  haproxy: () => existsSync('/usr/sbin/haproxy'),
  portkey() {
    if (existsSync(`${here}run/peers/node_modules/@portkey-ai/gateway`)) return true;
    // Its own choice of @hono/node-server fails on every stream; the older one works and is twice as fast.
    writeFileSync(`${here}run/peers/package.json`, JSON.stringify({ private: true, overrides: { '@hono/node-server': '1.3.3' } }));
    return spawnSync('npm', ['i', '--silent', '@portkey-ai/gateway@1.15.2'], { cwd: `${here}run/peers` }).status === 0;
  },
  litellm() {
    const folder = `${here}run/peers/litellm`;
    if (existsSync(`${folder}/bin/litellm`)) return true;
    return spawnSync('python3', ['-m', 'venv', folder]).status === 0 && spawnSync(`${folder}/bin/pip`, ['install', '-q', 'litellm[proxy]']).status === 0;
  },
};
const there = new Map();
const has = (name) => {
  if (!there.has(name)) there.set(name, PEERS[name]?.() ?? true);
  if (there.get(name) === false) console.error(`bench: ${name} is not there and could not be had; it is left out`);
  return there.get(name);
};
const versions = () =>
  [
    ['nginx', '/usr/sbin/nginx', ['-v']],
    ['haproxy', '/usr/sbin/haproxy', ['-v']],
    ['litellm', `${here}run/peers/litellm/bin/pip`, ['show', 'litellm']],
  ].flatMap(([name, program, args]) => {
    if (!existsSync(program)) return [];
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    const version = /(\d+\.\d+\.\d+)/.exec(stdout + stderr)?.[1];
    return version === undefined ? [] : [`${name} ${version}`];
  });

const sections = [];
for (const scenario of scenarios) {
  const out = `${here}run/${scenario}.jsonl`;
  rmSync(out, { force: true });
  const list = options.targets?.split(',') ?? ((options.quick && QUICK[scenario]) || TABLE[scenario]);
  const chosen = list.filter(has);
  const both = scenario === 'workers' ? ['--cores', '0,1'] : [];
  const run = ['run.mjs', scenario, '--targets', chosen.join(','), '--rounds', String(rounds), '--secs', secs, '--out', out, ...both];
  const ran = spawnSync('taskset', ['-c', both.length > 0 ? '0,1' : '1', process.execPath, ...run], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
  if (ran.status !== 0) refuse(`${scenario} did not run to its end`);
  const rows = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const wrong = rows.filter((row) => row.errors > 0 || row.bad > 0 || row.failed);
  const ours = wrong.find((row) => /^(orchestrator|one-|two-)/.test(row.target));
  if (ours !== undefined) refuse(`${scenario}: ${ours.target} had errors; nothing is reported. ${JSON.stringify(ours)}`);
  // A peer with errors has no figure either, and it is said.
  const failing = [...new Set(wrong.map((row) => row.target))];
  const sound = rows.filter((row) => !failing.includes(row.target));
  // The load and the upstream share a processor: at its end the figure is theirs and not the gateway's.
  const bound = sound.filter((row) => scenario !== 'workers' && row.target !== 'direct-x' && row.gw_cpu < 0.6 && (row.load_cpu > 0.9 || row.up_cpu > 0.9));
  const ourBound = bound.filter((row) => row.target.startsWith('orchestrator'));
  if (ourBound.length > rows.filter((row) => row.target.startsWith('orchestrator')).length / 2) {
    refuse(`${scenario}: the load or the upstream was the bottleneck in ${ourBound.length} measurements of the gateway; nothing is reported`);
  }
  writeFileSync(out, `${sound.map((row) => JSON.stringify(row)).join('\n')}\n`);
  const base =
    BASES[scenario] ??
    [...FLOORS, 'portkey', 'litellm']
      .filter((name) => /nginx|raw-dispatch|fast-full|portkey|litellm/.test(name) && sound.some((row) => row.target === name))
      .join(',');
  const report = execFileSync(process.execPath, ['report.mjs', out, '--base', base, '--dirty', '9'], { cwd: here, encoding: 'utf8' });
  sections.push(report.trim());
  if (failing.length > 0) sections.push(`\nLeft out because they answered with errors: ${failing.join(', ')}.`);
  if (bound.length > 0)
    sections.push(
      `\n${bound.length} of ${sound.length} measurements (${[...new Set(bound.map((row) => row.target))].join(', ')}) had the load or the upstream as the bottleneck: these targets are faster than shown.`,
    );
}

const date = new Date().toISOString().slice(0, 10);
const file = options.out ?? `${here}results/${date}.md`;
writeFileSync(
  file,
  `# Measured ${date}

${cpus().length} cores of ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}${versions()
    .map((version) => `, ${version}`)
    .join('')}. Gateway on core 0, load and upstream on core 1 (scenario
\`workers\`: all on both), ${rounds} interleaved rounds; every ratio is taken inside a round. Work of others on the machine is not
filtered out; its load at the end: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}.

Command: \`npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}\`

${sections.join('\n')}
`,
);
console.log(`bench: written to ${file}`);

function refuse(text) {
  console.error(`bench: ${text}`);
  process.exit(2);
}
