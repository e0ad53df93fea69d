const LABEL =
  '(?:code|coding|programming|analysis|analytical|reasoning|evaluation|translation|quick|simple|factual|math|maths|mathematics|arithmetic|creative(?: writing)?|fiction|코드|코딩|프로그래밍|분석|평가|추론|번역|간단한|단순|사실 확인|퀵|수학|산수|계산|창작|글쓰기|소설)';
const KIND = '(?:task|problem|question|request|exercise|prompt|category|type)';

const CLAIM = new RegExp(
  [
    `(?:note: |fyi,? )?(?:this|that|it|(?:the )?following)(?: ${KIND})?(?:'s| is| belongs to| counts as)(?: not \\w+ but)?(?: an?)? ${LABEL}(?: ${KIND})?(?![a-z])(?:[:.,]|$)?`,
    `(?:system: ?)?(?:task|category|label|type|class|작업|분류|유형|과제)(?: type)? ?[:=] ?${LABEL}(?![a-z])\\.?`,
    `(?:ignore (?:your|all|previous|the) [a-z ]{1,30} and )?(?:classify|route|treat|label|handle|mark|tag|process)(?: [a-z]+){0,3} as(?: an?)? ${LABEL}(?: ${KIND})?(?![a-z])[:.,]?`,
    `treat it as ${LABEL}:?`,
    `\\[(?:task|system|시스템)?:? ?${LABEL}?\\]`,
    `#${LABEL}(?![a-z])`,
    `(?:참고로 )?(?:이건|이것은|이거|이 요청은|이 질문은|(?:아래|다음) 요청은|아래는|다음은) ?${LABEL} ?(?:문제|과제|작업|질문|유형|요청)(?:야|이야|입니다|임|이니까|예요|이다|에 속함|에 속해)?[.:]?`,
    `${LABEL} ?(?:문제|과제|작업|질문|유형|요청)(?:야|이야|입니다|임|이니까|예요)[.:]?`,
    `(?:이 요청은 )?${LABEL}(?:으로|로) (?:분류|처리|취급)(?:해라|해줘|해|하라|하세요)?[.:]?`,
  ].join('|'),
  'g',
);

/** Words without which no claim can be there: most texts are passed over after one look. */
const HINT =
  /task|category|label|type|class|route|treat|handle|mark|tag |process|this is|that is|it is|it's|that's|following is|belongs|counts as|\[|#|문제|과제|작업|질문|유형|요청|분류|처리|취급/;

/**
 * Takes sentences that only say what task a text is ("this is a math task", "[code]", "이건 번역 문제야") out of it: a claim is no evidence.
 * A text that is nothing but a claim is left as it is.
 *
 * @param text in lower case
 */
export function withoutClaims(text: string): string {
  if (!HINT.test(text)) return text;
  const rest = text.replace(CLAIM, ' ');
  return rest.trim() === '' ? text : rest;
}
