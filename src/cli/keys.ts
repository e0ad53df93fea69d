import { createClient } from './client.ts';
import { type Command, readArgs, URL_HELP, URL_OPTIONS, UsageError } from './command.ts';
import { formatTable, terminalColumns } from './table.ts';

interface Key {
  id: string;
  prefix: string;
  name: string;
  role: string;
  allowedModels: string[];
  createdAt: number;
  revokedAt?: number;
}

export const keys: Command = {
  name: 'keys',
  summary: 'make, list and revoke API keys',
  help: `orchestrator keys create NAME [--admin] [--models A,B] [--rate N/SECONDS] [--budget TOKENS]
orchestrator keys list
orchestrator keys revoke ID

  --admin         the key may also manage the gateway
  --models A,B    models it may use (default: all)
  --rate 60/60    requests in that many seconds
  --budget N      tokens a calendar month
  --json          print JSON
${URL_HELP}

Works on the running gateway. The first key should be an admin's: from then on every client needs a key.`,

  async run(args) {
    const { values, positionals } = readArgs(
      args,
      {
        ...URL_OPTIONS,
        admin: { type: 'boolean', default: false },
        models: { type: 'string' },
        rate: { type: 'string' },
        budget: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
      true,
    );
    const client = createClient(values);
    const [action, subject] = positionals;
    const print = (value: unknown, text: string): number => {
      process.stdout.write(`${values.json ? JSON.stringify(value) : text}\n`);
      return 0;
    };
    switch (action) {
      case 'create': {
        if (subject === undefined) throw new UsageError('whose key is it? orchestrator keys create NAME');
        const made = await client.json<{ secret: string; key: Key }>('POST', '/orchestrator/keys', {
          name: subject,
          role: values.admin ? 'admin' : 'user',
          ...(values.models !== undefined && { allowed_models: values.models.split(',') }),
          ...(values.rate !== undefined && { rate: toRate(values.rate) }),
          ...(values.budget !== undefined && { token_budget: Number(values.budget) }),
        });
        return print(made, `${made.secret}\n\nThis is shown only once. Its id is ${made.key.id}.`);
      }
      case 'list': {
        const { keys: all } = await client.json<{ keys: Key[] }>('GET', '/orchestrator/keys');
        const rows = all.map((key) => [
          key.id,
          `${key.prefix}...`,
          key.name,
          key.role,
          key.allowedModels.join(' ') || 'all',
          new Date(key.createdAt).toISOString().slice(0, 10),
          key.revokedAt === undefined ? '' : new Date(key.revokedAt).toISOString().slice(0, 10),
        ]);
        return print(all, formatTable(['id', 'key', 'name', 'role', 'models', 'created', 'revoked'], rows, terminalColumns()));
      }
      case 'revoke': {
        if (subject === undefined) throw new UsageError('which key? orchestrator keys revoke ID');
        return print(await client.json('DELETE', `/orchestrator/keys/${encodeURIComponent(subject)}`), `${subject} is revoked.`);
      }
      default:
        throw new UsageError("expected 'create NAME', 'list' or 'revoke ID'");
    }
  },
};

function toRate(text: string): { requests: number; window_s: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (match === null) throw new UsageError(`--rate: expected REQUESTS/SECONDS such as 60/60, got '${text}'`);
  return { requests: Number(match[1]), window_s: Number(match[2]) };
}
