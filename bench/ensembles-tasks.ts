/** Questions with one checkable answer, written for bench/ensembles-embedded.ts. */
export interface Task {
  readonly kind: 'arithmetic' | 'facts' | 'format';
  readonly question: string;
  /** The answer as `finalAnswer` reads it, or for a demand of form what the whole text must match. */
  readonly answer?: string;
  readonly form?: RegExp;
}

const sums: readonly (readonly [string, string])[] = [
  ['What is 7 + 5?', '12'],
  ['What is 9 * 3?', '27'],
  ['What is 20 - 8?', '12'],
  ['What is 36 / 6?', '6'],
  ['What is 15 + 27?', '42'],
  ['What is 100 - 45?', '55'],
  ['What is 8 * 7?', '56'],
  ['What is 81 / 9?', '9'],
  ['What is 12 + 13 + 5?', '30'],
  ['What is half of 50?', '25'],
  ['What is 10% of 200?', '20'],
  ['What is 6 * 6?', '36'],
  ['Tom has 4 apples and buys 3 more. How many apples has he now?', '7'],
  ['A book costs $5. What do 4 books cost?', '20'],
  ['There are 10 birds and 6 fly away. How many are left?', '4'],
  ['Anna is 12 years old. How old will she be in 5 years?', '17'],
  ['A box holds 6 eggs. How many eggs are in 3 boxes?', '18'],
  ['How many minutes are there in 2 hours?', '120'],
  ['How many days are there in 3 weeks?', '21'],
  ['What is 2 to the power of 5?', '32'],
];
const facts: readonly (readonly [string, string])[] = [
  ['What is the capital of France?', 'Paris'],
  ['What is the capital of Japan?', 'Tokyo'],
  ['What is the capital of Italy?', 'Rome'],
  ['What is the capital of Germany?', 'Berlin'],
  ['What is the capital of South Korea?', 'Seoul'],
  ['What is the largest planet of our solar system?', 'Jupiter'],
  ['Which planet is closest to the sun?', 'Mercury'],
  ['How many legs does a spider have?', '8'],
  ['How many continents are there?', '7'],
  ['What is the chemical symbol of gold?', 'Au'],
  ['What is the chemical formula of water?', 'H2O'],
  ['Who wrote Romeo and Juliet?', 'William Shakespeare'],
  ['Which ocean is the largest?', 'Pacific Ocean'],
  ['In which year did World War II end?', '1945'],
  ['How many days are there in a leap year?', '366'],
  ['Which gas do plants take in for photosynthesis?', 'carbon dioxide'],
  ['Is the sun a star? Answer yes or no.', 'yes'],
  ['Is ice heavier than lead? Answer yes or no.', 'no'],
  ['What colour do you get when you mix blue and yellow?', 'green'],
  ['Which animal is known as the king of the jungle?', 'lion'],
];
const forms: readonly (readonly [string, RegExp])[] = [
  ['Reply with the single word: hello', /^\W*hello\W*$/i],
  ['Write the word "cat" in capital letters. Reply with that word only.', /^\W*CAT\W*$/],
  ['Write a list of exactly three colours, each on a line that begins with a dash.', /^\s*(?:-[^\n]+\n*){3}\s*$/],
  ['Answer with one word: what colour is the sky?', /^\W*blue\W*$/i],
  ['Answer with a number only: how many legs does a dog have?', /^\W*(?:4|four)\W*$/i],
  ['Write the numbers from 1 to 5, separated by commas, and nothing else.', /^\W*1,\s?2,\s?3,\s?4,\s?5\W*$/],
  ['Reply with JSON only: an object with the key "name" and the value "Kim".', /^\s*(?:```(?:json)?\s*)?\{\s*"name"\s*:\s*"Kim"\s*\}\s*(?:```)?\s*$/],
  ['Answer yes or no only: is fire hot?', /^\W*yes\W*$/i],
  ['Write one sentence about dogs.', /^[^.!?\n]{5,}[.!?]\s*$/],
  ["Write the alphabet's first three letters in lower case without spaces. Nothing else.", /^\W*abc\W*$/],
  ['Repeat exactly: The quick brown fox', /^\W*the quick brown fox\W*$/i],
  ['Answer in one word: the opposite of hot.', /^\W*cold\W*$/i],
  ['Answer in one word: the opposite of up.', /^\W*down\W*$/i],
  ['Write exactly two words.', /^\W*[A-Za-z']+\s+[A-Za-z']+\W*$/],
  ['Give the answer in the form "x = NUMBER": what is x when x + 2 = 5?', /\bx\s?=\s?3\b/],
  ['End your answer with the word END. Say hello.', /\bEND\W*$/],
  ['Begin your answer with the word "Well". Say something about rain.', /^\W*well\b/i],
  ['한국어로 한 단어로 답하세요: 한국의 수도는?', /^\W*서울\W*(?:입니다)?\W*$/],
  ['Write a numbered list of two animals.', /^\s*1[.)][^\n]+\n+\s*2[.)][^\n]+\s*$/],
  ['Reply with the letter B only.', /^\W*B\W*$/],
];

/** Kinds in turn, so that the first thirty are a fair sample of all. */
export const TASKS: readonly Task[] = sums.flatMap(([question, answer], at): Task[] => [
  { kind: 'arithmetic', question, answer },
  { kind: 'facts', question: facts[at]?.[0] ?? '', answer: facts[at]?.[1] ?? '' },
  { kind: 'format', question: forms[at]?.[0] ?? '', form: forms[at]?.[1] ?? /^$/ },
]);
