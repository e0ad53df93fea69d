import type { DiscoveredModel, LoadedModel } from '../../core/model.ts';
import type { Running } from './runtime.ts';

/** A GGUF file and what is known of it. */
export interface EmbeddedModel {
  readonly name: string;
  readonly path: string;
  /** SHA-256 of the file. */
  readonly digest?: string;
  readonly sizeBytes?: number;
  /** Epoch ms. */
  readonly modifiedAt?: number;
  readonly family?: string;
  readonly parameters?: number;
  readonly parameterSize?: string;
  readonly quantization?: string;
  /** Tokens it was trained for. */
  readonly contextWindow?: number;
  readonly blockCount?: number;
  readonly headCountKv?: number;
  readonly headDim?: number;
  readonly embeddingLength?: number;
  /** False: a pretrained model, which repeats itself unless penalised. */
  readonly instructed?: boolean;
}

/** What the GGUF header of a loaded model says, for files that came without facts. */
function headerFacts({ model }: Running): Partial<EmbeddedModel> {
  const { architectureMetadata, metadata } = model.fileInfo;
  const { block_count: blockCount, embedding_length: embeddingLength } = architectureMetadata;
  return {
    family: metadata.general.architecture,
    contextWindow: model.trainContextSize,
    sizeBytes: model.size,
    ...(metadata.general.size_label !== undefined && { parameterSize: metadata.general.size_label }),
    ...(blockCount !== undefined && { blockCount }),
    ...(embeddingLength !== undefined && { embeddingLength }),
  };
}

/** The model as the gateway lists it. Its window is what one request gets here, not what the model was trained for. */
export function toDiscovered(given: EmbeddedModel, running: Running | undefined, window: number): DiscoveredModel {
  const { path: _, instructed: __, ...facts } = { ...(running && headerFacts(running)), ...given };
  return {
    ...facts,
    format: 'gguf',
    ...(facts.family !== undefined && { families: [facts.family] }),
    contextWindow: running?.contextWindow ?? Math.min(window, facts.contextWindow ?? window),
    capabilities: ['completion'],
  };
}

/** The model as it lies in memory; nothing when it does not. */
export function toLoaded(given: EmbeddedModel, running: Running | undefined): LoadedModel[] {
  if (running === undefined) return [];
  const { model, context, contextWindow } = running;
  return [
    {
      name: given.name,
      sizeBytes: model.memoryUsage.ram + context.memoryUsage.ram + model.memoryUsage.vram + context.memoryUsage.vram,
      vramBytes: model.memoryUsage.vram + context.memoryUsage.vram,
      contextWindow,
      ...(given.digest !== undefined && { digest: given.digest }),
    },
  ];
}
