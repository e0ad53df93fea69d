import { countWords, withoutCode } from './text.ts';

/** What the look of an answer offers. Says nothing about whether it is true. */
export interface Shape {
  readonly words: number;
  readonly codeBlocks: number;
  readonly headings: number;
  readonly listItems: number;
  readonly paragraphs: number;
  readonly examples: number;
}

const EXAMPLE = /\b(?:for example|for instance|such as|e\.g\.|example:|consider the following)|예를 들어|예를 들면|예시|예컨대|가령/gi;

/** Counts the visible structure of an answer. Reads at most the first 40,000 characters. */
export function shapeOf(answer: string): Shape {
  const text = answer.slice(0, 40_000);
  const prose = withoutCode(text);
  const fences = text.split('```').length - 1;
  return {
    words: countWords(prose),
    codeBlocks: Math.floor(fences / 2),
    headings: prose.match(/^#{1,6}\s+\S/gm)?.length ?? 0,
    listItems: prose.match(/^[ \t]{0,32}(?:[-*+•]|\d{1,2}[.)])[ \t]{1,32}\S/gm)?.length ?? 0,
    paragraphs: prose.split(/\n\s*\n/).filter((part) => part.trim() !== '').length,
    examples: prose.match(EXAMPLE)?.length ?? 0,
  };
}

/** Points for length, full between 50 and 500 words, falling to a half at 1,000 and more. */
export function lengthPoints(words: number, most: number): number {
  if (words <= 500) return most * Math.min(1, words / 50);
  return most * Math.max(0.5, 1 - (words - 500) / 1_000);
}

/** Points for headings, lists and paragraphs. */
export function structurePoints(shape: Shape, most: number): number {
  const parts = Math.min(1, shape.headings) * 0.4 + Math.min(1, shape.listItems / 3) * 0.4 + Math.min(1, (shape.paragraphs - 1) / 2) * 0.4;
  return most * Math.min(1, Math.max(0, parts));
}

/**
 * A first guess at the quality of an answer, 0-100: length (50-500 words) 30, structure 20, code block 20, example 30.
 * It sees the look of an answer only and is meant for learning over many answers of one task, not for choosing between two.
 */
export function estimateQuality(answer: string): number {
  const shape = shapeOf(answer);
  const code = shape.codeBlocks > 0 ? 20 : 0;
  const example = shape.examples > 0 ? 30 : 0;
  return Math.round(lengthPoints(shape.words, 30) + structurePoints(shape, 20) + code + example);
}
