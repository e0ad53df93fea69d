import { scanAssignment } from './assignments.ts';
import { scanEmail, scanSpelledEmail } from './email.ts';
import { FINDING_KINDS, type Finding, type FindingKind, type Report } from './finding.ts';
import { scanIban } from './iban.ts';
import { scanIpv6 } from './network.ts';
import { scanNumbers } from './numbers.ts';
import { scanKoreanPasswords, scanPassword } from './passwords.ts';
import { scanCurl, scanFacebook, scanMarked, scanPem, scanPlain, scanScheme, scanTelegram, scanUrlPassword } from './secrets.ts';
import { ALNUM, classAt, classesOf, DIGIT, fold, isBlankAt, isDigitAt, isEscape, isWordAt, TELLING, UNDERSCORE, WORD } from './text.ts';

/** Runs of base64 at least this long with one of its signs in them are data; nothing is looked for inside. */
const MIN_BLOB = 64;

/**
 * Everything in a text that must not leave, in order, without overlaps. One pass; linear in the length of the text.
 */
export function detect(text: string, kinds: ReadonlySet<FindingKind> = new Set(FINDING_KINDS)): Finding[] {
  const found: Finding[] = [];
  scan(fold(text), (kind, start, end) => {
    if (kinds.has(kind)) found.push({ kind, start, end });
  });
  return merge(found);
}

/** How many findings of each kind a text holds; kinds without any are left out. */
export function countFindings(text: string, kinds?: ReadonlySet<FindingKind>): Partial<Record<FindingKind, number>> {
  const counts: Partial<Record<FindingKind, number>> = {};
  for (const { kind } of detect(text, kinds)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Where two findings overlap, the one that starts first stays and covers both: no piece is left over. */
function merge(found: Finding[]): Finding[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Finding[] = [];
  for (const finding of found) {
    const last = merged.at(-1);
    if (last === undefined || finding.start >= last.end) merged.push(finding);
    else if (finding.end > last.end) merged[merged.length - 1] = { ...last, end: finding.end };
  }
  return merged;
}

/** End of the base64 run at an offset, or -1 when it is too short or has no sign of base64 in it. */
function blobEnd(text: string, start: number): number {
  let at = start;
  let signs = 0;
  for (; at < text.length; at += 1) {
    if ((classAt(text, at) & ALNUM) !== 0) continue;
    const code = text.charCodeAt(at);
    if (code !== 43 && code !== 47) break;
    signs += 1;
  }
  if (at - start < MIN_BLOB || signs === 0) return -1;
  // A path has a slash every few letters, base64 one in sixteen characters.
  return (at - start) / signs >= 14 ? at : -1;
}

/** One pass over the folded text: every character is stepped over once, and only telling ones start a recognizer. */
function scan(text: string, report: Report): void {
  const classes = classesOf(text);
  let at = 0;
  let judged = 0;
  const rejected = { until: 0, count: 0 };
  let hexUntil = 0;
  let userinfoEnd = -1;
  let blobUntil = 0;
  scanKoreanPasswords(text, report);
  while (at < classes.length) {
    const bits = classes[at] as number;
    if ((bits & WORD) !== 0) at = word(at);
    else if ((bits & TELLING) !== 0) at = sign(at, text.charCodeAt(at));
    else at += 1;
  }

  function word(start: number): number {
    let end = start;
    let digits = 0;
    for (; end < classes.length; end += 1) {
      const bits = classes[end] as number;
      if ((bits & WORD) === 0) break;
      if ((bits & DIGIT) !== 0) digits += 1;
      else if ((bits & UNDERSCORE) !== 0) {
        const secretEnd = scanMarked(text, end, rejected, report);
        if (secretEnd !== -1) return secretEnd;
      }
    }
    const length = end - start;
    if (digits === length) return text.charCodeAt(end) === 58 && start >= hexUntil ? numbersOrAddress(start, end) : scanNumbers(text, start, report);
    if (start < blobUntil) return end;
    if (text.charCodeAt(end) === 58 && length <= 4 && start >= hexUntil && text.charCodeAt(start - 1) !== 58) hexUntil = scanIpv6(text, start, report);
    if (length >= 2 && length < 4 && (text.charCodeAt(start) | 32) === 112) scanPassword(text, start, end, report);
    if (length >= 4) {
      const plainEnd = scanPlain(text, start, rejected, report);
      if (plainEnd !== -1) return plainEnd;
      if (isDigitAt(text, start + 2) && isDigitAt(text, start + 3) && !isDigitAt(text, start) && !isDigitAt(text, start + 1)) scanIban(text, start, report);
      const secretEnd = keyword(start, length);
      if (secretEnd !== -1) return secretEnd;
    }
    if (length >= 16 || (digits > 0 && isDigitAt(text, start))) {
      if (length >= 16) {
        const blob = blobEnd(text, start);
        if (blob !== -1) return blob;
        blobUntil = end;
      }
      if (isDigitAt(text, start) && digits >= 7) return Math.max(end, scanNumbers(text, start, report));
    }
    return end;
  }

  function keyword(start: number, length: number): number {
    const first = text.charCodeAt(start) | 32;
    if (first === 112 && length <= 10) scanPassword(text, start, start + length, report);
    if (length === 4 && first === 99 && text.slice(start, start + 4) === 'curl') return scanCurl(text, start, report);
    if ((length === 6 || length === 5) && (first === 98 || first === 116) && isBlankAt(text, start + length)) return scanScheme(text, start, report);
    return -1;
  }

  function numbersOrAddress(start: number, end: number): number {
    if (end - start <= 4 && text.charCodeAt(start - 1) !== 58) {
      hexUntil = scanIpv6(text, start, report);
      if (hexUntil > end + 1 && !isDigitAt(text, hexUntil - 1)) return end;
    }
    const after = scanTelegram(text, end, report);
    return after === -1 ? Math.max(end, scanNumbers(text, start, report)) : after;
  }

  function sign(here: number, code: number): number {
    switch (code) {
      case 64: // @
        if (here !== userinfoEnd) scanEmail(text, here, report);
        return here + 1;
      case 40: // ( [ { <
      case 91:
      case 123:
      case 60:
        if ((text.charCodeAt(here + 1) | 32) === 97 || text.charCodeAt(here + 1) === 32) scanSpelledEmail(text, here, report);
        return code === 40 && isDigitAt(text, here + 1) ? scanNumbers(text, here, report) : here + 1;
      case 43: // +
        return (isDigitAt(text, here + 1) || text.charCodeAt(here + 1) === 40) && !isWordAt(text, here - 1) ? scanNumbers(text, here, report) : here + 1;
      case 45: // -
      case 46: // .
      case 126: {
        // ~
        if (code === 45 && text.startsWith('-----BEGIN', here)) {
          const end = scanPem(text, here, report);
          if (end !== -1) return end;
        }
        const end = scanMarked(text, here, rejected, report);
        return end === -1 ? here + 1 : end;
      }
      case 58: // : = > , |
      case 61:
      case 62:
      case 44:
      case 124:
        return operator(here, code);
      case 37:
        if (isDigitAt(text, here - 1)) scanFacebook(text, here, report);
        return here + 1;
      case 92:
        return isEscape(text, here) ? here + 2 : here + 1;
      default:
        return here + 1;
    }
  }

  function operator(here: number, code: number): number {
    const next = text.charCodeAt(here + 1);
    if (code === 58 && next === 47 && text.charCodeAt(here + 2) === 47) {
      userinfoEnd = Math.max(userinfoEnd, scanUrlPassword(text, here, report));
      return here + 1;
    }
    // The last sign of `:=`, `=>`, `==`, `||` speaks for all of them.
    if (next === 61 || next === 62 || next === code) return here + 1;
    if (code === 44 && text.startsWith(';base64,', here - 7)) return base64End(here + 1);
    if (code === 124 && isDigitAt(text, here - 1)) scanFacebook(text, here, report);
    if (here >= judged) judged = scanAssignment(text, here, report);
    return here + 1;
  }

  function base64End(start: number): number {
    let end = start;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if ((classAt(text, end) & WORD) === 0 && code !== 43 && code !== 47 && code !== 61 && code !== 45) break;
      end += 1;
    }
    return end;
  }
}
