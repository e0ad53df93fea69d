import type { Capability } from '../../core/model.ts';

export type ToolName = 'codex' | 'gemini' | 'claude' | 'command';

/** How one command-line program is asked without a person at a terminal. */
export interface Tool {
  readonly name: ToolName;
  readonly ownedBy: string;
  /** Arguments behind those of the configuration; the prompt always goes to standard input. `model` absent: the tool's own default. */
  args(extra: readonly string[], model: string | undefined): readonly string[];
  /** Environment variables of its own that it needs to sign in. */
  readonly env: readonly string[];
  /** What a person does on the gateway's machine to sign in. */
  readonly login: string;
  /** Tokens its models take, from the makers' model pages; absent when unknown. */
  readonly contextWindow?: number;
  /** Where the default model stands: a file below the home folder and what to look for in it. */
  readonly defaultModel?: { readonly folder: string; readonly folderVariable?: string; readonly file: string; readonly find: RegExp };
}

export const CAPABILITIES: readonly Capability[] = ['completion'];

const modelFlag = (model: string | undefined): string[] => (model === undefined ? [] : ['--model', model]);

/** Learned from codex-cli 0.171.0, gemini-cli 0.61.0 and claude-code 2.1.332. None of them may change anything: read-only, planning, no tools. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  codex: {
    name: 'codex',
    ownedBy: 'openai',
    args: (extra, model) => [
      ...extra,
      'exec',
      ...['--json', '--ephemeral', '--skip-git-repo-check', '--color', 'never', '--sandbox', 'read-only'],
      ...modelFlag(model),
      // Reads the prompt from standard input.
      '-',
    ],
    env: ['CODEX_HOME', 'CODEX_API_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'],
    login: "run 'codex login'",
    contextWindow: 272_000,
    defaultModel: { folder: '.codex', folderVariable: 'CODEX_HOME', file: 'config.toml', find: /^model\s*=\s*"([^"\n]{1,200})"/m },
  },
  gemini: {
    name: 'gemini',
    ownedBy: 'google',
    args: (extra, model) => [...extra, '--output-format', 'stream-json', '--approval-mode', 'plan', '--skip-trust', ...modelFlag(model)],
    env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_CLOUD_PROJECT', 'GOOGLE_CLOUD_LOCATION', 'GOOGLE_APPLICATION_CREDENTIALS'],
    login: "run 'gemini' and sign in, or set GEMINI_API_KEY",
    contextWindow: 1_048_576,
    defaultModel: { folder: '.gemini', file: 'settings.json', find: /"model"\s*:\s*\{[^}]*"name"\s*:\s*"([^"\n]{1,200})"/ },
  },
  claude: {
    name: 'claude',
    ownedBy: 'anthropic',
    args: (extra, model) => [
      ...extra,
      ...['--print', '--output-format', 'stream-json', '--verbose', '--include-partial-messages', '--no-session-persistence', '--strict-mcp-config'],
      ...['--tools', ''],
      ...modelFlag(model),
    ],
    env: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_OAUTH_TOKEN', 'CLAUDE_CONFIG_DIR'],
    login: "run 'claude' and sign in with /login",
    contextWindow: 200_000,
    defaultModel: { folder: '.claude', folderVariable: 'CLAUDE_CONFIG_DIR', file: 'settings.json', find: /"model"\s*:\s*"([^"\n]{1,200})"/ },
  },
  command: {
    name: 'command',
    ownedBy: 'command',
    args: (extra, model) => extra.map((argument) => argument.replaceAll('{model}', model ?? 'default')),
    env: [],
    login: 'sign in to it',
  },
};

/** Variables that every program may see. */
export const COMMON_ENV: readonly string[] = [
  ...['HOME', 'PATH', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR'],
  ...['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
];

/** A model name that may stand as an argument: never an option, never empty. */
export const isModelName = (name: string): boolean => /^[A-Za-z0-9][\w.:/@+[\]-]{0,199}$/.test(name);
