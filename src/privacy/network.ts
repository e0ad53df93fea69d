import type { Report } from './finding.ts';
import { classAt, WORD } from './text.ts';

const VERSION_BEFORE = /(?:\bv|\bver\.?|\bversion|\brelease|\brev\.?|\bbuild|[a-z]\/|버전|릴리스|section|chapter|§)[\s:="'(]{0,4}$/i;
const ADDRESS_BEFORE = /(?:\bip|address|addr|host|server|ping|ssh|client|from|subnet|gateway|dns|\bat|주소|아이피|서버|접속)[\w\s:="'(]{0,12}$/i;

/** Four numbers with dots between them; `start` to `end` covers exactly them. */
export function scanIpv4(text: string, start: number, end: number, report: Report): void {
  const parts = text.slice(start, end).split('.');
  if (parts.some((part) => part.length > 3 || Number(part) > 255 || (part.length > 1 && part.startsWith('0')))) return;
  const [a, b, c, d] = parts.map(Number) as [number, number, number, number];
  // This host, unspecified, link-local, netmasks and broadcast name nobody.
  if (a === 127 || (a === 169 && b === 254) || a === 0 || a === 255 || (b === 0 && c === 0 && d === 0)) return;
  const before = text.slice(Math.max(0, start - 24), start);
  if (VERSION_BEFORE.test(before) && !before.endsWith('//')) return;
  const small = a < 20 && b < 20 && c < 20 && d < 20 && !(a === 10 || a === 8 || a === 1);
  const tiny = a < 10 && b < 10 && c < 10 && d < 10;
  if ((small || tiny) && !ADDRESS_BEFORE.test(before) && !/^:\d{2}|^\/\d{1,2}\b/.test(text.slice(end, end + 4))) return;
  report('ip', start, end);
}

const isHexAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
};

/** First groups of global, unique local and link-local addresses. */
const ROUTABLE = /^(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe80)$/i;

/** Longest textual form of an IPv6 address. */
const MAX_IPV6 = 39;

/**
 * An IPv6 address whose first group starts at `start`: eight groups, or fewer around one `::`.
 * Gives the end of the run of hex digits and colons, so that it is looked at once.
 */
export function scanIpv6(text: string, start: number, report: Report): number {
  let groups = 0;
  let firstLength = 0;
  let gap = -1;
  let at = start;
  let longest = 0;
  while (at - start <= MAX_IPV6) {
    const groupStart = at;
    while (at - groupStart < 5 && isHexAt(text, at)) at += 1;
    const length = at - groupStart;
    if (length > 4) return at;
    if (length > 0) groups += 1;
    if (groups === 1 && length > 0) firstLength = length;
    longest = Math.max(longest, length);
    if (text.charCodeAt(at) !== 58) break;
    if (text.charCodeAt(at + 1) === 58) {
      if (gap !== -1) return at;
      gap = groups;
      at += 2;
      if (!isHexAt(text, at)) break;
    } else {
      if (!isHexAt(text, at + 1)) break;
      at += 1;
    }
  }
  if ((classAt(text, at) & WORD) !== 0 || text.charCodeAt(at) === 58) return at;
  const full = gap === -1 && groups === 8 && longest >= 3;
  const routable = gap > 0 && groups <= 7 && firstLength >= 2 && ROUTABLE.test(text.slice(start, start + firstLength));
  if (full || routable) report('ip', start, at);
  return at;
}
