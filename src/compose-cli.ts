import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import type { BuildProvider } from './compose-providers.ts';
import { createGuard, type Guard } from './providers/cli/guard.ts';
import { createCliProvider } from './providers/cli/provider.ts';
import type { ToolName } from './providers/cli/tools.ts';

const KNOWN: readonly string[] = ['codex', 'gemini', 'claude'] satisfies ToolName[];

/** Builds providers that are command-line programs; all of them share one watchdog. */
export function composeCli(env: Readonly<Record<string, string | undefined>>): BuildProvider {
  let guard: Guard | undefined;
  return (entry) => {
    if (entry.type !== 'cli') return undefined;
    guard ??= createGuard({ temporary: tmpdir(), node: process.execPath, mark: randomUUID() });
    const program = basename(entry.command[0] ?? '').replace(/\.(exe|cmd|m?js)$/, '');
    return createCliProvider({
      name: entry.name,
      tool: entry.tool ?? (KNOWN.includes(program) ? (program as ToolName) : 'command'),
      command: entry.command,
      models: entry.models,
      env: entry.env,
      outputBytes: entry.output_bytes,
      environment: env,
      guard,
      createId: randomUUID,
    });
  };
}
