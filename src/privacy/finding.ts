/** What the detector knows, and the word that stands for it in a placeholder. */
export const KIND_WORDS = {
  email: 'EMAIL',
  phone: 'PHONE',
  card: 'CARD',
  /** Korean resident registration number. */
  rrn: 'RRN',
  /** Korean business registration number. */
  brn: 'BRN',
  ssn: 'SSN',
  iban: 'IBAN',
  ip: 'IP',
  /** API keys, tokens, passwords, private keys. */
  secret: 'SECRET',
} as const;

export type FindingKind = keyof typeof KIND_WORDS;

export const FINDING_KINDS = Object.keys(KIND_WORDS) as readonly FindingKind[];

/** A stretch of text to hide; `start` and `end` are UTF-16 offsets, end exclusive. */
export interface Finding {
  readonly kind: FindingKind;
  readonly start: number;
  readonly end: number;
}

/** Where a recognizer puts what it accepted. */
export type Report = (kind: FindingKind, start: number, end: number) => void;
