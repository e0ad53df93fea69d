// What is measured. Each target: cmd (argv), port, optional env, cwd, headers (sent by the client), streamPort.
const here = new URL('.', import.meta.url).pathname;
const up = 9100;
const node = process.execPath;
const root = new URL('..', import.meta.url).pathname;

export const upstream = { cmd: [`${here}bin/fake-llm`, '--port', String(up)], port: up };

let next = 9400;
const script = (file, layers, env) => {
  const port = next++;
  return { cmd: [node, `${here}gateways/${file}`, layers, String(port), String(up)], port, env };
};
const orchestrator = (config, env = {}, more = []) => {
  const port = next++;
  return {
    cmd: [node, `${root}src/cli/main.ts`, 'start', '--config', `${here}conf/${config}`, '--port', String(port), '--log', 'info', ...more],
    port,
    env: { ORCHESTRATOR_STATE: `${here}run/state-${port}`, ...env },
  };
};

export const targets = {
  direct: { cmd: null, port: up },
  // The upstream alone on the gateway's core: one hop between cores and no gateway, the base of added latency.
  'direct-x': { cmd: [`${here}bin/fake-llm`, '--port', '9101'], port: 9101 },
  nginx: { cmd: ['/usr/sbin/nginx', '-p', here, '-e', `${here}run/nginx.err`, '-c', `${here}conf/nginx.conf`], port: 9310, streamPort: 9311 },
  'raw-dispatch': script('raw.mjs', 'dispatch'),
  'fast-hijack': script('fastify.mjs', 'hijack'),
  'fast-full': script('fastify.mjs', 'hijack,parse,zod,classify,hash,prom,pino'),
  // Our gateway, everything on: the same upstream by OpenAI's API and by Ollama's, and with the cache answering.
  orchestrator: orchestrator('openai'),
  'orchestrator-hit': orchestrator('hit'),
  // Ollama's API in front of the same upstream.
  'orchestrator-cross': { ...orchestrator('openai'), path: () => '/api/chat' },
  // Scenario "workers": one process and two, on both processors like the load beside them.
  'one-process': { ...orchestrator('openai'), cores: '0,1' },
  'two-workers': { ...orchestrator('openai', {}, ['--workers', '2']), cores: '0,1' },
  haproxy: { cmd: ['/usr/sbin/haproxy', '-db', '-f', `${here}conf/haproxy.cfg`], port: 9320 },
  litellm: {
    cmd: [`${here}run/peers/litellm/bin/litellm`, '--config', `${here}conf/litellm.yaml`, '--port', '9340', '--num_workers', '1'],
    port: 9340,
    patienceMs: 90_000,
  },
  portkey: {
    cmd: [node, `${here}run/peers/node_modules/@portkey-ai/gateway/build/start-server.js`, '--headless', '--port=9330'],
    port: 9330,
    headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `http://127.0.0.1:${up}/v1` },
  },
};
