import { createClient } from './client.ts';
import { type Command, type Completes, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';

const PROGRAM = 'orchestrator';
const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Tab completion, written from the commands' own tables, so that it knows every command and option there is. */
export function createCompletion(commands: () => Promise<readonly Command[]>): Command {
  return {
    name: 'completion',
    summary: 'print tab completion for bash, zsh or fish',
    options: URL_OPTIONS,
    completes: { '': [...SHELLS, 'models'] },
    help: `orchestrator completion bash|zsh|fish
orchestrator completion models

  bash   echo 'source <(orchestrator completion bash)' >> ~/.bashrc
  zsh    echo 'source <(orchestrator completion zsh)' >> ~/.zshrc       (after compinit)
  fish   orchestrator completion fish > ~/.config/fish/completions/orchestrator.fish

models prints the names the running gateway knows, which completion asks for after --model; nothing when there is none.

${URL_HELP}`,

    async run(args) {
      const { values, positionals } = readArgs(args, URL_OPTIONS, true);
      const [shell] = positionals;
      switch (shell) {
        case 'bash':
          process.stdout.write(bash(await commands()));
          return 0;
        case 'zsh':
          process.stdout.write(`autoload -U +X bashcompinit && bashcompinit\n${bash(await commands())}`);
          return 0;
        case 'fish':
          process.stdout.write(fish(await commands()));
          return 0;
        case 'models':
          process.stdout.write(await modelNames(values));
          return 0;
        default:
          throw new UsageError('which shell? orchestrator completion bash, zsh or fish');
      }
    },
  };
}

/** One name a line; none where no gateway answers within a moment, since somebody waits at a prompt. */
async function modelNames(flags: { url?: string | undefined; key?: string | undefined }): Promise<string> {
  try {
    const response = await createClient(flags).send('GET', '/v1/models', undefined, AbortSignal.timeout(1_000));
    const { data } = (await response.json()) as { data: { id: string }[] };
    return data.map(({ id }) => `${id}\n`).join('');
  } catch {
    return '';
  }
}

const flagsOf = ({ options }: Command): string[] => [
  ...Object.entries(options).flatMap(([name, { short }]) => (short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`])),
  '--help',
];

const bashReply = (completes: Completes | undefined): string => {
  if (completes === 'file') return 'COMPREPLY=($(compgen -f -- "$cur"))';
  if (completes === 'folder') return 'COMPREPLY=($(compgen -d -- "$cur"))';
  if (completes === 'model') return `COMPREPLY=($(compgen -W "$(${PROGRAM} completion models 2>/dev/null)" -- "$cur"))`;
  return `COMPREPLY=($(compgen -W "${(completes ?? []).join(' ')}" -- "$cur"))`;
};

/** Options of a command that take a value, with what may follow them. */
const valued = ({ options, completes = {} }: Command): [string, Completes | undefined][] =>
  Object.entries(options).flatMap(([name, { type, short }]) =>
    type === 'boolean' ? [] : [[short === undefined ? `--${name}` : `--${name}|-${short}`, completes[name]]],
  );

/** The script for bash, and with `bashcompinit` before it for zsh. */
export function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const after = valued(command).map(([flag, completes]) => `        ${flag}) ${bashReply(completes)}; return ;;`);
    const arguments_ = command.completes?.[''];
    return `    ${command.name})
      case "$prev" in
${after.join('\n')}
      esac
      if [[ "$cur" == -* ]]; then COMPREPLY=($(compgen -W "${flagsOf(command).join(' ')}" -- "$cur"))
      else ${arguments_ === undefined ? ':' : bashReply(arguments_)}; fi ;;`;
  });
  return `# Tab completion of ${PROGRAM}, written by '${PROGRAM} completion bash'.
_${PROGRAM}() {
  local cur prev words cword command
  COMPREPLY=()
  # A model's name holds a colon, which bash takes for the end of a word unless the completion package mends it.
  if declare -F _get_comp_words_by_ref >/dev/null; then _get_comp_words_by_ref -n : cur prev words cword
  else cur="\${COMP_WORDS[COMP_CWORD]}"; prev="\${COMP_WORDS[COMP_CWORD-1]}"; words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; fi
  command="\${words[1]}"
  if [[ $cword -le 1 ]]; then COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), 'help', '--help', '--version'].join(' ')}" -- "$cur")); return; fi
  case "$command" in
    help) COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$cur")) ;;
${cases.join('\n')}
  esac
  if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
}
complete -o default -F _${PROGRAM} ${PROGRAM} multi-ai-orchestrator
`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

const fishArgument = (completes: Completes | undefined): string => {
  if (completes === 'file') return '-F';
  if (completes === 'folder') return `-x -a '(__fish_complete_directories)'`;
  if (completes === 'model') return `-x -a '(${PROGRAM} completion models 2>/dev/null)'`;
  return completes === undefined ? '-x' : `-x -a ${quote(completes.join(' '))}`;
};

/** The script for fish. */
export function fish(commands: readonly Command[]): string {
  const lines = [`# Tab completion of ${PROGRAM}, written by '${PROGRAM} completion fish'.`, `complete -c ${PROGRAM} -f`];
  for (const command of commands) {
    const { name, summary, options, completes = {} } = command;
    const here = `-n '__fish_seen_subcommand_from ${name}'`;
    lines.push(`complete -c ${PROGRAM} -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`);
    for (const [flag, { type, short }] of Object.entries(options)) {
      const argument = type === 'boolean' ? '' : ` ${fishArgument(completes[flag])}`;
      lines.push(`complete -c ${PROGRAM} ${here} -l ${flag}${short === undefined ? '' : ` -s ${short}`}${argument}`);
    }
    if (completes[''] !== undefined) lines.push(`complete -c ${PROGRAM} ${here} ${fishArgument(completes['']).replace('-x ', '')}`);
  }
  return `${lines.join('\n')}\n`;
}
