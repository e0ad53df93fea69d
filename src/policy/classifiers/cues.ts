/**
 * Hand-made cues: words and endings of both languages that point to what is wanted, grouped so that English and Korean
 * share a weight. Alternatives are separated by '|'. Latin alternatives match whole words, with a trailing '*' any word that
 * begins so; Hangul matches anywhere. The model learns what a group means; a name is only a name.
 */
export const CUES: Readonly<Record<string, string>> = {
  // code
  programmingLanguage:
    'python|python3|java|javascript|typescript|js|ts|c++|cpp|c#|csharp|golang|rust|kotlin|swift|php|ruby|perl|scala|haskell|matlab|bash|powershell|shell|sql|html|css|lua|dart|vba|assembly|solidity|julia|fortran|cobol|elixir|clojure|pascal|delphi|verilog|vhdl|latex|파이썬|자바|자바스크립트|타입스크립트|씨언어|c언어|코틀린|스위프트|러스트|고언어|쉘 스크립트|셸 스크립트',
  framework:
    'react|vue|angular|django|flask|fastapi|spring|spring boot|node|node.js|nodejs|express|next.js|nextjs|pandas|numpy|pytorch|tensorflow|keras|sklearn|scikit-learn|matplotlib|selenium|jquery|bootstrap|tailwind|flutter|unity|unreal|laravel|rails|.net|asp.net|wpf|qt|pyqt|tkinter|opencv|redux|svelte|electron|langchain|리액트|장고|플라스크|스프링|판다스|넘파이|뷰|넥스트|플러터|유니티|파이토치|텐서플로',
  codeTool:
    'git|github|gitlab|docker|dockerfile|kubernetes|k8s|nginx|apache|terraform|ansible|jenkins|linux|ubuntu|debian|systemd|cron|crontab|vim|vscode|npm|pip|webpack|makefile|cmake|gradle|maven|postgres|postgresql|mysql|sqlite|mongodb|redis|elasticsearch|kafka|graphql|aws|lambda|s3|azure|gcp|firebase|supabase|excel formula|vlookup|arduino|raspberry pi|esp32|ffmpeg|regex|regexp|regular expression|tmux|ssh|curl|helm|yaml|json|xml|csv|깃허브|깃|도커|쿠버네티스|리눅스|우분투|정규식|정규표현식|정규 표현식|엑셀 함수|엑셀 수식|크론|쿼리문|웹팩|아두이노',
  codeNoun:
    'code|function|functions|method|class|script|program|algorithm|api|endpoint|query|bug|error|exception|stack trace|traceback|unit test|unit tests|test case|test cases|variable|array|arrays|loop|linked list|binary tree|hash map|hashmap|dictionary|tuple|tuples|string|strings|boolean|recursion|recursive|compiler|library|package|module|framework|database|schema|server|backend|frontend|website|webpage|web app|web page|app|component|widget|plugin|bot|scraper|crawler|parser|snippet|codebase|repository|repo|pull request|commit|merge|branch|deploy|thread|mutex|async|await|pointer|segfault|null|undefined|return value|time complexity|space complexity|leetcode|코드|함수|메서드|메소드|클래스|스크립트|프로그램|알고리즘|엔드포인트|쿼리|버그|에러|오류|예외|변수|배열|반복문|재귀|연결 리스트|링크드 리스트|이진 트리|해시맵|딕셔너리|튜플|문자열|컴파일|라이브러리|패키지|모듈|프레임워크|데이터베이스|스키마|서버|백엔드|프론트엔드|웹사이트|웹페이지|웹앱|앱|컴포넌트|플러그인|크롤러|크롤링|파서|저장소|커밋|머지|브랜치|배포|스레드|비동기|포인터|단위 테스트|유닛 테스트|테스트 코드|테스트코드|디버깅|리팩토링|리팩터링|로그인 기능|명령어|커맨드',
  codeVerb:
    "implement|debug|refactor|compile|deploy|code up|fix this|fix the|fix my|write a function|write a python function|write code|write a program|write a script|write a query|program a|coding|crashes|throws|segfaults|not working|doesn't work|does not work|won't compile|won't run|짜줘|짜 줘|짜주|짜달|짜봐|코딩|구현해|구현하|디버그|고쳐줘|고쳐 줘|고쳐주|고쳐봐|에러가|오류가|안 돼|안돼|안 되|안되는|작동하지|동작하지|작동이|동작이|돌아가|만들어줘|만들어 줘|만들어주|개발해|설치|실행하|실행이|실행되|호출|반환|출력하|출력되|입력받|입력으로",
  codeReturn:
    'returns|return the|given an array|given a list|given a string|given two|given list|input:|output:|>>>|반환합니다|반환하|주어진 배열|주어진 리스트|주어진 문자열|리스트를|정수 n|배열이 주어',
  // mathematics
  mathVerb:
    'calculate|compute|solve|evaluate the|simplify|factor|differentiate|integrate|derive|prove that|prove|show that|find the value|find the sum|find the number|find all|find the|determine the|how many|how much|what is the value|what is the sum|what is the probability|convert|add|subtract|multiply|divide|sum of|product of|round|estimate|계산|구하시오|구하세요|구하라|구해줘|구해 줘|구해라|구하면|구하여라|구하고|구할|풀어줘|풀어 줘|풀어라|풀이|풀어주|풀어봐|증명하|증명해|적분|미분|인수분해|더하면|빼면|곱하면|나누면|곱한|나눈|환산|몇 개|몇개|몇 명|몇명|몇 번|몇 cm|몇 m|몇 원|몇 시간|몇 분|몇 살|몇 가지|몇 배|몇 퍼센트|몇 그램|몇 킬로|얼마입니까|얼마인가|얼마야|얼마나 되|값을 구|값은|입니까',
  mathNoun:
    'equation|equations|integral|derivative|limit|matrix|matrices|vector|vectors|eigenvalue|eigenvalues|determinant|polynomial|quadratic|logarithm|probability|permutation|permutations|combination|combinations|triangle|circle|radius|diameter|perimeter|circumference|polygon|hexagon|rectangle|square root|cube|cubic|area of|volume of|angle|angles|slope|ratio|fraction|decimal|percent|percentage|average|mean|median|variance|standard deviation|integer|integers|prime|primes|divisible|remainder|modulo|gcd|lcm|factorial|sequence|arithmetic|geometric|theorem|lemma|real number|real numbers|positive integer|complex number|algebra|calculus|geometry|trigonometry|sine|cosine|tangent|interest rate|compound interest|discount|velocity|acceleration|joules|newtons|방정식|부등식|적분|미분|극한|행렬|벡터|고유값|고윳값|행렬식|다항식|이차|일차|로그|확률|순열|조합|경우의 수|삼각형|사각형|직사각형|정사각형|원의|반지름|지름|둘레|넓이|부피|각도|기울기|비율|분수|소수|백분율|퍼센트|평균|중앙값|분산|표준편차|정수|자연수|약수|배수|공배수|공약수|최대공약수|최소공배수|나머지|수열|등차|등비|정리를|실수|복소수|기하|삼각함수|이자|할인|속력|속도|가속도|거리|시속|합을|합은|차를|차는|곱을|몫',
  mathOperator:
    'plus|minus|times|divided by|multiplied by|squared|cubed|to the power of|square root of|percent of|over|equals|더하기|빼기|곱하기|나누기|제곱|세제곱|루트|의 합|의 곱|의 차',
  numberWord:
    'zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|스물|서른|마흔|쉰|예순|일흔|여든|아흔|다섯|여섯|일곱|여덟|아홉',
  arithmeticTalk:
    'math|maths|arithmetic|math problem|math question|sum|answer to|add up|factorial|root of|square of|cube of|percent|calculator|do math|수학|산수|암산|계산기|수식|더한|뺀',
  exam: 'marks|pts|points)|(a)|(b)|(c)|(i)|(ii)|justify your answer|show your work|show that|find the|determine|hence|given that|let|denote|such that|suppose that|consider|obtain|approximate|evaluate|verify|for all|보기에서|옳은 것을|고르시오|고르면|배점|단,|일 때|이다. 이때|라 하자|라고 할 때|함수|집합|좌표|직선|최댓값|최솟값|만족하는|정수 |자연수',
  physics:
    'mass|force|energy|pressure|temperature|density|voltage|current|resistance|circuit|frequency|wavelength|momentum|friction|gravity|mole|moles|molar|concentration|ph|celsius|kelvin|joule|watt|orbit|light year|질량|전압|전류|저항|밀도|농도|온도|압력|에너지|운동량|중력|파장|주파수|몰',
  money:
    'loan|mortgage|apr|interest|invest|invested|investment|savings|salary|installment|installments|deposit|tax|tip|price|cost|profit|per month|annual|대출|이자|적금|예금|원금|투자|월급|연봉|세금|할부|가격|원가|정가|이익|수익률',
  quantity:
    'dollars|dollar|cents|bucks|miles|mile|km|kilometers|meters|feet|foot|inches|inch|cm|mm|kg|pounds|ounces|grams|liters|gallons|hours|minutes|seconds|mph|km/h|per hour|per day|each|twice|half|total|altogether|remaining|left over|less than|more than|fewer|dozen|apples|marbles|tickets|students|원짜리|킬로|그램|미터|센티|리터|모두|남은|남았|각각|마다|씩|똑같이|묶음|자루|봉지|상자|권을|장을|마리|송이|명의|명이|개를|개의|개가|원을|원을 내고|거스름돈|나누어|나눠|보다 더|작은 수|큰 수|어떤 수',
  // translation
  translate: 'translate|translates|translated|translating|translation|translations|번역|번역해|번역하|번역기|번역본|통역|옮겨|옮기|직역|의역',
  languageName:
    'english|korean|japanese|chinese|mandarin|cantonese|spanish|french|german|italian|portuguese|russian|arabic|hindi|vietnamese|thai|indonesian|turkish|dutch|polish|swedish|greek|hebrew|latin|swahili|ukrainian|czech|danish|finnish|norwegian|tagalog|hawaiian|영어|한국어|한글로|우리말|일본어|일어|중국어|한자로|스페인어|프랑스어|불어|독일어|독어|이탈리아어|포르투갈어|러시아어|아랍어|힌디어|베트남어|태국어|인도네시아어|영문|국문|한문|라틴어|터키어|몽골어',
  intoLanguage:
    'into english|into korean|into japanese|into chinese|into spanish|into french|into german|into italian|into russian|to english|to korean|to japanese|to chinese|to spanish|to french|to german|in spanish|in french|in german|in italian|in japanese|in chinese|in korean|in russian|in portuguese|in arabic|in hindi|in english|from english|from korean|from japanese|from spanish|from french|영어로|한국어로|한글로|우리말로|일본어로|일어로|중국어로|스페인어로|프랑스어로|불어로|독일어로|독어로|이탈리아어로|러시아어로|아랍어로|베트남어로|태국어로|영문으로|국문으로|인도네시아어로|포르투갈어로',
  place:
    'germans|germany|france|russia|russians|italians|italy|spain|mexico|mexican|brazil|japan|china|korea|hawaii|egypt|turkey|norway|sweden|greece|kenya|vietnam|thailand|poland|portugal|india|iran|peru|koreans|spaniards|vietnamese people|slang|local word',
  say: 'say|says|saying|called in|word for|phrase|expression|표현|발음|말로|단어',
  sayIn:
    "how do you say|how do i say|how would i say|how would you say|how do they say|how to say|how can i say|how does one say|what's the word for|what is the word for|word for|say it in|if i were|if i was|뭐라고 해|뭐라고 하|뭐라 하|뭐라고 말|뭐라고 써|뭐라고 표현|어떻게 말해|어떻게 말하|어떻게 써|어떻게 표현|라고 하려면|라는 말을|라고 말하고",
  turnInto: '바꿔줘|바꿔 줘|바꿔주|바꾸면|바꿔봐|고쳐서|다듬어|매끄럽게|자연스럽게|자연스러운|원문|원어민|natural sounding|native speaker|proofread',
  // creative
  creativeNoun:
    'story|stories|short story|poem|poems|poetry|haiku|sonnet|limerick|lyrics|song|rap|verse|ballad|novel|novella|fiction|fanfic|fanfiction|fan fiction|fairy tale|fable|myth|legend|screenplay|script for|scene|dialogue|monologue|character|characters|protagonist|villain|plot|plot twist|chapter|prologue|epilogue|joke|jokes|pun|puns|slogan|tagline|catchphrase|caption|backstory|worldbuilding|fantasy|sci-fi|scifi|romance|horror|thriller|comedy|sketch|skit|roleplay|role-play|role play|dungeon|d&d|dungeons & dragons|imaginary|imagined|love letter|eulogy|toast|riddle|tongue twister|parody|satire|metaphor|stanza|stanzas|rhyme|rhymes|rhyming|narrator|first person|third person|bedtime|adventure|superhero|wizard|dragon|이야기|동화|소설|단편|장편|시를|시 한|시 써|시로|시조|하이쿠|가사|노래|랩|발라드|대사|대본|시나리오|각본|장면|독백|캐릭터|등장인물|주인공|악당|줄거리|반전|프롤로그|에필로그|농담|유머|개그|말장난|아재개그|슬로건|캐치프레이즈|카피|문구|태그라인|세계관|판타지|로맨스|공포|스릴러|코미디|콩트|역할극|상황극|롤플레이|연애편지|러브레터|수필|에세이|삼행시|사행시|이행시|우화|전설|신화|모험|용사|마법사|상상|팬픽|웹소설|웹툰|수수께끼|패러디|은유|운율|1인칭|3인칭|말투로|작명|별명|이름 지어|이름을 지어|제목 지어',
  fandom:
    'anime|manga|pokemon|pokémon|naruto|marvel|avengers|batman|superman|spider-man|spiderman|harry potter|hogwarts|star wars|star trek|disney|zelda|mario|sonic|minecraft|dragon ball|goku|one piece|danganronpa|elden ring|witcher|undertale|fnaf|genshin|my little pony|simpsons|spongebob|sitcom|wwe|cartoon|crossover|oc|episode|movie|tv show|포켓몬|마블|해리포터|해리 포터|스타워즈|디즈니|애니|만화|아이돌|드라마',
  creativeForm:
    'script of|script where|script about|script for|a script|verse|chorus|bridge|outro|intro|stanza|syllables|rhyme scheme|abab|monologue|one liners|one-liners|punchline|punchlines|standup|stand-up|greentext|twist|ending|pov|first chapter|synopsis|premise|battle|fight scene|encounter|campaign|character sheet|words long|word story|page story|in 100 words|300 words|500 words|suno|kpop|k-pop|edm|r&b|jazz|후렴|벌스|절로|장르|분위기|반전 있는|결말|열린 결말|첫 문장|도입부|장면을|시점으로|연극|뮤지컬|자짜리|자 이내|글자로|행시|행으로|연으로',
  creativeVerb:
    'write a story|write a short story|write a poem|write a song|write me a|write a scene|write a letter|write a script|tell me a story|tell a story|tell me a joke|imagine|pretend|continue the story|continue this|make up|invent|compose|come up with|brainstorm|rewrite the lyrics|act as a|you are a|in the style of|in the voice of|써줘|써 줘|써주|써봐|써 봐|써라|써달|써 달|쓰세요|써보|쓰고 싶|지어줘|지어 줘|지어주|지어봐|지어라|지어내|지어 달|꾸며|창작|각색|이어서 써|이어 써|이어 쓰|이야기해줘|들려줘|들려주|상상해|상상하|만들어내|묘사해|묘사하|연기해|되어서|빙의',
  tone: 'funny|humorous|humor|witty|dramatic|romantic|emotional|whimsical|dark|sad|heartwarming|catchy|creepy|spooky|suspenseful|nostalgic|poetic|melancholic|uplifting|재미있는|재밌는|웃긴|감동적|슬픈|따뜻한|무서운|로맨틱|감성적|서정적|설레는|쓸쓸한|신나는|귀여운|몽환적|애절한',
  // quick
  summarize:
    'summarize|summarise|summary|summarization|tl;dr|tldr|tl dr|key points|main points|main idea|sum up|in one sentence|in a sentence|in brief|shorten|headline|title for|recap|gist|takeaways|bullet points|condense|요약|요점|핵심만|핵심 내용|한 줄로|한줄로|세 줄|3줄|두 줄|한 문장|간추|정리해|줄여|제목을|요지|골자|간단히',
  passageFrame:
    'article:|document:|passage:|text:|dialogue:|paragraph:|context:|following article|following text|following passage|this article|this text|this document|this dialogue|the article|the text|the passage|above text|the above|based on the|according to the|다음 글|다음 기사|다음 문장|다음 대화|아래 글|아래 기사|아래 내용|아래 문장|위 글|위 내용|이 글|이 기사|이 문서|본문|지문|다음을|아래 텍스트|다음 내용|회의록|위 문장',
  wh: 'who|whom|whose|when|where|which|what year|what time|what day|what date|what country|what city|what state|what color|what language|what kind|what type|how old|how tall|how long|how far|how big|how fast|how hot|how deep|누구|누가|언제|어디|몇 년|몇년|몇 월|며칠|무슨 요일|어느|이름이|이름은|이름이 뭐|수도는|수도가|몇 도|몇 층|몇 세기|어떤 나라',
  define:
    "define|definition|meaning of|what does|mean|means|what is a|what is an|what is the|what's the|what are|stand for|stands for|synonym|synonyms|antonym|acronym|abbreviation|spell|spelling|뜻|뜻이|의미|정의|무슨 말|무슨 뜻|뭐야|뭐예요|뭔가요|뭐지|뭔지|뭐니|뭐임|무엇인가요|무엇입니까|무엇이야|무엇인가|란 무엇|이란|약자|줄임말|동의어|유의어|반대말|반의어|맞춤법|띄어쓰기",
  fact: 'capital of|population of|president of|president|prime minister|founded|invented|discovered|born|died|won the|winner|released|located|currency|tallest|largest|biggest|longest|highest|oldest|first|last|author of|directed|starred|starring|played|plays|sings|sang|song by|movie|film|album|season|episode|world cup|olympics|super bowl|수도|인구|대통령|총리|창립|설립|발명|발견|태어난|태어났|사망|우승|출시|개봉|위치|통화|화폐|가장 높은|가장 큰|가장 긴|최초|감독|출연|주연|작가|저자|노래 부른|가수|영화|앨범|월드컵|올림픽|역사상',
  yesNo:
    'true or false|yes or no|is it true|is there|are there|does the|do the|is the|was the|can you|is it possible|맞아|맞나|맞는지|맞습니까|인가요|인가|있나요|있나|있어|있는가|있습니까|한가요|하나요|하는가|되나요|되는가|됩니까|합니까|였나|였는가|이었나|가능한가|가능해|사실인가|사실이야|참인지|거짓',
  assertion: '이다.|한다.|있다.|된다.|였다.|했다.|않는다.|없다.|아니다.|았다.|었다.|왔다.|진다.|는다.|난다.|린다.',
  advice:
    'recommend|recommendation|recommendations|suggest|suggestions|tip|tips|advice|ideas for|추천|조언|팁|방법|알려줘|알려 줘|알려주|가르쳐|말해줘|말해 줘',
  voice:
    'alexa|hey google|please tell me|can you tell me|could you tell me|i want to know|i need to know|do you know|tell me what|tell me the|tell me who|tell me about|궁금|알고 싶|혹시',
  // analysis
  compare:
    'compare|comparison|compared to|contrast|versus|vs|vs.|difference between|differences between|pros and cons|advantages and disadvantages|advantages|disadvantages|trade-off|trade-offs|tradeoffs|better than|which is better|similarities|비교|대비|차이|차이점|장단점|장점|단점|어느 쪽|어느 게|어느게|뭐가 더|뭐가 나|둘 중|나은|나을까|더 좋|유리|공통점|트레이드오프',
  evaluate:
    'evaluate|assess|critique|criticize|review|analyze|analyse|analysis|examine|investigate|interpret|discuss|argue|argument|arguments|debate|justify|defend|refute|implications|implication|impact|impacts|effect of|effects of|effect on|consequences|significance|role of|influence|factors|causes|cause of|reasons|strategy|strategies|approach|approaches|policy|ethical|ethics|moral|morality|research|report|study|evidence|hypothesis|theory|perspective|perspectives|challenges|solutions|mitigate|improve|future of|trend|trends|outlook|risk|risks|benefits|swot|root cause|평가|분석|비평|비판|검토|고찰|논하|논의|토론|주장|반박|근거|논거|옹호|찬성|반대|찬반|의견|견해|입장|시사점|영향|파급|결과를|의의|역할|요인|원인|이유|배경|전략|접근|정책|윤리|도덕|연구|보고서|가설|이론|관점|시각|과제|해결책|해결 방안|해결방안|대책|대안|방안|개선|전망|추세|동향|리스크|위험|타당|적절|바람직|정당|공정|효과|한계|쟁점|논란|문제점|사회적|책임',
  whyHow:
    'why|why do|why does|why did|why is|why are|how do|how does|how did|how can|how could|how should|how would|how to|what would happen|what if|what happens|how come|explain|explain why|explain how|describe|elaborate|왜|어떻게|어째서|무엇 때문|설명해|설명하|설명 좀|만약|한다면|라면|어떨까|어떤가|어떠한',
  opinion:
    'should i|should we|should the|should a|should|ought|do you think|what do you think|would you|in your opinion|best way|best option|best approach|worth it|is it worth|which should|what should|what would you|could be|recommend|decide|decision|choose between|생각해|생각하는가|생각하나|생각하니|생각합니까|생각은|어떻게 생각|해야 하|해야 할|해야할|해야 하는가|해야 한다|할까|될까|일까|않을까|좋을까|필요한가|필요할까|필요하다고|옳은가|옳은|허용|금지|강화|폐지|도입|괜찮을까|결정|선택|판단|고민|어떻게 해야|어떤 조치|마땅|당신은|당신의|정당화|존중|규제|처벌|차별|권리|자유',
  prospect:
    '것인가|까?|까요|전망|언제까지|가능성|예상|앞으로|이어질|미칠|확산|실효성|적절|바람직|타당한가|정당한가|찬성|반대하|우려|이를 어떻게|어떻게 보|어떻게 평가|어떤 입장',
  gloss: '영어:|프랑스어:|독일어:|일본어:|중국어:|라틴어:|스페인어:|한자:|러시아어:|이탈리아어:|병음:|아랍어:|라틴어 |(영어|(독일어|(프랑스어',
  caseOpen:
    "year old|years old|presents with|presents herself|presents himself|you are a|you find|you observe|you are patrolling|your boss|a patient|my patient|a client|i have a|imagine|suppose|let's say|say i|if you|if i was|if i were|if one|in a hypothetical|accused|arrested|the likely cause|what should|how would you|how could|how can i|what steps|what could|what happens when",
  normative: '하는가?|는가?|은가?|인가?|을까?|할까?|될까?|일까?|한가?|야 하나|야 할까|지 않을까|수 있을까|수 있는가',
  situation:
    'suppose|assume|hypothetical|hypothetically|scenario|case study|my patient|patient|patients|client|my boss|my company|our company|our team|as a|if you were|i am a|i work|diagnosis|treatment|symptoms|lawsuit|legal|law|court|contract|employee|가정하|가정해|상황에서|사례|환자|진단|치료|증상|법적|소송|계약|회사에서|우리 회사|우리 팀|팀에서|제가|저는',
  puzzle:
    'clue|clues|clue(s)|logic puzzle|deduce|deduction|houses|premise|conclusion|which of the following|logically|riddle|liar|truth-teller|entail|entails|entailment|논리|추론|단서|전제|결론|참말|거짓말쟁이',
  instructionOpen:
    "please|could you|can you please|i need|i want|help me|i would like|i'd like|부탁|해주세요|해 주세요|해줘|해 줘|주세요|주실|줄래|줄 수|하세요|하시오|하라|해라|해봐|하십시오|바랍니다|해줄|작성",
  businessText:
    'email|e-mail|cover letter|resume|memo|proposal|presentation|meeting|agenda|press release|job description|linkedin|이메일|메일|자기소개서|자소서|이력서|제안서|기획서|발표|공지|안내문|보도자료|사과문|회의',
  selfClaim:
    'this is a math|this is a code|this is a coding|this is a creative|this is a translation|this is a quick|this is an analysis|task:|category:|label:|ignore previous|classify this as|수학 문제야|코딩 문제야|번역 문제야|창작 과제|분석 과제|이건 수학|이건 코딩|이건 번역|이건 창작|이건 분석|분류해|로 분류',
};
