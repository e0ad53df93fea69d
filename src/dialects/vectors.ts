/** How far a length may be from 1 before a vector is normalised again: rounding of 32-bit floats stays below. */
const UNIT_TOLERANCE = 1e-4;

/** A vector of length 1, cut to `dimensions` where the upstream did not; what is so already stays untouched. */
export function toUnit(vector: readonly number[], dimensions: number | undefined): readonly number[] {
  const cut = dimensions !== undefined && vector.length > dimensions ? vector.slice(0, dimensions) : vector;
  let sum = 0;
  for (const value of cut) sum += value * value;
  const length = Math.sqrt(sum);
  return length === 0 || Math.abs(length - 1) < UNIT_TOLERANCE ? cut : cut.map((value) => value / length);
}
