import { pick } from './random.ts';

const POLITE_EN = ['please ', 'Please, ', 'hi, ', 'Hey, ', 'could you ', 'can you please ', 'Hello! '];
const TAIL_EN = [' please', ' thanks', ', thank you!', ' pls', ' Thanks in advance.', ' thx'];
const POLITE_KO = ['안녕하세요, ', '혹시 ', '저기 ', '부탁인데 ', '죄송한데 ', '질문 있어요. '];
const TAIL_KO = [' 부탁해요', ' 부탁드립니다.', ' 감사합니다', ' 고마워', ' ㅎㅎ', ' ㅠㅠ', ' 부탁해'];

type Edit = (text: string, random: () => number) => string;

const isKorean = (text: string): boolean => /[가-힣]/.test(text);

/** Swaps, drops or doubles one letter in the text. */
const typo: Edit = (text, random) => {
  const at = 1 + Math.floor(random() * Math.max(1, Math.min(text.length, 400) - 2));
  if (!/[\p{L}]/u.test(text[at] ?? '') || !/[\p{L}]/u.test(text[at + 1] ?? '')) return text;
  const kind = random();
  if (kind < 0.4) return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  return kind < 0.7 ? text.slice(0, at) + text.slice(at + 1) : text.slice(0, at) + text[at] + text.slice(at);
};

const changeCase: Edit = (text, random) => {
  const kind = random();
  if (kind < 0.5) return text.toLowerCase();
  return kind < 0.8 ? text.charAt(0).toUpperCase() + text.slice(1) : text.toUpperCase();
};

const spacing: Edit = (text, random) => {
  const spaces = [...text.slice(0, 600).matchAll(/ /g)].map((match) => match.index);
  if (spaces.length === 0) return ` ${text}  `;
  const at = pick(spaces, random);
  return random() < 0.5 || !isKorean(text) ? `${text.slice(0, at)}  ${text.slice(at + 1)}` : text.slice(0, at) + text.slice(at + 1);
};

const punctuation: Edit = (text, random) =>
  random() < 0.6 ? text.replace(/[.?!]+\s*$/, '') : text.replace(/[.?!]*\s*$/, (end) => pick(['?', '!', '.', '...', `${end}?`], random));

const politeness: Edit = (text, random) => {
  const korean = isKorean(text);
  if (random() < 0.5) return pick(korean ? POLITE_KO : POLITE_EN, random) + (korean ? text : text.charAt(0).toLowerCase() + text.slice(1));
  return text.replace(/[.?!]+\s*$/, random() < 0.5 ? '' : '$&') + pick(korean ? TAIL_KO : TAIL_EN, random);
};

/** The small edits under which the label must not change, by name. */
export const EDITS: Readonly<Record<string, Edit>> = {
  case: changeCase,
  spacing,
  typo,
  politeness,
  punctuation,
};

/** One to three random small edits. */
export function augment(text: string, random: () => number): string {
  const edits = Object.values(EDITS);
  let out = text;
  for (let n = 1 + Math.floor(random() * 3); n > 0; n--) out = pick(edits, random)(out, random);
  return out;
}
