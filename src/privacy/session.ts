import { createHmac } from 'node:crypto';
import { GatewayError } from '../core/errors.ts';
import { countFindings, detect } from './detect.ts';
import { FINDING_KINDS, type Finding, type FindingKind, KIND_WORDS } from './finding.ts';
import { decodeJsonText } from './json-text.ts';

/** Crockford's base 32: no letters that look alike, hardly a word can come out. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TAG_LENGTH = 4;
/** 35 bits: of 1,000 values in a session, two meet by chance once in 70,000 sessions; then the later one gets another. */
const ID_LENGTH = 7;

/** UTF-16 units a session masks in all before it refuses; 8 Mi take well under a second. */
const MAX_SESSION_LENGTH = 8 << 20;

export interface MaskSession {
  /** The same text with placeholders for what was found. Throws GatewayError when it cannot be sure. */
  mask(text: string): string;
  /** The same for JSON text as models write it: strings are read through their escapes, the rest stays byte for byte. */
  maskJson(text: string): string;
  /** Puts the values back; `json` escapes them for use inside a JSON string. */
  restore(text: string, json?: boolean): string;
  /** The value behind a placeholder of this session. */
  valueOf(placeholder: string): string | undefined;
  /** Whether a text may be the beginning of a placeholder of this session; a whole one counts. */
  mayBegin(text: string): boolean;
  /** Findings so far by kind. */
  counts(): Partial<Record<FindingKind, number>>;
  /** True once something was masked; until then there is nothing to restore. */
  masked(): boolean;
}

export interface MaskerOptions {
  /** What to look for; everything unless given. */
  readonly kinds?: readonly FindingKind[];
  /** Keys the placeholders: 32 random bytes, new for each process, or configured where several gateways serve one conversation. */
  readonly secretKey: string | Uint8Array;
  /** UTF-16 units one session masks before it refuses. */
  readonly maxLength?: number;
}

export interface Masker {
  /**
   * A masking session for one request of one tenant. The same value gets the same placeholder in every session of a
   * tenant, so that conversations and prompt caches stay stable over turns; other tenants get others.
   */
  session(tenant: string): MaskSession;
  /** Counts without masking, for the mode that only logs. */
  count(text: string): Partial<Record<FindingKind, number>>;
}

/** Creates the masker. Pure: holds no values itself; sessions do, and die with their request. */
export function createMasker(options: MaskerOptions): Masker {
  const kinds = new Set(options.kinds ?? FINDING_KINDS);
  return {
    session: (tenant) => guard(0, options.maxLength, () => createSession(options, kinds, tenant)),
    count: (text) => guard(text.length, options.maxLength, () => countFindings(text, kinds)),
  };
}

/** Fails closed: whatever goes wrong inside becomes an error of the request, never unmasked text. */
function guard<T>(length: number, limit = MAX_SESSION_LENGTH, work: () => T): T {
  // Written so that a length that is no number is refused too.
  if (!(length <= limit)) {
    throw new GatewayError('unprocessable', `masking failed: the text is longer than ${limit} characters`, { code: 'masking_failed' });
  }
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    throw new GatewayError('internal', 'masking failed: the request was not sent on', { cause: thrown, code: 'masking_failed' });
  }
}

function encode(bytes: Uint8Array, length: number): string {
  let text = '';
  for (let at = 0; at < length; at += 1) text += ALPHABET.charAt((bytes[at] as number) & 31);
  return text;
}

function createSession(options: MaskerOptions, kinds: ReadonlySet<FindingKind>, tenant: string): MaskSession {
  const digest = (...parts: string[]): Uint8Array => {
    const hmac = createHmac('sha256', options.secretKey);
    // Lengths keep ('ab', 'c') and ('a', 'bc') apart.
    for (const part of parts) hmac.update(`${part.length}:${part}`);
    return hmac.digest();
  };
  const tag = encode(digest('tag', tenant), TAG_LENGTH);
  const placeholders = new Map<string, string>();
  const values = new Map<string, string>();
  const counts: Partial<Record<FindingKind, number>> = {};
  let length = 0;
  const pattern = new RegExp(`\\[(?:${Object.values(KIND_WORDS).join('|')})_${tag}_[${ALPHABET}]{${ID_LENGTH}}\\]`, 'g');
  const heads = Object.values(KIND_WORDS).map((word) => `[${word}_${tag}_`);

  const placeholderFor = (kind: FindingKind, value: string): string => {
    const known = placeholders.get(`${kind}:${value}`);
    if (known !== undefined) return known;
    let placeholder = '';
    for (let attempt = 0; placeholder === '' || values.has(placeholder); attempt += 1) {
      placeholder = `[${KIND_WORDS[kind]}_${tag}_${encode(digest(tenant, kind, value, String(attempt)), ID_LENGTH)}]`;
    }
    placeholders.set(`${kind}:${value}`, placeholder);
    values.set(placeholder, value);
    return placeholder;
  };

  const note = (kind: FindingKind): void => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  };

  const within = <T>(text: string, work: () => T): T => {
    length += text.length;
    return guard(length, options.maxLength, work);
  };

  const replace = (text: string, findings: readonly Finding[]): string => {
    let out = '';
    let from = 0;
    for (const { kind, start, end } of findings) {
      note(kind);
      out += text.slice(from, start) + placeholderFor(kind, text.slice(start, end));
      from = end;
    }
    return from === 0 ? text : out + text.slice(from);
  };

  const replaceJson = (text: string): string => {
    const decoded = decodeJsonText(text);
    let out = '';
    let from = 0;
    for (const { kind, start, end } of detect(decoded.text, kinds)) {
      note(kind);
      const placeholder = placeholderFor(kind, decoded.text.slice(start, end));
      const rawStart = decoded.rawAt(start);
      // A bare number becomes a string: the only way to say a placeholder in JSON.
      out += text.slice(from, rawStart) + (decoded.inString(start) ? placeholder : `"${placeholder}"`);
      from = decoded.rawAt(end);
    }
    return from === 0 ? text : out + text.slice(from);
  };

  return {
    mask: (text) => within(text, () => replace(text, detect(text, kinds))),
    maskJson: (text) => within(text, () => replaceJson(text)),
    restore: (text, json = false) =>
      values.size === 0
        ? text
        : text.replace(pattern, (placeholder) => {
            const value = values.get(placeholder);
            if (value === undefined) return placeholder;
            return json ? JSON.stringify(value).slice(1, -1) : value;
          }),
    valueOf: (placeholder) => values.get(placeholder),
    mayBegin: (text) =>
      heads.some((head) =>
        text.length <= head.length ? head.startsWith(text) : text.startsWith(head) && text.length <= head.length + ID_LENGTH && isId(text.slice(head.length)),
      ),
    counts: () => ({ ...counts }),
    masked: () => values.size > 0,
  };
}

const isId = (text: string): boolean => {
  for (const character of text) if (!ALPHABET.includes(character)) return false;
  return true;
};
