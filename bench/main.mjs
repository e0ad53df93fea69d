// npm run bench [-- --quick] [-- --scenarios sat32,flood] [-- --targets a,b]
// Builds the load generator and the fake upstream, measures side by side, and writes bench/results/DATE.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

const here = new URL('.', import.meta.url).pathname;
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    scenarios: { type: 'string', default: 'sat32,fixed1000,flood,tokens12k,many' },
    targets: { type: 'string', default: 'direct-x,nginx,raw-dispatch,fast-full,orchestrator,orchestrator-hit,portkey' },
    rounds: { type: 'string', default: '5' },
    secs: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
});
const scenarios = options.quick ? ['sat32', 'flood'] : options.scenarios.split(',');
const rounds = Number(options.rounds);
if (rounds < 5) {
  console.error('bench: fewer than five rounds say nothing on a shared machine');
  process.exit(2);
}

execFileSync('make', ['-s', '-C', here], { stdio: 'inherit' });
execFileSync(process.execPath, [`${here}mkbodies.mjs`], { cwd: here });
mkdirSync(`${here}run/peers`, { recursive: true });
const targets = options.targets.split(',').filter((name) => {
  if (name === 'nginx' && !existsSync('/usr/sbin/nginx')) return note('nginx is not installed and left out');
  if (name !== 'portkey' || existsSync(`${here}run/peers/node_modules/@portkey-ai/gateway`)) return true;
  // Its own choice of @hono/node-server fails on every stream; the older one works (reference: bench/README.md).
  writeFileSync(`${here}run/peers/package.json`, JSON.stringify({ private: true, overrides: { '@hono/node-server': '1.3.3' } }));
  const installed = spawnSync('npm', ['i', '--silent', '@portkey-ai/gateway@1.15.2'], { cwd: `${here}run/peers` });
  return installed.status === 0 || note('@portkey-ai/gateway could not be installed and is left out');
});

const sections = [];
for (const scenario of scenarios) {
  const out = `${here}run/${scenario}.jsonl`;
  rmSync(out, { force: true });
  const chosen = /^(flood|tokens|many)/.test(scenario) ? targets.filter((name) => name !== 'orchestrator-hit') : targets;
  const run = ['run.mjs', scenario, '--targets', chosen.join(','), '--rounds', String(rounds), '--secs', options.quick ? '2' : options.secs, '--out', out];
  const ran = spawnSync('taskset', ['-c', '1', process.execPath, ...run], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
  if (ran.status !== 0) throw new Error(`${scenario} did not run to its end`);
  const rows = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const wrong = rows.filter((row) => row.target.startsWith('orchestrator') && (row.errors > 0 || row.bad > 0 || row.failed));
  if (wrong.length > 0) throw new Error(`${scenario}: ${wrong.length} measurements had errors; nothing is reported. ${JSON.stringify(wrong[0])}`);
  const full = rows.filter((row) => row.load_cpu > 0.95 || row.up_cpu > 0.95);
  const report = execFileSync(process.execPath, ['report.mjs', out, '--base', 'raw-dispatch,fast-full', '--dirty', '9'], { cwd: here, encoding: 'utf8' });
  sections.push(report.trim(), full.length > 0 ? `\n${full.length} of ${rows.length} measurements had the load or the upstream as the bottleneck.` : '');
}

const date = new Date().toISOString().slice(0, 10);
const file = options.out ?? `${here}results/${date}.md`;
writeFileSync(
  file,
  `# Measured ${date}\n\n${cpus().length} cores of ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}. Gateway on core 0, load and upstream on core 1, ${rounds} interleaved rounds; every ratio is taken inside a round. \`foreign\` work of others on the machine is not filtered out.\n\nCommand: \`npm run bench${options.quick ? ' -- --quick' : ''}\`\n\n${sections.join('\n')}\n`,
);
console.log(`bench: written to ${file}`);

function note(text) {
  console.error(`bench: ${text}`);
  return false;
}
