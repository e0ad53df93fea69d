import { capText, dropInvisible } from '../quality/text.ts';

/** A number nobody outside this request knows: 32 hex digits. Members never see it, so they cannot write it. */
export function createNonce(random: () => number): string {
  let out = '';
  for (let part = 0; part < 4; part++) {
    out += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  }
  return out;
}

/**
 * A member's text as it goes before a judge: reasoning block and characters that no reader sees removed, blank lines joined, code kept as
 * it is, an open code fence closed (it would swallow what follows), lookalikes of our fence broken, at most `maxChars` characters.
 */
export function tame(text: string, maxChars: number): string {
  const close = text.lastIndexOf('</think>');
  const visible = dropInvisible(capText(close === -1 ? text : text.slice(close + 8), maxChars)).replaceAll('\r\n', '\n');
  const pieces = visible.split('```').map((piece, index) => (index % 2 === 1 ? piece : piece.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n')));
  const whole = pieces.join('```').trim();
  const balanced = pieces.length % 2 === 0 ? `${whole}\n\`\`\`` : whole;
  return balanced.replace(/\[\[(?=\s*(?:BEGIN|END)\b)/gi, '[ [');
}

export interface Fenced {
  /** What the text is called before the judge, for example 'ANSWER 1'. */
  readonly label: string;
  readonly text: string;
}

/** Texts between begin and end marks that carry the nonce. What stands between is data, whatever it says. */
export function fence(items: readonly Fenced[], nonce: string, maxChars: number): string {
  return items.map(({ label, text }) => `[[BEGIN ${label} ${nonce}]]\n${tame(text, maxChars).replaceAll(nonce, '')}\n[[END ${label} ${nonce}]]`).join('\n\n');
}

/** The items in another order, so that no member profits from its place. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let at = out.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [out[at], out[other]] = [out[other] as T, out[at] as T];
  }
  return out;
}
