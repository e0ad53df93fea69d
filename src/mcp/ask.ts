import { type Api, ApiError, bodyOf } from './api.ts';

/** An answer with what was decided about it. */
export type Asked = {
  answer: string;
  model: string;
  provider?: string;
  task?: string;
  strategy?: string;
  reason?: string;
  input_tokens?: number;
  output_tokens?: number;
};

interface Completion {
  readonly choices?: readonly { readonly message?: { readonly content?: string | null } }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number };
}

export interface AskContext {
  readonly api: Api;
  readonly from: Parameters<Api>[0]['from'];
  readonly signal: AbortSignal;
}

/** Asks one question as any client would. Throws ApiError. */
export async function ask({ api, from, signal }: AskContext, model: string, prompt: string, system?: string): Promise<Asked> {
  const messages = [...(system === undefined ? [] : [{ role: 'system', content: system }]), { role: 'user', content: prompt }];
  const answer = await api({ method: 'POST', path: '/v1/chat/completions', body: { model, messages, stream: false }, from, signal });
  const { choices, usage } = bodyOf(answer) as Completion;
  const header = (name: string): string | undefined => answer.headers[`x-orchestrator-${name}`];
  const optional = {
    provider: header('provider'),
    task: header('task'),
    strategy: header('strategy'),
    reason: header('reason'),
    input_tokens: usage?.prompt_tokens,
    output_tokens: usage?.completion_tokens,
  };
  return {
    answer: choices?.[0]?.message?.content ?? '',
    model: header('model') ?? model,
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Asked>),
  };
}

/** A profile as the gateway lists it. */
export interface Profile {
  readonly name: string;
  readonly provider: string;
  readonly family: string | null;
  readonly healthy: boolean;
  readonly [key: string]: unknown;
}

export async function profiles({ api, from, signal }: AskContext): Promise<readonly Profile[]> {
  const answer = await api({ method: 'GET', path: '/orchestrator/profiles', from, signal });
  return (bodyOf(answer) as { profiles: Profile[] }).profiles;
}

/** The model of a command-line tool, pinned to its provider. Throws ApiError that says how to set the tool up. */
export async function toolModel(context: AskContext, tool: 'codex' | 'gemini', wanted: string | undefined): Promise<string> {
  const of = (await profiles(context)).filter(({ family }) => family === tool);
  const names = of.map(({ name }) => name);
  const found = wanted === undefined ? (of.find(({ healthy }) => healthy) ?? of[0]) : of.find(({ name }) => name === wanted);
  if (found !== undefined) return `${found.provider}/${found.name}`;
  if (names.length > 0) throw new ApiError(`${tool} has no model '${wanted}' here; it has ${names.join(', ')}.`);
  throw new ApiError(
    `No ${tool} is configured in this gateway. Install it and sign in ('${tool}' in a terminal), then add to providers in config/gateway.yaml: ` +
      `{ name: ${tool}, type: cli, command: [${tool}] } and start the gateway again.`,
  );
}
