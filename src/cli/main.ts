import { ConfigError } from '../config.ts';
import { ask } from './ask.ts';
import { batch } from './batch.ts';
import { type Command, UsageError } from './command.ts';
import { compare } from './compare.ts';
import { configCommand } from './config.ts';
import { doctor } from './doctor.ts';
import { hardware } from './hardware.ts';
import { keys } from './keys.ts';
import { mcp } from './mcp.ts';
import { profile } from './profile.ts';
import { route } from './route.ts';
import { run } from './run.ts';
import { start } from './start.ts';
import { warmup } from './warmup.ts';

const COMMANDS: readonly Command[] = [start, ask, route, compare, run, profile, warmup, hardware, batch, mcp, keys, doctor, configCommand];

/** Exit codes: 0 done, 1 it failed, 2 it was called or configured wrongly. */
async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'help' && rest[0] === '--markdown') {
    process.stdout.write(markdown());
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const asked = name === undefined || name === 'help' || name === '--help' || name === '-h';
    (asked ? process.stdout : process.stderr).write(asked ? overview() : `orchestrator: there is no command '${name}'.\n\n${overview()}`);
    return asked ? 0 : 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.help}\n`);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error;
    process.stderr.write(`orchestrator ${command.name}: ${error.message}\n`);
    return 2;
  }
}

const overview = (): string => {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `orchestrator: one address in front of all your models\n\n${lines.join('\n')}\n\norchestrator COMMAND --help tells more of each.\n`;
};

/** docs/cli.md: every command's own help, one after the other. */
const markdown = (): string => `# Command line

Written by \`npm run docs\` from what \`orchestrator COMMAND --help\` prints; a test fails when it is out of date.

\`npm run orchestrator -- COMMAND\` in a clone, \`orchestrator COMMAND\` once installed. Exit codes: 0 done, 1 it failed, 2 it was
called or configured wrongly. Progress and colours go to a terminal only; \`--json\` prints JSON for programs.

${COMMANDS.map(({ name, summary, help }) => `## ${name}: ${summary}\n\n\`\`\`\n${help}\n\`\`\`\n`).join('\n')}`;

process.exitCode = await main(process.argv.slice(2));
