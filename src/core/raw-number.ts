/** An integer that a JavaScript number would round: its digits, as JSON.stringify writes them (JSON.rawJSON). */
export interface RawNumber {
  readonly rawJSON: string;
}

/** What ES2025 added for source text access; the type library does not know it yet. */
const { rawJSON, isRawJSON } = JSON as unknown as { rawJSON(text: string): RawNumber; isRawJSON(value: unknown): value is RawNumber };

/** An integer of any length from its digits. */
export const rawNumber = (digits: string): RawNumber => rawJSON(digits);

export const isRawNumber = (value: unknown): value is RawNumber => isRawJSON(value);

/** A seed and a whole number to add, at any length. */
export const addToSeed = (seed: number | RawNumber, more: number): number | RawNumber =>
  typeof seed === 'number' ? seed + more : rawNumber(String(BigInt(seed.rawJSON) + BigInt(more)));

/** The nearest number, for who computes with it. */
export const toNumber = (value: number | RawNumber): number => (typeof value === 'number' ? value : Number(value.rawJSON));
