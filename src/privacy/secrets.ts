import type { Report } from './finding.ts';
import { isReal, looksRandom } from './plausible.ts';
import { createMarkedFormats, createPlainFormats, type PlacedFormat, slotOf } from './secret-formats.ts';
import { classAt, DIGIT, isBlankAt, isBoundary, isWordAt, spanEnd, WORD } from './text.ts';

const MARKED = createMarkedFormats();
const PLAIN = createPlainFormats();

/** Tries one format whose prefix starts at `start`. Gives the end of the secret, or -1. */
function tryFormat(text: string, start: number, format: PlacedFormat): number {
  if (start < 0 || !text.startsWith(format.prefix, start)) return -1;
  const before = text.charCodeAt(start - 1);
  if (!format.inside && (!isBoundary(text, start) || before === 45)) return -1;
  format.body.lastIndex = start + format.prefix.length;
  if (!format.body.test(text)) return -1;
  const end = format.body.lastIndex;
  const body = text.slice(start + format.prefix.length, end);
  return isReal(body) && (!format.doubtful || isMixed(body)) ? end : REJECTED;
}

/** A body of a loose format: letters of both cases or letters with digits, in one long piece, not words with hyphens. */
function isMixed(body: string): boolean {
  const piece = /[A-Za-z0-9]{16}/.test(body);
  const kinds = Number(/\d/.test(body)) + Number(/[a-z]/.test(body)) + Number(/[A-Z]/.test(body));
  if (!piece || (kinds < 2 && !/[bcdfghjklmnpqrstvwxz]{5}/i.test(body))) return false;
  if (looksRandom(body, 2.8)) return true;
  return !/\d/.test(body) && (/[bcdfghjklmnpqrstvwxz]{5}/i.test(body) || (body.match(/[a-z][A-Z]|[A-Z]{2}[a-z]/g)?.length ?? 0) >= body.length / 4);
}

/** What a format gives that fits but holds no real value. */
const REJECTED = -2;
/** So many rejected fits in a stretch of this length, and the rest of it is passed over: no hostile text costs more. */
const MOST_REJECTED = 8;
const REJECTED_SPAN = 512;

/** What was rejected of late; one per text. */
export interface Rejected {
  until: number;
  count: number;
}

function isTiring(rejected: Rejected, at: number): boolean {
  if (at >= rejected.until) rejected.count = 0;
  return rejected.count >= MOST_REJECTED;
}

function reject(rejected: Rejected, at: number): void {
  if (rejected.count === 0) rejected.until = at + REJECTED_SPAN;
  rejected.count += 1;
}

function tryFormats(text: string, at: number, formats: readonly PlacedFormat[] | undefined, rejected: Rejected, report: Report): number {
  if (formats === undefined || isTiring(rejected, at)) return -1;
  for (const format of formats) {
    const end = tryFormat(text, at - format.back, format);
    if (end === REJECTED) reject(rejected, at);
    if (end < 0) continue;
    report('secret', at - format.back, end);
    return end;
  }
  return -1;
}

/** Tries the formats whose prefix has its first mark (`_`, `-`, `.`, `~`) at `at`. Gives the end of the secret, or -1. */
export function scanMarked(text: string, at: number, rejected: Rejected, report: Report): number {
  const mark = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  if (!(before < 128)) return -1;
  const end = tryFormats(text, at, MARKED[slotOf(before, mark)], rejected, report);
  if (end !== -1) return end;
  if (mark === 126) return scanAzure(text, at, rejected, report);
  if (mark === 46 && text.startsWith('.atlasv1.', at)) return scanAround(text, at - 14, TERRAFORM, report);
  if (mark === 45 && text.startsWith('us', at + 1)) return scanAround(text, at - 32, MAILCHIMP, report);
  return mark === 95 && text.startsWith('_mmk', at) ? scanAround(text, at - 36, MAXMIND, report) : -1;
}

/** Tries the formats without a mark at the start of a word. Gives the end of the secret, or -1. */
export const scanPlain = (text: string, start: number, rejected: Rejected, report: Report): number =>
  tryFormats(text, start, PLAIN[slotOf(text.charCodeAt(start), text.charCodeAt(start + 1))], rejected, report);

const TERRAFORM = /[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/y;
const MAILCHIMP = /[0-9a-f]{32}-us\d{1,2}(?!\w)/y;
const MAXMIND = /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?!\w)/y;

/** Tries a format whose telling part stands in its middle or at its end. */
function scanAround(text: string, start: number, format: RegExp, report: Report): number {
  if (start < 0) return -1;
  format.lastIndex = start;
  if (!format.test(text) || !isReal(text.slice(start, format.lastIndex))) return -1;
  report('secret', start, format.lastIndex);
  return format.lastIndex;
}

const AZURE = /[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/y;

/** A client secret of Microsoft Entra: three characters, a digit, `Q~` and the rest. */
function scanAzure(text: string, at: number, rejected: Rejected, report: Report): number {
  if (text.charCodeAt(at - 1) !== 81 || (classAt(text, at - 2) & DIGIT) === 0 || at < 5) return -1;
  if (isWordAt(text, at - 6) || isTiring(rejected, at)) return -1;
  AZURE.lastIndex = at - 5;
  if (!AZURE.test(text) || !isReal(text.slice(at + 1, AZURE.lastIndex))) {
    reject(rejected, at);
    return -1;
  }
  report('secret', at - 5, AZURE.lastIndex);
  return AZURE.lastIndex;
}

const PEM_HEAD = /-----BEGIN[ A-Z0-9_-]{0,100}?PRIVATE KEY(?: BLOCK)?-----/y;
const PEM_TAIL = /KEY(?: BLOCK)?-----/;
/** A shorter body between the two lines is a stand-in. */
const MIN_PEM = 16;
/** An RSA key of 16,384 bits is 13 KB of PEM. */
const MAX_PEM = 16_384;

/** A private key in PEM; without its end line, the lines of base64 after the head. `at` is the first hyphen. */
export function scanPem(text: string, at: number, report: Report): number {
  PEM_HEAD.lastIndex = at;
  if (!PEM_HEAD.test(text)) return -1;
  const head = PEM_HEAD.lastIndex;
  const limit = Math.min(text.length, head + MAX_PEM);
  const tail = PEM_TAIL.exec(text.slice(head, limit));
  const end = tail === null ? bodyEnd(text, head, limit) : head + tail.index + tail[0].length;
  const body = tail === null ? end - head : text.slice(head, end).indexOf('-----');
  if (body < (tail === null ? 64 : MIN_PEM)) return head;
  report('secret', at, end);
  return end;
}

function bodyEnd(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (!isWordAt(text, at) && code !== 43 && code !== 47 && code !== 61 && code !== 92 && !isBlankAt(text, at)) break;
    at += 1;
  }
  return at;
}

const SCHEME_VALUE = /(?:Bearer|Basic|Token|Api-Token)[ \t]{1,3}([\w~@.+/-]{8,4000}={0,3})/iy;

/** A credential behind its HTTP scheme, as in `Bearer abc…`. Gives the end, or -1. */
export function scanScheme(text: string, start: number, report: Report): number {
  SCHEME_VALUE.lastIndex = start;
  const match = SCHEME_VALUE.exec(text);
  const value = match?.[1];
  if (match === null || value === undefined || value.length < 12 || !looksRandom(value.slice(0, 256), 2.8)) return -1;
  const end = start + match[0].length;
  report('secret', end - value.length, end);
  return end;
}

const STAND_IN_PASSWORD = /^(?:\$|<|\{|%[({]|\*+$|x+$|pass(?:word)?$|pw$|pwd$|secret$|token$|redacted$|foo$|bar$|baz$|abc$|xyz$)/i;

/** The password of `scheme://user:password@host`; `at` is the colon of the scheme. Gives the offset of the @, or -1. */
export function scanUrlPassword(text: string, at: number, report: Report): number {
  const userEnd = spanUntil(text, at + 3, at + 3 + 80, 58);
  if (userEnd === -1) return -1;
  const end = spanUntil(text, userEnd + 1, userEnd + 1 + 160, 64);
  if (end === -1) return -1;
  const password = text.slice(userEnd + 1, end);
  if (end - userEnd >= 4 && !STAND_IN_PASSWORD.test(password)) report('secret', userEnd + 1, end);
  return end;
}

/** Offset of a character before any blank, slash, quote, bracket or question mark; -1 when one of those comes first. */
function spanUntil(text: string, from: number, limit: number, wanted: number): number {
  for (let at = from; at < limit && at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === wanted) return at;
    if (
      code === 47 ||
      code === 63 ||
      code === 34 ||
      code === 39 ||
      code === 40 ||
      code === 41 ||
      code === 60 ||
      code === 62 ||
      code === 96 ||
      isBlankAt(text, at)
    )
      return -1;
  }
  return -1;
}

const FACEBOOK = /[|%][\w-]{27,40}(?![\w-])/y;

/** An app access token of Facebook: the app's number, a bar, and the secret; `at` is the bar. */
export function scanFacebook(text: string, at: number, report: Report): void {
  let start = at;
  while (start > at - 17 && (classAt(text, start - 1) & DIGIT) !== 0) start -= 1;
  if (at - start < 15 || isWordAt(text, start - 1)) return;
  FACEBOOK.lastIndex = at;
  if (FACEBOOK.test(text) && isReal(text.slice(at + 1, FACEBOOK.lastIndex))) report('secret', start, FACEBOOK.lastIndex);
}

const TELEGRAM = /:A[\w-]{33,35}(?![\w-])/y;

/** A Telegram bot token: its number, a colon, `A` and 34 more; `at` is the colon. */
export function scanTelegram(text: string, at: number, report: Report): number {
  let start = at;
  while (start > at - 17 && (classAt(text, start - 1) & DIGIT) !== 0) start -= 1;
  if (at - start < 5 || isWordAt(text, start - 1)) return -1;
  TELEGRAM.lastIndex = at;
  if (!TELEGRAM.test(text) || !looksRandom(text.slice(at + 1, TELEGRAM.lastIndex), 2.8)) return -1;
  report('secret', start, TELEGRAM.lastIndex);
  return TELEGRAM.lastIndex;
}

const CURL_USER =
  /[ \t\n](?:-u|--user)(?:=|[ \t]{0,5})((?:"[^"\n]{1,160}"|'[^'\n]{1,160}'|[^\s"':]{1,160}):(?:"[^"\n]{1,160}"|'[^'\n]{1,160}'|[^\s"']{1,160})|"[^"\n]{3,160}"|'[^'\n]{3,160}')/g;
const CURL_HEADER =
  /(?:-H|--header)(?:=|[ \t]{0,5})["'](?:Authorization:[ \t]{0,5}(?:[A-Za-z-]{3,12}[ \t])?|[A-Za-z-]{0,24}(?:key|token):[ \t]{0,5})([\w=~@.+/-]{8,2000})["']/gi;
const STAND_IN_USER = /\$[A-Za-z_{(]|\$\d:|:\$|<|\{\{|\[|\*|^(?:user(?:name)?|test|xxx|admin|me|u):(?:pass(?:word)?|test|yyy|token|pw|p)$/i;
const CURL_SPAN = 700;

/** User, password and authorization header of a curl command that starts at `start`. Gives the end of what was looked at. */
export function scanCurl(text: string, start: number, report: Report): number {
  const span = text.slice(start, start + CURL_SPAN);
  const other = span.indexOf('curl ', 4);
  const piece = other === -1 ? span : span.slice(0, other);
  if (piece.length < 12 || !/ -[uH-]|\t-|\n-/.test(piece)) return spanEnd(text, start, WORD);
  for (const match of piece.matchAll(CURL_USER)) {
    const value = match[1] ?? '';
    const colon = value.indexOf(':');
    if (colon === -1 || STAND_IN_USER.test(value.replace(/["']/g, ''))) continue;
    const valueStart = start + match.index + match[0].length - value.length;
    const passwordStart = colon + 1 + Number(/["']/.test(value.charAt(colon + 1)));
    const passwordEnd = value.length - Number(/["']$/.test(value));
    if (passwordEnd - passwordStart >= 4) report('secret', valueStart + passwordStart, valueStart + passwordEnd);
    else if (passwordEnd - passwordStart <= 0 && colon >= 8) report('secret', valueStart + 1, valueStart + colon);
  }
  for (const match of piece.matchAll(CURL_HEADER)) {
    const value = match[1] ?? '';
    if (/^[.*xX]+$/.test(value) || value.includes('...') || !(/[\d=]/.test(value) || (/[A-Z]/.test(value) && /[a-z]/.test(value)))) continue;
    const valueStart = start + match.index + match[0].lastIndexOf(value);
    report('secret', valueStart, valueStart + value.length);
  }
  return spanEnd(text, start, WORD);
}
