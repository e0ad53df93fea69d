import type { DiscoveredModel } from '../../core/model.ts';

/** One entry of /v1/models; `context_window` and `capabilities` are ours, for clients that can use them. */
export const toModelEntry = (model: DiscoveredModel): object => ({
  id: model.name,
  object: 'model',
  created: Math.floor((model.modifiedAt ?? 0) / 1000),
  owned_by: model.ownedBy ?? 'library',
  ...(model.contextWindow !== undefined && { context_window: model.contextWindow }),
  ...(model.capabilities !== undefined && { capabilities: model.capabilities }),
});
