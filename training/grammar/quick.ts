import { expand, type Language, number, pick, type Random } from './topic-expand.ts';
import { chat, layOut, material, prose } from './topic-passages.ts';

const FACT_EN = [
  'who [is|was] {person}',
  '[describe|tell me about|give details of|info on] {place}[| briefly|, short|]',
  '{person} [family background|early life|net worth|quotes|death]',
  '[basic facts|details] about {animal}',
  'what is the [french|korean|hindi|german] [name|word] for {food}',
  'what does the [latin|german|dutch|korean] word {word} mean',
  'when was {person} born',
  'where was {person} born',
  'what [nationality|religion] was {person}',
  'what is {person} [best known for|famous for]?',
  'how old was {person} when [he died|she died|they died]',
  'where is {person} buried',
  'who was {person} married to',
  'what [school|university] did {person} [go to|attend]',
  'what did {person} [win|invent|discover|write] in {year}',
  '[in what year|when] did {person} die?',
  'who wrote {work}',
  'who is the author of {work}?',
  'when [was|did] {work} [released|come out]',
  'who is the main character [in|of] {work}',
  'where is {work} set',
  'how many [chapters|acts|pages|minutes] does {work} have',
  'what genre is {work}',
  'what is {work} about[, one sentence|, briefly|? keep it short]',
  'who played the lead in {work}',
  'what is the capital of {place}',
  'what is the population of {place}',
  'how many people live in {place}',
  'what [currency|language|timezone|voltage] [do they use|is used] in {place}',
  'where is {place} [located|on the map]',
  'what is the [tallest building|longest river|highest mountain|biggest lake|national dish] in {place}',
  'who is the [prime minister|president|mayor|head of state] of {place}',
  'what [continent|region] is {place} in',
  'what is {place} [known for|famous for]',
  'do i need a visa [for|to visit] {place}',
  'what is the drinking age in {place}',
  "what's the [dialing code|area code] for {place}",
  'which side of the road do they drive on in {place}',
  'when did {place} [join the UN|become independent|host the Olympics|get its first subway]',
  'when did {event} [start|happen|end]',
  'what year was {event}',
  'where did {event} [take place|begin]',
  'how long did {event} last',
  'who [led|started|was involved in] {event}',
  'how many people died in {event}',
  'what was the name of the [treaty|general|ship|first minister] in {event}',
  '[which came first|which happened earlier]: {event} or {event2}?',
  'who founded {company}',
  'when was {company} founded',
  'who is the [CEO|CFO|owner|chairman] of {company}',
  'where is {company} [based|headquartered]',
  'what is the stock [price|ticker] of {company}',
  'what does {company} [sell|make|do]',
  'how many employees does {company} have',
  "what was {company}'s revenue last year",
  'what is the customer service number [for|of] {company}',
  'what [is|are] {concept}',
  'what does {concept} mean',
  'define {concept}',
  "[tell me|give me|what's] the definition of {concept}",
  'meaning of {concept}',
  'explain {concept} in [one sentence|a sentence|ten words|one line]',
  'who [coined|came up with|first described] {concept}',
  'when was {concept} first [used|described|introduced]',
  '{concept} [definition|meaning|in one line]',
  'what is another [word|name] for {concept}',
  'is {concept} [real|legal in {place}|a theory or a law|the same as {concept2}]? yes or no',
  'which [country|state] was first to introduce {issue}',
  'when did {place} [introduce|vote on|reject] {issue}',
  'does {place} have {issue}? [yes or no|y/n]',
  'what percentage of people in {place} support {issue}?',
  'what does the word {word} mean',
  'define {word}',
  '[look up|please define] {word}',
  'how do you [spell|pronounce] {word}',
  'give me a synonym [for|of] {word}',
  'use {word} in a sentence',
  "what's the [opposite|antonym|plural|origin] of {word}",
  'what does {animal} eat',
  'how long does {animal} live',
  'is {animal} a [mammal|bird|reptile|fish]',
  'how fast can {animal} run',
  'can {animal} [swim|see in the dark|recognise itself]',
  'what is a group of [crows|lions|owls|whales] called',
  'how many calories [are in|does] {food}[| have]',
  'how long does {food} last in the fridge',
  'how long do i cook {food}',
  'what can i use instead of {food}',
  'is {food} [gluten free|vegan|healthy for dogs]',
  'which is [bigger|older|cheaper|faster], {a} or {b}?',
  'what is the full name of {person}',
  'what does [GDP|NATO|ESG|API|HTTP|UNESCO|IMF|ETF|PhD|ROI|KPI|SaaS|RSVP] stand for',
  'which [country|company|person|city] is [largest|oldest|richest|first] in [the world|Europe|Asia|{place}]?',
  'name [two|three|five] [countries near|cities in|rivers in|foods from] {place}',
  'list [three|five|all] [works by|children of|books about] {person}, names only',
];

const COMMAND_EN = [
  'set an alarm for {hour} [am|pm|thirty]',
  'wake me up at {hour} [tomorrow|on weekdays]',
  'remind me to [call {name}|water the plants|take my pills|pay rent] at {hour}',
  'set a timer for {n} minutes',
  'play [some jazz|something by {person}|my workout playlist|the news]',
  'turn [on|off] the [kitchen|bedroom|hallway] [lights|fan|heater]',
  "what's the weather [like|] in {place} [today|tomorrow|this weekend]",
  'will it [rain|snow] in {place} [tomorrow|on sunday]',
  'how [hot|cold] is it in {place} right now',
  'add [milk|eggs|batteries|{food}] to my [shopping|grocery] list',
  "what's on my [calendar|schedule] [today|for friday|next week]",
  "[move|cancel|delete] my {hour} o'clock [meeting|appointment]",
  "send {name} a message saying [i'm late|happy birthday|call me]",
  'call {name}[| on speaker| at work]',
  'what time is it in {place}',
  'how far is {place} from {place2}',
  'is there traffic on the way to [work|the airport|{place}]',
  'find [a cheap flight|a hotel|train times] to {place}',
  'order [a pizza|sushi|a taxi] [please|for {hour}|]',
  "what's my [account balance|credit limit|pin|routing number]",
  'how much did i spend on [food|gas|rent] [this month|last week]',
  'report my card [lost|stolen]',
  'is my flight to {place} [delayed|on time]',
  'what is the exchange rate [between|of] [dollars and won|euros and yen|pounds and dollars]',
  'read me [the headlines|my emails|the latest on {company}]',
  '[skip|pause|repeat] this [song|episode]',
  'what song is this',
  'tell me [a joke|a fun fact|something about {place}]',
  'did {place} win [last night|the match|yesterday]',
  '[turn the volume|make it] [up|down|louder]',
];

const CHECK_EN = [
  'true or false: {claim}',
  'Is it true that {claim}?',
  'fact check: {claim}',
  'Claim: {claim}\nSupported, refuted, or not enough information?',
  '[yes or no|y/n]: {claim}?',
  'Is the following statement correct? "{claim}"',
  '"{claim}" [- true?|correct?|myth or fact?]',
  'someone told me {claim}. [is that right?|true?|really?]',
  'Verify this claim with one word: {claim}',
];
const CLAIM_EN = [
  '{person} was born in {place}',
  '{person} wrote {work}',
  '{company} was founded in {year}',
  '{event} ended in {year}',
  '{place} is larger than {place2}',
  '{animal} can live for {n}0 years',
  '{food} is [high in iron|poisonous to cats|fermented]',
  '{concept} was first described in {year}',
  '{work} was banned in {place}',
  '{place} has more than {n} official languages',
  '{a} is older than {b}',
  '{company} owns {company2}',
  '[the moon makes its own light|bats are blind|water conducts electricity|gold rusts|glass is a liquid]',
];

const READ_EN = [
  'Summarize [this|the text|the passage above|the following].',
  '[tl;dr|TL;DR:|tldr pls]',
  'Summarise in [one sentence|two sentences|{n}0 words|three bullet points].',
  '[Write|Give me|Generate|Suggest] a [title|headline] for this [text|article].',
  'What are the key points?',
  'What is the main idea[| of the passage| in one line]?',
  'In a nutshell,',
  'What is this [text|article|passage] about? [One sentence.|Short answer.|]',
  'Extract [{n} keywords|all names|all dates|all numbers|the places] from the text.',
  '[Who|Which company|Which country] is mentioned [first|in the text]?',
  'What [year|number|percentage] does the text [give|mention]?',
  'According to the text, [did they agree|was a date set|is it larger|was anyone injured]? [yes or no|Answer yes/no|]',
  'Does the passage [mention|say anything about] {concept}?',
  'Is the [tone|sentiment] positive, negative or neutral?',
  'Classify this [text|article] as politics, business, sport or culture.',
  'Based on the text: {claim}. True or false?',
  '{claim}?',
  'Shorten this to [a tweet|one line|half its length].',
  '[sum it up|give me the gist|just the main point] pls',
  'Fill in: the text is about ____.',
];
const CHAT_ASK_EN = [
  'Summarize this [dialogue|conversation|chat].',
  'Generate a summary for this dialogue:',
  'What was the conversation about?',
  'Sum up the following dialogue:',
  'Write a one sentence summary of this chat.',
  'Who [is late|apologises|speaks first]? Name only.',
  'What [did they agree on|happens next|is the plan]? One line.',
];

const FACT_KO = [
  '{person:은} 누구야?',
  '{person:이} 누구인가요',
  '{person} [언제 태어났어|언제 죽었어|생년월일|고향이 어디야]?',
  '{person:은} 어느 나라 사람[이야|인가요|이었나요]?',
  '{person:이} [유명한|알려진] 이유 한 줄로',
  '{person} [대표작|대표 업적] 이름만 [알려줘|말해줘]',
  '{person:의} [배우자|스승|본명|출신 학교]:은?',
  '{year}년에 {person:이} [받은 상|쓴 책|발견한 것]:은?',
  '{person:은} 몇 살에 죽었[어|나요]?',
  '{work} [작가|지은이|감독|작곡가] 누구[야|예요|죠|더라]?',
  '{work:은} 몇 년[도 작품이야|에 나왔어|에 발표되었나요]?',
  '{work} [주인공|배경|장르|결말] 이름[이 뭐야|만 알려줘]',
  '{work:은} 몇 [권|부작|장|분]이야?',
  '{work} 줄거리 [한 문장|두 줄|세 줄]:으로',
  '{work} 쓴 사람 국적이 어디야',
  '{place} 수도[가 어디야|는|는 어디인가요]?',
  '{place} 인구[가 얼마야| 몇 명|는 얼마나 되나요]?',
  '{place}에서 쓰는 [화폐|언어|콘센트]:은 뭐야?',
  '{place}에서 [제일 높은 산|가장 긴 강|가장 큰 호수|유명한 음식]:은?',
  '{place:은} 어느 [대륙|지역]에 있[어|나요|습니까]?',
  '{place} 갈 때 비자 필요[해|한가요|함]?',
  '{place} [대통령|총리|시장|국왕] 이름[이 뭐야|은?]',
  '{place:이랑} {place2} 시차 몇 시간[이야|이에요]?',
  '{place} 국가번호 [뭐야|알려줘]',
  '{place:은} 언제 [독립했어|유엔에 가입했어|올림픽을 개최했어]?',
  '{event:은} 언제 [일어났어|시작됐어|끝났나요]?',
  '{event:이} 일어난 [해|연도|장소]:은?',
  '{event} 몇 년[도야|에 일어났지|이었나요]',
  '{event} 당시 [왕|대통령|총리|사령관]:은 누구였[어|나요|지]?',
  '{event:은} 얼마나 오래 [이어졌어|지속됐나요]?',
  '{event} 한 줄 [정의|설명|요약]',
  '{event} 사망자 수[는?| 몇 명이야]',
  '{event:과} {event2} 중 먼저 일어난 건?',
  '{company} [창업자|대표|CEO|회장] 누구[야|예요|인가요]?',
  '{company:은} 언제 [설립됐어|설립되었나요|생겼어]?',
  '{company} 본사 어디[야|에 있나요|임]?',
  '{company} [주가|시가총액|종목코드] [알려줘|얼마야]',
  '{company} [고객센터 번호|영업시간|직원 수] 좀',
  '{company:은} 뭐 하는 회사[야|예요]?',
  '{company} 작년 매출 얼마[야|였어|였나요]?',
  '{concept:이} 뭐야?',
  '{concept:이란}?',
  '{concept:이란} 무엇인가[|요|?]',
  '{concept} 뜻[| 알려줘| 좀|이 뭐예요]',
  '{concept} [한 줄 요약|한 줄 정의|한마디로 뭐야|짧게 설명]',
  '{concept:을} 한 문장으로 [정의해줘|설명해줘|말해 주세요]',
  '{concept:을} 처음 [제시한|주장한|만든] 사람은?',
  '{concept} 영어로 뭐라고 불러? 약자만',
  '{concept:이라}는 말 언제 처음 쓰였어?',
  '{concept:과} {concept2:은} 같은 말이야? 예/아니오',
  '{concept}의 정의를 쓰시오.',
  '{issue:을} 처음 시행한 나라는?',
  '{place:은} {issue:을} [시행하고 있나요|언제 시행했어|한 적 있어]?',
  '{issue} 찬성 비율 몇 퍼센트야',
  '{issue} [시행일이 언제야|법안 발의자가 누구야|소관 부처가 어디야]?',
  "'{word}' 뜻[이 뭐야|이 뭔가요| 알려줘|은?]",
  '{word} [유의어|반대말|예문] 하나만',
  "'{word}'[이라는|라는] 말 무슨 뜻이에요?",
  '{animal:은} [포유류|조류|파충류|어류]인가요?',
  '{animal} [수명|먹이|평균 몸무게|새끼 이름]:이 뭐야',
  '{animal:은} 뭘 먹[어|나요]?',
  '{animal} 몇 년 살아',
  '{food} [칼로리|나트륨|단백질] 얼마[야|예요]?',
  '{food} 냉장 보관 며칠[까지 돼|인가요]?',
  '{food} 몇 분 [삶아|데워|구워]?',
  '강아지 {food} 먹어도 [돼|되나요|됨]?',
  '{food} 대신 쓸 수 있는 거 뭐 있어',
  '{a:이랑} {b} 중에 뭐가 더 [커|비싸|오래됐어|빨라]?',
  '[GDP|NATO|ESG|API|유네스코|IMF|ETF|OTT|KPI|MOU]:은 무엇의 약자[야|인가요|입니까]?',
  '[세계|아시아|우리나라|{place}]에서 [가장 큰|제일 오래된|처음으로 만들어진|제일 작은] [도시|회사|대학|섬|다리]:은?',
  '{place}[에 있는 도시| 옆 나라| 대표 음식] [두|세|다섯] 개만 말해줘',
  '{person}의 저서 [세 권만|하나만] 적어줘',
];

const COMMAND_KO = [
  '[내일 |]아침 {hour}시에 [깨워줘|알람 맞춰줘|알람]',
  '{hour}시에 [약 먹으라고|{name}한테 전화하라고|회의 있다고] [알려줘|리마인드 해줘]',
  '{n}분 타이머[| 맞춰줘| 시작]',
  '[거실|침실|주방] [불|에어컨|보일러] [켜줘|꺼줘|꺼]',
  '[오늘|내일|주말] {place} 날씨 [어때|알려줘|어떨까]?',
  '{place} [내일|이번 주말] [비 와|눈 와|더워]?',
  '[재즈|신나는 노래|{person} 음악|뉴스] 틀어줘',
  '{name}한테 [전화 걸어줘|늦는다고 문자 보내줘|톡 보내줘]',
  '[오늘|이번 주|금요일] 일정 [뭐야|알려줘|있어?]',
  '{hour}시 [회의|약속|예약] [취소해줘|미뤄줘|삭제]',
  '장보기 목록에 {food} [추가|넣어줘]',
  '지금 {place} 몇 시야',
  '{place}까지 [얼마나 걸려|길 막혀|가는 버스 있어]?',
  '{place} 가는 [비행기|기차|막차] [시간 알려줘|언제야|찾아줘]',
  '[치킨|피자|택시] [시켜줘|불러줘]',
  '[이번 달|지난주] [식비|교통비] 얼마 썼어',
  '내 [카드 결제일|통장 잔액|포인트] [알려줘|얼마야]',
  '[볼륨|밝기] 좀 [올려|줄여|낮춰]줘',
  '[다음 곡|이전 곡|일시정지]',
  '[환율|코스피|{company} 주가] [얼마야|알려줘]',
  '카드 [분실 신고|정지] 해줘',
  '[심심해|재밌는 얘기] [하나만|해줘]',
  '근처 [약국|주유소|카페|은행] [어디야|찾아줘]',
];

const CLAIM_KO = [
  '{person:은} {place}에서 태어났다',
  '{person:은} 『{work}』의 작가이다',
  '{company:은} {year}년에 설립되었다',
  '{event:은} {year}년에 끝났다',
  '{place:은} {place2}보다 면적이 넓다',
  '{animal:은} {n}0년 이상 살 수 있다',
  '{food:은} [철분이 많다|발효 식품이다|고양이에게 해롭다]',
  '{concept:은} {year}년에 처음 제시되었다',
  '{work:은} {place}에서 금지된 적이 있다',
  '{place}의 공용어는 {n}개이다',
  '{company:은} {company2:을} 인수했다',
  '{animal:은} [척추동물이다|야행성이다|폐로 호흡한다|알을 낳는다]',
  '{event:은} {place}에서 일어났다',
  '{concept:은} {concept2}의 한 종류이다',
  '[달은 스스로 빛을 낸다|박쥐는 앞을 못 본다|순수한 물은 전기가 통한다|금은 녹슨다]',
];
const CHECK_KO = [
  '{claim}.',
  '{claim}. [맞아?|사실이야?|맞나요?|참이야 거짓이야?]',
  '[참/거짓|O/X|팩트체크|사실 확인]: {claim}.',
  '다음 문장이 사실인지 [확인해줘|판단하시오]: {claim}.',
  '"{claim}" [이거 진짜야|이 말 맞아요|사실인가요]?',
  '주장: {claim}.\n참, 거짓, 판단 불가 중 하나로 답하세요.',
  '{claim}는데 [맞나|진짜임]?',
  '[예/아니오로만 답해줘|네 아니오로]. {claim}?',
];
const QUESTION_KO = [
  '{person:은} {person2}의 [제자|아들|딸|스승|동료][인가|인가요|였는가]?',
  '{person:은} [왕|과학자|군인|시인|배우|운동선수|프랑스인|한국 출신][인가|이었는가|입니까]?',
  '{person:은} [대학을 졸업했|결혼했|노벨상을 받았|감옥에 갔|책을 썼]는가?',
  '{work:은} [프랑스|일본|미국|한국]에서 [제작된|쓰인] 작품인가?',
  '{work}의 주인공은 [죽는가|결혼하는가|도시를 떠나는가]?',
  '{place}의 수도는 {place2}[인가|인가요]?',
  '{place}에서는 [설에 떡국을|고기에 잼을|아침에 국수를|차에 소금을] [먹는가|곁들이기도 하는가|넣는가]?',
  '{place:은} 바다와 접해 있[는가|나요]?',
  '{place}에 입국할 때 비자[가 필요한가|를 받아야 하는가|가 있어야 하나요]?',
  '{place}의 인구가 [늘어난|줄어든] 것은 [관광|이민|저출산|산업화] 때문인가[요|]?',
  '{animal:은} [겨울잠을 자는가|털갈이를 하는가|무리를 지어 사는가|추위에 강한가|색을 구별하는가|새끼를 젖으로 키우는가]?',
  '{animal:은} [봄|가을|밤|낮]에 [짝짓기를 하는가|주로 활동하는가|이동하는가]?',
  '{food:은} [전자레인지로 조리할 수 있는가|냉동 보관이 가능한가|익히면 맛이 달라지는가|단백질이 많은가]?',
  '{company:은} [공정위로부터 과징금을 받았는가|해외 공장이 있는가|상장 회사인가|흑자를 냈는가]?',
  '{concept:은} [군사 목적으로 개발되었는가|미국에서 시작되었는가|유전되는가|법에 명시되어 있는가]?',
  '{person}에 따르면 {concept:은} [바람직한 것|불가피한 것|환상][인가|이었는가]?',
  '{event:은} [한 달 이상 지속되었는가|겨울에 일어났는가|조약으로 끝났는가|수도에서 시작되었는가]?',
  '{issue:은} {place}에서 시행된 적이 있[는가|나요|습니까]?',
  '[시험|자격증|면허]의 합격 기준은 {percent}점인가?',
  '[조사|글|기사]에 따르면 {concept:은} {percent}%를 [넘었는가|차지하는가]?',
  '{person:은} {place}에서 태어났[는가|나요|을까|습니까]?',
  '{company:은} {company2:을} 인수했[는가|나요]?',
  '{place:은} {place2}보다 [넓은가|인구가 많은가|북쪽에 있나요]?',
  '{animal:은} [알을 낳나요|야행성인가|폐로 호흡하는가|육식을 하나요]?',
  '{work:은} {year}년 이전에 [발표되었는가|나왔을까]?',
  '{food:은} 발효 식품[인가|인가요|일까]?',
  '{event:은} {place}에서 일어났[는가|나요]?',
  '{concept:은} {concept2}에 포함되[는가|나요]?',
];

const READ_KO = [
  '요약해줘',
  '[한 줄|한 문장|두 문장|세 줄]:으로 요약[해줘|해 주세요|하시오.|부탁]',
  '[tl;dr|세줄요약|요약 ㄱㄱ|핵심만]',
  '위 글을 요약해 주세요.',
  '다음 [기사|글]의 제목을 [지어줘|하나 뽑아줘|붙여 주세요]',
  '핵심어 {n}개만 [뽑아줘|추출하시오.]',
  '이 글의 [중심 내용|주제|요지]:은 무엇인가?',
  '본문에 나온 [숫자|날짜|지명|사람 이름]만 [뽑아줘|적어줘]',
  '[기사|글]에 따르면 [다친 사람이 있나요|시행 시기는 정해졌는가|누가 발표했나요]?',
  '이 글에 [{place:이}|{company:이}|{concept:이}] 나오나요? 예/아니오',
  '긍정, 부정, 중립 중 어느 쪽이야?',
  '정치, 경제, 사회, 문화 중 어느 분야 글이야?',
  '{claim}.',
  '글의 내용과 일치하면 참, 아니면 거짓: {claim}.',
  '무슨 내용인지 [짧게|간단히] [알려줘|말해줘]',
  '{n}0자 이내로 줄여줘',
];
const CHAT_ASK_KO = [
  '이 대화 [요약해줘|한 줄 요약|짧게 정리해줘]',
  '위 대화를 한 문장으로 요약하세요.',
  '둘이 [뭐에 대해 얘기했어|무슨 약속 했어]?',
  '[사과한|늦은|먼저 말한] 사람은 누구야? 이름만',
  '대화의 주제를 한마디로?',
];

/** Facts with one right answer, for questions with choices. */
const CHOICES: readonly (readonly [en: string, ko: string, options: readonly (readonly [string, string])[]])[] = [
  [
    'Which planet is closest to the sun?',
    '태양에서 가장 가까운 행성은?',
    [
      ['Mercury', '수성'],
      ['Venus', '금성'],
      ['Mars', '화성'],
      ['Jupiter', '목성'],
    ],
  ],
  [
    'Which organ produces bile?',
    '쓸개즙을 만드는 기관은?',
    [
      ['liver', '간'],
      ['kidney', '신장'],
      ['stomach', '위'],
      ['spleen', '비장'],
    ],
  ],
  [
    'Which gas is most common in the atmosphere?',
    '대기 중 가장 많은 기체는?',
    [
      ['nitrogen', '질소'],
      ['oxygen', '산소'],
      ['argon', '아르곤'],
      ['carbon dioxide', '이산화탄소'],
    ],
  ],
  [
    'Which body passes laws?',
    '법률을 제정하는 기관은?',
    [
      ['the legislature', '국회'],
      ['the cabinet', '행정부'],
      ['the court', '법원'],
      ['the police', '경찰'],
    ],
  ],
  [
    'What is used to fasten two sheets of paper?',
    '종이 두 장을 묶을 때 쓰는 것은?',
    [
      ['a stapler', '스테이플러'],
      ['a spoon', '숟가락'],
      ['an umbrella', '우산'],
      ['a pillow', '베개'],
    ],
  ],
  [
    'Which of these is a liability on a balance sheet?',
    '다음 중 부채에 해당하는 것은?',
    [
      ['accounts payable', '매입채무'],
      ['inventory', '재고자산'],
      ['cash', '현금'],
      ['goodwill', '영업권'],
    ],
  ],
  [
    'Which vitamin prevents scurvy?',
    '괴혈병을 예방하는 비타민은?',
    [
      ['vitamin C', '비타민 C'],
      ['vitamin A', '비타민 A'],
      ['vitamin K', '비타민 K'],
      ['vitamin D', '비타민 D'],
    ],
  ],
  [
    'Which rock forms from cooled magma?',
    '마그마가 식어서 만들어진 암석은?',
    [
      ['igneous', '화성암'],
      ['sedimentary', '퇴적암'],
      ['metamorphic', '변성암'],
      ['fossil', '화석'],
    ],
  ],
  [
    'Which layer of the OSI model handles routing?',
    'OSI 모형에서 라우팅을 담당하는 계층은?',
    [
      ['network', '네트워크 계층'],
      ['transport', '전송 계층'],
      ['physical', '물리 계층'],
      ['session', '세션 계층'],
    ],
  ],
  [
    'Who is associated with the hierarchy of needs?',
    '욕구 단계 이론과 관련된 학자는?',
    [
      ['Maslow', '매슬로'],
      ['Piaget', '피아제'],
      ['Skinner', '스키너'],
      ['Freud', '프로이트'],
    ],
  ],
  [
    'Which of the following is a noble gas?',
    '다음 중 비활성 기체인 것은?',
    [
      ['neon', '네온'],
      ['chlorine', '염소'],
      ['sodium', '나트륨'],
      ['sulfur', '황'],
    ],
  ],
  [
    'Where would you most likely find a lighthouse?',
    '등대를 볼 가능성이 가장 높은 곳은?',
    [
      ['on a coast', '해안'],
      ['in a desert', '사막'],
      ['in a mine', '광산'],
      ['in a library', '도서관'],
    ],
  ],
  [
    'Which market structure has a single seller?',
    '판매자가 하나뿐인 시장 구조는?',
    [
      ['monopoly', '독점'],
      ['oligopoly', '과점'],
      ['perfect competition', '완전경쟁'],
      ['monopsony', '수요독점'],
    ],
  ],
  [
    'Which of these is transmitted by mosquitoes?',
    '모기가 옮기는 질병은?',
    [
      ['malaria', '말라리아'],
      ['measles', '홍역'],
      ['tetanus', '파상풍'],
      ['influenza', '독감'],
    ],
  ],
];

const MARKS: readonly (readonly string[])[] = [
  ['A. ', 'B. ', 'C. ', 'D. '],
  ['(A) ', '(B) ', '(C) ', '(D) '],
  ['① ', '② ', '③ ', '④ '],
  ['1) ', '2) ', '3) ', '4) '],
  ['a) ', 'b) ', 'c) ', 'd) '],
];

function choice(language: Language, random: Random): string {
  const side = language === 'en' ? 0 : 1;
  let question: string;
  let options: string[];
  if (random() < 0.45) {
    const fact = pick(CHOICES, random);
    question = fact[side];
    options = fact[2].map((option) => option[side]);
  } else {
    const [ask = '', slot = ''] = pick<readonly string[]>(
      language === 'en'
        ? [
            ['Who wrote {work}?', 'person'],
            ['Which of the following terms refers to the idea taught in unit {n}: "{concept} and its limits"?', 'concept'],
            ['Where did {event} begin?', 'place'],
            ['Which company bought {company} in the example?', 'company'],
            ['In which country was {person} born?', 'place'],
            ['{person} is best known in connection with', 'concept'],
            ['Which event took place in {year}?', 'event'],
            ['Which of these is an example of {concept}?', 'concept'],
          ]
        : [
            ['{work:을} 쓴 사람은?', 'person'],
            ['{event:이} 일어난 곳은?', 'place'],
            ['{person:이} 태어난 나라는 어디인가?', 'place'],
            ['{person:과} 가장 관련 깊은 개념은?', 'concept'],
            ['{year}년에 일어난 사건으로 옳은 것은?', 'event'],
            ['다음 중 {concept}에 대한 설명으로 옳지 않은 것은?', 'concept'],
            ['다음 중 {concept:과} 관계없는 것은?', 'concept'],
            ['{company} 제품이 아닌 것은?', 'company'],
          ],
      random,
    );
    question = expand(ask, language, random);
    options = expand(`{${slot}1}|{${slot}2}|{${slot}3}|{${slot}4}`, language, random).split('|');
  }
  options.sort(() => random() - 0.5);
  const marks = pick(MARKS, random);
  const gap = random() < 0.7 ? '\n' : ' ';
  const body = options.map((option, i) => `${marks[i]}${option}`).join(gap);
  const tail = pick(language === 'en' ? ['', '', '\nAnswer:', '\nAnswer with the letter only.'] : ['', '', '\n정답:', '\n번호만 답하시오.'], random);
  return `${question}${gap === '\n' ? '\n' : ' '}${body}${tail}`;
}

const OPEN_EN = [
  'quick question, ',
  'hey ',
  'just tell me ',
  'do you know ',
  'can you tell me ',
  'could you tell me ',
  'i forgot, ',
  'trivia: ',
  'for a quiz: ',
  'Short answer please: ',
  'One word answer. ',
];
const CLOSE_EN = [' thanks', ' please', ' short answer', ' (one sentence)', ' just the name', ' in a few words', '?', '?', '?'];
const OPEN_KO = [
  '갑자기 궁금한데 ',
  '혹시 ',
  '빠르게 하나만 ',
  '질문! ',
  '단답으로 ',
  '퀴즈인데 ',
  '기억이 안 나서 그런데 ',
  '짧게 답해줘. ',
  '정답만 말해줘. ',
];
const CLOSE_KO = [' 짧게', ' 한 줄로', ' 단답', ' 알려줘', ' 부탁해요', ' 급함', ' ㅎㅎ'];

function fact(language: Language, random: Random): string {
  const en = language === 'en';
  let text = expand(pick(en ? FACT_EN : FACT_KO, random), language, random);
  if (random() < 0.16) text = pick(en ? OPEN_EN : OPEN_KO, random) + text;
  if (random() < 0.14) text = text.replace(/\?$/u, '') + pick(en ? CLOSE_EN : CLOSE_KO, random);
  if (en && random() < 0.45) text = text.charAt(0).toUpperCase() + text.slice(1);
  if (en && random() < 0.4) text = text.replace(/[?.]?$/u, '?');
  return text;
}

function check(language: Language, random: Random): string {
  const en = language === 'en';
  if (!en && random() < 0.45) return expand(pick(QUESTION_KO, random), language, random);
  const claim = expand(pick(en ? CLAIM_EN : CLAIM_KO, random), language, random);
  return expand(pick(en ? CHECK_EN : CHECK_KO, random), language, random, {
    claim: () => claim,
  });
}

function reading(language: Language, random: Random): string {
  const en = language === 'en';
  if (random() < 0.25) {
    const ask = pick(en ? CHAT_ASK_EN : CHAT_ASK_KO, random);
    return layOut(chat(language, random), expand(ask, language, random), language, random);
  }
  const claim = (): string => expand(pick(en ? CLAIM_EN : CLAIM_KO, random), language, random);
  const ask =
    !en && random() < 0.35
      ? expand(pick(QUESTION_KO, random), language, random)
      : expand(pick(en ? READ_EN : READ_KO, random), language, random, {
          claim,
        });
  if (random() < 0.3) return `${prose(language, random)}${pick(['\n', '\n\n'], random)}${ask}`;
  return layOut(material(language, random), ask, language, random);
}

/** A prompt that wants a short answer: a fact, a meaning, a yes or no, a summary of given text, a spoken command. */
export function generate(language: Language, random: Random): string {
  const kind = number(1, 100, random);
  if (kind <= 46) return fact(language, random);
  if (kind <= 58) {
    const commands = language === 'en' ? COMMAND_EN : COMMAND_KO;
    return expand(pick(commands, random), language, random);
  }
  if (kind <= 69) return check(language, random);
  if (kind <= 93) return reading(language, random);
  return choice(language, random);
}
