import { GatewayError } from '../core/errors.ts';
import { createClient } from './client.ts';
import { coloursFor } from './colour.ts';
import { type Command, CommandError, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { type KeyAccess, type ShownKey, throughGateway, throughState } from './keys-access.ts';
import { formatTable, terminalColumns } from './table.ts';

const OPTIONS = {
  ...URL_OPTIONS,
  ...JSON_OPTION,
  admin: { type: 'boolean', default: false },
  models: { type: 'string' },
  rate: { type: 'string' },
  budget: { type: 'string' },
  offline: { type: 'boolean', default: false },
} as const;

export const keys: Command = {
  name: 'keys',
  summary: 'make, list and revoke API keys',
  options: OPTIONS,
  completes: { '': ['create', 'list', 'revoke'], models: 'model' },
  help: `orchestrator keys create NAME [--admin] [--models A,B] [--rate N/SECONDS] [--budget TOKENS]
orchestrator keys list
orchestrator keys revoke ID

  --admin         the key may also manage the gateway
  --models A,B    models it may use (default: all)
  --rate 60/60    requests in that many seconds
  --budget N      tokens a calendar month
  --offline       work on the state folder itself, while the gateway is stopped
  --json          print JSON
${URL_HELP}

  orchestrator keys create me --admin
  orchestrator keys create team --models qwen3:8b,auto --rate 120/60 --budget 2000000

Works on the running gateway. The first key should be an admin's: from then on every client needs a key. A gateway that others
can reach lets nobody in without one: make it with --offline before the start, or start with ORCHESTRATOR_ADMIN_KEY set.`,

  async run(args) {
    const { values, positionals } = readArgs(args, OPTIONS, true);
    const access = values.offline ? await throughState().catch(inWords) : throughGateway(createClient(values));
    try {
      const { value, text } = await act(access, positionals, values);
      process.stdout.write(`${values.json ? JSON.stringify(value) : text}\n`);
      return 0;
    } catch (error) {
      return inWords(error);
    } finally {
      await access.close();
    }
  },
};

interface Wanted {
  readonly admin: boolean;
  readonly models?: string | undefined;
  readonly rate?: string | undefined;
  readonly budget?: string | undefined;
}

async function act(access: KeyAccess, [action, subject]: readonly string[], wanted: Wanted): Promise<{ value: unknown; text: string }> {
  switch (action) {
    case 'create': {
      if (subject === undefined) throw new UsageError('whose key is it? orchestrator keys create NAME');
      const made = await access.create({
        name: subject,
        role: wanted.admin ? 'admin' : 'user',
        ...(wanted.models !== undefined && { allowed_models: wanted.models.split(',') }),
        ...(wanted.rate !== undefined && { rate: toRate(wanted.rate) }),
        ...(wanted.budget !== undefined && { token_budget: toTokens(wanted.budget) }),
      });
      return { value: made, text: `${made.secret}\n\nThis is shown only once. Its id is ${made.key.id}.` };
    }
    case 'list': {
      const all = await access.list();
      const shape = { columns: terminalColumns(), optional: ['created', 'key', 'models'], heading: coloursFor(process.stdout).bold };
      return { value: all, text: formatTable(['id', 'key', 'name', 'role', 'models', 'created', 'revoked'], all.map(toRow), shape) };
    }
    case 'revoke': {
      if (subject === undefined) throw new UsageError('which key? orchestrator keys revoke ID');
      await access.revoke(subject);
      return { value: { id: subject, revoked: true }, text: `${subject} is revoked.` };
    }
    default:
      throw new UsageError("expected 'create NAME', 'list' or 'revoke ID'");
  }
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

const toRow = (key: ShownKey): string[] => [
  key.id,
  `${key.prefix}...`,
  key.name,
  key.role,
  key.allowedModels.join(' ') || 'all',
  day(key.createdAt),
  key.revokedAt === undefined ? '' : day(key.revokedAt),
];

function toRate(text: string): { requests: number; window_s: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (match === null) throw new UsageError(`--rate: expected REQUESTS/SECONDS such as 60/60, got '${text}'`);
  return { requests: Number(match[1]), window_s: Number(match[2]) };
}

function toTokens(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`--budget: expected a number of tokens, got '${text}'`);
  return Number(text);
}

/** What the store refuses is told in words, not as a stack. */
function inWords(error: unknown): never {
  throw error instanceof GatewayError ? new CommandError(error.message) : error;
}
