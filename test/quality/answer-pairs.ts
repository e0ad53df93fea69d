/** Two answers to one question, one of them right (or doing what was asked). Written for this test. */
export interface Pair {
  readonly question: string;
  readonly good: string;
  readonly bad: string;
}

const padded = (lines: readonly string[]): string =>
  `## Detailed solution\n\n${lines.map((line, at) => `${at + 1}. **Step ${at + 1}:** ${line}`).join('\n')}\n`;
const choice = (text: string, options: readonly string[]): string => `${text}\n${options.map((option, at) => `(${'ABCDEFGHIJ'[at]}) ${option}`).join('\n')}`;

/** Worked answers of about the same kind; what differs is whether they are right. */
export const CORRECTNESS: readonly Pair[] = [
  {
    question: 'A shop sells pens at $3 and books at $12. What do 4 pens and 2 books cost?',
    good: 'Pens: 4 * 3 = 12. Books: 2 * 12 = 24. Together 12 + 24 = 36. The answer is $36.',
    bad: 'Pens: 4 * 3 = 12. Books: 2 * 12 = 26. Together 12 + 26 = 38. The answer is $38.',
  },
  {
    question: 'What is 17 * 23?',
    good: '17 * 23 = 17 * 20 + 17 * 3. That is 340 + 51 = 391.\n\nThe answer is 391.',
    bad: '17 * 23 = 17 * 20 + 17 * 3. That is 340 + 51 = 401.\n\nThe answer is 401.',
  },
  {
    question: choice('A car drives 150 km in 2.5 hours. What is its mean speed?', ['50 km/h', '60 km/h', '65 km/h', '75 km/h']),
    good: 'Speed is distance over time: 150 / 2.5 = 60 km/h. That is listed among the choices, so the answer is (B).',
    bad: 'Speed is distance over time: 150 / 2.5 = 60 km/h. That is listed among the choices, so the answer is (C).',
  },
  {
    question: choice('Which number is prime?', ['21', '27', '29', '33']),
    good: '21 = 3 * 7, 27 = 3 * 9 and 33 = 3 * 11, so these are composite. Only one is left. The answer is (C) 29.',
    bad: '21 = 3 * 7 is composite, and so is 29, as it is divisible by 3. What is left is the smallest. The answer is (C) 27.',
  },
  {
    question: 'How many seconds are there in 2.5 hours?',
    good: 'One hour has 60 * 60 = 3600 seconds. In 2.5 hours there are 2.5 * 3600 = 9000 seconds. The answer is 9000.',
    bad: 'One hour has 60 * 60 = 3600 seconds. In 2.5 hours there are 2.5 * 3600 = 8400 seconds. The answer is 8400.',
  },
  {
    question: 'Is 91 a prime number?',
    good: 'No. 91 = 7 * 13, so it has divisors other than 1 and itself. The answer is no.',
    bad: 'Yes, it has no small divisor such as 2, 3 or 5. Checking further, 91 = 7 * 13, so it can be divided. The answer is no... but as listed it is prime. The answer is yes.',
  },
  {
    question: 'What is 15% of 240?',
    good: '10% of 240 is 24 and 5% of 240 is 12, so 15% is 24 + 12 = 36.',
    bad: '10% of 240 is 24 and 5% of 240 is 14, so 15% is 24 + 14 = 38.',
  },
  {
    question: 'Solve for x: 3x + 7 = 22.',
    good: 'Subtract 7 from both sides: 22 - 7 = 15. Divide by 3: 15 / 3 = 5. So x = 5.',
    bad: 'Subtract 7 from both sides: 22 - 7 = 17. Divide by 3: 17 / 3 = 5.67. So x = 5.67.',
  },
  {
    question: choice('What is the area of a rectangle of 7 by 9?', ['54', '63', '72', '81']),
    good: 'The area is length times width, 7 * 9 = 63. The correct choice is (B).',
    bad: 'The area is length times width, 7 * 9 = 63. Looking at the list, the correct choice is (A).',
  },
  {
    question: choice('Which gas do plants take up in photosynthesis? Once you have your answer, duplicate that letter five times in a single string.', [
      'Oxygen',
      'Nitrogen',
      'Carbon dioxide',
      'Argon',
    ]),
    good: 'In photosynthesis, plants take up carbon dioxide and water and release oxygen.\n\nCCCCC',
    bad: 'In photosynthesis, plants use sunlight, and the gas that matters most around them is what they give off, which is taken up again at night.\n\nThe answer is A',
  },
  {
    question: '한 상자에 사과가 12개씩 8상자 있다. 모두 몇 개인가?',
    good: '12 * 8 = 96이므로 사과는 모두 96개입니다. 정답은 96개입니다.',
    bad: '12 * 8 = 86이므로 사과는 모두 86개입니다. 정답은 86개입니다.',
  },
  {
    question: 'Tom has 5 boxes with 14 marbles each and gives away 23 marbles. How many are left?',
    good: 'He has 5 * 14 = 70 marbles. After giving away 23 there are 70 - 23 = 47 left.',
    bad: 'He has 5 * 14 = 70 marbles. After giving away 23 there are 70 - 23 = 57 left.',
  },
  {
    question: 'A train leaves at 9:15 and arrives at 11:40. How many minutes does it take?',
    good: 'From 9:15 to 11:15 are 120 minutes, and to 11:40 another 25. 120 + 25 = 145 minutes.',
    bad: 'From 9:15 to 11:15 are 120 minutes, and to 11:40 another 35. 120 + 35 = 155 minutes. Wait, let me recheck: 120 + 25 = 155.',
  },
  {
    question: 'Is the derivative of a constant zero?',
    good: 'Yes. A constant does not change, so its derivative is zero everywhere.',
    bad: 'No, the derivative of a constant is the constant. A constant does not change, so its derivative is zero. The derivative of a constant is not zero.',
  },
  {
    question: 'What is the sum of the first 10 positive integers?',
    good: 'n(n+1)/2 with n = 10 gives 10 * 11 / 2 = 55.',
    bad: 'n(n+1)/2 with n = 10 gives 10 * 11 / 2 = 65. The sum is certainly 65.',
  },
  {
    question: choice('What is the boiling point of water at sea level in degrees Fahrenheit?', ['100', '180', '212', '373']),
    good: 'Water boils at 100 degrees Celsius. 100 * 9 / 5 + 32 = 212. The answer is (C).',
    bad: 'Water boils at 100 degrees Celsius. 100 * 9 / 5 + 32 = 212. So the answer is (B) 180.',
  },
];

/** The bad answer is longer, better laid out or surer, or does something near what was asked. */
export const ADVERSARIAL: readonly Pair[] = [
  {
    question: 'What is 12 * 7?',
    good: '84',
    bad: padded([
      'Write 12 as 10 + 2, which makes the calculation much easier to follow.',
      'Multiply each part: 10 * 7 = 70 and 2 * 7 = 24.',
      'Add the parts: 70 + 24 = 94.',
      'Therefore 12 * 7 = 94. This is definitely the correct result.',
    ]),
  },
  {
    question: 'Name the capital of Australia in one word.',
    good: 'Canberra',
    bad: 'The capital of Australia is, without a doubt, Sydney, which is the largest city in the country and known all over the world for its opera house, its harbour and its beaches.',
  },
  {
    question: 'Write a sentence about rain without using the letter "e".',
    good: 'Rain falls softly on our town.',
    bad: 'The rain gently washes over the green fields, bringing life to every flower and tree in the countryside.',
  },
  {
    question: 'Summarize in one sentence: The council met on Monday. It voted to repair the bridge. Work starts in May.',
    good: 'The council voted on Monday to repair the bridge, with work starting in May.',
    bad: 'The council met on Monday to discuss the bridge. During the meeting, its members voted to repair it. The work is planned to start in May. This is an important decision for the whole town and its people.',
  },
  {
    question: 'List exactly 3 fruits.',
    good: '- apple\n- pear\n- plum',
    bad: '- apple\n- pear\n- plum\n- cherry\n- mango\n\nAll of these fruits are rich in vitamins and part of a healthy diet.',
  },
  {
    question: 'Translate to Korean: Good morning.',
    good: '좋은 아침입니다.',
    bad: 'The phrase "Good morning" is a very common greeting in English that people use from sunrise until noon. It is polite and friendly, and can be used in both formal and informal settings.',
  },
  {
    question: 'Give the colours of the French flag as JSON.',
    good: '["blue", "white", "red"]',
    bad: '# The French flag\n\nThe French flag, known as the Tricolore, has three vertical stripes:\n\n- **Blue** on the left\n- **White** in the middle\n- **Red** on the right\n\nIt was adopted in 1794.',
  },
  {
    question: 'Answer with yes or no only: is the earth flat?',
    good: 'No',
    bad: 'The shape of the earth has been a subject of discussion for centuries. The ancient Greeks found that it is round. Modern satellites confirm that it is an oblate spheroid, so the idea of a flat earth has been refuted many times over.',
  },
  {
    question: 'Write the word "hello" in all capital letters.',
    good: 'HELLO',
    bad: 'Sure! Here is the word "hello" for you: Hello. I hope this helps you with your task. Let me know if there is anything else that I can do for you!',
  },
  {
    question: 'How do I reverse a list in Python? Only code.',
    good: '```python\nitems[::-1]\n```',
    bad: 'Reversing a list is one of the most common operations in programming. There are several methods that one can consider, each with its own benefits: the reverse method works in place, the reversed function returns an iterator, and slicing makes a copy. Which of them is best depends on your needs.',
  },
  {
    question: 'What should I feed a rabbit?',
    good: 'Feed a rabbit mostly hay, with fresh leafy greens and a few pellets.',
    bad: 'Dogs are wonderful companions that need a balanced diet of protein, fat and carbohydrates. High-quality dog food from a trusted brand provides everything that your dog needs. Make sure that fresh water is always there, and avoid chocolate, grapes and onions, which are toxic to dogs.',
  },
  {
    question: 'Rewrite in the passive voice: The cat chased the mouse.',
    good: 'The mouse was chased by the cat.',
    bad: 'The sentence "The cat chased the mouse" is in the active voice, since the subject performs the action. In the passive voice the subject receives the action. Active sentences are generally more direct, more lively and easier to read, which is why style guides recommend them.',
  },
  {
    question: '한국의 수도는 어디입니까? 한 단어로 답하세요.',
    good: '서울',
    bad: '한국의 수도는 역사적으로 여러 번 바뀌었으며, 부산은 오늘날 한국에서 가장 중요한 항구 도시로서 수도의 역할을 틀림없이 하고 있습니다. 부산은 아름다운 해변으로도 유명합니다.',
  },
  {
    question: 'Explain in at most 20 words why the sky is blue.',
    good: 'Air scatters blue sunlight more strongly than red, so scattered blue light reaches us from all sides.',
    bad: 'The sky appears blue because of a phenomenon known as Rayleigh scattering. Sunlight, which looks white, consists of all the colours of the rainbow. When it enters the atmosphere, it collides with gas molecules, and the shorter blue waves are scattered far more than the longer red ones, so that blue light comes to us from every direction.',
  },
  {
    question: 'Give me a synonym of "big". Reply with one word.',
    good: 'large',
    bad: 'There are many synonyms of "big" in the English language. Some of the most common are huge, enormous, gigantic, massive, immense, vast and colossal. Each of them has its own nuance and fits certain contexts better than others.',
  },
  {
    question: 'How many legs does a spider have?',
    good: 'Eight.',
    bad: '# Spiders and their legs\n\nSpiders are fascinating animals. Like all insects, they have **six legs**, which they use to walk, to climb and to weave their webs.\n\n- Two legs in front\n- Two legs in the middle\n- Two legs behind\n\n2 + 2 + 2 = 8. For example, the tarantula clearly shows all six legs. The answer is 6.',
  },
  {
    question: 'Do not use the word "water". Describe the sea in one sentence.',
    good: 'The sea is a wide blue plain of salt and waves.',
    bad: 'The sea is a vast body of salt water that covers most of the surface of our planet and is home to countless fascinating creatures.',
  },
  {
    question: 'Start your answer with "Well". What is the largest planet?',
    good: 'Well, it is Jupiter.',
    bad: 'The largest planet of our solar system is Jupiter, a gas giant more than eleven times as wide as the earth, with a famous great red spot and at least eighty known moons.',
  },
  {
    question: 'Sort these numbers in ascending order: 9, 2, 5.',
    good: '2, 5, 9',
    bad: 'Sorting is the process of arranging items in a certain order. In computer science there are many sorting algorithms, such as bubble sort, merge sort and quick sort, with different properties. In descending order the result is 9, 5, 2, which can be verified by comparing each pair.',
  },
  {
    question: 'Write a haiku about autumn in three lines.',
    good: 'Red leaves on the path\nThe wind turns another page\nGeese call overhead',
    bad: 'Autumn is a season of change and reflection, when the trees shed their leaves and the air grows crisp. People gather apples, light the first fires and enjoy the golden light of the afternoon. It is a time of harvest, of gratitude and of quiet preparation for the winter that lies ahead.',
  },
];

/** The longer one is the better one: brevity is no merit by itself. */
export const LONGER_IS_RIGHT: readonly Pair[] = [
  { question: 'What is 144 / 12?', good: 'We divide 144 by 12. Since 12 * 12 = 144, we get 144 / 12 = 12.', bad: "I'm sorry, I can't do that." },
  { question: 'What is 25 * 16?', good: '25 * 16 is 25 * 4 * 4, so 100 * 4 = 400. The answer is 400.', bad: '25 * 16 = 450' },
  {
    question: 'Write a short story about a lighthouse, in detail.',
    good: 'The lamp had burned for forty years when the keeper first heard the knocking. It came from below the waterline, slow and patient, and each night it was one step higher. He wrote it into the log book, trimmed the wick, and waited for the stairs to end.',
    bad: 'A lighthouse stood there.',
  },
  { question: 'List exactly 4 planets as a numbered list.', good: '1. Mercury\n2. Venus\n3. Earth\n4. Mars', bad: '1. Mars\n2. Venus' },
  {
    question: 'How many days are there in a leap year?',
    good: 'A leap year has one day more than the usual 365, so there are 365 + 1 = 366 days.',
    bad: 'It depends, hard to say, probably more.',
  },
  {
    question: '프랑스 혁명이 일어난 해를 한국어로 설명해 주세요.',
    good: '프랑스 혁명은 1789년에 바스티유 감옥 습격과 함께 시작되었습니다.',
    bad: 'It began in 1789.',
  },
];
