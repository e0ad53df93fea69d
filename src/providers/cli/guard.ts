import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What all command-line providers of one gateway share: a mark, a folder, and the process that cleans up if the gateway is killed. */
export interface Guard {
  /** Begins the mark of every call. */
  readonly mark: string;
  /** Makes an empty folder for one call. */
  folder(): string;
  /** Makes sure that the watchdog runs. */
  watch(): void;
  close(): Promise<void>;
}

/** The script beside this file, whether it was compiled or not. */
const WATCHDOG = fileURLToPath(new URL(`./watchdog${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));

/** @param options.temporary a folder that may be written; `node` the program that runs the watchdog; `mark` unique to this gateway. */
export function createGuard(options: { readonly temporary: string; readonly node: string; readonly mark: string }): Guard {
  const base = join(options.temporary, `orchestrator-cli-${options.mark}`);
  let child: ChildProcess | undefined;

  return {
    mark: options.mark,
    folder() {
      mkdirSync(base, { recursive: true, mode: 0o700 });
      return mkdtempSync(join(base, 'call-'));
    },
    watch() {
      if (child !== undefined && child.exitCode === null && child.signalCode === null) return;
      // Its own session, so that what ends the gateway does not end it too; no environment, so that it is never taken for a call.
      child = spawn(options.node, [WATCHDOG, options.mark, base], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {}, cwd: '/' });
      child.on('error', () => undefined);
      child.stdin?.on('error', () => undefined);
      child.unref();
      (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    },
    async close() {
      child?.stdin?.end();
      await rm(base, { recursive: true, force: true });
    },
  };
}
