import type { Report } from './finding.ts';
import { ALNUM, classAt, isBlankAt, isEscape, LETTER, LOCAL, spanEnd, spanStart, WORD } from './text.ts';

/** RFC 5321, 4.5.3.1: 64 octets before the @, 255 after. */
const MAX_LOCAL = 64;
const MAX_LABEL = 63;
const MAX_LABELS = 8;

/** What follows an @ in file names, packages and units, and is no top-level domain. */
const NOT_A_DOMAIN =
  /^(?:png|jpe?g|gif|svg|webp|ico|js|mjs|cjs|jsx|ts|mts|tsx|css|scss|json|ya?ml|toml|html?|xml|txt|lock|tgz|gz|service|socket|timer|mount|target|prototype|weight|bias|transpose|shape|dtype)$/i;

/** RFC 2606 and RFC 6761: names that belong to nobody. */
const RESERVED = /(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$/i;

/** What manuals and code write before the @ of a reserved name. A person's name there is still a person's. */
const ANYBODY =
  /^(?:[a-z]\d?|you|your[._-]?(?:name|e?mail)|user(?:[._-]?name)?\d{0,4}|tests?\d{0,4}|e?mail|name|me|some(?:one|body)|foo|bar|baz|example|sample|dummy|info|admin|root|support|contact|hello|first[._-]?last|first[._-]?name[._-]?last[._-]?name)$/i;

/** A mailbox that nobody reads, whatever its domain. */
const NO_REPLY = /^(?:no|do[-_.]?not)[-_.]?reply$/i;

const isNobody = (local: string, domain: string): boolean => NO_REPLY.test(local) || (ANYBODY.test(local) && RESERVED.test(domain));

/** End of the domain name that starts at an offset, or -1. A `dot` in brackets counts as a dot. */
function domainEnd(text: string, start: number): number {
  let at = start;
  let labels = 0;
  let lastStart = start;
  let end = -1;
  while (labels < MAX_LABELS) {
    const limit = at + MAX_LABEL;
    let stop = at;
    while (stop < limit && ((classAt(text, stop) & ALNUM) !== 0 || (text.charCodeAt(stop) === 45 && stop > at))) stop += 1;
    while (stop > at && text.charCodeAt(stop - 1) === 45) stop -= 1;
    if (stop === at) break;
    labels += 1;
    lastStart = at;
    end = stop;
    const gap = dotLength(text, stop);
    if (gap === 0) break;
    at = stop + gap;
  }
  if (labels < 2 || end === -1) return -1;
  const lettersEnd = spanEnd(text, lastStart, LETTER, end);
  if (lettersEnd !== end || end - lastStart < 2 || end - lastStart > 24) return -1;
  if (NOT_A_DOMAIN.test(text.slice(lastStart, end))) return -1;
  return end;
}

const SPELLED_DOT = /\s?[([{]\s?dot\s?[)\]}]\s?/iy;

/** Length of a dot, plain or spelled as `(dot)`; 0 when there is none or nothing follows it. */
function dotLength(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 46) return (classAt(text, at + 1) & ALNUM) !== 0 ? 1 : 0;
  if (code !== 32 && code !== 40 && code !== 91 && code !== 123) return 0;
  SPELLED_DOT.lastIndex = at;
  return SPELLED_DOT.test(text) ? SPELLED_DOT.lastIndex - at : 0;
}

const isHangul = (code: number): boolean => code >= 0xac00 && code <= 0xd7a3;

function accept(text: string, localEnd: number, domainStart: number, report: Report): void {
  let start = spanStart(text, localEnd, LOCAL, Math.max(0, localEnd - MAX_LOCAL));
  while (start < localEnd && (classAt(text, start) & WORD) === 0) start += 1;
  if (isEscape(text, start - 1)) start += 1;
  // Hangul before the @ (RFC 6531); a word that ASCII follows is the sentence's.
  if (start === localEnd) while (start > 0 && localEnd - start < MAX_LOCAL / 3 && isHangul(text.charCodeAt(start - 1))) start -= 1;
  if (start === localEnd || text.charCodeAt(localEnd - 1) === 46) return;
  // `https://user@host` names a user of that host, not a mailbox.
  if (text.startsWith('://', start - 3)) return;
  const end = domainEnd(text, domainStart);
  if (end === -1) return;
  const next = text.charCodeAt(end);
  // A call is code, `host:path` after a user is an address for git or scp.
  if (next === 40 || (next === 58 && /[\w/~]/.test(text.charAt(end + 1)) && !/\d/.test(text.charAt(end + 1)) && localEnd - start < 12)) return;
  if (localEnd - start === 3 && text.startsWith('git', start)) return;
  if (isNobody(text.slice(start, localEnd), text.slice(domainStart, end))) return;
  report('email', start, end);
}

/** `name@host.tld`; `at` is the offset of the @. */
export const scanEmail = (text: string, at: number, report: Report): void => {
  if ((classAt(text, at + 1) & ALNUM) !== 0) accept(text, at, at + 1, report);
};

const SPELLED_AT = /[([{<]\s?at\s?[)\]}>]\s?/iy;

/** `name (at) host.tld`; `at` is the offset of the bracket. */
export const scanSpelledEmail = (text: string, at: number, report: Report): void => {
  SPELLED_AT.lastIndex = at;
  if (!SPELLED_AT.test(text)) return;
  const domain = SPELLED_AT.lastIndex;
  accept(text, isBlankAt(text, at - 1) ? at - 1 : at, domain, report);
};
