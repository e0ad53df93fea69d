import type { Report } from './finding.ts';

/*
 * Passwords that a sentence or a line tells: `my password is hunter2!`, `pw: abcd1234!`, `비밀번호는 qwer1234!`. What is assigned in code
 * is judged in assignments.ts.
 */

const WORD = /^(?:pw|pwd|pass|passwd|password|passcode|passphrase)$/i;
const MAX = 64;

/** After the word: ` is `, ` was `, or an operator; then the value, quoted or up to a blank. */
const TOLD = /\s{1,3}(?:is|was|=)\s{1,3}(?:now\s|still\s)?|\s?[:=]\s{0,3}/y;
const VALUE = /["'`]?([!-~]{6,64})/y;
const MARK = /[!@#%^&*?~+$]/;
const STAND_IN = /x{3,}|\*{3}|example|placeholder|change_?me|your|passw|pwd|secret|token|process\.env|\$\{|\{\{|%s|<|>|:\/\/|&&|\|\|/i;
/** Signs of code: calls, subscripts, members, arrows. */
const CODE = /[()[\]{}\\|;,]|^[!&*$@]|\w\.\w|=|\/\w/;

/** Whether a value is what people choose for a password: letters and digits, and a sign where nothing else tells. */
function isPassword(value: string, told: boolean): boolean {
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || STAND_IN.test(value) || CODE.test(value)) return false;
  return MARK.test(value) || (told && value.length >= 7);
}

/** The value at an offset without the quote and the full stop around it. */
function take(text: string, at: number, told: boolean, report: Report): void {
  VALUE.lastIndex = at;
  const found = VALUE.exec(text);
  if (found === null) return;
  const whole = found[1] as string;
  const start = VALUE.lastIndex - whole.length;
  const quote = text.charAt(start - 1);
  const closed = quote !== '' && '"\'`'.includes(quote) ? whole.indexOf(quote) : -1;
  const value = closed === -1 ? whole.replace(/["'`.,;:)\]}]{1,4}$/, '') : whole.slice(0, closed);
  if (value.length >= 6 && value.length < MAX && isPassword(value, told || closed !== -1)) report('secret', start, start + value.length);
}

/** `start` and `end` are those of a word that begins with p. */
export function scanPassword(text: string, start: number, end: number, report: Report): void {
  if (!WORD.test(text.slice(start, end))) return;
  TOLD.lastIndex = text.charAt(end) === '"' || text.charAt(end) === "'" ? end + 1 : end;
  const told = TOLD.exec(text);
  if (told !== null) take(text, TOLD.lastIndex, /[a-z]/.test(told[0]), report);
}

const KOREAN = ['비밀번호', '암호', '패스워드', '비번'] as const;
const KOREAN_TOLD = /(?:는|은|가|이|를|을)?\s{0,2}[:=]?\s{0,2}/y;

/** The same after the Korean words, which are no words to the scan; linear, since a value is read once for each of them. */
export function scanKoreanPasswords(text: string, report: Report): void {
  for (const word of KOREAN) {
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
      KOREAN_TOLD.lastIndex = at + word.length;
      KOREAN_TOLD.exec(text);
      take(text, KOREAN_TOLD.lastIndex, true, report);
    }
  }
}
