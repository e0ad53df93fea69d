import { type CallToolResult, McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { type Api, ApiError, bodyOf } from './api.ts';
import { type AskContext, type Asked, ask, profiles, toolModel } from './ask.ts';
import { createProgress, type Progress } from './progress.ts';

/** Characters of a prompt; steps of a chain; models compared. */
const MAX_PROMPT = 1_000_000;
const MAX_STEPS = 8;
const MAX_MODELS = 8;
const MAX_NAME = 512;

const prompt = z.string().min(1).max(MAX_PROMPT);
const model = z.string().min(1).max(MAX_NAME);

const asked = z.object({
  answer: z.string(),
  model: z.string(),
  provider: z.string().optional(),
  task: z.string().optional(),
  strategy: z.string().optional(),
  reason: z.string().optional(),
  input_tokens: z.number().optional(),
  output_tokens: z.number().optional(),
});

const TASK_MODELS = { code: 'auto:code', general: 'auto', fast: 'auto:quick' } as const;

const toResult = (answer: Asked): CallToolResult => ({ content: [{ type: 'text', text: answer.answer }], structuredContent: answer });

/** The tools and resources of the gateway for MCP clients. Every call goes through the gateway's own API with the client's own key. */
export function createMcpServer(options: { readonly api: Api; readonly version: string /** Epoch ms. */; readonly now: () => number }): McpServer {
  const server = new McpServer(
    { name: 'multi-ai-orchestrator', version: options.version },
    {
      capabilities: { logging: {} },
      instructions:
        'Asks the models behind a local gateway. smart_ask picks the best model by itself; compare_models shows several side by side; ' +
        'chain_ask feeds the output of one step to the next; get_model_info tells which models there are.',
    },
  );
  const contextOf = ({ http, mcpReq }: ServerContext): AskContext => ({
    api: options.api,
    from: http?.req && Object.fromEntries(http.req.headers),
    signal: mcpReq.signal,
  });

  /** Runs a tool: progress while it lasts, and the gateway's words as the result when it fails. */
  const run = async (
    call: ServerContext,
    steps: number | undefined,
    work: (context: AskContext, progress: Progress) => Promise<CallToolResult>,
  ): Promise<CallToolResult> => {
    const send = (params: Parameters<Parameters<typeof createProgress>[0]['send']>[0]): Promise<void> =>
      call.mcpReq.notify({ method: 'notifications/progress', params });
    const progress = createProgress({ token: call.mcpReq._meta?.progressToken, send }, steps, options.now);
    try {
      return await work(contextOf(call), progress);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { isError: true, content: [{ type: 'text', text: error.message }] };
    } finally {
      progress.end();
    }
  };

  for (const tool of ['codex', 'gemini'] as const) {
    const name = tool === 'codex' ? 'Codex' : 'Gemini';
    server.registerTool(
      `ask_${tool}`,
      {
        title: `Ask ${name}`,
        description: `Asks the ${name} command-line tool of the gateway's machine and gives its answer.`,
        inputSchema: z.object({
          prompt: prompt.describe('The question or task.'),
          model: model.optional().describe(`One of ${name}'s models; its default otherwise.`),
        }),
        outputSchema: asked,
        annotations: { readOnlyHint: true, openWorldHint: true },
      },
      (args, call) =>
        run(call, undefined, async (context, progress) => {
          const target = await toolModel(context, tool, args.model);
          progress.step(`asking ${target}`);
          return toResult(await ask(context, target, args.prompt));
        }),
    );
  }

  server.registerTool(
    'smart_ask',
    {
      title: 'Ask the best model',
      description:
        'Asks the model that fits the question best. Give task for code, general questions or a fast answer; the gateway finds out by itself otherwise.',
      inputSchema: z.object({
        prompt: prompt.describe('The question or task.'),
        task: z.enum(['code', 'general', 'fast']).optional().describe('code: the best model for code; general: whatever fits; fast: a quick one.'),
        system: z.string().max(MAX_PROMPT).optional().describe('Instructions for the model.'),
        model: model.optional().describe('A model or virtual model (ensemble, chain, correct) instead.'),
      }),
      outputSchema: asked,
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (args, call) =>
      run(call, undefined, async (context, progress) => {
        const target = args.model ?? TASK_MODELS[args.task ?? 'general'];
        progress.step(`asking ${target}`);
        return toResult(await ask(context, target, args.prompt, args.system));
      }),
  );

  server.registerTool(
    'chain_ask',
    {
      title: 'Ask in steps',
      description: 'Runs steps one after the other; the output of each is given to the next.',
      inputSchema: z.object({
        prompt: prompt.describe('What the first step works on.'),
        steps: z
          .array(z.object({ instruction: z.string().min(1).max(MAX_PROMPT), model: model.optional() }))
          .min(1)
          .max(MAX_STEPS)
          .describe('For each step what to do, and if you like which model does it (default auto).'),
      }),
      outputSchema: asked.extend({ steps: z.array(z.object({ model: z.string(), output: z.string() })) }),
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (args, call) =>
      run(call, args.steps.length, async (context, progress) => {
        const done: { model: string; output: string }[] = [];
        let input = args.prompt;
        let last: Asked | undefined;
        for (const [index, { instruction, model: target = 'auto' }] of args.steps.entries()) {
          progress.step(`step ${index + 1} of ${args.steps.length}: ${target}`);
          last = await ask(context, target, `${instruction}\n\n${input}`);
          input = last.answer;
          done.push({ model: last.model, output: last.answer });
        }
        return { content: [{ type: 'text', text: input }], structuredContent: { ...last, answer: input, steps: done } };
      }),
  );

  server.registerTool(
    'compare_models',
    {
      title: 'Compare models',
      description: 'Asks several models the same and gives their answers side by side, with time, tokens and how much they agree.',
      inputSchema: z.object({
        prompt: prompt.describe('The question.'),
        models: z.array(model).min(1).max(MAX_MODELS).optional().describe('Which models; the best few for the question otherwise.'),
      }),
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (args, call) =>
      run(call, undefined, async ({ api, from, signal }, progress) => {
        progress.step(args.models === undefined ? 'comparing models' : `comparing ${args.models.join(', ')}`);
        const body = bodyOf(await api({ method: 'POST', path: '/orchestrator/compare', body: { ...args }, from, signal })) as Comparison;
        const lines = body.results.map(
          ({ model: name, provider, seconds, confidence, error, text }) =>
            `## ${name} (${provider}, ${seconds.toFixed(1)} s${error === undefined ? `, confidence ${Math.round(confidence)}` : ''})\n${error === undefined ? text : `failed: ${error}`}`,
        );
        return {
          content: [{ type: 'text', text: `${lines.join('\n\n')}\n\nAgreement: ${Math.round(body.agreement * 100)}%` }],
          structuredContent: { ...body },
        };
      }),
  );

  server.registerTool(
    'get_model_info',
    {
      title: 'Models of the gateway',
      description: 'What the gateway knows of its models: what each is good at, size, speed measured here, whether it is loaded and healthy.',
      inputSchema: z.object({ model: model.optional().describe('One model; all of them otherwise.') }),
      annotations: { readOnlyHint: true },
    },
    (args, call) =>
      run(call, undefined, async (context) => {
        const all = await profiles(context);
        const wanted = args.model?.toLowerCase();
        const found =
          wanted === undefined ? all : all.filter(({ name, provider }) => name.toLowerCase() === wanted || `${provider}/${name}`.toLowerCase() === wanted);
        if (found.length === 0 && wanted !== undefined) {
          throw new ApiError(`There is no model '${args.model}'. There are ${all.map(({ name }) => name).join(', ') || 'none yet'}.`);
        }
        return { content: [{ type: 'text', text: JSON.stringify(found, null, 1) }], structuredContent: { models: found } };
      }),
  );

  const resource = (name: string, title: string, description: string, path: string): void => {
    server.registerResource(name, `orchestrator://${name}`, { title, description, mimeType: 'application/json' }, async (uri, call) => {
      const { api, from, signal } = contextOf(call);
      const body = bodyOf(await api({ method: 'GET', path, from, signal }));
      return { contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify(body) }] };
    });
  };
  resource('profiles', 'Model profiles', 'What is known, set and measured of every model.', '/orchestrator/profiles');
  resource(
    'decisions',
    'Recent decisions',
    'The latest requests: task, model, why it was picked, and how it went. No prompts.',
    '/orchestrator/decisions?limit=50',
  );
  return server;
}

interface Comparison {
  readonly results: readonly {
    readonly model: string;
    readonly provider: string;
    readonly seconds: number;
    readonly confidence: number;
    readonly text: string;
    readonly error?: string;
  }[];
  readonly agreement: number;
}
