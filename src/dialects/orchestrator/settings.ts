import { z } from 'zod';

/** What PATCH may set for a model; null takes an edit back. */
export const settingsSchema = z.strictObject({
  optimal_for: z.array(z.string().min(1).max(40)).max(40).nullish(),
  benchmarks: z.record(z.string().max(60), z.number().min(0).max(100)).nullish(),
  vram_required: z.number().min(0).max(10_000).nullish(),
  priority: z.number().min(1).max(10).nullish(),
  enabled: z.boolean().nullish(),
  weak_at: z.array(z.string().min(1).max(40)).max(40).nullish(),
  complement: z.string().min(1).max(512).nullish(),
});

export type Edit = z.infer<typeof settingsSchema>;

/** The first task or model in an edit that means nothing here. */
export function findUnknown(
  edit: Edit,
  tasks: readonly string[],
  isModel: (name: string) => boolean,
): { readonly param: string; readonly message: string } | undefined {
  const known = new Set(tasks);
  for (const param of ['optimal_for', 'weak_at'] as const) {
    const task = edit[param]?.find((name) => !known.has(name));
    if (task !== undefined) return { param, message: `${param}: there is no task '${task}'; there are ${[...known].join(', ')}` };
  }
  const { complement } = edit;
  if (typeof complement === 'string' && !isModel(complement)) return { param: 'complement', message: `complement: there is no model '${complement}' here` };
  return undefined;
}
