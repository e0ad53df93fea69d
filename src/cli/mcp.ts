import type { Api } from '../mcp/api.ts';
import { ApiError } from '../mcp/api.ts';
import { type Command, gatewayUrl, readArgs, URL_HELP, URL_OPTIONS } from './command.ts';
import { programVersion } from './version.ts';

export const mcp: Command = {
  name: 'mcp',
  summary: 'serve the gateway to MCP clients over standard input and output',
  options: URL_OPTIONS,
  help: `orchestrator mcp [--url URL] [--key KEY]

${URL_HELP}

Meant to be started by an MCP client, for example:

  claude mcp add orchestrator -- npx multi-ai-orchestrator mcp
  codex mcp add orchestrator -- npx multi-ai-orchestrator mcp

A running gateway also serves MCP over HTTP at /mcp, without this command.`,

  async run(args) {
    const { values } = readArgs(args, URL_OPTIONS);
    const url = gatewayUrl(values.url);
    const key = values.key ?? process.env['ORCHESTRATOR_KEY'];
    // Loaded for this command alone: every other one would start slower for it.
    const [{ serveStdio }, { createMcpServer }] = await Promise.all([import('@modelcontextprotocol/server/stdio'), import('../mcp/server.ts')]);
    const connection = serveStdio(() => createMcpServer({ api: createApi(url, key), version: programVersion(), now: Date.now }));
    // The client is gone when it closes our input.
    await new Promise((resolve) => process.stdin.once('end', resolve).once('close', resolve));
    await connection.close();
    return 0;
  },
};

/** The gateway's API over HTTP, with the key of this machine's user. */
function createApi(url: string, key: string | undefined): Api {
  return async ({ method, path, body, signal }) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new ApiError(`No gateway answers at ${url}. Start one with 'npm start' in its folder, or give --url.`);
    });
    const text = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), body: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { error: text.slice(0, 300) };
  }
}
