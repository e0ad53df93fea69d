import type { Estimate, ModelProfile } from '../../core/model.ts';

const round = (estimate: Estimate | undefined): number | null => (estimate === undefined ? null : Math.round(estimate.mean * 100) / 100);

/** One profile as GET /orchestrator/profiles gives it. */
export function toProfileEntry({ ref, facts, preferences, stats, loaded, coolingUntil, inFlight, weight, tags, remote }: ModelProfile, now: number): object {
  return {
    name: ref.model,
    provider: ref.provider,
    optimal_for: preferences.optimalFor,
    benchmarks: preferences.benchmarks,
    vram_required: preferences.vramRequiredGb ?? null,
    priority: preferences.priority,
    enabled: preferences.enabled,
    weak_at: preferences.weakAt,
    complement: preferences.complement ?? null,
    capabilities: facts.capabilities,
    context_window: facts.contextWindow,
    parameters: facts.parameters ?? null,
    quantization: facts.quantization ?? null,
    family: facts.family ?? null,
    size_bytes: facts.sizeBytes ?? null,
    digest: facts.digest ?? null,
    loaded: loaded !== undefined,
    vram_bytes: loaded?.vramBytes ?? null,
    healthy: coolingUntil <= now,
    in_flight: inFlight,
    weight,
    tags,
    remote,
    measured: {
      tokens_per_second: round(stats.outputTokensPerSecond),
      time_to_first_token_ms: round(stats.timeToFirstTokenMs),
      load_ms: round(stats.loadMs),
      failure_rate: round(stats.failureRate),
    },
    quality: Object.fromEntries(Object.entries(stats.quality).map(([task, estimate]) => [task, round(estimate)])),
  };
}
