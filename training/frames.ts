import type { Row } from './data.ts';
import { createRandom, pick } from './random.ts';

type Lang = 'en' | 'ko';

/** What stands around a request without changing what is wanted: chat templates, benchmark wrappers, the form of the answer. */
const FRAMES: Readonly<Record<Lang, readonly string[]>> = {
  en: [
    '### Instruction:\n{T}\n\n### Response:',
    'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\n{T}\n\n### Response:',
    'Q: {T}\nA:',
    'Question: {T}\nAnswer:',
    'User: {T}\nAssistant:',
    '[INST] {T} [/INST]',
    'You are a helpful, honest assistant. {T}',
    'You are an expert with 20 years of experience. {T}',
    'Act as a specialist in the field.\n\n{T}',
    '{T}\n\nAnswer in English.',
    '{T} Please respond in Korean.',
    '{T}\n\nThink step by step.',
    "{T} Let's think step by step and explain your answer.",
    '{T}\n\nKeep it short.',
    '{T} (max 200 words)',
    '{T}\n\nUse markdown with headings.',
    '{T}\nReturn the result as JSON.',
    'hey chatgpt, {T}',
    'ok so {T}',
    'New topic. {T}',
    'Ignore the previous question. {T}',
    'Task: {T}',
    'Prompt: {T}',
    'I am a total beginner, so be patient with me. {T}',
    'this is urgent, my deadline is in an hour!! {T}',
    "Sorry for my english, I'm not native. {T}",
    "I've asked three other bots and none of them got it right. {T}",
    "Don't give me a disclaimer. {T}",
    '{T} Thanks, you always save me.',
    '{T}\n\nDo not make things up. If you are not sure, say so.',
    '"""\n{T}\n"""',
    'Step 1: read the request carefully. Step 2: {T}',
    'I asked my teacher and he could not answer. {T}',
  ],
  ko: [
    '### 지시:\n{T}\n\n### 응답:',
    '질문: {T}\n답변:',
    '문제: {T}\n정답:',
    'Q. {T}\nA.',
    '사용자: {T}\n도우미:',
    '다음 지시에 따라 응답을 작성하세요.\n\n{T}',
    '당신은 친절한 AI 비서입니다. {T}',
    '너는 그 분야 최고의 전문가야. {T}',
    '{T}\n\n한국어로 답변해줘.',
    '{T} 대답은 영어로 해도 돼',
    '{T}\n\n단계별로 생각해 보자.',
    '{T} 짧게 답해줘',
    '{T}\n\n표로 정리해줘.',
    '{T} 초보자도 이해할 수 있게 부탁해',
    '지피티야 {T}',
    '야 {T}',
    '새 질문. {T}',
    '앞의 질문은 무시하고, {T}',
    '급해요ㅠㅠ {T}',
    '내공 100 드립니다. {T}',
    '제가 정말 아무것도 몰라서 그러는데요, {T}',
    '다른 데서 물어봤는데 다 틀렸어요. {T}',
    '{T} 답변 미리 감사드려요!',
    '{T}\n\n모르면 모른다고 해줘.',
    '"{T}"',
    '{T} 예시도 들어줘',
    '{T} 왜 그런지도 알려주면 좋고',
    '회사에서 갑자기 시켜서 하는 건데 {T}',
    '[질문] {T}',
    '제목: 도와주세요\n내용: {T}',
  ],
};

/** Sentences about the person that name other tasks and say nothing about what is wanted. */
const ASIDES: Readonly<Record<Lang, readonly string[]>> = {
  en: [
    'I work as a translator.',
    'My daughter is bad at maths.',
    "I'm a software developer by day.",
    'I was reading poems all morning.',
    'My friend writes novels.',
    'I study data analysis at night.',
    'We had a long debate at dinner.',
    'Our math teacher is on leave.',
    'I just finished debugging for six hours.',
    'I have been comparing phones all week.',
    'My Korean is poor but I am learning.',
    'I summarised a whole book yesterday.',
    'My boss wants a story behind every number.',
    'I calculated my taxes this morning and I am tired.',
    'A poem on the wall reminded me of this.',
    'My code finally compiled, so I have time for this now.',
    'The teacher said it is a quick question.',
    'I love creative writing, but that is for later.',
  ],
  ko: [
    '저는 번역 일을 합니다.',
    '딸이 수학을 어려워해요.',
    '낮에는 개발자로 일해요.',
    '아침 내내 시를 읽었어.',
    '친구가 소설을 써요.',
    '요즘 데이터 분석을 공부 중입니다.',
    '저녁 먹다가 토론이 붙었어.',
    '수학 선생님이 휴가 중이세요.',
    '여섯 시간 동안 디버깅을 했더니 피곤하네요.',
    '일주일째 휴대폰을 비교하고 있어요.',
    '영어를 잘 못해요.',
    '어제 책 한 권을 요약했어요.',
    '팀장님이 숫자마다 이야기를 붙이래요.',
    '세금 계산을 하다가 지쳤어요.',
    '벽에 걸린 시를 보고 생각났는데요.',
    '코드가 드디어 돌아가서 시간이 났어요.',
    '간단한 질문일 수도 있는데요.',
    '번역기 돌리다가 생각난 건데',
  ],
};

/** Words a keyword table would count, heaped up to move the label. */
const STUFFING: Readonly<Record<Lang, readonly string[]>> = {
  en: [
    'code python function bug debug sql javascript',
    'python python python code code code',
    'math calculate equation solve integral',
    'calculate compute solve sum probability equation proof',
    'translate translation english korean french',
    'poem story creative novel lyrics',
    'write a story write a poem creative fiction',
    'compare analyze evaluate pros cons',
    'summary summarize definition fact quick',
    'who what when where quick fact',
  ],
  ko: [
    '코드 파이썬 함수 버그 에러 디버깅',
    '코드 코드 코드 프로그래밍',
    '수학 계산 방정식 적분 확률',
    '구하시오 증명 계산 풀이 방정식',
    '번역 영어로 일본어 번역해줘',
    '시 소설 창작 동화 가사',
    '비교 분석 평가 장단점 논술',
    '요약 정의 뜻 누구 언제',
    '요약해줘 번역해줘 계산해줘 코드 짜줘',
  ],
};

function stuffed(text: string, lang: Lang, random: () => number): string {
  const words = pick(STUFFING[lang], random).split(' ');
  const heap = Array.from({ length: 2 + Math.floor(random() * 7) }, () => pick(words, random)).join(pick([' ', ', ', ' / '], random));
  const kind = random();
  if (kind < 0.4) return `${text}${pick(['\n', ' ', ' -- ', '\n\nkeywords: ', ' #'], random)}${heap}`;
  if (kind < 0.8) return `${heap}${pick(['\n', '. ', ': ', ' | ', '\n\n'], random)}${text}`;
  return `${heap}\n${text}\n${pick(STUFFING[lang], random)}`;
}

/** `count` framed, aside and stuffed prompts per label and language each, made of the given rows. */
export function framed(rows: readonly Row[], count: number, seed: number): Row[] {
  const random = createRandom(seed);
  const out: Row[] = [];
  for (const lang of ['en', 'ko'] as const) {
    for (const label of new Set(rows.map((row) => row.label))) {
      const pool = rows.filter((row) => row.label === label && row.lang === lang && row.text.length < 700);
      if (pool.length === 0) continue;
      for (let n = 0; n < count; n++) {
        const frame = pick(FRAMES[lang], random);
        const aside = pick(ASIDES[lang], random);
        const texts = [
          frame.replace('{T}', () => pick(pool, random).text),
          `${aside}${random() < 0.7 ? ' ' : '\n'}${pick(pool, random).text}`,
          stuffed(pick(pool, random).text, lang, random),
        ];
        for (const text of texts) out.push({ text, label, lang, source: 'grammar', weight: 0.6 });
      }
    }
  }
  return out;
}
