import {
  ANGLES,
  ANIMALS,
  COMPANIES,
  CONCEPTS,
  EVENTS,
  FOODS,
  ISSUES,
  JOBS,
  NAMES_EN,
  NAMES_KO,
  type Pair,
  PEOPLE,
  PLACES,
  VERSUS,
  WORDS,
  WORKS,
} from './topics.ts';

export type Language = 'en' | 'ko';
export type Random = () => number;

export const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)] as T;

export const number = (from: number, to: number, random: Random): number => from + Math.floor(random() * (to - from + 1));

const JOSA: Readonly<Record<string, readonly [open: string, closed: string]>> = {
  은: ['는', '은'],
  이: ['가', '이'],
  을: ['를', '을'],
  과: ['와', '과'],
  으로: ['로', '으로'],
  이라: ['라', '이라'],
  이란: ['란', '이란'],
  이야: ['야', '이야'],
  이랑: ['랑', '이랑'],
  이나: ['나', '이나'],
  이었: ['였', '이었'],
};

/** The final consonant of the last sound: 0 none, 8 ㄹ; Latin and digits by their Korean reading. */
function finalSound(word: string): number {
  const last = word.replace(/[)\]"'’”.%]+$/u, '').at(-1) ?? '';
  if (/[가-힣]/u.test(last)) return (last.charCodeAt(0) - 0xac00) % 28;
  if (/[178lr]/iu.test(last)) return 8;
  return /[036mn]/iu.test(last) ? 1 : 0;
}

/** The word with the particle named by its form after a consonant. */
export function withJosa(word: string, particle: string): string {
  const forms = JOSA[particle];
  if (forms === undefined) return word + particle;
  const sound = finalSound(word);
  const closed = particle === '으로' ? sound !== 0 && sound !== 8 : sound !== 0;
  return word + forms[closed ? 1 : 0];
}

const LISTS: Readonly<Record<string, readonly Pair[]>> = {
  concept: CONCEPTS,
  person: PEOPLE,
  work: WORKS,
  place: PLACES,
  event: EVENTS,
  company: COMPANIES,
  issue: ISSUES,
  animal: ANIMALS,
  food: FOODS,
  word: WORDS,
  job: JOBS,
  angle: ANGLES,
};

const slotName = /^([a-z]+?)(\d?)$/;

function draw(name: string, language: Language, random: Random, extra: Readonly<Record<string, () => string>>): string {
  const [, base = name] = slotName.exec(name) ?? [];
  const own = extra[name] ?? extra[base];
  if (own !== undefined) return own();
  const side = language === 'en' ? 0 : 1;
  if (base === 'name') return pick(language === 'en' ? NAMES_EN : NAMES_KO, random);
  if (base === 'year') return String(number(1850, 2024, random));
  if (base === 'n') return String(number(2, 9, random));
  if (base === 'percent') return String(number(3, 68, random));
  if (base === 'hour') return String(number(1, 12, random));
  if (base === 'money') return String(number(2, 95, random) * 10);
  const list = LISTS[base];
  if (list === undefined) throw new Error(`no slot '${name}'`);
  return pick(list, random)[side];
}

/**
 * One text from a template: `[x|y|]` chooses (`[x|y]:은` with the fitting particle), `{slot}` fills, the same slot twice is the same word (`{slot2}` is another),
 * `{slot:은}` adds the fitting particle, `{a}` and `{b}` are two things worth comparing.
 */
export function expand(template: string, language: Language, random: Random, extra: Readonly<Record<string, () => string>> = {}): string {
  let text = template;
  for (let depth = 0; depth < 6 && text.includes('['); depth++)
    text = text.replace(/\[([^[\]]*)\](?::([가-힣]+))?/gu, (_, options: string, particle: string | undefined) => {
      const option = pick(options.split('|'), random);
      return particle === undefined ? option : withJosa(option, particle);
    });
  const side = language === 'en' ? 0 : 1;
  const versus = pick(VERSUS, random);
  const order = random() < 0.5 ? [0, 1] : [1, 0];
  const bound = new Map<string, string>([
    ['a', versus[order[0] as 0 | 1][side]],
    ['b', versus[order[1] as 0 | 1][side]],
  ]);
  return text.replace(/\{([a-z]+\d?)(?::([가-힣]+))?\}/gu, (_, name: string, particle: string | undefined) => {
    let word = bound.get(name);
    for (let tries = 0; word === undefined && tries < 8; tries++) {
      const next = draw(name, language, random, extra);
      if (tries === 7 || ![...bound.values()].includes(next)) word = next;
    }
    bound.set(name, word ?? '');
    return particle === undefined ? (word ?? '') : withJosa(word ?? '', particle);
  });
}
