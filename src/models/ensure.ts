import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILT_IN_MODELS, type CatalogueModel, type ModelFile } from './catalogue.ts';
import { lockFolder } from './folder-lock.ts';
import { isUnreachable, type ModelLog, type ModelSource, problemOf } from './model-source.ts';
import { hashFile, readRecord, statFile, updateRecord } from './record.ts';

/** A model whose file is in place and verified. */
export interface ReadyModel extends Omit<CatalogueModel, 'files' | 'name'>, Pick<ModelFile, 'quantization' | 'instructed'> {
  readonly name: string;
  /** Absolute if the folder was. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
  /** Where the file came from: 'model folder', or the name of a source. */
  readonly source: string;
}

export interface Attempt {
  readonly source: string;
  readonly problem: string;
}

/** How it ended for one model: ready, or what was tried. */
export type ModelOutcome = { readonly name: string; readonly ready: ReadyModel } | { readonly name: string; readonly tried: readonly Attempt[] };

export interface EnsureOptions {
  /** The model folder; made when it is missing. */
  readonly directory: string;
  /** The built-in models unless given. */
  readonly models?: readonly CatalogueModel[];
  /** Tried in this order for each file. */
  readonly sources: readonly ModelSource[];
  readonly progress?: (event: { model: string; source: string; receivedBytes: number; totalBytes: number }) => void;
  /** Called once per model as soon as it is decided, so that the first can serve while the second still downloads. */
  readonly report?: (outcome: ModelOutcome) => void;
  readonly log: ModelLog;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const MB = 1_000_000;
const FOLDER = 'model folder';

/** Whether a file is the pinned one. Hashed once; afterwards size and time of change answer. */
async function verified(directory: string, file: ModelFile, options: EnsureOptions): Promise<{ source: string; modifiedAt: number } | undefined> {
  const path = join(directory, file.file);
  const found = await statFile(path);
  if (found === undefined || found.bytes !== file.bytes) return undefined;
  const known = (await readRecord(directory)).files[file.file];
  if (known?.sha256 === file.sha256 && known.bytes === found.bytes && known.modifiedAt === found.modifiedAt) {
    return { source: known.source, modifiedAt: found.modifiedAt };
  }
  if ((await hashFile(path, options.signal)) !== file.sha256) {
    options.log.warn({ file: path }, 'a model file is damaged and will be fetched again');
    return undefined;
  }
  const source = known?.source ?? FOLDER;
  await remember(directory, file, found.modifiedAt, source, options);
  return { source, modifiedAt: found.modifiedAt };
}

const remember = (directory: string, file: ModelFile, modifiedAt: number, source: string, options: EnsureOptions): Promise<void> =>
  updateRecord(directory, randomUUID(), (record) => {
    record.files[file.file] = { sha256: file.sha256, bytes: file.bytes, modifiedAt, source, obtainedAt: options.now() };
  });

function toReady(model: CatalogueModel, file: ModelFile, directory: string, found: { source: string; modifiedAt: number }): ReadyModel {
  const { files: _, ...facts } = model;
  const { quantization, instructed, sha256: digest, bytes: sizeBytes } = file;
  return { ...facts, quantization, instructed, digest, sizeBytes, path: join(directory, file.file), ...found };
}

async function findReady(model: CatalogueModel, options: EnsureOptions): Promise<ReadyModel | undefined> {
  for (const file of model.files) {
    const found = await verified(options.directory, file, options);
    if (found !== undefined) return toReady(model, file, options.directory, found);
  }
  return undefined;
}

const isGguf = async (path: string): Promise<boolean> => {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'GGUF';
  } finally {
    await file.close();
  }
};

/** Fetches one file from one source, verifies it and puts it in place. */
async function obtain(model: CatalogueModel, file: ModelFile, source: ModelSource, options: EnsureOptions): Promise<ReadyModel> {
  const { directory, signal } = options;
  const staging = await mkdtemp(join(directory, '.staging-'));
  try {
    const needed = file.bytes + (file.python?.downloadBytes ?? 0);
    const disk = await statfs(directory);
    if (disk.bavail * disk.bsize < needed) {
      throw new Error(`${Math.ceil(needed / MB)} MB are needed and ${Math.floor((disk.bavail * disk.bsize) / MB)} MB are free on the disk`);
    }
    const progress = (receivedBytes: number, totalBytes: number): void =>
      options.progress?.({ model: model.name, source: source.name, receivedBytes, totalBytes });
    const path = await source.fetch({ file, staging, progress, signal });
    if (!(await isGguf(path))) throw new Error('what came is no GGUF file');
    if ((await hashFile(path, signal)) !== file.sha256) throw new Error('what came has another SHA-256 than the pinned one');
    const target = join(directory, file.file);
    await rename(path, target);
    const modifiedAt = (await statFile(target))?.modifiedAt ?? options.now();
    await remember(directory, file, modifiedAt, source.name, options);
    return toReady(model, file, directory, { source: source.name, modifiedAt });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Tries every source for every file of a model, the better file first. */
async function fetchModel(model: CatalogueModel, options: EnsureOptions, given: Set<ModelSource>): Promise<ModelOutcome> {
  const tried: Attempt[] = [];
  for (const file of model.files) {
    for (const source of options.sources) {
      if (!source.offers(file) || given.has(source)) continue;
      try {
        const ready = await obtain(model, file, source, options);
        options.log.info({ model: model.name, source: source.name, file: file.file }, 'model fetched and verified');
        return { name: model.name, ready };
      } catch (error) {
        options.signal.throwIfAborted();
        tried.push({ source: source.name, problem: `${file.file}: ${problemOf(error)}` });
        if (isUnreachable(error)) given.add(source);
      }
    }
  }
  for (const source of given) {
    if (!tried.some((attempt) => attempt.source === source.name)) tried.push({ source: source.name, problem: 'could not be reached a moment ago' });
  }
  options.log.warn({ model: model.name, tried }, 'model could not be fetched');
  await updateRecord(options.directory, randomUUID(), (record) => {
    record.attempts[model.name] = { at: options.now(), tried };
  });
  return { name: model.name, tried };
}

/** Removes what a killed download left behind. Only under the folder's lock. */
async function sweep(directory: string): Promise<void> {
  const left = (await readdir(directory)).filter((name) => name.startsWith('.staging-'));
  await Promise.all(left.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}

/**
 * Makes the models' files present and verified, and answers those that are, in the order of the catalogue. A model that no
 * source has is left out and reported; only an abort rejects.
 */
export async function ensureModels(options: EnsureOptions): Promise<ReadyModel[]> {
  const { directory, models = BUILT_IN_MODELS, signal } = options;
  const outcomes = new Map<string, ModelOutcome>();
  const decide = (outcome: ModelOutcome): void => {
    outcomes.set(outcome.name, outcome);
    options.report?.(outcome);
  };
  const missing = (): CatalogueModel[] => models.filter(({ name }) => !outcomes.has(name));
  const lookAround = async (): Promise<void> => {
    for (const model of missing()) {
      const ready = await findReady(model, options);
      if (ready !== undefined) decide({ name: model.name, ready });
    }
  };
  try {
    await mkdir(directory, { recursive: true });
    await lookAround();
    if (missing().length > 0) {
      const unlock = await lockFolder(directory, options.now, signal);
      try {
        await lookAround();
        await sweep(directory);
        const given = new Set<ModelSource>();
        for (const model of missing()) decide(await fetchModel(model, options, given));
      } finally {
        await unlock();
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    const tried = [{ source: FOLDER, problem: `${directory}: ${problemOf(error)}` }];
    options.log.warn({ tried }, 'the model folder cannot be used');
    for (const { name } of missing()) decide({ name, tried });
  }
  return models.flatMap(({ name }) => {
    const outcome = outcomes.get(name);
    return outcome !== undefined && 'ready' in outcome ? [outcome.ready] : [];
  });
}
