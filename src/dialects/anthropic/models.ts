import type { DiscoveredModel } from '../../core/model.ts';

/** One entry of Anthropic's model list. */
export const toModelEntry = (model: DiscoveredModel): object => ({
  type: 'model',
  id: model.name,
  display_name: model.name,
  created_at: new Date(model.modifiedAt ?? 0).toISOString(),
  lifecycle: 'active',
  ...(model.contextWindow !== undefined && { max_input_tokens: model.contextWindow }),
});

/** The whole list in one page. */
export const toModelPage = (models: readonly DiscoveredModel[]): object => ({
  data: models.map(toModelEntry),
  has_more: false,
  first_id: models[0]?.name ?? null,
  last_id: models.at(-1)?.name ?? null,
});
