// What compare.mjs and profile.mjs ask of a gateway, and how they load it.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = new URL('.', import.meta.url).pathname;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** What is asked of which configuration. */
export const PATHS = {
  // No model named, so that everything is on: classify, score, look in the cache in vain, fill it.
  all: { conf: 'auto', body: 'chat-1k.json', change: { model: 'auto' }, headers: { 'cache-control': 'no-cache' } },
  // The same with a prompt that was never there before.
  fresh: { conf: 'auto', body: 'chat-1k.json', change: { model: 'auto' }, headers: { 'cache-control': 'no-cache' }, fresh: true },
  // A model named, the cache passed by.
  json: { conf: 'openai', body: 'chat-1k.json' },
  hit: { conf: 'hit', body: 'chat-1k.json' },
  stream1: { conf: 'openai', body: 'stream-each.json', stream: true },
  // What four large GPUs write: 255 streams of 50 tokens a second, each token alone.
  paced: { conf: 'openai', body: 'stream-50.json', stream: true, connections: 255 },
  stream64: { conf: 'openai', body: 'stream-fast.json', stream: true },
  // Ollama's API in front, OpenAI's behind; that API has its sampling in `options`.
  cross: { conf: 'openai', body: 'stream-each.json', change: { options: { temperature: 0.7 } }, stream: true, path: '/api/chat' },
};

/** A folder with the configuration of a path, its upstream on another port. */
export function configFor(path, upstream, folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of ['gateway.yaml', 'performance.yaml']) {
    let text = '';
    try {
      text = readFileSync(`${here}conf/${PATHS[path].conf}/${file}`, 'utf8');
    } catch {
      // A configuration may lack a file; an empty one changes nothing.
    }
    writeFileSync(`${folder}/${file}`, text.replaceAll(':9100/', `:${upstream}/`));
  }
  return folder;
}

/** Resolves once something listens. */
export async function listening(port) {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise((done) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.destroy();
        done(true);
      });
      socket.on('error', () => done(false));
    });
    if (open) return;
    await sleep(100);
  }
  throw new Error(`nothing listens on ${port}`);
}

/** Loads a path for some seconds from core 1; `all` counts requests, or tokens of a stream. */
export async function load(name, port, seconds, work, wanted = 32) {
  const path = PATHS[name];
  const connections = path.connections ?? wanted;
  const file = `${work}/load-${name}.json`;
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(`${here}conf/${path.body}`, 'utf8')), ...path.change }));
  const url = path.path ?? '/v1/chat/completions';
  if (path.stream) {
    const args = ['stream', '-t', 500, '-w', 0.3, '-p', port, '-u', url, '-b', file, '-c', connections, '-d', seconds].map(String);
    const told = JSON.parse((await run('taskset', ['-c', '1', `${here}bin/llm-load`, ...args])).stdout);
    return { all: told.all_tokens, rate: told.tok_per_s, errors: told.streams_bad + told.conn_errors + told.http_errors };
  }
  const lua = `${work}/load-${name}.lua`;
  const headers = Object.entries({ 'content-type': 'application/json', ...path.headers }).map(([key, value]) => `wrk.headers["${key}"] = "${value}"`);
  const numbered = path.fresh
    ? 'local at = wrk.body:find("Write", 1, true); local head, tail, n = wrk.body:sub(1, at - 1), wrk.body:sub(at), 0\nrequest = function() n = n + 1; return wrk.format(nil, nil, nil, head .. n .. " " .. tail) end\n'
    : '';
  const tell = `function done(s, l, r) io.write(string.format('JSON{"all":%d,"us":%d,"errors":%d}\\n', s.requests, s.duration, s.errors.status + s.errors.connect + s.errors.read + s.errors.write + s.errors.timeout)) end`;
  writeFileSync(
    lua,
    `wrk.method = "POST"\nlocal f = io.open("${file}", "rb"); wrk.body = f:read("*a"); f:close()\n${headers.join('\n')}\n${numbered}${tell}\n`,
  );
  const { stdout } = await run('taskset', ['-c', '1', 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', lua, `http://127.0.0.1:${port}${url}`]);
  const told = JSON.parse(/JSON(.*)/.exec(stdout)[1]);
  return { all: told.all, rate: (told.all / told.us) * 1e6, errors: told.errors };
}
