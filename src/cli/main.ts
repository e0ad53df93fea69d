import { coloursFor } from './colour.ts';
import { type Command, CommandError, EXIT_CODES, suggestion } from './command.ts';
import { COMMAND_NAMES, loadCommand, loadCommands } from './commands.ts';
import { programVersion } from './version.ts';

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v' || name === '-V') {
    process.stdout.write(`${programVersion()}\n`);
    return 0;
  }
  if (name === 'help' && rest[0] === '--markdown') {
    process.stdout.write(markdown(await loadCommands()));
    return 0;
  }
  // 'orchestrator help batch' is 'orchestrator batch --help'.
  const asked = name === undefined || name === 'help' || name === '--help' || name === '-h';
  const wanted = asked ? rest[0] : name;
  if (wanted === undefined) {
    process.stdout.write(overview(await loadCommands()));
    return 0;
  }
  const command = await loadCommand(wanted);
  if (command === undefined) {
    tell(`there is no command '${wanted}'.${suggestion(wanted, [...COMMAND_NAMES, 'help'])} 'orchestrator help' lists them.`);
    return 2;
  }
  const end = rest.indexOf('--');
  const flags = end === -1 ? rest : rest.slice(0, end);
  if (asked || flags.includes('--help') || flags.includes('-h')) {
    process.stdout.write(`${command.help}\n`);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    const wrong = error instanceof Error && error.name === 'ConfigError';
    if (!(error instanceof CommandError) && !wrong) throw error;
    tell(error.message, command.name);
    return error instanceof CommandError ? error.exitCode : 2;
  }
}

function tell(message: string, command?: string): void {
  const { bad } = coloursFor(process.stderr);
  process.stderr.write(`${bad(`orchestrator${command === undefined ? '' : ` ${command}`}:`)} ${message}\n`);
}

function overview(commands: readonly Command[]): string {
  const { bold, accent } = coloursFor(process.stdout);
  const width = Math.max(...COMMAND_NAMES.map((name) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${accent(name.padEnd(width))}  ${summary}`);
  const codes = Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code}  ${meaning}`);
  return `${bold('orchestrator')} ${programVersion()}: one address in front of all your models

${lines.join('\n')}

${bold('Exit codes')}
${codes.join('\n')}

orchestrator COMMAND --help tells more of each. Start with: orchestrator start, then orchestrator ask "Why is the sky blue?"
`;
}

/** docs/cli.md: every command's own help, one after the other. */
const markdown = (commands: readonly Command[]): string => `# Command line

Written by \`npm run docs\` from what \`orchestrator COMMAND --help\` prints; a test fails when it is out of date.

\`npm run orchestrator -- COMMAND\` in a clone, \`orchestrator COMMAND\` once installed. Progress and colours go to a terminal only
(\`NO_COLOR\` and \`FORCE_COLOR\` are obeyed); \`--json\` prints JSON for programs; problems go to standard error.

| exit code | meaning |
|---|---|
${Object.entries(EXIT_CODES)
  .map(([code, meaning]) => `| ${code} | ${meaning} |`)
  .join('\n')}

${commands.map(({ name, summary, help }) => `## ${name}: ${summary}\n\n\`\`\`\n${help}\n\`\`\`\n`).join('\n')}`;

// A reader that has seen enough ('| head') is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}
process.exitCode = await main(process.argv.slice(2));
