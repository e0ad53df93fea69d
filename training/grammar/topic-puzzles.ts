import { expand, type Language, number, pick, type Random, withJosa } from './topic-expand.ts';
import { NAMES_EN, NAMES_KO, type Pair } from './topics.ts';

const KINDS: readonly (readonly [title: Pair, items: readonly Pair[]])[] = [
  [
    ['pet', '반려동물'],
    [
      ['cat', '고양이'],
      ['dog', '개'],
      ['parrot', '앵무새'],
      ['fish', '물고기'],
      ['rabbit', '토끼'],
    ],
  ],
  [
    ['drink', '음료'],
    [
      ['tea', '차'],
      ['coffee', '커피'],
      ['milk', '우유'],
      ['juice', '주스'],
      ['water', '물'],
    ],
  ],
  [
    ['job', '직업'],
    [
      ['baker', '제빵사'],
      ['nurse', '간호사'],
      ['pilot', '조종사'],
      ['lawyer', '변호사'],
      ['painter', '화가'],
    ],
  ],
  [
    ['hat colour', '모자 색'],
    [
      ['red', '빨강'],
      ['blue', '파랑'],
      ['green', '초록'],
      ['white', '하양'],
      ['black', '검정'],
    ],
  ],
  [
    ['sport', '운동'],
    [
      ['judo', '유도'],
      ['golf', '골프'],
      ['tennis', '테니스'],
      ['swimming', '수영'],
      ['chess', '체스'],
    ],
  ],
  [
    ['city', '도시'],
    [
      ['Rome', '로마'],
      ['Oslo', '오슬로'],
      ['Busan', '부산'],
      ['Lima', '리마'],
      ['Cairo', '카이로'],
    ],
  ],
];

const mixed = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => [random(), item] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item);

/** Who owns what, in a row of houses or a queue, with a handful of clues. */
function grid(language: Language, random: Random): string {
  const en = language === 'en';
  const side = en ? 0 : 1;
  const size = number(2, 5, random);
  const kinds = mixed(KINDS, random).slice(0, number(2, 3, random));
  const lists = kinds.map(([title, items]) => ({
    title: title[side],
    items: mixed(items, random)
      .slice(0, size)
      .map((item) => item[side]),
  }));
  const names = mixed(en ? NAMES_EN : NAMES_KO, random).slice(0, size);
  const setting = number(0, 2, random);
  const intro = en
    ? [
        `There are ${size} houses in a row, numbered 1 on the left to ${size} on the right. Each person has a different ${lists.map((l) => l.title).join(', ')}.`,
        `${names.join(', ')} are standing in a queue. Each has a different ${lists.map((l) => l.title).join(' and ')}.`,
        `${names.join(', ')} each have one ${lists.map((l) => `${l.title} (${l.items.join(', ')})`).join(' and one ')}; no two share.`,
      ][setting]
    : [
        `집 ${size}채가 왼쪽부터 1번에서 ${size}번까지 나란히 있다. 사람마다 ${withJosa(lists.map((l) => l.title).join(', '), '이')} 모두 다르다.`,
        `${names.join(', ')} ${size}명이 한 줄로 서 있고 각자 ${lists.map((l) => `${l.title}(${l.items.join(', ')})`).join(', ')} 중 서로 다른 하나를 가진다.`,
        `${names.join(', ')} 중 각자 ${lists.map((l) => `${l.title}(${l.items.join(', ')})`).join(', ')} 가운데 하나씩을 고른다.`,
      ][setting];
  const item = (): string => {
    const list = pick(lists, random);
    const value = pick(list.items, random);
    return en ? `the one with ${list.title} ${value}` : `${list.title} ${value}인 사람`;
  };
  const other = (one: string): string => {
    for (let tries = 0; tries < 9; tries++) {
      const next = item();
      if (next !== one) return next;
    }
    return one;
  };
  const clue = (): string => {
    const one = setting > 0 && random() < 0.4 ? pick(names, random) : item();
    const two = other(one);
    const place = number(1, size, random);
    return pick(
      en
        ? [
            `${one} is directly left of ${two}.`,
            `${one} is next to ${two}.`,
            `${one} is not at either end.`,
            `${one} is somewhere to the right of ${two}.`,
            `${one} is ${two}.`,
            `${one} is in position ${place}.`,
            `There is one person between ${one} and ${two}.`,
          ]
        : [
            `${withJosa(one, '은')} ${two} 바로 왼쪽에 있다.`,
            `${two} 옆에 ${withJosa(one, '이')} 있다.`,
            `${withJosa(one, '은')} 양 끝에 있지 않다.`,
            `${withJosa(one, '은')} ${two}보다 오른쪽에 있다.`,
            `${withJosa(one, '은')} ${place}번째이다.`,
            `${withJosa(one, '과')} ${two} 사이에 한 명이 있다.`,
            `${withJosa(one, '은')} ${withJosa(two, '이')} 아니다.`,
          ],
      random,
    );
  };
  const mark = random();
  const clues = Array.from({ length: number(2, 7, random) }, (_, i) => {
    const text = clue();
    const upper = text.charAt(0).toUpperCase() + text.slice(1);
    return mark < 0.6 ? `${i + 1}. ${upper}` : mark < 0.8 ? `- ${upper}` : upper;
  });
  const goal = item();
  const ask = pick(
    en
      ? [
          `Where is ${goal}?`,
          `What is the number of the house of ${goal}? Choose from 1 to ${size}.`,
          `Who is ${goal}? Explain your reasoning.`,
          'Solve the puzzle step by step.',
          'Which clue is unnecessary? Show why.',
        ]
      : [
          `${goal}은 몇 번째인가?`,
          `${goal}은 누구인지 추론하시오.`,
          '단계별로 추론해줘.',
          '누가 무엇을 가졌는지 근거와 함께 밝혀라.',
          '풀이 과정을 논리적으로 설명해줘',
        ],
    random,
  );
  const head = pick(en ? ['', 'Q: ', 'Logic puzzle: '] : ['', '문제: ', '논리 퀴즈: '], random);
  const label = pick(en ? ['\nClues:\n', '\n'] : ['\n단서:\n', '\n'], random);
  return `${head}${intro}${label}${clues.join(mark < 0.8 ? '\n' : ' ')}\n${ask}`;
}

const SHORT_EN = [
  '{name} is taller than {name2}. {name2} is taller than {name3}. {name4} is shorter than {name3}. [Who is the second tallest?|Order them.] Explain how you know.',
  '{name} says "{name2} is lying." {name2} says "{name3} is lying." {name3} says "both of them are lying." Who tells the truth? Reason it out.',
  'All [poets|dancers|lawyers] are [early risers|tea drinkers]. Some [early risers|tea drinkers] are [shy|rich]. Does it follow that some [poets|dancers|lawyers] are [shy|rich]? Explain.',
  'If {name} goes to the party, {name2} goes. If {name2} goes, {name3} stays home. {name3} is at the party. Did {name} go? Show the deduction.',
  'Premises: No [teachers|pilots] are [colour-blind|late]. Every member of the club is a [teacher|pilot]. {name} is [colour-blind|late]. What can we conclude about {name}, and what not?',
  '{name} put the [keys|cake|letter] in the [drawer|box] and left. {name2} moved it to the [bag|shelf]. Where will {name} look first and why?',
  "The [vase|window|safe] was broken at night. {name} has mud on the shoes, {name2} has a cut hand, and {name3} can't say where they were. Exactly one of them did it. Which clue is most telling?",
  "{n} people shake hands, but {name} refuses to shake {name2}'s. {name3} says everyone shook a different number of hands. Is that possible? Reason through it.",
  'On an island, knights always tell the truth and knaves always lie. {name} says: "[{name2} is a knave|We are the same kind|At least one of us is a knave]." What are they?',
  'Whenever {name} [sings|cooks|drives], it rains. Today it rained. What follows? Name the fallacy if there is one.',
  "{name}, {name2}, {name3} and {name4} finished a race. {name} was not last. {name2} beat {name3} but not {name4}. {name4} wasn't first. Work out the order.",
  'Which conclusion follows from: some [artists|engineers] are [left-handed|vegetarians], and all [left-handed|vegetarians] people in this town own a [bike|dog]? Justify each step.',
];
const SHORT_KO = [
  '{name:은} {name2}보다 크고 {name2:은} {name3}보다 크다. {name4:은} {name3}보다 작다. [두 번째로 큰 사람은|키 순서를] 추론 과정과 함께 말해줘.',
  '{name}: "{name2:은} 거짓말을 한다." {name2}: "{name3:이} 거짓말쟁이다." {name3}: "둘 다 거짓말이다." 참말을 하는 사람은 누구인지 논리적으로 설명하시오.',
  '모든 [시인|무용수|변호사]:은 [아침형 인간|차 애호가]이다. 어떤 [아침형 인간|차 애호가]:은 [부자|수줍은 사람]이다. 그렇다면 어떤 [시인|무용수]:은 [부자|수줍은 사람]인가? 타당성을 따져줘',
  '{name:이} 가면 {name2:이} 간다. {name2:이} 가면 {name3:은} 가지 않는다. {name3:이} 왔다. {name:은} 왔을까? 추론해줘',
  '{name:은} [열쇠|케이크|편지]:을 [서랍|상자]에 넣고 나갔다. {name2:이} [가방|선반]으로 옮겼다. {name:은} 어디를 먼저 찾을까? 이유는?',
  '[꽃병|창문|금고]:이 밤에 깨졌다. {name:은} 신발에 흙이 묻었고 {name2:은} 손을 다쳤으며 {name3:은} 알리바이가 없다. 범인은 한 명이다. 누가 가장 의심스러운지 단서로 추론해줘',
  '섬에는 참말만 하는 기사와 거짓말만 하는 건달이 산다. {name:이} "[{name2:은} 건달이다|우리는 같은 부류다|우리 중 한 명은 건달이다]"라고 했다. 각각 누구인가? 근거를 쓰시오.',
  '{name:이} [노래하면|요리하면|운전하면] 비가 온다. 오늘 비가 왔다. 무엇을 알 수 있는가? 오류가 있다면 지적해줘',
  '{name}, {name2}, {name3}, {name4:이} 달리기를 했다. {name:은} 꼴찌가 아니다. {name2:은} {name3:을} 이겼지만 {name4}에게 졌다. {name4:은} 1등이 아니다. 순위를 추론하시오.',
  '네 명 중 한 명만 진실을 말한다. {name}: "{name2:이} 했다." {name2}: "{name4:이} 했다." {name3}: "나는 안 했다." {name4}: "{name2:은} 거짓말을 한다." 범인은 누구이고 왜 그런가?',
  '다음 명제가 모두 참일 때 반드시 참인 것을 찾고 이유를 설명하시오. [커피를 마시면 잠을 못 잔다|운동하면 건강하다]. {name:은} [잠을 잘 잤다|건강하지 않다].',
  '{name:과} {name2:은} 같은 층에 살지 않는다. {name3:은} {name}보다 위층에 산다. {name4:은} 1층이다. 가능한 배치를 모두 따져봐',
];

/** A puzzle to be reasoned through: a grid of clues or a few lines of deduction. */
export function logicPuzzle(language: Language, random: Random): string {
  if (random() < 0.5) return grid(language, random);
  return expand(pick(language === 'en' ? SHORT_EN : SHORT_KO, random), language, random);
}
