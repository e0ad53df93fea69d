import { createServer } from 'node:http';

// An OpenAI-shaped upstream as a process of its own, so that it can be killed and stopped: PORT MODE [MS].
const [port = '0', mode = 'good', ms = '5'] = process.argv.slice(2);
let calls = 0;
let connections = 0;

const server = createServer((request, response) => {
  request.resume();
  if (request.url === '/count') return void response.end(JSON.stringify({ calls, connections }));
  if (request.url === '/v1/models')
    return void response.end(JSON.stringify({ object: 'list', data: [{ id: 'm', object: 'model', created: 1, owned_by: 't' }] }));
  calls += 1;
  request.on('end', () =>
    setTimeout(() => {
      if (mode === 'fail') return void response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"boom"}}');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const chunk = (delta: object, finish: string | null): string =>
        `data: ${JSON.stringify({ id: 'x', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
      response.write(chunk({ role: 'assistant', content: 'pong' }, null));
      response.end(`${chunk({}, 'stop')}data: {"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}\n\ndata: [DONE]\n\n`);
    }, Number(ms)),
  );
});
server.on('connection', () => {
  connections += 1;
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
