import { expand, type Language, number, pick, type Random } from './topic-expand.ts';
import { layOut, material, table } from './topic-passages.ts';
import { logicPuzzle } from './topic-puzzles.ts';

const ASK_EN = [
  'why did {event} happen [when it did|and could it have been avoided|]?',
  'what [caused|led to|explains] {event}[ and what followed|, and which factor mattered most|]?',
  '[explain|discuss|analyse] the causes and consequences of {event}.',
  'how did {event} [change|reshape|affect] {place}[| in the long run]?',
  'to what extent was {event} a result of [economic pressure|bad leadership|geography|ideology]?',
  'compare {event} and {event2}. [What do they have in common and where do they differ?|Which had the deeper consequences?|]',
  'was {event} [inevitable|a success|justified|a turning point]? [Argue your view.|Give evidence for and against.|]',
  'what if {event} had [never happened|ended differently]? think it through',
  'assess the role of {person} in {event}.',
  'what lessons from {event} apply to {place} today?',
  "evaluate {person}'s legacy[| in terms of {angle}|, both good and bad].",
  'was {person} [a genius or overrated|a hero or a villain|right about {concept}]?',
  'compare {person} and {person2} [as leaders|as thinkers|in terms of {angle}].',
  'what would {person} say about {issue}? [justify|explain your reasoning]',
  'why [is|was] {person} so [influential|controversial|often misunderstood]?',
  'how did {person} influence {concept}[, and was the influence lasting|]?',
  'analyse the [theme of guilt|symbolism|narrator|ending|structure] in {work}.',
  'what does the ending of {work} mean[, and which reading holds up better|]?',
  'why is {work} still [relevant|read|unsettling] today?',
  'compare {work} with {work2} in how they treat [power|love|memory|class].',
  'is {work} overrated? [make the case|defend a position]',
  'how does {work} criticise [society|its own genre|authority]? use examples',
  'interpret {work} from a [feminist|Marxist|postcolonial|psychoanalytic] perspective.',
  'write a critical essay [on|about] {concept} in {work}.',
  'should {place} introduce {issue}?',
  'what are the pros and cons of {issue}?',
  '[arguments for and against|advantages and disadvantages of] {issue}',
  'is {issue} a good idea[ for {place}| in terms of {angle}|]?',
  'what is your [opinion|stance|take] on {issue}?',
  'do you agree with {issue}? [why or why not|give reasons and examples]',
  'debate: this house supports {issue}. prepare the [opposition|proposition] case with rebuttals',
  'write a [persuasive|balanced|policy] [essay|brief|argument] on {issue}.',
  'who [wins and who loses|pays and who benefits] from {issue}?',
  'what [would happen|might go wrong] if {place} adopted {issue}?',
  'evaluate {issue} from the viewpoint of {job} and of {job2}.',
  'some people support {issue}, others say it harms {angle}. discuss both views and give your own',
  'weigh {angle} against {angle2} in the debate over {issue}.',
  "play devil's advocate against {issue}",
  'is it ethical to [support|oppose] {issue}? consider {angle} and {angle2}',
  'how do [{place} and {place2}|Europe and the US|conservatives and liberals] differ on {issue}, and why?',
  'what are the strongest objections to {concept}?',
  'why does {concept} matter[| for {place}| to {job}]?',
  'how does {concept} affect {angle}[| and {angle2}| in {place}]?',
  'explain how {concept} and {concept2} are related[| and where they conflict|, with examples]',
  'critically evaluate {concept}[| as an explanation of inequality| in light of recent evidence].',
  'is {concept} [overhyped|a myth|worth it|still useful]? [reason it out|give me both sides|]',
  'what are the [risks|trade-offs|limits|implications] of {concept}[| for {angle}| for {company}]?',
  'how might {concept} change {place} over the next [ten|twenty] years?',
  'assess the impact of {concept} on {angle}.',
  'argue [for|against] the view that {concept} [improves|undermines] {angle}',
  'what evidence would change your mind about {concept}?',
  'why did {company} [succeed|fail|fall behind|overtake its rivals][| in the 2000s| in {place}]?',
  'compare {company} and {company2}[| in strategy| on {angle}|. Which is better placed for the next decade?]',
  'do a [SWOT|five forces|PEST|competitor] analysis of {company}[| in {place}].',
  'should {company} [enter {place}|cut prices|buy {company2}|abandon advertising]? weigh the options',
  "evaluate {company}'s [business model|response to {event}|pricing|culture].",
  'is {company} a good long-term investment? [bull case and bear case|explain the risks]',
  'what should {company} do about {concept}? recommend a strategy',
  '{a} or {b}, which is better [for {job}|and why|in the long run]?',
  '{a} vs {b}[| for a beginner|, help me decide|: pros and cons]',
  'compare {a} and {b}[| in terms of {angle}| with examples]',
  'what are the differences between {a} and {b}, and when would you choose each?',
  'im torn between {a} and {b}. [walk me through it|what should i consider]',
  'why do people prefer {a} over {b}?',
  'is {a} really better than {b}? think about {angle} and {angle2}',
  'I am {job} [with a tight budget|in {place}|close to retiring] and I have to choose between {a} and {b}. Which one makes sense and why?',
  'as {job}, how would you [respond to|deal with|weigh] {issue}?',
  'my [friend|boss|sister|neighbour] [lied to me|took credit for my work|asked me for money|wants me to keep a secret]. what should i do and why?',
  'should i [quit my job|go back to school|move to {place}|tell my boss]? im {n}0 and [single|married|in debt]. help me think it through',
  'AITA for [refusing to lend money|skipping the wedding|telling the truth|asking for rent]?',
  'why is {place} [so rich|so unequal|losing population|so expensive]?',
  'compare {place} and {place2} [on {angle}|for a family of four|in how they handled {event}].',
  'what explains the [rise|decline] of {place}? separate {angle} from {angle2}',
  'how should {place} [prepare for|respond to] {concept}?',
  'Prepare a [report|research report|policy brief|market analysis] on {concept} in {place}, covering {angle}, {angle2} and [outlook|recommendations].',
  '[Research|Investigate] [the development of|the state of|trends in] {concept} and [produce an in-depth report|analyse the main drivers|compare the leading players].',
  'Conduct a literature review on {concept} and {angle}[|, and identify gaps in the evidence].',
  'Write a paper that examines how {concept} shapes {angle} in {place}[| and {place2}].',
  'a patient with {concept} [does not improve after {n} weeks of treatment|refuses treatment|also takes blood thinners]. how would you proceed and why?',
  '[X|B|A company] [breaks a contract with|fires|refuses to pay] [Y|C|its supplier] citing {concept}. who has the stronger case?',
  'which is the greater threat to {angle}: {concept} or {concept2}?',
  'rank {concept}, {concept2} and {concept3} by their effect on {angle} and defend the order',
  'is the claim that {concept} causes [poverty|stress|growth] supported by evidence? explain the flaws',
  "what is wrong with this reasoning: '{place} has {concept} and is rich, so {concept} makes countries rich'?",
  'explain why [correlation is not causation|averages mislead|small samples mislead] using {concept} as an example',
];

const ASK_KO = [
  '[국가|기업|언론|학교|부모|정치인]:은 {angle:을} 위해 [{angle2:을} 포기해도 되는가|{issue:을} 받아들여야 하는가|더 큰 책임을 져야 하는가]?',
  '{issue:은} {angle}에 도움이 되는가[| 해가 되는가]?',
  '{place}처럼 {issue:을} [추진해야 하는가|받아들여야 할까|따라 해도 되는가]?',
  '{angle:은} {angle2}보다 [중요한가|우선되어야 하는가]?',
  '[정부|국회|{place}]:은 {concept}에 제대로 대응하고 있는가?',
  '{concept:은} 사회를 더 [공정하게|안전하게|불평등하게] 만드는가?',
  '{issue:은} 과연 [정당한가|효과가 있는가|옳은가|공정한가]?',
  '{angle:을} 위해서라면 {angle2}의 희생을 감수해도 되는가?',
  '{a}보다 {b:이} 더 [바람직한가|가치 있는가]?',
  '{event:은} 왜 일어났[을까|는가|다고 생각해]?',
  '{event}의 원인[과 결과를|과 영향을|을] [분석해줘|설명해 주세요|논하시오]',
  '{event:이} {place}에 미친 영향[은?|을 평가해줘|을 설명하시오.]',
  '{event:과} {event2:을} 비교[해줘|하시오|분석해 주세요]',
  '{event:은} 피할 수 없었[을까|는가]? [근거를 들어줘|]',
  '만약 {event:이} [일어나지 않았다면|다르게 끝났다면] [어떻게 됐을까|역사가 어떻게 바뀌었을지 추론해줘]?',
  '{event}에서 {person}의 역할을 평가[해줘|하시오|해 주세요]',
  '{event:이} 오늘날 {place}에 주는 교훈은 무엇이라고 보는가?',
  '{event:은} [성공|실패|전환점]이었는가? 양쪽 논거로 [따져줘|논하시오]',
  '{person}의 업적을 [비판적으로 평가해줘|긍정과 부정 양면에서 평가하시오|재평가해줘]',
  '{person:은} [과대평가|과소평가] 됐다고 [생각해|보는가]?',
  '{person:과} {person2}의 [리더십|사상|예술관|전략]:을 비교해줘',
  '{person:이} 살아 있다면 {issue}에 대해 뭐라고 할까? 이유도',
  '{person:이} 그렇게 [영향력이 컸던|논란이 된] 이유는 [뭘까|무엇인가]?',
  '{work}의 [결말|상징|주제|화자]:을 [해석해줘|분석하시오|비평해줘]',
  '{work:이} 지금도 읽히는 이유가 [뭘까|뭐라고 생각해]?',
  '{work:과} {work2:을} [주제|인물|표현 방식] 중심으로 비교해줘',
  '{work:은} [과대평가된|시대를 앞선] 작품인가? 근거를 들어 [논해줘|말해줘]',
  '{work:을} [페미니즘|마르크스주의|탈식민주의] 관점에서 해석하시오.',
  '{work:이} 사회를 비판하는 방식을 [설명해줘|분석해 주세요]',
  '{issue:은} 필요한가?',
  '{issue}, 어떻게 생각[해|하세요|하는가|하시나요]?',
  '{issue} 찬반 [의견|논거|근거] [정리해줘|비교해줘|각각 제시해줘]',
  '{issue:은} [바람직한가|정당한가|타당한 결정인가|시기상조인가]?',
  '{issue:을} 둘러싼 쟁점과 [양측 주장을|해결 방안을] 정리해 주세요',
  '{issue}에 대한 [본인의 입장은|당신의 견해는|찬반 의견은] [무엇인가|어떠한가]?',
  '{place:이} {issue:을} [도입하면|추진한다면] [어떤 일이 생길까|누가 이득을 보고 누가 손해를 볼까]?',
  '{issue:이} {angle}에 미치는 영향을 [분석해줘|따져줘|평가하시오]',
  '{issue} [장단점|득실|기대효과와 부작용] [알려줘|비교|분석 부탁해요]',
  '{issue} [토론 준비|논술] 하는데 [찬성|반대] 측 입론이랑 예상 반론 정리해줘',
  '{issue}에 [찬성|반대]하는 [논술문|칼럼]:을 근거 세 가지 들어 써줘',
  '{job} 입장과 {job2} 입장에서 {issue:을} 각각 평가해줘',
  '{issue}, {angle:과} {angle2} 중 무엇을 우선해야 할까?',
  '{place:은} 왜 {issue:을} 두고 [갈등하는가|의견이 갈릴까]?',
  '정부가 {issue:을} 추진하겠다고 밝혔다. [이에 대해 어떻게 생각하는가|여야는 어떤 입장을 취해야 하는가|예상되는 문제는 무엇인가]?',
  '{issue:이} 무산된 [원인|배경]은 무엇이라고 보는가?',
  '{concept:이} 왜 [중요해|문제가 되는 거야|확산됐을까]?',
  '{concept}의 [한계와 대안|장점과 단점|위험과 기회]:을 [설명해줘|논하시오|평가해 주세요]',
  '{concept:이} {angle}에 미치는 영향은 [어떠한가|뭘까|무엇이라고 생각하나요]?',
  '{concept:과} {concept2:은} 어떤 관계가 있는지 [사례를 들어 설명해줘|논하시오]',
  '{concept:과} {concept2}의 차이점과 각각의 장단점은?',
  '{concept:은} 과장된 [개념|유행]일까? [비판적으로 검토해줘|따져줘]',
  '{concept} 도입이 {company}에 [유리할까 불리할까|어떤 변화를 가져올까]?',
  '앞으로 10년 동안 {concept:이} {place:을} 어떻게 바꿀지 [전망해줘|예측해 보세요]',
  '{concept:이} {angle:을} 해친다는 주장에 [반박해줘|대해 평가해줘|동의하는가]?',
  '{concept:을} 비판하는 논리 중 가장 강력한 것은 뭐고 왜 그런지 설명해줘',
  '{company:이} [성공한|실패한|뒤처진|경쟁사를 앞지른] 이유[가 뭘까|를 분석해줘|는 무엇인가]?',
  '{company:과} {company2}의 [전략|경쟁력|조직 문화|수익 구조] 비교[해줘|분석 부탁드립니다|]',
  '{company} [SWOT|경쟁사|5 forces|재무 리스크] 분석해줘',
  '{company:은} {place} 시장에 진출해야 할까? [선택지별로|근거와 함께] 판단해줘',
  '{company:이} {concept}에 어떻게 대응해야 하는지 전략을 제안해 주세요',
  '{company} 지금 사도 될까? 낙관론이랑 비관론 둘 다 따져줘',
  '{company} 독과점 논란, 규제가 필요한가?',
  '{a:이랑} {b} 중에 뭐가 [나아|더 좋을까|유리할까]?[ {angle} 기준으로| 이유도 같이|]',
  '{a} vs {b} [비교|장단점|뭐가 나음|추천 좀]',
  '{a:과} {b:을} {angle} 측면에서 비교[해줘|하시오|해 주세요]',
  '{a:과} {b}의 차이점[과 장단점을|을 사례로] 설명해 주세요',
  '{a} 할까 {b} 할까 고민인데 [조건별로 따져줘|조언 좀|어떻게 결정할까]',
  '{job}인데 {a:과} {b} 중 어떤 걸 선택해야 할지 [이유와 함께 추천해줘|판단 기준을 알려줘]',
  '사람들이 {a:을} {b}보다 선호하는 이유는 [뭘까|무엇일까요]?',
  '당신이 {job}:이라면 {issue} 문제를 어떻게 해결하겠는가?',
  '{job} 관점에서 {concept:을} 평가해줘',
  '[친구|동생|상사|이웃]:이 [거짓말을 했어|내 공을 가로챘어|돈을 빌려달래|비밀을 지켜달래]. 어떻게 하는 게 [맞을까|좋을까요]?',
  '[퇴사|이직|유학|결혼|이사] 고민 중이야. {n}0대이고 [빚이 있어|부모님이 반대하셔|모아둔 돈은 좀 있어]. 객관적으로 따져줘',
  '내가 [돈을 안 빌려준|결혼식에 안 간|사실대로 말한] 게 잘못이야? 양쪽 입장에서 판단해줘',
  '{place:은} 왜 [저출산이 심할까|집값이 비쌀까|인구가 줄까|불평등이 심한가]?',
  '{place:과} {place2}의 [복지 정책|교육 제도|경제 구조|외교 노선] 비교해줘',
  '{place:이} {concept}에 대응하는 방식을 평가하고 대안을 제시하시오',
  '{place}의 {concept} 현황과 과제를 [조사해서 보고서로 작성해줘|심층 분석해 주세요]',
  '{concept} 산업 동향 보고서 써줘. {angle:과} {angle2}, 향후 전망 포함해서',
  '{concept:과} {angle}의 관계에 대한 선행연구를 검토하고 한계를 지적해 주세요',
  '{concept:이} {place:과} {place2}에 미친 영향을 비교 연구해줘',
  '{concept} 환자가 {n}주 치료에도 호전이 없습니다. [다음 단계를 근거와 함께|감별해야 할 점을] 설명해 주세요',
  '갑이 {concept:을} 이유로 을과의 계약을 [해지했다|이행하지 않았다]. 누구의 주장이 더 타당한지 [검토하시오|판단해줘]',
  '{angle}에 더 큰 위협은 {concept:과} {concept2} 중 무엇인가?',
  '{concept}, {concept2}, {concept3:을} {angle}에 미치는 영향 순으로 순위를 매기고 이유를 대줘',
  "'{place:은} {concept} 덕분에 잘산다'는 주장의 오류를 [지적해줘|논리적으로 분석하시오]",
  '{concept:을} 예로 들어 상관관계와 인과관계의 차이를 설명해줘',
  '{issue:은} 여론조사에서 {percent}%의 지지를 받았다. 이 결과를 어떻게 해석해야 하는가?',
];

const EXPERT_EN = [
  'A {n}[0|5]-year-old [man|woman|child] presents with [fever|chest pain|fatigue|a rash|joint swelling|back pain] for {n2} [days|weeks] and [a history of {concept}|no relevant history|is pregnant]. [What is the most likely diagnosis and next step?|How would you manage this?|Which tests come first, and why?]',
  'My patient [refuses|cannot tolerate|does not respond to] [metformin|surgery|physiotherapy|antibiotics]. [What is the correct course of action?|Which alternative would you pick and why?]',
  'A [sells|leases|lends|leaves in a will] a [house|car|farm|painting] to B, but [C claims it first|B never pays|it turns out to be defective|A changes his mind]. [What can B do?|Who has the better claim?|Is the contract enforceable?]',
  '[Can|Should|May] [an employer|a landlord|the police|a school|a bank] [dismiss|search|evict|record|refuse] someone because of [a tweet|their religion|an old conviction|{concept}]? [Does it depend on the country?|Explain.|]',
  'In [criminal|family|contract|labour|international] law, how is {concept} treated when [both sides acted in good faith|a minor is involved|the damage crosses borders]?',
  'Suppose that [temperatures rise|demand falls|prices rise|the population shrinks] by {percent}% in {place}. [Which sectors suffer first?|What would follow?|How should the government respond?]',
  'If [a gene is knocked out|the catalyst is removed|the pressure doubles|the main beam is cut], what [would happen to the system|can I expect] and why?',
  'I am designing [a bridge|a water tank|a school roof|a solar farm|a drainage system] in {place}. [Which design would you choose|What should I watch out for] given [soft soil|earthquakes|a small budget|salty air]?',
  'What [measures|strategies|methods] could [reduce|prevent|improve] {concept} in [hospitals|schools|small firms|{place}], and which are supported by evidence?',
  'How can [a teacher|a therapist|an actor|a curator|an engineer|a coach] [deal with|recognise|make use of] {concept}[ without harming {angle}|, and what might go wrong|]?',
  'Imagine that you are {job} and [a colleague makes a serious error|half the budget disappears|two experts contradict each other]. What do you do, and why?',
  'What are the best practices for [handling|teaching|introducing] {concept} in {place}, and what challenges would come up?',
  'Is it [possible|reasonable|cost effective|safe] to use {concept} for [a small clinic|a family farm|a public school|an online shop]?',
  'Write me a [treatment plan|lesson plan|risk assessment|recovery plan] for someone affected by {concept} and justify each step.',
  'How [has|did] the understanding of {concept} [changed|evolved] since {year}, and what remains disputed?',
];

const EXPERT_KO = [
  '{n}[0|5]세 [남성|여성|소아]:이 {n2}[일|주] 전부터 [발열|흉통|피로|발진|관절 부종]:으로 내원했습니다. [가장 가능성 높은 진단과 다음 단계를 근거와 함께 설명해 주세요|감별진단을 비교해 주세요]',
  '갑이 을에게 [집|차|토지|그림]:을 [팔았는데|빌려주었는데|유증했는데] [병이 먼저 권리를 주장한다|하자가 발견되었다|대금을 받지 못했다]. [을의 구제수단을 검토하시오|누가 더 유리한지 판단해줘]',
  '[회사|임대인|학교|경찰]:이 [SNS 글|종교|전과|{concept}]:을 이유로 [해고|퇴거|징계|수색]할 수 있는지 [판단 기준을 설명해줘|정당성을 논하시오]',
  '{place}의 [기온|수요|물가|인구]:이 {percent}% [오르면|줄면] 어떤 부문이 먼저 타격을 받고 정부는 어떻게 대응해야 할까?',
  '[연약지반|지진대|해안|좁은 부지]에 [다리|학교|물탱크|태양광 단지]:을 설계하려 합니다. 어떤 방식이 적합한지 비교해서 추천해 주세요',
  '[교사|상담사|배우|큐레이터|감독]:은 {concept:을} 어떻게 다루어야 하고 무엇이 잘못될 수 있을까?',
  '{concept:을} [예방|개선|도입]하기 위한 방안 중 근거가 확실한 것은 무엇인지 평가해 주세요',
  '{year}년 이후 {concept}에 대한 이해가 어떻게 바뀌었고 남은 쟁점은 무엇인가?',
  '[정부|여당|야당|국회|서울시]:이 {issue:을} [발표했다|추진한다|철회했다]. [과연 효과가 있을까|국민의 공감을 얻을 수 있을까|이 결정은 옳은가|어떤 파장이 예상되는가]?',
  '{company:이} {issue} 논란에 휩싸였다. [어떻게 대처해야 하는가|책임은 누구에게 있는가|이 비판은 타당한가]?',
  '[정치인|언론|기업|시민]:은 {issue}에 대해 [어떤 태도를 취해야 하는가|침묵해도 되는가|책임을 져야 하는가]?',
  '{issue:을} [계속해야 하는가|중단해야 할까|확대해야 하나요|허용해서는 안 되는가]?',
  '[하반기|내년|향후] {place} [부동산|증시|경기|수출] 전망은 어떨까?',
  '{issue:을} 둘러싼 [세대|지역|노사|남녀] 갈등을 어떻게 풀어야 할까?',
];

const READ_EN = [
  'Evaluate the [argument|reasoning|evidence] in this text.',
  'What [can and cannot|should we] conclude from this? Explain.',
  'Critique this [piece|report|text] as [a strict editor|a peer reviewer|{job}].',
  'Who gains and who loses here? Analyse by stakeholder.',
  'Identify the assumptions behind this and say how weak they are.',
  'Compare the positions described and say which is stronger.',
  'What are the likely consequences for {angle} and {angle2}?',
  'Is the decision described here wise? Argue both sides, then decide.',
  'What alternative explanations are there? Rank them by plausibility.',
  'Recommend what [{company}|the council|the ministry] should do next and justify it.',
  'How would {job} and {job2} read this differently, and why?',
  'Explain the cause and effect chain in this passage and where it could break.',
  'Discuss how {concept} helps to explain what happened.',
  'What is missing from this account, and how might it change the verdict?',
  'Point out bias in how this is [framed|reported] and suggest a fairer version, with reasons.',
  '[Interpret|Analyse] this in depth.',
  'do you buy this? why or why not',
  'Infer the [motives|relationship] of the people involved. Support each inference with details.',
  'Who is at fault here? Weigh intentions and consequences.',
];
const READ_KO = [
  '이 글의 [논증|주장과 근거|논리]:을 평가[해줘|하시오|해 주세요]',
  '이 내용에서 [무엇을 결론 내릴 수 있고 없는지|어떤 시사점을 얻을 수 있는지] 설명해줘',
  '[편집자|심사위원|{job}] 입장에서 이 글을 비평해줘',
  '누가 이득을 보고 누가 손해를 보는지 이해관계자별로 분석하시오.',
  '숨은 전제를 찾아 얼마나 약한지 [따져줘|지적해 주세요]',
  '글에 나온 입장들을 비교하고 어느 쪽이 더 설득력 있는지 [판단해줘|논하시오]',
  '{angle:과} {angle2}에 어떤 영향을 미칠지 예측해줘',
  '이 결정은 현명한가? 찬반을 따진 뒤 결론을 내려줘',
  '다른 해석 가능성을 제시하고 가능성 순으로 순위를 매겨줘',
  '[회사|정부|시의회]:이 다음에 무엇을 해야 하는지 [제안하고 근거를 대줘|추천해 주세요]',
  '이 사건의 원인과 결과를 인과관계로 [정리해서 설명해줘|서술하시오]',
  '{concept:과} 연결해서 이 상황을 해석해줘',
  '빠진 관점이 무엇이고 그게 들어가면 결론이 어떻게 달라질까?',
  '보도의 편향을 지적하고 더 공정하게 쓰려면 어떻게 해야 하는지 말해줘',
  '이 주장에 동의해? 이유를 설명해줘',
  '등장하는 사람들의 [의도|관계|속마음]:을 근거를 들어 추론해줘',
  '누구 잘못이 더 큰지 의도와 결과를 나눠서 판단해줘',
  '비판적으로 검토하고 개선 방향을 제시하시오.',
];

const TABLE_EN = [
  'Interpret this table[| for {job}|. What trend matters most?].',
  "What story do these numbers tell, and what can't we conclude?",
  'Which [row|option] looks best if you care about {angle}? Justify the weighting.',
  'Explain the outlier and suggest possible reasons.',
  'Our manager says this proves that ads work. Evaluate the claim.',
  'What would you recommend for next year based on this data, and why?',
];
const TABLE_KO = [
  '이 표를 해석[해줘|하고 시사점을 말해줘|해 주세요]',
  '이 수치로 알 수 있는 것과 알 수 없는 것을 구분해서 설명해줘',
  '{angle:을} 중시한다면 어떤 선택이 가장 나은지 근거와 함께 판단해줘',
  '특이값이 보이는데 이유를 추론해줘',
  '팀장은 이게 광고 효과를 증명한다고 해. 이 주장 타당해?',
  '자료를 바탕으로 내년 전략을 제안하고 이유를 설명하시오.',
];

const OPEN_EN = [
  'be honest: ',
  'genuinely curious, ',
  'for my essay: ',
  'for a class debate, ',
  'help me think: ',
  'please ',
  'In your view, ',
  "I'd like a reasoned answer. ",
  'ok so ',
  "As {job}, I'm asking: ",
];
const CLOSE_EN = [
  ' explain your reasoning',
  ' give reasons and examples',
  ' consider {angle} and {angle2}',
  ' weigh both sides',
  ' with concrete cases from {place}',
  ' be critical',
  ' and come down on one side',
  ' step by step',
  ' in depth',
];
const OPEN_KO = ['솔직히 ', '과제 때문에 그런데 ', '토론 준비 중이야. ', '진지하게 묻는데 ', '{job}입니다. ', '네 생각엔 ', '객관적으로 ', '논술 주제야. '];
const CLOSE_KO = [
  ' 근거를 들어서',
  ' 이유도 설명해줘',
  ' 양쪽 다 고려해서',
  ' {angle:과} {angle2} 측면에서',
  ' 단계별로',
  ' 사례 포함해서',
  ' 깊이 있게 부탁드립니다',
  ' 결론까지 내줘',
];

function question(language: Language, random: Random): string {
  const en = language === 'en';
  const plain = random() < 0.8;
  const asks = en ? (plain ? ASK_EN : EXPERT_EN) : plain ? ASK_KO : EXPERT_KO;
  let text = expand(pick(asks, random), language, random);
  if (random() < 0.12) text = expand(pick(en ? OPEN_EN : OPEN_KO, random), language, random) + text;
  if (random() < 0.22) {
    const close = expand(pick(en ? CLOSE_EN : CLOSE_KO, random), language, random);
    text = en ? `${text.replace(/[.?]$/u, (end) => (end === '?' ? '?' : '.'))}${close}` : text + close;
  }
  if (en && random() < 0.6) text = text.charAt(0).toUpperCase() + text.slice(1);
  if (random() < 0.1) text = text.replace(/[.?]$/u, '');
  return text;
}

/** Background first, then what is wanted: the shape of a long expert request. */
function briefing(language: Language, random: Random): string {
  const en = language === 'en';
  const context = pick(
    en
      ? [
          'I work as {job} in {place}. We have {money} thousand dollars left, {n} people, and {n2} months before [the board meets|the lease ends|the law changes].',
          'Background: {company} lost {percent}% of its customers after {issue}, while {company2} grew. Critics blame {concept}.',
          '{person} once argued that {concept} was the root of {event}. My professor disagrees and points to {concept2}.',
          'A town near {place} must choose between {a} and {b}. Residents care about {angle}; the council cares about {angle2}.',
          "My {n}-year-old and I keep arguing about {issue}. My partner says it's about {angle}, I think it's about {angle2}.",
          'In {year}, {place} tried {issue}. Results were mixed: {angle} improved, but {angle2} got worse, and {percent}% of people wanted it reversed.',
          'Researchers in {place} report that {concept} lowers {angle} by {percent}%. The sample was {n}0 volunteers who chose their own group.',
        ]
      : [
          '저는 {place}에서 일하는 {job}입니다. 예산은 {money}백만 원, 인원은 {n}명이고 {n2}개월 안에 결정해야 합니다.',
          '{company:은} {issue} 이후 고객 {percent}%를 잃었고 {company2:은} 성장했다. 비판자들은 {concept} 탓이라고 한다.',
          '{person:은} {concept:이} {event}의 근본 원인이라고 주장했는데 교수님은 {concept2} 때문이라고 하십니다.',
          '{place} 근처의 한 마을이 {a:과} {b} 중 하나를 골라야 한다. 주민은 {angle:을}, 군청은 {angle2:을} 중시한다.',
          '남편이랑 {issue} 때문에 계속 다퉈. 남편은 {angle} 문제라고 하고 나는 {angle2} 문제라고 봐.',
          '{year}년 {place:은} {issue:을} 시행했다. {angle:은} 나아졌지만 {angle2:은} 나빠졌고 {percent}%가 되돌리기를 원했다.',
          '{place} 연구진은 {concept:이} {angle:을} {percent}% 낮춘다고 발표했다. 표본은 스스로 집단을 고른 지원자 {n}0명이었다.',
        ],
    random,
  );
  const ask = pick(
    en
      ? [
          'What would you advise, and why?',
          'Lay out the options with their trade-offs and recommend one.',
          'Who is right? Judge both positions fairly.',
          'How should we interpret this, and what else would you want to know?',
          'Assess the reasoning and point out the weakest step.',
          'Compare at least three approaches and defend your choice.',
        ]
      : [
          '어떻게 하는 게 좋을지 이유와 함께 조언해 주세요.',
          '선택지별 장단점을 정리하고 하나를 추천해줘.',
          '누구 말이 맞는지 공정하게 판단해줘',
          '이 결과를 어떻게 해석해야 하는가?',
          '논리의 약한 부분을 지적하고 보완해 주세요.',
          '최소 세 가지 방안을 비교하고 근거를 대줘.',
        ],
    random,
  );
  const gap = pick([' ', '\n', '\n\n'], random);
  return `${expand(context, language, random)}${gap}${ask}`;
}

function reading(language: Language, random: Random): string {
  const en = language === 'en';
  const onTable = random() < 0.2;
  const asks = onTable ? (en ? TABLE_EN : TABLE_KO) : en ? READ_EN : READ_KO;
  const text = onTable ? table(language, random) : material(language, random);
  const ask = expand(pick(asks, random), language, random);
  return layOut(text, ask, language, random);
}

/** A prompt that wants weighing: causes, comparisons, judgements, puzzles, reports. */
export function generate(language: Language, random: Random): string {
  const kind = number(1, 100, random);
  if (kind <= 58) return question(language, random);
  if (kind <= 70) return briefing(language, random);
  if (kind <= 88) return reading(language, random);
  return logicPuzzle(language, random);
}
