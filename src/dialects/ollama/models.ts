import { createHash } from 'node:crypto';
import type { DiscoveredModel, LoadedModel } from '../../core/model.ts';
import { timestamp } from './encode.ts';
import { displayName } from './names.ts';

/** 64 hex digits; models without a digest of their own get one that stands for their name. */
const digestOf = ({ digest, name }: Pick<DiscoveredModel, 'digest' | 'name'>): string => {
  const own = digest?.replace(/^sha256[:-]/, '');
  return own !== undefined && /^[0-9a-f]{64}$/.test(own) ? own : createHash('sha256').update(name).digest('hex');
};

export function toDetails(model: DiscoveredModel): object {
  return {
    parent_model: model.parentModel ?? '',
    format: model.format ?? 'gguf',
    family: model.family ?? '',
    families: model.families ?? (model.family === undefined ? null : [model.family]),
    parameter_size: model.parameterSize ?? '',
    quantization_level: model.quantization ?? '',
  };
}

/** One entry of /api/tags. */
export function toTag(model: DiscoveredModel): object {
  return {
    name: displayName(model.name),
    model: displayName(model.name),
    modified_at: timestamp(model.modifiedAt ?? 0),
    size: model.sizeBytes ?? 0,
    digest: digestOf(model),
    details: {
      ...toDetails(model),
      ...(model.contextWindow !== undefined && { context_length: model.contextWindow }),
      ...(model.embeddingLength !== undefined && { embedding_length: model.embeddingLength }),
    },
    ...(model.capabilities !== undefined && { capabilities: model.capabilities }),
  };
}

/** A model that is never unloaded reads as if it stayed for about three centuries, as in Ollama. */
const NEVER = Date.UTC(2318, 0, 1);

/** One entry of /api/ps. */
export function toRunning(loaded: LoadedModel, model: DiscoveredModel): object {
  return {
    name: displayName(loaded.name),
    model: displayName(loaded.name),
    size: loaded.sizeBytes ?? model.sizeBytes ?? 0,
    digest: loaded.digest ?? digestOf(model),
    details: toDetails(model),
    expires_at: timestamp(loaded.expiresAt ?? NEVER),
    size_vram: loaded.vramBytes ?? 0,
    context_length: loaded.contextWindow ?? model.contextWindow ?? 0,
  };
}

/** The answer of /api/show for a model that no Ollama host describes. Clients find the window by the key's ending. */
export function toShow(model: DiscoveredModel, system?: string): object {
  const architecture = model.family ?? 'unknown';
  return {
    modelfile: `# ${model.name}\nFROM ${model.name}\n`,
    parameters: '',
    template: '{{ .Prompt }}',
    ...(system !== undefined && { system }),
    details: toDetails(model),
    model_info: {
      'general.architecture': architecture,
      ...(model.parameters !== undefined && { 'general.parameter_count': model.parameters }),
      ...(model.contextWindow !== undefined && { [`${architecture}.context_length`]: model.contextWindow }),
      ...(model.embeddingLength !== undefined && { [`${architecture}.embedding_length`]: model.embeddingLength }),
      ...(model.blockCount !== undefined && { [`${architecture}.block_count`]: model.blockCount }),
    },
    capabilities: model.capabilities ?? ['completion'],
    modified_at: timestamp(model.modifiedAt ?? 0),
  };
}

/** The answer of /api/show with general.basename set. */
export function withBasename(shown: object, name: string): object {
  const info = 'model_info' in shown ? (shown.model_info as object | null) : {};
  return { ...shown, model_info: { ...info, 'general.basename': name } };
}
