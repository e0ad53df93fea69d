import type { Row } from './data.ts';
import { createRandom, pick } from './random.ts';

/** Shapes of prompts that error analysis showed to be missing: each fills slots of sentences written for training. */
type Shape = (random: () => number) => string;

const fillSlots = (template: string, slots: Readonly<Record<string, readonly string[]>>, random: () => number): string =>
  template.replace(/\{(\w+)\}/g, (all, name: string) => (slots[name] === undefined ? all : pick(slots[name], random)));

const split = (text: string): string[] => text.split('|').map((part) => part.trim());

// Korean: facts to check, with a predicate that belongs to the kind of thing.
const KO_KINDS: readonly { readonly names: readonly string[]; readonly predicates: readonly string[] }[] = [
  {
    names: split(
      '늑대|치타|박쥐|펭귄|문어|고래상어|두더지|코알라|악어|까마귀|도마뱀|반딧불이|낙타|수달|하마|기린|오징어|불가사리|다람쥐|고슴도치|연어|매미|타조|청개구리|북극곰|카멜레온|벌새|해마|순록|아르마딜로',
    ),
    predicates: split(
      '겨울잠을 자는가|알을 낳는가|포유류인가|야행성인가|무리를 지어 사는가|초식동물인가|물속에서 숨을 쉴 수 있는가|독을 가지고 있는가|멸종 위기종인가|새끼를 주머니에서 기르는가|털갈이를 하는가|추위에 강한가|한국에도 서식하는가|하루에 스무 시간을 자는가|수컷이 알을 품는가|척추동물인가|천적이 없는가|사람을 공격하는가|눈이 세 개인가|초음파를 이용하는가|먹이를 저장하는가|철에 따라 이동하는가',
    ),
  },
  {
    names: split(
      '노르웨이|브라질|몽골|케냐|싱가포르|아이슬란드|페루|카타르|뉴질랜드|헝가리|네팔|쿠바|모로코|벨기에|태국|우즈베키스탄|칠레|핀란드|베네수엘라|라오스|스위스|이집트|포르투갈|에티오피아|캐나다',
    ),
    predicates: split(
      '유럽 연합에 가입되어 있는가|바다와 접하고 있는가|왕이 있는 나라인가|영어를 공용어로 사용하는가|석유가 나는가|올림픽을 개최한 적이 있는가|남반구에 위치하는가|유로화를 쓰는가|핵무기를 보유하고 있는가|무비자로 입국할 수 있는가|돼지고기를 금지하는가|사막이 있는가|한국보다 면적이 넓은가|식민지였던 적이 있는가|월드컵에서 우승한 적이 있는가|수도가 가장 큰 도시인가|내륙국인가|입헌군주국인가|비가 자주 오는가|사형 제도가 있는가|차가 왼쪽으로 다니는가|쌀을 주식으로 하는가',
    ),
  },
  {
    names: split(
      '세종대왕|이순신|신사임당|정약용|김구|장영실|광개토대왕|나폴레옹|링컨|간디|처칠|베토벤|모차르트|피카소|아인슈타인|뉴턴|다윈|셰익스피어|톨스토이|한강|봉준호|손흥민|김연아|아이유|방탄소년단|박지성|스티브 잡스|일론 머스크|마리 퀴리|클레오파트라|칭기즈 칸|진시황',
    ),
    predicates: split(
      '노벨상을 받았는가|외국에서 태어났는가|왕의 아들인가|서른 살 이전에 죽었는가|결혼을 두 번 하였는가|군인이었는가|소설을 쓴 적이 있는가|대학을 졸업했는가|유배를 간 적이 있는가|데뷔 전에 다른 직업이 있었는가|왼손잡이였는가|영화에 출연했는가|한국을 방문한 적이 있는가|암살당했는가|자녀가 있는가|올림픽에 출전했는가|교과서에 실려 있는가|은퇴를 선언했는가|시각 장애가 있었는가|서울에서 태어났는가|해당 상을 최초로 수상했는가|본명으로 활동하는가',
    ),
  },
  {
    names: split(
      '에어컨|전자레인지|인공위성|반도체|태양광 패널|리튬 배터리|잠수함|스마트폰|냉장고|헬리콥터|GPS|블루투스|와이파이|3D 프린터|레이저|엑스레이|하이브리드 자동차|드론|전기차|KTX|나일론|시멘트|알루미늄|수산화 나트륨|헬륨|이산화탄소|구연산|플라스틱|다이아몬드|드라이아이스|에탄올|오존',
    ),
    predicates: split(
      '군사 목적으로 처음 개발되었는가|물에 녹는가|재활용할 수 있는가|전기가 통하는가|인체에 해로운가|한국에서 처음 만들어졌는가|19세기에 발명되었는가|공기보다 가벼운가|불에 타는가|의료용으로도 쓰이는가|우주에서도 작동하는가|상온에서 액체인가|자석에 붙는가|전파를 사용하는가|자연에서 발견되는가|특허가 만료되었는가|산성인가|국가의 허가가 필요한가|정전이 되면 멈추는가|영하에서도 쓸 수 있는가',
    ),
  },
  {
    names: split(
      '추석|설날|핼러윈|단오|한글날|크리스마스|정월 대보름|라마단|김장|제사|한복|탈춤|판소리|씨름|태권도|야구|배드민턴|컬링|마라톤|비빔밥|떡국|파스타|초밥|치즈|콤부차|두부|커피|녹차|와인|막걸리|젓갈|카레|팔라펠|마카롱|요구르트|된장',
    ),
    predicates: split(
      '발효 식품인가|공휴일인가|무형문화재로 지정되었는가|일본에서 유래했는가|올림픽 정식 종목인가|음력을 따르는가|아시아에서만 즐기는가|여성도 참여하는가|고려 시대부터 있었는가|서양에도 비슷한 것이 있는가|카페인이 들어 있는가|밀가루로 만드는가|겨울에만 하는가|냉장 보관해야 하는가|채식주의자도 먹을 수 있는가|지역마다 방식이 다른가|유네스코에 등재되었는가|열한 명이 한 팀인가|왕실에서 시작되었는가|우유가 들어가는가',
    ),
  },
  {
    names: split(
      '국민연금|건강보험|전세권|저작권|헌법재판소|국회의원|대통령|부가가치세|선거권|상속세|특허권|실업 급여|최저 임금|공정거래위원회|배심원 제도|여권|운전면허|청소년 보호법|집행 유예|가석방|지방 의회|금융 감독원|행정 심판|민사 소송|보석 제도',
    ),
    predicates: split(
      '외국인에게도 적용되는가|만 18세부터 가능한가|임기가 5년인가|법률로 정해져 있는가|양도할 수 있는가|갱신해야 하는가|국회의 동의가 필요한가|1988년에 시행되었는가|벌금형이 있는가|겸직할 수 있는가|소급 적용되는가|세금이 면제되는가|위헌 판결을 받았는가|신청해야만 받을 수 있는가|기간에 제한이 있는가|연임할 수 있는가|대리인이 신청할 수 있는가',
    ),
  },
];

const KO_YESNO_ENDINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/인가$/, ['인가?', '인가요?', '입니까?', '이다.', '이야?', '이 맞나?', '임?', '이 아니다.']],
  [/었는가$/, ['었는가?', '었나요?', '었습니까?', '었다.', '었어?', '었나?']],
  [/았는가$/, ['았는가?', '았나요?', '았다.', '았어?']],
  [/했는가$/, ['했는가?', '했나요?', '했다.', '했습니까?', '했어?']],
  [/하는가$/, ['하는가?', '하나요?', '합니까?', '한다.', '하나?', '하지 않는다.']],
  [/되는가$/, ['되는가?', '되나요?', '된다.', '됩니까?']],
  [/있는가$/, ['있는가?', '있나요?', '있습니까?', '있다.', '있어?', '있지 않다.']],
  [/한가$/, ['한가?', '한가요?', '하다.', '합니까?']],
  [/는가$/, ['는가?', '나요?', '나?', '는다고 하던데 맞아?', '는 게 사실이야?']],
  [/가$/, ['가?', '가요?', '지 알려줘', '지 궁금해']],
];

const koFact: Shape = (random) => {
  const kind = pick(KO_KINDS, random);
  const name = pick(kind.names, random);
  const predicate = pick(kind.predicates, random);
  const rule = KO_YESNO_ENDINGS.find(([pattern]) => pattern.test(predicate));
  const asked = rule === undefined ? `${predicate}?` : predicate.replace(rule[0], pick(rule[1], random));
  const last = name.charCodeAt(name.length - 1);
  const closed = last >= 0xac00 && (last - 0xac00) % 28 !== 0;
  const particle = random() < 0.8 ? (closed ? '은' : '는') : closed ? '이' : '가';
  const extra =
    random() < 0.25
      ? pick(split('현재 |실제로 |조선 시대에 |우리나라에서 |대부분의 경우 |처음부터 |법적으로 |공식적으로 |전통적으로 |2010년 이후에 '), random)
      : '';
  return `${name}${particle} ${extra}${asked}`;
};

const KO_GLOSS = split(
  '영어: {X}|프랑스어: {X}|독일어: {X}|일본어: {X}|라틴어: {X}|스페인어: {X}|러시아어: {X}|이탈리아어: {X}, 영어: {X}|중국어: {X}, 병음: {X}',
);
const KO_SUBJECTS: readonly (readonly [string, string, string])[] = [
  ['횡격막', '橫膈膜', 'diaphragm'],
  ['슬로바키아 요리', '料理', 'slovenská kuchyňa'],
  ['고려대학교', '高麗大學校', 'Korea University'],
  ['산호초', '珊瑚礁', 'coral reef'],
  ['인상주의', '印象主義', 'impressionnisme'],
  ['무정부주의', '無政府主義', 'anarchism'],
  ['거북선', '龜船', 'turtle ship'],
  ['푸들', '', 'Pudel'],
  ['사물놀이', '四物', 'samulnori'],
  ['온실 효과', '溫室效果', 'greenhouse effect'],
  ['발레', '', 'ballet'],
  ['하이쿠', '俳句', 'はいく'],
  ['인플레이션', '', 'inflation'],
  ['조력 발전', '潮力發電', 'tidal power'],
  ['라마단', '', 'Ramadan'],
  ['빙하기', '氷河期', 'ice age'],
  ['소나타', '', 'sonata'],
  ['판구조론', '板構造論', 'plate tectonics'],
  ['고딕 소설', '小說', 'Gothic fiction'],
  ['시조', '時調', 'sijo'],
  ['의무론', '義務論', 'deontology'],
  ['랩소디', '', 'rhapsody'],
  ['방정환', '方定煥', ''],
  ['한강', '韓江', 'Han Kang'],
  ['뱅크시', '', 'Banksy'],
  ['마리 로랑생', '', 'Marie Laurencin'],
  ['장국영', '張國榮', 'Leslie Cheung'],
  ['비틀스', '', 'The Beatles'],
];
const KO_DEFINITIONS = split(
  '몸의 {P}를 가리키는 말이다|{P}에서 발전한 양식이다|{Y}년에 설립된 교육 기관이다|{Y}년에 발표된 노래이자 같은 이름의 음반이다|{P}의 하나로 널리 알려져 있다|{Y}년에 태어난 대한민국의 가수이자 작곡가이다|{P} 지역에서 유래한 음식을 통틀어 이른다|개의 품종 가운데 하나이다|소설가이자 시인이 {Y}년에 출판한 장편소설이다|미국의 밴드가 {Y}년에 발매한 두 번째 정규 음반의 수록곡이다|{P}에 관한 철학적 입장이다|{P}를 원인으로 일어나는 자연 현상을 말한다|{Y}년부터 활동 중인 예술가이며 영화 감독이다|운문 문학의 한 갈래로 {P}의 영향을 받았다',
);
const KO_MORE = split(
  '이 작품은 {Y}년 만화로 처음 연재되었고 이후 드라마와 영화로 만들어졌다|현재 약 {N}만 명이 거주하거나 이용하는 것으로 추산된다|{P}와 관련이 깊으며 시대에 따라 의미가 달라졌다|주로 {P}에서 쓰이며 종류에 따라 성질이 다르다|당시 언론은 이를 두고 크게 보도하였다|이름은 옛말에서 비롯되었다는 설이 있다|같은 해 {N}명이 참가한 대회에서 우승하였다|대표적인 예로는 여러 가지가 있으나 그 기원은 분명하지 않다|{P}의 발달에 큰 영향을 끼쳤다|{Y}년 이후 개정되어 지금에 이른다|작사와 작곡은 본인이 맡았다|가격은 시기에 따라 {N}원에서 오르내린다',
);
const KO_P = split(
  '근육|유럽|중세 음악|동남아시아|아시아|고대 사회|농업|해양 생태계|종교 의식|군사 기술|의학|대중문화|민주주의|무역|교통|불교|자연 과학|지방 자치|방송|지역 경제',
);

/** An encyclopedic paragraph with glosses in brackets and a claim or question about it. */
const koEntry: Shape = (random) => {
  const [name, hanja, foreign] = pick(KO_SUBJECTS, random);
  const number = (low: number, high: number): string => String(low + Math.floor(random() * (high - low)));
  const values = (text: string): string =>
    text.replace(/\{(\w)\}/g, (_, slot: string) =>
      slot === 'P' ? pick(KO_P, random) : slot === 'Y' ? number(1400, 2022) : slot === 'N' ? number(2, 900) : foreign,
    );
  const glosses = [hanja, foreign === '' ? '' : values(pick(KO_GLOSS, random)).replaceAll('{X}', foreign)].filter((part) => part !== '');
  const head = random() < 0.7 && glosses.length > 0 ? `${name}(${glosses.join(', ')})` : random() < 0.2 ? `《${name}》` : name;
  const sentences = [`${head}은(는) `.replace('은(는)', random() < 0.5 ? '은' : '는') + values(pick(KO_DEFINITIONS, random))];
  for (let n = Math.floor(random() * 4); n > 0; n--) sentences.push(values(pick(KO_MORE, random)));
  const claim = values(pick(KO_MORE.concat(KO_DEFINITIONS.map((d) => `${name}는 ${d}`)), random));
  const asked =
    random() < 0.5
      ? `${claim}.`
      : claim
          .replace(/이다$/, '인가?')
          .replace(/하였다$/, '하였는가?')
          .replace(/다$/, pick(['는가?', '나요?', '다.', '다고 할 수 있는가?'], random));
  return random() < 0.85 ? `${sentences.join('. ')}.${random() < 0.8 ? '\n' : ' '}${asked}` : asked;
};

// English: what people of a place say.
const PEOPLE = split(
  'germans|the french|russians|italians|the dutch|the japanese|koreans|brazilians|turks|swedes|greeks|the chinese|hawaiians|people in hawaii|spaniards|mexicans|egyptians|the irish|norwegians|finns|vietnamese people|people in kenya',
);
const PLACES = split(
  'germany|france|russia|italy|spain|mexico|brazil|japan|china|korea|hawaii|egypt|turkey|norway|sweden|greece|kenya|zambia|vietnam|thailand|poland|portugal|india|iran|peru|ireland|iceland|the netherlands',
);
const TONGUES = split(
  'german|french|russian|italian|spanish|portuguese|japanese|chinese|korean|hawaiian|arabic|turkish|norwegian|swedish|greek|swahili|vietnamese|thai|polish|hindi|farsi|gaelic|latin|tagalog|mandarin|dutch',
);
const PHRASES = split(
  "hello|good night|goodbye|thank you|i am lost|where is the train station|tree|butter|my name is anna|i love you|see you tomorrow|excuse me|how much is this|cheers|dog|i would like a coffee|happy birthday|help|please|library|the food was great|water|notebook|cruise ship|where are the restrooms|i don't speak the language|good luck|grandmother|it is raining|what time is it|sorry|bread|car|beautiful|i need a doctor|check please|airport",
);
const EN_SAY = split(
  "how do {PEOPLE} say {PHRASE}|how would one say {PHRASE} in {PLACE}|what do they say for {PHRASE} in {PLACE}|what do i say for {PHRASE} in {PLACE}|what's the word for {PHRASE} in {TONGUE}|what is the {TONGUE} word for {PHRASE}|tell me how {PEOPLE} say {PHRASE}|tell me how to say '{PHRASE}' in {TONGUE}|how would i say {PHRASE} if i were in {PLACE}|if i was in {PLACE} how would i say {PHRASE}|what phrase means {PHRASE} in {PLACE}|what's local slang for {PHRASE} in {PLACE}|{PHRASE} in {TONGUE}|{PHRASE} {TONGUE}|how do you say {PHRASE} in {TONGUE}|could you tell me the {TONGUE} for {PHRASE}|how can i thank somebody in {TONGUE}|in {PLACE}, how do they say {PHRASE}|say {PHRASE} in {TONGUE}|i need to know how to say {PHRASE} in {TONGUE}|can you tell me how to say {PHRASE} in {TONGUE}|give me the {TONGUE} translation of {PHRASE}|use {TONGUE} to say {PHRASE}|what would {PEOPLE} say instead of {PHRASE}|please tell me how to ask for {PHRASE} in {PLACE}|help me translate {PHRASE} into {TONGUE}|what is {PHRASE} called in {TONGUE}",
);
const enSay: Shape = (random) => {
  const text = fillSlots(pick(EN_SAY, random), { PEOPLE, PLACE: PLACES, TONGUE: TONGUES, PHRASE: PHRASES }, random);
  return random() < 0.3 ? `${text.charAt(0).toUpperCase()}${text.slice(1)}?` : text;
};
const KO_TONGUES = split('영어|일본어|중국어|프랑스어|독일어|스페인어|러시아어|베트남어|태국어|이탈리아어|아랍어|몽골어|터키어|포르투갈어|힌디어');
const KO_PLACES = split('독일|프랑스|일본|중국|러시아|이탈리아|스페인|브라질|태국|베트남|터키|하와이|이집트|멕시코|몽골|핀란드');
const KO_PHRASES = split(
  '안녕하세요|감사합니다|잘 자|화장실이 어디예요|얼마예요|사랑해|도와주세요|생일 축하해|물 좀 주세요|미안합니다|나무|도서관|계산서 주세요|길을 잃었어요|내일 봐|맛있어요|배고파|천천히 말해 주세요|할머니|건배|수고하셨습니다|눈치|오랜만이에요|고생 많으셨어요|잘 부탁드립니다|비가 와요',
);
const KO_SAY = split(
  '{PHRASE} {TONGUE}로 뭐야?|{TONGUE}로 "{PHRASE}" 뭐라고 해?|{PLACE}에서는 {PHRASE}를 뭐라고 말해?|{PLACE} 사람들은 {PHRASE}라는 말을 어떻게 해?|\'{PHRASE}\' {TONGUE}로 어떻게 말하나요?|{PHRASE} {TONGUE}로|{TONGUE}로 {PHRASE}|{PHRASE} {TONGUE}로 알려줘|{PHRASE}의 {TONGUE} 표현이 뭐예요?|{PHRASE}에 해당하는 {TONGUE} 단어 알려주세요|{PHRASE}를 {TONGUE}로 하면?|{PLACE} 여행 가는데 {PHRASE} 어떻게 말해야 해?|{PHRASE} <- 이거 {TONGUE}로 뭐지|{TONGUE} 번역: {PHRASE}|{PHRASE}, {TONGUE}로 써줘|{PHRASE} {TONGUE} 발음이랑 같이 알려줘',
);
const koSay: Shape = (random) => fillSlots(pick(KO_SAY, random), { TONGUE: KO_TONGUES, PLACE: KO_PLACES, PHRASE: KO_PHRASES }, random);

// A professional's case that ends in a question: weighing, not a fact.
const EN_WHO = split(
  'A 54 year old man|A 23 year old woman|A 7 year old child|An elderly patient with diabetes|A pregnant woman in her third trimester|My neighbour|A tenant|A first-time founder|A junior nurse|A secondary school student|A client of mine|A retired couple|A small manufacturer|A violinist|A farmer in a dry region|A teacher in a mixed-ability class|A dog that was adopted last month|A welder|A chemist|A museum curator|A football coach|A bridge inspector|A freelance translator|A police officer',
);
const EN_CASE = split(
  'presents with chest tightness and shortness of breath after climbing stairs|has been dismissed after reporting unsafe working conditions|wants to contest a will that was signed two days before death|keeps losing yield in the last step of the synthesis|notices hairline cracks along a weld after cooling|is asked to cut the budget by a third without losing staff|refuses treatment for religious reasons|is caught copying an essay from the internet|has stopped eating and hides under the bed|wants to restore a painting whose varnish has turned yellow|finds that the soil has become salty after years of irrigation|must choose between two suppliers with different lead times|receives a letter saying the building will be demolished|has pain in the left wrist after long rehearsals|inherits a house with a mortgage and three siblings|sees two colleagues get into a fight over a project|was prescribed two drugs that interact|discovers that the data set contains names of patients|observes that the filament always breaks between the same two rollers|plans to move production to another country',
);
const EN_ASK = split(
  'What is the most likely cause?|What should be done first?|How would you proceed?|What are the options and which one is best?|Is this legal?|What would you recommend and why?|How could this be prevented in the future?|What steps should be taken?|Which diagnosis would you consider?|Who is liable?|How should they respond?|What could explain this?|What treatment would you choose?|Can they claim compensation?|How would you handle the situation?|Which method would give the best result?|What are the risks?|Would you intervene?',
);
const EN_OPEN = split(
  "Suppose {case}. {ask}|{Case}. {ask}|{Case}. {ask}|{Case}. {ask}|Imagine {case}. {ask}|Let's say {case}. {ask}|If {case}, {lowask}|You are a consultant. {Case}. {ask}|I am dealing with the following: {case}. {ask}",
);
const enCase: Shape = (random) => {
  const who = pick(EN_WHO, random);
  const happening = `${who.charAt(0).toLowerCase()}${who.slice(1)} ${pick(EN_CASE, random)}`;
  const ask = pick(EN_ASK, random);
  const more = random() < 0.3 ? `. There is a history of similar problems, and nobody has documented it` : '';
  return pick(EN_OPEN, random)
    .replace('{case}', happening + more)
    .replace('{Case}', `${who} ${happening.slice(who.length + 1)}${more}`)
    .replace('{lowask}', ask.charAt(0).toLowerCase() + ask.slice(1))
    .replace('{ask}', ask);
};
const KO_WHO = split(
  '54세 남성 환자가|입사 3개월 된 신입 사원이|세입자가|고등학교 2학년 학생이|임신 30주인 산모가|중소기업 대표가|어린이집 교사가|당뇨가 있는 70대 노인이|우리 팀 개발자가|동네 카페 사장이|퇴직을 앞둔 공무원이|축구부 감독이|간호사가|옆집 이웃이',
);
const KO_CASE = split(
  '계단을 오른 뒤 가슴이 답답하다고 호소한다|계약 기간이 끝났는데 보증금을 돌려받지 못하고 있다|상사의 부당한 지시를 거부했다가 징계를 받았다|수업 중에 계속 자리를 이탈한다|수술을 거부하고 있다|두 거래처 중 하나를 골라야 한다|매출이 반년째 줄고 있다|시험에서 부정행위를 하다가 적발되었다|함께 일하는 동료와 크게 다투었다|온라인에 악성 댓글을 남긴 사람을 고소하려고 한다|야간 근무 이후 불면증에 시달린다|유언장의 효력을 두고 형제와 다투고 있다|배송 지연으로 손해를 입었다|갑자기 이직 제안을 받았다',
);
const KO_ASK = split(
  '가장 가능성이 높은 원인은 무엇인가요?|어떻게 대처해야 할까요?|무엇을 먼저 해야 하나요?|어떤 선택이 더 나을까?|법적으로 문제가 없을까요?|누구의 책임이라고 볼 수 있나?|재발을 막으려면 어떻게 해야 하나요?|당신이라면 어떻게 하겠습니까?|어떤 근거로 판단해야 하나요?|이 상황에서 고려해야 할 점은?|어떤 조치가 필요합니까?|이유가 뭘까?',
);
const koCase: Shape = (random) => `${random() < 0.2 ? '가정해 보자. ' : ''}${pick(KO_WHO, random)} ${pick(KO_CASE, random)}. ${pick(KO_ASK, random)}`;

// Logic puzzles: reasoning about who is where.
const NAMES = split('Ann|Bob|Carla|Dev|Emma|Felix|Grace|Hugo|Ines|Jack');
const THINGS = split(
  'a cat|a red hat|a bicycle|a guitar|green tea|roses|a laptop|mystery novels|a boxed lunch|a blue car|a telescope|pizza|a parrot|a chess set',
);
const enPuzzle: Shape = (random) => {
  const n = 2 + Math.floor(random() * 4);
  const clue = (): string =>
    pick(
      [
        `The person with ${pick(THINGS, random)} lives directly left of ${pick(NAMES, random)}.`,
        `${pick(NAMES, random)} does not own ${pick(THINGS, random)}.`,
        `The owner of ${pick(THINGS, random)} is in the ${pick(split('first|second|third|last'), random)} ${pick(split('house|seat|room'), random)}.`,
        `${pick(NAMES, random)} sits next to ${pick(NAMES, random)}.`,
      ],
      random,
    );
  const clues = Array.from({ length: n + 1 }, (_, i) => `${random() < 0.5 ? `${i + 1}. ` : '- '}${clue()}`).join('\n');
  return pick(
    [
      `There are ${n} houses in a row, numbered 1 to ${n} from left to right. A different person lives in each. Everyone owns one thing: ${pick(THINGS, random)}, ${pick(THINGS, random)} or ${pick(THINGS, random)}.\n\nClues:\n${clues}\n\nWhat is the number of the house where ${pick(NAMES, random)} lives?`,
      `Q: ${n} friends sit on a bench.\n${clues}\nWho sits at the far right?`,
      `${pick(NAMES, random)} says ${pick(NAMES, random)} is lying. ${pick(NAMES, random)} says both of them tell the truth. Exactly one of them is honest. Who is it?`,
      `Solve this logic puzzle step by step:\n${clues}\nWho owns ${pick(THINGS, random)}?`,
      `Premise 1: All ${pick(split('painters|doctors|birds|robots'), random)} are ${pick(split('tall|kind|blue|awake'), random)}. Premise 2: ${pick(NAMES, random)} is not one of them. Does the conclusion follow?`,
    ],
    random,
  );
};
const KO_NAMES = split('철수|영희|민수|지은|하늘|도윤|서연|준호');
const koPuzzle: Shape = (random) =>
  pick(
    [
      `${pick(KO_NAMES, random)}, ${pick(KO_NAMES, random)}, ${pick(KO_NAMES, random)} 세 사람 중 한 명만 거짓말을 한다. ${pick(KO_NAMES, random)}는 "나는 유리창을 깨지 않았다"고 했고 ${pick(KO_NAMES, random)}는 "${pick(KO_NAMES, random)}가 깼다"고 했다. 누가 깼는지 추론하시오.`,
      `다섯 사람이 원탁에 앉아 있다. ${pick(KO_NAMES, random)}는 ${pick(KO_NAMES, random)}의 오른쪽에 앉고 ${pick(KO_NAMES, random)}는 마주 앉는다. 자리를 논리적으로 맞혀 보고 이유를 설명해줘`,
      `모든 개는 동물이다. 어떤 동물은 빠르다. 그러면 어떤 개는 빠르다고 결론 내릴 수 있는가? 논증의 타당성을 따져라.`,
      `집 세 채가 나란히 있다. 1번 집 사람은 차를 마시지 않고, ${pick(KO_NAMES, random)}의 집은 고양이를 기르는 집 왼쪽이다. ${pick(KO_NAMES, random)}는 몇 번 집에 사는지 단서로 추론해줘.`,
    ],
    random,
  );

// Korean current affairs: background sentences, then a stance or a forecast.
const KO_NEWS = split(
  '정부가 내년부터 배달 앱 수수료 상한제를 도입하기로 했다|서울 아파트 매매 가격이 석 달째 내림세를 보이고 있다|대형 통신사의 개인정보 유출 사고가 또 발생했다|국회에서 정년 연장 법안이 발의되었다|의대 정원 확대를 두고 의료계와 정부의 갈등이 길어지고 있다|기준금리 동결 결정이 나왔다|중학교 교실에서 휴대전화 사용을 전면 금지하자는 주장이 나온다|여야가 연금 개혁안에 합의하지 못했다|미국 대선 결과가 국내 증시에 영향을 주고 있다|인공지능이 만든 그림이 공모전에서 상을 받았다|촉법소년 연령을 낮추자는 국민청원이 20만 명을 넘었다|플랫폼 노동자의 파업이 이어지고 있다|전기차 화재 이후 지하 주차장 출입 제한 논란이 일고 있다|지방 소멸 위기가 현실로 다가왔다',
);
const KO_STANCE = split(
  '이를 어떻게 생각하는가?|이러한 조치에 찬성하는가?|앞으로 어떤 변화가 예상되는가?|이 흐름이 언제까지 이어질까?|해결하려면 어떤 대책이 필요할까?|정부의 대응은 적절했다고 보는가?|이로 인해 우려되는 부작용은 무엇인가?|책임은 누구에게 있다고 생각하나요?|실효성이 있을 것인가?|이번 결정이 시장에 어떤 영향을 미칠까?|당신의 입장은?|이에 대한 국민 여론은 어떠한가?|다른 나라로도 확산될 것인가?|허용되어야 하는가?',
);
const koNews: Shape = (random) => `${random() < 0.75 ? `${pick(KO_NEWS, random)}. ` : ''}${pick(KO_STANCE, random)}`;

const SHAPES: readonly (readonly [string, string, Shape, number])[] = [
  ['quick', 'ko', koFact, 5],
  ['quick', 'ko', koEntry, 4],
  ['translation', 'en', enSay, 2],
  ['translation', 'ko', koSay, 2],
  ['analysis', 'en', enCase, 3],
  ['analysis', 'ko', koCase, 2],
  ['analysis', 'en', enPuzzle, 2],
  ['analysis', 'ko', koPuzzle, 1],
  ['analysis', 'ko', koNews, 1],
];

/** `count` times each shape's share of prompts. */
export function shapePrompts(count: number, seed: number): Row[] {
  const rows: Row[] = [];
  SHAPES.forEach(([label, lang, shape, share], index) => {
    const random = createRandom(seed + index);
    const seen = new Set<string>();
    for (let tries = 0; seen.size < count * share && tries < count * share * 3; tries++) seen.add(shape(random));
    for (const text of seen) rows.push({ text, label, lang, source: 'grammar', weight: 0.6 });
  });
  return rows;
}
