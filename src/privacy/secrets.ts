import type { Report } from './finding.ts';
import { isReal, looksRandom } from './plausible.ts';
import { createMarkedFormats, createPlainFormats, keyOf, markOf, type SecretFormat } from './secret-formats.ts';
import { classAt, DIGIT, isBlankAt, isWordAt, spanEnd, WORD } from './text.ts';

const MARKED = createMarkedFormats();
const PLAIN = createPlainFormats();

/** How far a format is tried again inside one word after it failed there: bounds what a hostile word can cost. */
const NOTHING: readonly SecretFormat[] = [];

/** Tries one format whose prefix starts at `start`. Gives the end of the secret, or -1. */
function tryFormat(text: string, start: number, format: SecretFormat): number {
  if (start < 0 || !text.startsWith(format.prefix, start)) return -1;
  const before = text.charCodeAt(start - 1);
  if (!format.inside && (isWordAt(text, start - 1) || before === 45)) return -1;
  format.body.lastIndex = start + format.prefix.length;
  if (!format.body.test(text)) return -1;
  const end = format.body.lastIndex;
  const body = text.slice(start + format.prefix.length, end);
  return isReal(body) && (!format.doubtful || isMixed(body)) ? end : -1;
}

/** A body of a loose format: letters of both cases or letters with digits, in one long piece, not words with hyphens. */
function isMixed(body: string): boolean {
  const piece = /[A-Za-z0-9]{16}/.test(body);
  const kinds = Number(/\d/.test(body)) + Number(/[a-z]/.test(body)) + Number(/[A-Z]/.test(body));
  if (!piece || (kinds < 2 && !/[bcdfghjklmnpqrstvwxz]{5}/i.test(body))) return false;
  if (looksRandom(body, 2.8)) return true;
  return !/\d/.test(body) && (/[bcdfghjklmnpqrstvwxz]{5}/i.test(body) || (body.match(/[a-z][A-Z]|[A-Z]{2}[a-z]/g)?.length ?? 0) >= body.length / 4);
}

/** Tries the formats whose prefix has its first mark (`_`, `-`, `.`, `~`) at `at`. Gives the end of the secret, or -1. */
export function scanMarked(text: string, at: number, report: Report): number {
  const mark = text.charCodeAt(at);
  const b = text.charCodeAt(at - 1);
  const a = text.charCodeAt(at - 2);
  if (!(b < 128)) return -1;
  for (const formats of [MARKED.get(keyOf(a < 128 ? a : 0, b, mark)) ?? NOTHING, MARKED.get(keyOf(0, b, mark)) ?? NOTHING]) {
    for (const format of formats) {
      const start = at - markOf(format.prefix);
      const end = tryFormat(text, start, format);
      if (end === -1) continue;
      report('secret', start, end);
      return end;
    }
  }
  if (mark === 126) return scanAzure(text, at, report);
  if (mark === 46 && text.startsWith('.atlasv1.', at)) return scanAround(text, at - 14, TERRAFORM, report);
  return mark === 95 && text.startsWith('_mmk', at) ? scanAround(text, at - 36, MAXMIND, report) : -1;
}

/** Tries the formats without a mark at the start of a word. Gives the end of the secret, or -1. */
export function scanPlain(text: string, start: number, report: Report): number {
  const a = text.charCodeAt(start);
  for (const formats of [PLAIN.get(keyOf(a, text.charCodeAt(start + 1), 0)) ?? NOTHING, PLAIN.get(keyOf(a, 0, 0)) ?? NOTHING]) {
    for (const format of formats) {
      const end = tryFormat(text, start, format);
      if (end === -1) continue;
      report('secret', start, end);
      return end;
    }
  }
  return -1;
}

const TERRAFORM = /[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/y;
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
function scanAzure(text: string, at: number, report: Report): number {
  if (text.charCodeAt(at - 1) !== 81 || (classAt(text, at - 2) & DIGIT) === 0 || at < 5) return -1;
  if (isWordAt(text, at - 6)) return -1;
  AZURE.lastIndex = at - 5;
  if (!AZURE.test(text) || !isReal(text.slice(at + 1, AZURE.lastIndex))) return -1;
  report('secret', at - 5, AZURE.lastIndex);
  return AZURE.lastIndex;
}

const PEM_HEAD = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
/** An RSA key of 16,384 bits is 13 KB of PEM. */
const MAX_PEM = 16_384;

/** A private key in PEM; without its end line, the lines of base64 after the head. `at` is the first hyphen. */
export function scanPem(text: string, at: number, report: Report): number {
  PEM_HEAD.lastIndex = at;
  if (!PEM_HEAD.test(text)) return -1;
  const head = PEM_HEAD.lastIndex;
  let end = head;
  const limit = Math.min(text.length, head + MAX_PEM);
  while (end < limit && text.charCodeAt(end) !== 45) end += 1;
  const tail = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
  tail.lastIndex = end;
  if (tail.test(text)) {
    if (end - head < 64) return head;
    end = tail.lastIndex;
  } else end = bodyEnd(text, head, limit);
  if (end - head < 64) return head;
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

/** The password of `scheme://user:password@host`; `at` is the colon of the scheme. */
export function scanUrlPassword(text: string, at: number, report: Report): void {
  const userEnd = spanUntil(text, at + 3, at + 3 + 80, 58);
  if (userEnd === -1) return;
  const end = spanUntil(text, userEnd + 1, userEnd + 1 + 160, 64);
  if (end === -1 || end - userEnd < 4) return;
  const password = text.slice(userEnd + 1, end);
  if (/^(?:\$|<|\{|%[({]|\*+$|x+$|pass(?:word)?$|pw$|pwd$|secret$|token$)/i.test(password)) return;
  report('secret', userEnd + 1, end);
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

const FACEBOOK = /\|[\w-]{27,40}(?![\w-])/y;

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
  const piece = text.slice(start, start + CURL_SPAN);
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
