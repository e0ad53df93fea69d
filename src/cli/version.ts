import { readFileSync } from 'node:fs';

/** This program's version. A packed copy runs from dist/, one folder deeper. */
export function programVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { name?: string; version?: string };
      if (name === 'multi-ai-orchestrator' && version !== undefined) return version;
    } catch {
      // The other place has it.
    }
  }
  return 'unknown';
}
