import { expand, type Language, number, pick, type Random } from './topic-expand.ts';

/** Sentences that can stand alone; a passage is a handful of them about one place, company or idea. */
const NEWS_EN = [
  '{company} said on [Monday|Tuesday|Thursday|Friday] that it would [open a research centre|cut {percent}0 jobs|raise prices by {percent}%|pause new orders|buy a smaller rival] in {place}.',
  'The [mayor|council|ministry|regulator] of {place} [approved|postponed|rejected|is considering] a plan for {issue}.',
  '[Shares|Sales|Exports|Orders] [fell|rose|slipped|jumped] {percent}% in the [first|second|third|last] quarter, [the sharpest move since {year}|in line with forecasts|well below expectations].',
  '[Analysts|Residents|Union leaders|Opposition lawmakers] [welcomed the move|warned that costs would be passed on|called it a step too late|said the figures were incomplete].',
  '"[We have listened|Nothing has been decided|This is the only option left|It was never about money]," [a spokesperson|the chair|{name}, who has lived there for {n}0 years,] said.',
  'A [study|survey|report] of {n},{percent}0 [adults|households|firms|students] found that {percent}% [supported|opposed|had never heard of|were unsure about] {issue}.',
  'The decision follows [months of talks|a series of accidents|a court ruling|protests in the capital] and [takes effect in {n} months|still needs approval|can be appealed].',
  '[Similar rules|Earlier trials|Comparable schemes] in {place2} [had mixed results|were dropped after {n} years|cut costs by {percent}%|led to lawsuits].',
  '[Officials|Researchers|Organisers] said {concept} was [one factor among many|behind most of the change|poorly understood by the public].',
  'About {money} million [dollars|euros] has been set aside for [repairs|compensation|training|a public campaign].',
  '[Nobody was injured|No date has been set|The company declined to comment|Details are expected next week].',
];
const FACTS_EN = [
  '{concept} is [a term|an idea|a process|a phenomenon] that [has been studied since {year}|is often misunderstood|appears in several fields|was first described in the {n}0th issue of a small journal].',
  '{person} [was born in|grew up in|moved to|was exiled from] {place} and [published|completed|abandoned] [a major work|three essays|an ambitious plan] in {year}.',
  '{work} was [written|produced|first shown|finished] in {year} and [received mixed reviews|was banned in {place}|sold {percent} million copies|won two prizes].',
  '{event} [changed the borders of the region|lasted longer than expected|is taught in every school in {place}|divided historians].',
  '{place} has a population of about {percent} million and [exports mainly machinery|depends on tourism|is known for {food}|lies on a fault line].',
  '[Unlike its relatives,|As a rule,|In the wild,] {animal} [sleeps during the day|lives for about {n}0 years|eats mostly plants|can recognise faces].',
  'The building was [begun|restored|destroyed by fire] in {year}, and [only the gate remains|it now houses a museum|visitors may enter free of charge].',
  'It [is sometimes confused with {concept2}|consists of {n} parts|was renamed in {year}|is protected by law].',
  'The [first|second|last] edition appeared in {year} with a preface by {person2}.',
];
const NEWS_KO = [
  '{company:은} [월요일|지난 3일|목요일|최근] {place}에 [연구소를 열겠다고|인력 {percent}0명을 줄이겠다고|가격을 {percent}% 올리겠다고|신규 주문을 중단한다고|경쟁사를 인수한다고] 밝혔다.',
  '{place} [시의회|정부|당국|교육청]:은 {issue} 방안을 [통과시켰다|연기했다|부결했다|검토하고 있다].',
  '[매출|수출|주가|주문량]:은 [1분기|2분기|3분기|지난해] {percent}% [감소했다|증가했다|하락했다|급등했다].',
  '[전문가들은|주민들은|노조는|야당은] [환영한다는 입장을 냈다|비용이 소비자에게 전가될 것이라고 우려했다|너무 늦은 조치라고 비판했다|통계가 불완전하다고 지적했다].',
  '[대변인은|위원장은|{n}0년째 살고 있는 {name} 씨는] "[충분히 의견을 들었다|아직 정해진 것은 없다|이것이 유일한 방법이다|돈 문제가 아니다]"라고 말했다.',
  '[성인|가구|기업|대학생] {n}천 명을 대상으로 한 [조사|설문|보고서]에 따르면 {percent}%가 {issue}에 [찬성했다|반대했다|대해 들어본 적이 없다고 답했다|대해 잘 모르겠다고 했다].',
  '이번 결정은 [수개월간의 협의|잇따른 사고|법원 판결|대규모 시위] 끝에 나온 것으로 [{n}개월 뒤 시행된다|추가 승인이 필요하다|이의 제기가 가능하다].',
  '{place2}에서 시행된 [비슷한 제도는|시범 사업은] [효과가 엇갈렸다|{n}년 만에 폐지됐다|비용을 {percent}% 줄였다|소송으로 이어졌다].',
  '[관계자는|연구진은] {concept:이} [여러 원인 중 하나|변화의 주된 원인|대중이 잘 모르는 문제]라고 설명했다.',
  '[보수 공사|보상|교육|홍보]에 약 {money}억 원이 배정됐다.',
  '[다친 사람은 없었다|일정은 아직 미정이다|회사 측은 답변을 거부했다|자세한 내용은 다음 주에 공개된다].',
];
const FACTS_KO = [
  '{concept:은} [{year}년 이후 연구되어 온|흔히 오해되는|여러 분야에서 쓰이는] [개념|용어|현상]이다.',
  '{person:은} [{place}에서 태어나|{place:으로} 이주하여|{place}에서 추방되어] {year}년에 [대표작을 발표했다|세 편의 글을 남겼다|계획을 포기했다].',
  '{work:은} {year}년에 [발표되었으며|완성되었으며|공개되었으며] [평가가 엇갈렸다|{place}에서 금지되었다|{percent}만 부가 팔렸다|두 개의 상을 받았다].',
  '{event:은} [지역의 국경을 바꾸었다|예상보다 오래 이어졌다|{place}의 모든 학교에서 가르친다|역사학자들 사이에 논쟁을 낳았다].',
  '{place:은} 인구가 약 {percent}0만 명이며 [기계류를 주로 수출한다|관광업에 의존한다|{food:으로} 유명하다|단층 위에 자리하고 있다].',
  '[가까운 종과 달리|일반적으로|야생에서] {animal:은} [낮에 잠을 잔다|약 {n}0년을 산다|주로 식물을 먹는다|얼굴을 알아본다].',
  '이 건물은 {year}년에 [착공되었고|복원되었고|화재로 소실되었고] [지금은 문만 남아 있다|현재 박물관으로 쓰인다|무료로 개방된다].',
  '이것은 [{concept2:과} 혼동되기도 한다|{n}개의 부분으로 이루어져 있다|{year}년에 이름이 바뀌었다|법으로 보호받고 있다].',
  '[초판|개정판]:은 {year}년에 {person2}의 서문과 함께 나왔다.',
];
const CHAT_EN = [
  '[did you|have you] [book|see|finish|send] the [tickets|report|keys|invoice] [yet|for saturday]?',
  "not yet, [they want a deposit of {money}|the site is down|i'm stuck at work|i thought you had it]",
  "[ok|fine|great], [ask {name3}|i'll call them at {hour}|let's do it tomorrow|try again later]",
  '[sorry|omg sorry], [my phone died|i totally forgot|i missed the bus|the meeting ran over]',
  "[no worries|it's fine|hmm], [we still have time|just don't be late|{name3} can cover for you]",
  '[how was|what about] the [interview|exam|trip|doctor]?',
  "[pretty good|a disaster|better than expected], [they'll tell me on friday|i passed!!|never again lol]",
  '[see you at {hour}|talk later|thanks :)|love you|haha ok]',
  "[are you coming to|who's going to] {name3}'s party? i heard [there's no food|it was moved to sunday|{name4} isn't invited]",
];
const CHAT_KO = [
  '[표|보고서|열쇠|청구서] [예약했어|봤어|보냈어|챙겼어]?',
  '아직. [보증금 {money}만원 내래|사이트가 안 열려|야근 중이야|네가 한 줄 알았지]',
  '[ㅇㅋ|그래|좋아] [{name3}한테 물어봐|{hour}시에 전화해볼게|내일 하자|나중에 다시 해보자]',
  '[미안|헐 미안] [폰이 꺼졌어|깜빡했어|버스 놓쳤어|회의가 길어졌어]',
  '[괜찮아|ㄱㅊ|흠] [아직 시간 있어|늦지만 마|{name3:이} 대신 해준대]',
  '[면접|시험|여행|병원] 어땠어?',
  '[괜찮았어|망했어|생각보다 좋았음] [금요일에 알려준대|합격했어!!|다신 안 가 ㅋㅋ]',
  '[{hour}시에 봐|나중에 얘기해|고마워 ㅎㅎ|ㅋㅋㅋ 알겠어]',
  '{name3} 생일파티 갈 거야? [음식 없대|일요일로 바뀌었대|{name4:은} 안 온대]',
];

function sentences(parts: readonly string[], count: number, language: Language, random: Random): string {
  const left = [...parts];
  const out: string[] = [];
  for (let i = 0; i < count && left.length > 0; i++) {
    const [next = ''] = left.splice(Math.floor(random() * left.length), 1);
    const text = expand(next, language, random);
    out.push(text.charAt(0).toUpperCase() + text.slice(1));
  }
  return out.join(' ');
}

/** A news item or an encyclopedia paragraph; length varies from one sentence to a dozen. */
export function prose(language: Language, random: Random): string {
  const news = random() < 0.55;
  const parts = language === 'en' ? (news ? NEWS_EN : FACTS_EN) : news ? NEWS_KO : FACTS_KO;
  const count = random() < 0.35 ? number(1, 2, random) : number(3, 9, random);
  const text = sentences(parts, count, language, random);
  if (language === 'en' && news && random() < 0.12) return text.toLowerCase().replace(/([.,"])/gu, ' $1');
  return text;
}

/** A chat between two people, one line a turn. */
export function chat(language: Language, random: Random): string {
  const parts = language === 'en' ? CHAT_EN : CHAT_KO;
  const [first, second] = expand('{name}/{name2}', language, random).split('/');
  const turns = number(4, 11, random);
  return Array.from({ length: turns }, (_, i) => {
    const line = expand(pick(parts, random), language, random);
    return `${i % 2 === 0 ? first : second}: ${line}`;
  }).join('\n');
}

const COLUMNS: readonly (readonly [string, string])[] = [
  ['Sales', '매출'],
  ['Cost', '비용'],
  ['Visitors', '방문객'],
  ['Complaints', '민원'],
  ['Staff', '직원 수'],
  ['Score', '점수'],
  ['Refunds', '환불'],
  ['Age 20-29', '20대'],
  ['Satisfaction', '만족도'],
  ['Churn %', '이탈률'],
];

/** A small table of numbers, as markdown or as commas. */
export function table(language: Language, random: Random): string {
  const side = language === 'en' ? 0 : 1;
  const columns = [...COLUMNS]
    .sort(() => random() - 0.5)
    .slice(0, number(2, 4, random))
    .map((pair) => pair[side]);
  const kind = random();
  const start = number(2012, 2020, random);
  const rows = Array.from({ length: number(3, 6, random) }, (_, i) => {
    const quarter = `Q${(i % 4) + 1}`;
    const head = kind < 0.4 ? String(start + i) : kind < 0.7 ? quarter : expand('{place}', language, random);
    return [head, ...columns.map(() => String(number(5, 9000, random) / pick([1, 10], random)))];
  });
  const header = [language === 'en' ? 'Item' : '구분', ...columns];
  const all = [header, ...rows];
  return random() < 0.6 ? all.map((cells) => `| ${cells.join(' | ')} |`).join('\n') : all.map((cells) => cells.join(', ')).join('\n');
}

/** Something to read, of any kind. */
export function material(language: Language, random: Random): string {
  const kind = random();
  if (kind < 0.62) return prose(language, random);
  if (kind < 0.82) return chat(language, random);
  if (kind < 0.92) return table(language, random);
  const mark = language === 'en' ? 'Article' : '기사';
  return Array.from({ length: number(2, 3, random) }, (_, i) => `${mark} ${i + 1}: ${prose(language, random)}`).join('\n\n');
}

/** Puts what is asked before, after or around what is to be read. */
export function layOut(text: string, ask: string, language: Language, random: Random): string {
  const en = language === 'en';
  return pick(
    [
      `${text}\n${ask}`,
      `${text}\n\n${ask}`,
      `${ask}\n\n${text}`,
      `${ask}\n${text}`,
      `${ask}\n"""\n${text}\n"""`,
      `${text}\n---\n${ask}`,
      en ? `Passage: ${text}\nQuestion: ${ask}` : `지문: ${text}\n질문: ${ask}`,
      en ? `Read the following.\n\n${text}\n\n${ask}` : `다음 글을 읽고 답하시오.\n\n${text}\n\n${ask}`,
      `${text} ${ask}`,
    ],
    random,
  );
}
