import { startGateway } from '../../support/gateway.ts';

/* A gateway with one command-line model, in a process of its own, to be killed. Usage: gateway-child.ts PROGRAM TAG; prints its address. */

const [program = '', tag = ''] = process.argv.slice(2);
const gateway = await startGateway(
  { gateway: { providers: [{ name: 'tool', type: 'cli', tool: 'gemini', command: [program], models: ['m'] }] } },
  { env: { PATH: process.env['PATH'] ?? '', LANG: tag } },
);
process.stdout.write(`${gateway.url}\n`);
