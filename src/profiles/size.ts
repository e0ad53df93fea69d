/**
 * Quality of an unknown model by its size alone, 0-100. A straight line through the general quality of the rows of
 * config/benchmarks.yaml against the logarithm of their size (see the test that fits it again).
 */
export function qualityBySize(parameters: number | undefined): number {
  if (parameters === undefined) return 50;
  const billions = Math.max(0.05, parameters / 1e9);
  return Math.max(8, Math.min(85, 46 + 5.3 * Math.log2(billions)));
}

/** '8x7b' names eight experts that share their attention: about 0.83 of the product (Mixtral 8x7B has 46.7 billion). */
const SHARED = 0.83;

/** The number of parameters that a name tells: 'llama3.1:8b', 'SmolLM2-135M', 'mixtral:8x7b'; undefined when it tells none. */
export function sizeInName(name: string): number | undefined {
  const match = /(?:^|[^a-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)([bm])(?![a-z0-9])/i.exec(name);
  if (match === null) return undefined;
  const one = Number(match[2]) * (match[3]?.toLowerCase() === 'm' ? 1e6 : 1e9);
  return match[1] === undefined ? one : one * Number(match[1]) * SHARED;
}
