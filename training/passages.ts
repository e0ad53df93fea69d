import { pick } from './random.ts';

/** Encyclopedia-like passages written for training: name, then sentences about it. Facts do not matter here, the shape does. */
const KO: readonly (readonly [string, ...string[]])[] = [
  [
    '석빙고',
    '석빙고는 겨울에 채취한 얼음을 여름까지 보관하기 위해 돌을 쌓아 만든 창고이다',
    '내부는 반지하 구조이며 천장은 아치형으로 되어 있다',
    '현재 경주와 안동 등지에 여섯 기가 남아 있다',
  ],
  [
    '해파리',
    '해파리는 자포동물에 속하는 해양 생물로 몸의 대부분이 수분으로 이루어져 있다',
    '촉수에 있는 자포로 먹이를 마비시켜 잡아먹는다',
    '일부 종은 담수에서도 발견된다',
  ],
  [
    '직지심체요절',
    '직지심체요절은 1377년 청주 흥덕사에서 금속활자로 인쇄된 불교 서적이다',
    '현존하는 가장 오래된 금속활자 인쇄본으로 알려져 있다',
    '하권만이 프랑스 국립도서관에 보관되어 있다',
  ],
  [
    '아메리카들소',
    '아메리카들소는 북아메리카 초원 지대에 서식하는 대형 초식동물이다',
    '19세기 남획으로 멸종 위기에 처했으나 보호 정책으로 개체 수가 회복되었다',
    '수컷의 몸무게는 900kg에 이르기도 한다',
  ],
  [
    '김치',
    '김치는 배추나 무 등을 소금에 절여 고춧가루와 젓갈로 버무린 뒤 발효시킨 한국의 전통 음식이다',
    '지역에 따라 재료와 담그는 방식이 다르다',
    '유산균이 풍부하여 소화를 돕는다고 한다',
  ],
  [
    '노르웨이',
    '노르웨이는 북유럽 스칸디나비아반도 서쪽에 위치한 입헌군주국이다',
    '수도는 오슬로이며 석유와 수산업이 주요 산업이다',
    '1994년 국민투표에서 유럽 연합 가입안이 부결되었다',
  ],
  [
    '백혈구',
    '백혈구는 혈액 속에서 몸을 감염으로부터 보호하는 면역 세포이다',
    '골수의 조혈모세포에서 만들어지며 림프구와 호중구 등으로 나뉜다',
    '수치가 지나치게 낮으면 감염에 취약해진다',
  ],
  [
    '장승',
    '장승은 마을이나 절 입구에 세우는 나무나 돌로 된 상으로 이정표와 수호신의 역할을 하였다',
    '보통 남녀 한 쌍을 세우며 천하대장군과 지하여장군이라는 글씨를 새긴다',
    '지방에 따라 벅수라고도 부른다',
  ],
  [
    '축구',
    '축구는 각각 11명의 선수로 이루어진 두 팀이 공을 상대편 골대에 넣어 득점을 겨루는 경기이다',
    '골키퍼를 제외한 선수는 경기 중 손을 사용할 수 없다',
    '전반과 후반 각 45분씩 진행된다',
  ],
  [
    '알루미늄',
    '알루미늄은 원자 번호 13번의 은백색 금속으로 가볍고 내식성이 좋다',
    '지각에서 가장 풍부한 금속 원소이며 보크사이트에서 추출한다',
    '항공기 동체와 음료 캔에 널리 쓰인다',
  ],
  [
    '심야 버스',
    '서울시는 2013년부터 자정 이후에 운행하는 심야 버스를 도입하였다',
    '휴대전화 통화량 자료를 분석하여 노선을 정하였으며 요금은 일반 버스보다 비싸다',
    '이용객의 상당수는 대리운전 기사와 학생이다',
  ],
  [
    '비트코인',
    '비트코인은 2009년 사토시 나카모토라는 가명의 인물이 개발한 암호화폐이다',
    '발행량은 2,100만 개로 제한되어 있으며 거래 내역은 블록체인에 기록된다',
    '일부 국가에서는 법정 통화로 채택하였다',
  ],
  [
    '판다',
    '판다는 중국 중서부의 고산 지대에 서식하는 곰과의 포유류이다',
    '하루의 대부분을 대나무를 먹으며 보내고 겨울잠을 자지 않는다',
    '새끼는 태어날 때 몸무게가 100g 남짓이다',
  ],
  [
    '훈민정음',
    '훈민정음은 조선 세종이 1443년에 창제하고 1446년에 반포한 문자 체계이다',
    '창제 당시에는 28자였으나 현재는 24자가 쓰인다',
    '해례본은 유네스코 세계기록유산으로 등재되었다',
  ],
  [
    '커피',
    '커피는 커피나무 열매의 씨앗을 볶아 가루로 낸 뒤 우려 마시는 음료이다',
    '에티오피아 고원에서 처음 음용되었다는 설이 유력하다',
    '카페인이 들어 있어 각성 효과가 있다',
  ],
  [
    '바이킹',
    '바이킹은 8세기 말부터 11세기까지 유럽 각지를 항해하며 교역과 약탈을 한 북유럽인을 가리킨다',
    '이들은 얕은 강에서도 다닐 수 있는 배를 이용하였다',
    '뿔 달린 투구를 썼다는 이야기는 후대의 상상이다',
  ],
  [
    '세금',
    '부가가치세는 재화나 용역이 거래되는 각 단계에서 생기는 부가가치에 부과하는 간접세이다',
    '한국에서는 1977년에 도입되었으며 기본 세율은 10%이다',
    '미가공 식료품 등은 면세 대상이다',
  ],
  [
    '만리장성',
    '만리장성은 북방 민족의 침입을 막기 위해 중국의 역대 왕조가 쌓은 성벽이다',
    '현재 남아 있는 부분은 대부분 명나라 때 축조된 것이다',
    '맨눈으로 달에서 보인다는 말은 사실과 다르다',
  ],
  [
    '말라리아',
    '말라리아는 얼룩날개모기류의 암컷이 옮기는 열원충에 감염되어 생기는 급성 열성 질환이다',
    '오한과 고열이 주기적으로 반복되는 것이 특징이다',
    '세계적으로 매년 수십만 명이 이 병으로 사망한다',
  ],
  [
    '가야금',
    '가야금은 오동나무 공명판 위에 명주실 열두 줄을 얹어 손가락으로 뜯는 현악기이다',
    '가야국의 가실왕이 만들었다고 전해진다',
    '최근에는 25현으로 개량된 악기도 연주된다',
  ],
  [
    '공정거래위원회',
    '공정거래위원회는 독점과 불공정 거래를 규제하는 국무총리 소속의 중앙행정기관이다',
    '위원장은 국무회의에 출석하여 발언할 수 있다',
    '심결에 불복하는 사업자는 서울고등법원에 소를 제기한다',
  ],
  [
    '호박벌',
    '호박벌은 몸이 굵고 털이 많은 꿀벌과의 곤충으로 꽃가루받이에 중요한 역할을 한다',
    '여왕벌만이 겨울을 나고 봄에 홀로 집을 짓기 시작한다',
    '진동으로 꽃가루를 떨어뜨리는 습성이 있다',
  ],
  [
    '자전거',
    '자전거는 사람의 힘으로 바퀴를 굴려 움직이는 탈것이다',
    '1817년 독일의 카를 폰 드라이스가 만든 두 바퀴 기구가 시초로 꼽힌다',
    '네덜란드는 인구보다 자전거 수가 많은 나라로 유명하다',
  ],
  [
    '지중해',
    '지중해는 유럽과 아프리카, 아시아에 둘러싸인 내해로 지브롤터 해협을 통해 대서양과 이어진다',
    '증발량이 많아 염도가 대양보다 높다',
    '고대부터 해상 교역의 중심지였다',
  ],
  [
    '헌혈',
    '헌혈은 건강한 사람이 자유의사로 혈액을 기증하는 것을 말한다',
    '전혈 헌혈은 만 16세부터 가능하며 두 달 간격을 두어야 한다',
    '몸무게가 기준에 미치지 못하면 참여할 수 없다',
  ],
  [
    '드럼',
    '드럼은 북과 심벌즈를 한 사람이 연주할 수 있도록 배치한 타악기이다',
    '재즈와 록 음악에서 리듬의 중심을 맡는다',
    '전자드럼은 소음이 적어 가정에서 연습용으로 쓰인다',
  ],
  [
    '올림픽',
    '근대 올림픽은 1896년 그리스 아테네에서 처음 개최되었다',
    '하계와 동계 대회가 두 해 간격으로 번갈아 열린다',
    '제2차 세계 대전 기간에는 대회가 취소되었다',
  ],
  [
    '사막여우',
    '사막여우는 북아프리카의 사막에 사는 가장 작은 여우이다',
    '큰 귀는 열을 발산하고 먹이의 소리를 듣는 데 쓰인다',
    '야행성이며 물을 거의 마시지 않고도 살 수 있다',
  ],
  [
    '국민연금',
    '국민연금은 소득이 있을 때 보험료를 납부하고 나이가 들거나 장애가 생겼을 때 급여를 받는 사회보장제도이다',
    '1988년에 시행되었고 가입 기간이 10년 이상이어야 노령연금을 받는다',
    '보험료율은 단계적으로 인상되어 왔다',
  ],
  [
    '고흐',
    '빈센트 반 고흐는 네덜란드 출신의 후기 인상주의 화가이다',
    '생전에 팔린 그림은 극소수였으나 사후에 큰 명성을 얻었다',
    '동생 테오와 주고받은 편지가 수백 통 남아 있다',
  ],
];

const EN: readonly (readonly [string, ...string[]])[] = [
  [
    'the lighthouse',
    'The lighthouse was built in 1871 on a granite reef eleven miles from shore',
    'Its lamp was automated in 1986 and the last keeper left the following spring',
    'Local groups have raised funds to repair the tower since then',
  ],
  [
    'the city council',
    'The city council voted 7-2 on Tuesday to ban cars from the old town during summer weekends',
    'Shop owners had warned that the plan would keep customers away',
    'The mayor said the measure would be reviewed after one year',
  ],
  [
    'axolotls',
    'Axolotls are salamanders that keep their larval features throughout life',
    'They can regrow lost limbs, parts of the heart and even of the brain',
    'In the wild they survive only in a few canals near Mexico City',
  ],
  [
    'the company',
    'The chipmaker reported quarterly revenue of $4.1 billion, beating analyst expectations',
    'Shares rose 6% in after-hours trading as it raised its outlook for the year',
    'The chief executive credited strong demand from data centres',
  ],
  [
    'the treaty',
    'The treaty was signed in 1648 after five years of negotiations in two towns',
    'It ended a war that had devastated much of central Europe',
    'Historians still argue about how much it shaped the idea of the sovereign state',
  ],
  [
    'the striker',
    'The 24-year-old striker has signed a four-year contract with the London club',
    'He scored 19 goals in 33 league games last season',
    'The fee is believed to be a club record',
  ],
  [
    'the storm',
    'The storm made landfall near the border late on Thursday with winds of 115 mph',
    'More than 300,000 homes lost power and two bridges were closed',
    'Forecasters expect it to weaken as it moves inland',
  ],
  [
    'tea',
    'Tea is made by pouring hot water over cured leaves of an evergreen shrub native to East Asia',
    'It is the most widely consumed drink in the world after water',
    'Green tea is less oxidised than black tea',
  ],
  [
    'the study',
    'Researchers followed 12,000 adults for ten years and asked about their sleep',
    'Those who slept less than six hours were more likely to develop high blood pressure',
    'The authors cautioned that the study cannot show cause and effect',
  ],
  [
    'the film',
    "The film tells the story of two sisters who reopen their grandmother's bakery",
    'It was shot in six weeks on a small budget and premiered at a festival in Toronto',
    'Critics praised the lead actress',
  ],
  [
    'the court',
    'The appeals court ruled that the ban on overnight camping in parks was unlawful',
    'The city must now rewrite the ordinance or appeal to the supreme court',
    'Advocates for homeless people welcomed the decision',
  ],
  [
    'photosynthesis',
    'Photosynthesis is the process by which plants turn light, water and carbon dioxide into sugar and oxygen',
    'It takes place in chloroplasts, which contain the pigment chlorophyll',
    'Almost all life on Earth depends on it',
  ],
  [
    'the airline',
    'The airline cancelled 140 flights on Sunday after a software failure at its operations centre',
    'Passengers slept in terminals and queued for hours to rebook',
    'A spokesman apologised and promised refunds',
  ],
  [
    'the museum',
    'The museum opened in 1903 in a former railway station and holds more than 40,000 objects',
    'Its collection of medieval manuscripts is among the largest in the country',
    'Admission has been free since 2001',
  ],
  [
    'the volcano',
    'The volcano last erupted in 1783, covering nearby farms in ash',
    'Scientists detected a swarm of small earthquakes beneath it this month',
    'Officials say there is no sign of an imminent eruption',
  ],
  [
    'honey',
    'Honey is a sweet substance that bees make from the nectar of flowers',
    'Its low water content and acidity keep most microbes from growing in it',
    'Sealed jars can last for decades',
  ],
  [
    'the senator',
    'The senator announced on Monday that she will not seek a third term',
    'She has represented the state since 2012 and chaired the energy committee',
    'Several members of her party are expected to run for the seat',
  ],
  [
    'the bridge',
    'The suspension bridge spans 1,280 metres and took four years to build',
    'It carries about 110,000 vehicles a day',
    'Its towers are painted in a shade of orange that is visible in fog',
  ],
];

const CHAT_EN = [
  'Mia: are you coming tonight?\nTom: not sure, still at work\nMia: we start at 8, bring snacks\nTom: ok will try, save me a seat :)',
  'Dan: did you book the tickets?\nEve: sold out!!\nDan: seriously? for both days?\nEve: yep. we could try the one in May\nDan: fine, May it is',
  'Priya: The client moved the deadline to Friday.\nLee: That is two days earlier.\nPriya: I know. Can you finish the slides by Thursday noon?\nLee: Yes, if Sam sends me the numbers today.',
];
const CHAT_KO = [
  '민지: 오늘 저녁에 올 거야?\n준호: 아직 회사야ㅠㅠ\n민지: 8시 시작이니까 과자만 사 와\n준호: 알겠어 최대한 빨리 갈게',
  '팀장: 고객사에서 일정을 금요일로 당겼습니다.\n김대리: 이틀이나 빨라졌네요.\n팀장: 목요일 오전까지 자료 가능할까요?\n김대리: 오늘 수치만 받으면 가능합니다.',
];

const SUM_EN = [
  'Summarize the following article:',
  'Summarize:',
  'TL;DR this',
  'Give me the gist of this:',
  'What are the key points here?',
  'Summarise this in two sentences.',
  'Write a one-sentence summary of the text below.',
  'can you sum this up for me',
  'Condense this into three bullet points:',
  'Suggest a headline for this article:',
  'In a few sentences, what is this about?',
  'Write highlights for this article:',
  'Give a short title to this text:',
  'Briefly: what happened?',
  'Read the text and tell me the main idea.',
  'Write an outline of this in 3 points:',
];
const SUM_EN_AFTER = [
  'TL;DR:',
  'Summary:',
  'Summarize the text above.',
  'Write a summary of the text above:',
  'In one sentence, the article says:',
  'Give me a title for the above.',
  'What is the main point?',
  'Generate a headline for this article:',
  'short summary please',
  'Can you express the main content of this text?',
];
const SUM_KO = [
  '다음 글을 요약해줘.',
  '아래 기사 세 줄 요약 부탁해',
  '이 글의 핵심만 정리해줘:',
  '다음 내용을 한 문장으로 요약하세요.',
  '이거 짧게 줄여줘',
  '아래 글의 제목을 지어 주세요.',
  '다음 대화를 요약해 주세요.',
  '요점만 알려줘',
  '다음 기사 내용 간단히 정리 부탁드립니다',
  '아래 텍스트의 주제가 뭐야?',
  '중심 내용을 한 줄로 말해줘.',
];
const SUM_KO_AFTER = [
  '요약해줘',
  '위 글을 세 문장으로 요약해 주세요.',
  '한 줄 요약:',
  '위 내용의 핵심은?',
  '이 글의 요지를 짧게 정리해줘.',
  '제목을 하나 붙여줘',
  '간단히 정리 부탁',
];

const take = (list: readonly string[], count: number, random: () => number): string[] => {
  const rest = [...list];
  while (rest.length > count) rest.splice(Math.floor(random() * rest.length), 1);
  return rest;
};

function passage(language: 'en' | 'ko', random: () => number, size: number): { name: string; text: string } {
  const pool = language === 'ko' ? KO : EN;
  const main = pick(pool, random);
  const [name, ...sentences] = main;
  const parts = [...take(sentences, Math.min(3, size), random)];
  for (let more = size - 3; more > 0; more -= 3) parts.push(...pick(pool, random).slice(1));
  return { name, text: `${parts.join('. ')}.` };
}

const yesNoKo = (sentence: string, random: () => number): string =>
  random() < 0.4
    ? `${sentence}.`
    : sentence
        .replace(/이다$/, pick(['인가?', '입니까?', '인가요?', '이야?', '이 맞나요?'], random))
        .replace(/하였다$/, pick(['하였는가?', '했나요?', '했어?'], random))
        .replace(/한다$/, pick(['하는가?', '하나요?', '합니까?'], random))
        .replace(/된다$/, pick(['되는가?', '되나요?'], random))
        .replace(/있다$/, pick(['있는가?', '있나요?', '있습니까?', '있어?'], random))
        .replace(/다$/, pick(['다는 게 맞나요?', '다?', '다.', '다는데 사실이야?'], random));

const ASK_EN = [
  'Is that true?',
  'When was that?',
  'Who was it?',
  'According to the text, what happened?',
  'Where did this take place?',
  'How many?',
  'Answer with yes or no.',
  'Which one is mentioned?',
  'what year was it',
  'Based on the passage, who is this about?',
];
const ASK_KO = [
  '언제 있었던 일인가요?',
  '누구에 대한 글인가?',
  '본문에 따르면 어디에서 일어났나?',
  '이 글에 나온 숫자는 무엇을 뜻하나요?',
  '맞으면 예, 틀리면 아니오로 답하세요.',
  '무엇에 관한 글이야?',
  '몇 년에 시작됐어?',
  '어느 나라 이야기인가요?',
];

/** Quick questions about a given passage: claims to check, questions it answers, summaries. */
export function passagePrompt(language: 'en' | 'ko', random: () => number): string {
  const korean = language === 'ko';
  const size = 1 + Math.floor(random() * (random() < 0.3 ? 14 : 4));
  const { text } = passage(language, random, size);
  const kind = random();
  if (kind < 0.35) {
    const claim = pick(pick(korean ? KO : EN, random).slice(1), random);
    const asked = korean
      ? yesNoKo(claim, random)
      : pick([`${claim}.`, `Is it true that ${claim.charAt(0).toLowerCase()}${claim.slice(1)}?`, `${claim}. True or false?`, `${claim}, right?`], random);
    return random() < 0.45 ? asked : `${text}\n${asked}`;
  }
  if (kind < 0.5) return random() < 0.7 ? `${text}\n${pick(korean ? ASK_KO : ASK_EN, random)}` : `${pick(korean ? ASK_KO : ASK_EN, random)}\n\n${text}`;
  const body = random() < 0.12 ? pick(korean ? CHAT_KO : CHAT_EN, random) : text;
  const frame =
    random() < 0.25
      ? korean
        ? pick(['기사: ', '본문: ', '[본문]\n', '내용: '], random)
        : pick(['Article: ', 'Text: ', 'Document: ', 'Dialogue:\n'], random)
      : '';
  const cased = !korean && random() < 0.15 ? body.toLowerCase() : body;
  return random() < 0.55
    ? `${pick(korean ? SUM_KO : SUM_EN, random)}${random() < 0.7 ? '\n\n' : ' '}${frame}${cased}`
    : `${frame}${cased}\n\n${pick(korean ? SUM_KO_AFTER : SUM_EN_AFTER, random)}`;
}

/** A bare passage, for instructions of other kinds to stand around. */
export const barePassage = (language: 'en' | 'ko', random: () => number): string => passage(language, random, 1 + Math.floor(random() * 5)).text;
