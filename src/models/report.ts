import { join } from 'node:path';
import { BUILT_IN_MODELS, type CatalogueModel } from './catalogue.ts';
import type { Attempt } from './ensure.ts';
import { readRecord, statFile } from './record.ts';

/** What `orchestrator doctor` says about one model. */
export interface ModelStatus {
  readonly name: string;
  readonly title: string;
  /** The file that serves it; absent when the model is missing. */
  readonly file?: string;
  readonly sizeBytes?: number;
  readonly instructed?: boolean;
  /** The source that worked. */
  readonly source?: string;
  /** Epoch ms. */
  readonly obtainedAt?: number;
  /** What failed the last time the model was looked for. */
  readonly tried: readonly Attempt[];
}

/** Which models a folder has and where they came from, without hashing or fetching anything. */
export async function modelReport(directory: string, models: readonly CatalogueModel[] = BUILT_IN_MODELS): Promise<readonly ModelStatus[]> {
  const record = await readRecord(directory);
  return Promise.all(
    models.map(async ({ name, title, files }) => {
      const tried = record.attempts[name]?.tried ?? [];
      for (const { file, bytes, instructed } of files) {
        const found = await statFile(join(directory, file));
        if (found?.bytes !== bytes) continue;
        const known = record.files[file];
        return { name, title, file, sizeBytes: bytes, instructed, ...(known && { source: known.source, obtainedAt: known.obtainedAt }), tried: [] };
      }
      return { name, title, tried };
    }),
  );
}
