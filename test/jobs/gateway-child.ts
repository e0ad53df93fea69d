import { startGateway } from '../support/gateway.ts';

/* A gateway in a process of its own, to be killed. Usage: gateway-child.ts UPSTREAM-URL STATE-DIRECTORY; prints its address. */

const [url = '', stateDirectory = ''] = process.argv.slice(2);
const gateway = await startGateway(
  {
    gateway: { providers: [{ name: 'up', type: 'openai', url: `${url}/v1`, models: ['m'] }], limits: { batch_concurrency: 10 } },
    performance: { caching: { enabled: false } },
  },
  { stateDirectory },
);
process.stdout.write(`${gateway.url}\n`);
