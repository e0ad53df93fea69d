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
  /** What the system says where the client says nothing; the template's own default unless given. */
  readonly system?: string;
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

const LISTED = [
  ...(['digest', 'modifiedAt', 'sizeBytes', 'family', 'parameterSize', 'parameters', 'quantization'] as const),
  ...(['embeddingLength', 'blockCount', 'headCountKv', 'headDim'] as const),
] as const;

/** The model as the gateway lists it. Its window is what one request gets here, not what the model was trained for. */
export function toDiscovered(given: EmbeddedModel, running: Running | undefined, window: number): DiscoveredModel {
  const known = { ...(running && headerFacts(running)), ...given };
  const facts = Object.fromEntries(LISTED.flatMap((key) => (known[key] === undefined ? [] : [[key, known[key]]])));
  return {
    ...facts,
    name: given.name,
    format: 'gguf',
    ...(known.family !== undefined && { families: [known.family] }),
    contextWindow: running?.contextWindow ?? Math.min(window, known.contextWindow ?? window),
    capabilities: ['completion'],
  };
}

/** The model as it lies in memory; nothing when it does not. */
export function toLoaded(given: EmbeddedModel, running: Running | undefined, expiresAt: number | undefined): LoadedModel[] {
  if (running === undefined) return [];
  const { model, context, contextWindow } = running;
  return [
    {
      name: given.name,
      sizeBytes: model.memoryUsage.ram + context.memoryUsage.ram + model.memoryUsage.vram + context.memoryUsage.vram,
      vramBytes: model.memoryUsage.vram + context.memoryUsage.vram,
      contextWindow,
      ...(given.digest !== undefined && { digest: given.digest }),
      ...(expiresAt !== undefined && { expiresAt }),
    },
  ];
}
