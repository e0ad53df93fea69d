import { entropy } from './checksums.ts';

/** Words that stand where a secret will be put one day. */
const STAND_IN =
  /x{5}|\*{4}|\.{3}|0{8}|1{8}|a{8}|#{4}|<|>|\$\{|\{\{|%s|your[-_ .]?|placeholder|change[-_]?me|redacted|insert|put_|_here|dummy|example|sample|abcdefgh|qwerty|0123456789|123456789012/i;

/** Whether a value of a documented format is a value and no stand-in for one. */
export function isReal(value: string): boolean {
  return !/x{5}|X{5}|\*{4}|#{4}|0{12}|1{12}|<|\$\{|\{\{|(?:your|insert|put)[-_]|_here|placeholder|redacted/i.test(value) && entropy(value.slice(0, 64)) >= 2.2;
}

const IDENTIFIER = /^(?:[A-Za-z]+\d{0,3}(?:[._\-/]|$))+$/;
const CAMEL = /^(?:[a-z]+|[A-Z][a-z]+|[A-Z]{2,}|\d{1,4}|[._-])+$/;
const HOST_OR_FILE = /^(?:[a-z0-9-]+\.)+[a-z]{2,6}(?:[:/].*)?$/i;
const VERSION_OR_DATE = /^v?\d+(?:[.\-_:/T]\d+)+(?:[-_.]?[a-z]+\d*)*$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (value: string): boolean => UUID.test(value);

const isSpelled = (value: string): boolean => {
  if (IDENTIFIER.test(value)) return true;
  if (!CAMEL.test(value) || (value.match(/[a-zA-Z]\d+(?=[a-zA-Z])/g)?.length ?? 0) > 1) return false;
  const pieces = value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [];
  return value.length / pieces.length >= 3.6;
};

/**
 * Whether a value looks drawn at random, as keys are: letters and digits mixed, no name, path, host, version, date or stand-in.
 * `least` is the entropy asked for, in bits a character.
 */
export function looksRandom(value: string, least: number): boolean {
  if (value.length < 8 || STAND_IN.test(value)) return false;
  const digits = value.replace(/\D/g, '').length;
  if (digits === 0) return value.length >= 20 && mixedCase(value) && !isSpelled(value) && !/[./-]/.test(value) && entropy(value) >= Math.max(least, 3.7);
  if (digits === value.length) return false;
  if (value.startsWith('/') || value.startsWith('./') || value.includes('//')) return false;
  if (VERSION_OR_DATE.test(value) || HOST_OR_FILE.test(value) || isSpelled(value)) return false;
  return entropy(value) >= least;
}

const mixedCase = (value: string): boolean => {
  const changes = value.match(/[a-z][A-Z]|[A-Z]{2}[a-z]/g)?.length ?? 0;
  return changes >= value.length / 8;
};
