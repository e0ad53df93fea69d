/** One thing in both languages. */
export type Pair = readonly [en: string, ko: string];

const split = (text: string): readonly Pair[] =>
  text
    .trim()
    .split(/\s*[;\n]\s*/)
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [en = '', ko = ''] = entry.split('=');
      return [en.trim(), ko.trim()] as const;
    });

/** Ideas, methods and phenomena of every field; both labels ask about them. */
export const CONCEPTS = split(`
photosynthesis=광합성; plate tectonics=판구조론; natural selection=자연선택; entropy=엔트로피; dark matter=암흑물질; nuclear fusion=핵융합; osmosis=삼투 현상; CRISPR=크리스퍼 유전자 가위; antibiotic resistance=항생제 내성; herd immunity=집단면역
the placebo effect=플라시보 효과; insulin resistance=인슐린 저항성; intermittent fasting=간헐적 단식; gene therapy=유전자 치료; telemedicine=원격의료; sleep apnea=수면무호흡증; type 2 diabetes=제2형 당뇨병; hypertension=고혈압; burnout=번아웃; depression=우울증
inflation=인플레이션; deflation=디플레이션; quantitative easing=양적완화; the gig economy=긱 이코노미; universal basic income=기본소득; a carbon tax=탄소세; opportunity cost=기회비용; moral hazard=도덕적 해이; comparative advantage=비교우위; the trickle-down effect=낙수효과
short selling=공매도; a leveraged buyout=차입매수; index funds=인덱스 펀드; cryptocurrency=암호화폐; central bank digital currency=중앙은행 디지털화폐; a progressive tax=누진세; rent control=임대료 규제; the minimum wage=최저임금; a trade deficit=무역적자; a housing bubble=부동산 거품
democracy=민주주의; federalism=연방제; populism=포퓰리즘; proportional representation=비례대표제; separation of powers=삼권분립; judicial review=위헌심사; soft power=소프트 파워; nationalism=민족주의; colonialism=식민주의; globalization=세계화
utilitarianism=공리주의; existentialism=실존주의; stoicism=스토아 철학; the categorical imperative=정언명령; the trolley problem=트롤리 딜레마; free will=자유의지; the social contract=사회계약; moral relativism=도덕 상대주의; the veil of ignorance=무지의 베일; nihilism=허무주의
confirmation bias=확증편향; cognitive dissonance=인지부조화; the bystander effect=방관자 효과; attachment theory=애착 이론; classical conditioning=고전적 조건형성; groupthink=집단사고; the Dunning-Kruger effect=더닝 크루거 효과; social loafing=사회적 태만; imposter syndrome=가면 증후군; growth mindset=성장 마인드셋
machine learning=머신러닝; blockchain=블록체인; quantum computing=양자컴퓨팅; cloud computing=클라우드 컴퓨팅; edge computing=엣지 컴퓨팅; end-to-end encryption=종단간 암호화; facial recognition=안면인식 기술; deepfakes=딥페이크; self-driving cars=자율주행차; large language models=대규모 언어 모델
microservices=마이크로서비스; technical debt=기술 부채; agile development=애자일 개발; open source=오픈소스; net neutrality=망 중립성; digital twins=디지털 트윈; 5G=5G; augmented reality=증강현실; the metaverse=메타버스; data privacy=개인정보 보호
habeas corpus=인신보호청구; double jeopardy=일사부재리; force majeure=불가항력; the statute of limitations=공소시효; fair use=공정 이용; adverse possession=점유취득시효; strict liability=무과실책임; plea bargaining=플리바게닝; restorative justice=회복적 사법; defamation=명예훼손
urban sprawl=도시 확산; gentrification=젠트리피케이션; desertification=사막화; ocean acidification=해양 산성화; the urban heat island effect=도시 열섬 현상; rewilding=재야생화; overfishing=남획; acid rain=산성비; biodiversity loss=생물다양성 감소; permafrost thaw=영구동토 해빙
impressionism=인상주의; surrealism=초현실주의; baroque music=바로크 음악; magical realism=마술적 사실주의; film noir=필름 누아르; brutalist architecture=브루탈리즘 건축; jazz=재즈; haiku=하이쿠; pansori=판소리; hanok=한옥
a SWOT analysis=SWOT 분석; the product life cycle=제품 수명 주기; vertical integration=수직 통합; brand loyalty=브랜드 충성도; supply chain resilience=공급망 회복력; franchising=프랜차이즈; freemium pricing=프리미엄 요금제; customer churn=고객 이탈; remote work=재택근무; a four-day week=주4일제
standardized testing=표준화 시험; homeschooling=홈스쿨링; inclusive education=통합교육; private tutoring=사교육; bilingual education=이중언어 교육; grade inflation=학점 인플레이션; early childhood education=조기교육; the flipped classroom=거꾸로 수업; vocational training=직업훈련; rote learning=암기식 학습
reinforced concrete=철근콘크리트; heat pumps=열펌프; solid-state batteries=전고체 배터리; hydrogen fuel cells=수소 연료전지; desalination=해수담수화; offshore wind=해상풍력; base isolation=면진 구조; additive manufacturing=적층 제조; geothermal energy=지열에너지; carbon capture=탄소 포집
`);

export const PEOPLE = split(`
Napoleon=나폴레옹; Julius Caesar=율리우스 카이사르; Cleopatra=클레오파트라; Marie Curie=마리 퀴리; Albert Einstein=아인슈타인; Isaac Newton=뉴턴; Charles Darwin=찰스 다윈; Nikola Tesla=니콜라 테슬라; Leonardo da Vinci=레오나르도 다빈치; Vincent van Gogh=빈센트 반 고흐
King Sejong=세종대왕; Yi Sun-sin=이순신; King Jeongjo=정조; Jeong Yak-yong=정약용; Ahn Jung-geun=안중근; Kim Gu=김구; Yun Dong-ju=윤동주; Park Chung-hee=박정희; Kim Dae-jung=김대중; Heungseon Daewongun=흥선대원군
Mahatma Gandhi=간디; Nelson Mandela=넬슨 만델라; Martin Luther King Jr.=마틴 루터 킹; Abraham Lincoln=에이브러햄 링컨; Winston Churchill=윈스턴 처칠; Margaret Thatcher=마거릿 대처; Angela Merkel=앙겔라 메르켈; Mikhail Gorbachev=고르바초프; Mao Zedong=마오쩌둥; Catherine the Great=예카테리나 2세
Plato=플라톤; Aristotle=아리스토텔레스; Confucius=공자; Immanuel Kant=칸트; Friedrich Nietzsche=니체; Karl Marx=카를 마르크스; Adam Smith=애덤 스미스; John Maynard Keynes=케인스; Max Weber=막스 베버; Hannah Arendt=한나 아렌트
Steve Jobs=스티브 잡스; Elon Musk=일론 머스크; Warren Buffett=워런 버핏; Jeff Bezos=제프 베이조스; Ada Lovelace=에이다 러브레이스; Alan Turing=앨런 튜링; Florence Nightingale=나이팅게일; Sigmund Freud=프로이트; Jean Piaget=피아제; Rosalind Franklin=로절린드 프랭클린
William Shakespeare=셰익스피어; Jane Austen=제인 오스틴; Franz Kafka=카프카; George Orwell=조지 오웰; Fyodor Dostoevsky=도스토옙스키; Han Kang=한강; Haruki Murakami=무라카미 하루키; Toni Morrison=토니 모리슨; Bong Joon-ho=봉준호; Hayao Miyazaki=미야자키 하야오
Beethoven=베토벤; Mozart=모차르트; Miles Davis=마일스 데이비스; Bob Dylan=밥 딜런; Michael Jordan=마이클 조던; Lionel Messi=메시; Son Heung-min=손흥민; Yuna Kim=김연아; Serena Williams=세리나 윌리엄스; Pele=펠레
`);

export const WORKS = split(`
Hamlet=햄릿; Macbeth=맥베스; Pride and Prejudice=오만과 편견; 1984=1984; Brave New World=멋진 신세계; The Great Gatsby=위대한 개츠비; Crime and Punishment=죄와 벌; The Stranger=이방인; Demian=데미안; The Trial=소송
The Vegetarian=채식주의자; The Tale of Hong Gildong=홍길동전; The Tale of Chunhyang=춘향전; A Lucky Day=운수 좋은 날; The Wings=날개; Human Acts=소년이 온다; One Hundred Years of Solitude=백년의 고독; Beloved=빌러비드; Frankenstein=프랑켄슈타인; Don Quixote=돈키호테
Parasite=기생충; Squid Game=오징어 게임; Oldboy=올드보이; Spirited Away=센과 치히로의 행방불명; Inception=인셉션; The Godfather=대부; Citizen Kane=시민 케인; The Matrix=매트릭스; Titanic=타이타닉; Casablanca=카사블랑카
Guernica=게르니카; The Starry Night=별이 빛나는 밤; the Mona Lisa=모나리자; The Scream=절규; The Republic=국가론; The Prince=군주론; On Liberty=자유론; The Wealth of Nations=국부론; Das Kapital=자본론; The Analects=논어
Game of Thrones=왕좌의 게임; Breaking Bad=브레이킹 배드; The Lord of the Rings=반지의 제왕; Harry Potter=해리 포터; Dune=듄; The Little Prince=어린 왕자; Animal Farm=동물농장; The Catcher in the Rye=호밀밭의 파수꾼; Swan Lake=백조의 호수; Carmen=카르멘
`);

export const PLACES = split(`
South Korea=한국; Japan=일본; China=중국; Vietnam=베트남; India=인도; Germany=독일; France=프랑스; Italy=이탈리아; Spain=스페인; Portugal=포르투갈; Sweden=스웨덴; Norway=노르웨이; Finland=핀란드; the Netherlands=네덜란드; Switzerland=스위스; Poland=폴란드; Turkey=튀르키예; Egypt=이집트; Kenya=케냐; Nigeria=나이지리아
South Africa=남아프리카공화국; Brazil=브라질; Argentina=아르헨티나; Chile=칠레; Mexico=멕시코; Canada=캐나다; Australia=호주; New Zealand=뉴질랜드; Singapore=싱가포르; Indonesia=인도네시아; Thailand=태국; the Philippines=필리핀; Greece=그리스; Ukraine=우크라이나; Israel=이스라엘; Iceland=아이슬란드; Denmark=덴마크; Ireland=아일랜드; Mongolia=몽골; Taiwan=대만
Seoul=서울; Busan=부산; Jeju=제주; Gyeongju=경주; Sejong City=세종시; New York=뉴욕; London=런던; Paris=파리; Berlin=베를린; Tokyo=도쿄; Kyoto=교토; Lisbon=리스본; Barcelona=바르셀로나; Istanbul=이스탄불; Dubai=두바이; Hong Kong=홍콩; Detroit=디트로이트; San Francisco=샌프란시스코; Amsterdam=암스테르담; Copenhagen=코펜하겐
`);

export const EVENTS = split(`
the French Revolution=프랑스 혁명; the Russian Revolution=러시아 혁명; the Meiji Restoration=메이지 유신; the Korean War=한국전쟁; the Vietnam War=베트남 전쟁; World War I=제1차 세계대전; World War II=제2차 세계대전; the Cold War=냉전; the Cuban Missile Crisis=쿠바 미사일 위기; the fall of the Berlin Wall=베를린 장벽 붕괴
the Imjin War=임진왜란; the Gapsin Coup=갑신정변; the Donghak Peasant Revolution=동학농민운동; the March First Movement=3·1 운동; the June Democratic Struggle=6월 민주항쟁; the Asian financial crisis=IMF 외환위기; the Gwangju Uprising=5·18 민주화운동; the Gabo Reform=갑오개혁; the Seoul Olympics=서울 올림픽; the Sewol ferry disaster=세월호 참사
the Great Depression=대공황; the 2008 financial crisis=2008년 금융위기; the oil shock of 1973=1973년 오일쇼크; the Black Death=흑사병; the Industrial Revolution=산업혁명; the Reformation=종교개혁; the Renaissance=르네상스; the fall of the Roman Empire=로마 제국의 멸망; the fall of Constantinople=콘스탄티노폴리스 함락; the Opium War=아편전쟁
the American Civil War=미국 남북전쟁; the Louisiana Purchase=루이지애나 매입; the Treaty of Versailles=베르사유 조약; the Congress of Vienna=빈 회의; the Marshall Plan=마셜 플랜; the Cultural Revolution=문화대혁명; the Arab Spring=아랍의 봄; the Chernobyl disaster=체르노빌 사고; the Fukushima disaster=후쿠시마 원전 사고; the collapse of the Soviet Union=소련 붕괴
Brexit=브렉시트; the COVID-19 pandemic=코로나19 팬데믹; the moon landing=달 착륙; the Apollo 13 mission=아폴로 13호 임무; the Titanic sinking=타이타닉호 침몰; the dot-com bubble=닷컴 버블; the Suez Crisis=수에즈 위기; the Plaza Accord=플라자 합의; the Watergate scandal=워터게이트 사건; the partition of India=인도 분할
`);

export const COMPANIES = split(`
Samsung=삼성전자; LG=LG전자; Hyundai=현대자동차; SK hynix=SK하이닉스; Naver=네이버; Kakao=카카오; Coupang=쿠팡; Toss=토스; Baemin=배달의민족; Market Kurly=마켓컬리; Apple=애플; Google=구글; Microsoft=마이크로소프트; Amazon=아마존; Netflix=넷플릭스; Disney=디즈니; Tesla=테슬라; Toyota=토요타; Sony=소니; Nintendo=닌텐도
Nvidia=엔비디아; Intel=인텔; TSMC=TSMC; OpenAI=오픈AI; Meta=메타; TikTok=틱톡; Uber=우버; Airbnb=에어비앤비; Spotify=스포티파이; Starbucks=스타벅스; McDonald's=맥도날드; Nike=나이키; IKEA=이케아; Zara=자라; LEGO=레고; Boeing=보잉; Airbus=에어버스; Nokia=노키아; Kodak=코닥; HYBE=하이브
`);

/** Things that are set side by side; also asked about one at a time. */
export const VERSUS: readonly (readonly [Pair, Pair])[] = `
renting=전세|buying a house=자가 구매; nuclear power=원자력|solar power=태양광; capitalism=자본주의|socialism=사회주의; iPhone=아이폰|Galaxy=갤럭시; React=리액트|Vue=뷰; MySQL=MySQL|PostgreSQL=PostgreSQL; an electric car=전기차|a hybrid=하이브리드; a startup=스타트업|a large company=대기업; cats=고양이|dogs=강아지; books=책|films=영화
online classes=온라인 수업|in-person classes=대면 수업; yoga=요가|pilates=필라테스; stocks=주식|bonds=채권; gold=금|bitcoin=비트코인; common law=영미법|civil law=대륙법; Plato=플라톤|Aristotle=아리스토텔레스; Keynes=케인스|Hayek=하이에크; Mozart=모차르트|Beethoven=베토벤; baseball=야구|football=축구; a Mac=맥북|a Windows laptop=윈도우 노트북
Busan=부산|Jeju=제주; Osaka=오사카|Fukuoka=후쿠오카; private schools=사립학교|public schools=공립학교; steel frames=철골구조|reinforced concrete=철근콘크리트; lithium-ion batteries=리튬이온 배터리|sodium-ion batteries=나트륨이온 배터리; mitosis=체세포 분열|meiosis=감수 분열; RNA=RNA|DNA=DNA; C3 plants=C3 식물|C4 plants=C4 식물; weather=날씨|climate=기후; viruses=바이러스|bacteria=세균
a conscript army=징병제|a volunteer army=모병제; presidential systems=대통령제|parliamentary systems=의원내각제; income tax=소득세|consumption tax=소비세; universal welfare=보편복지|targeted welfare=선별복지; fixed-rate loans=고정금리 대출|variable-rate loans=변동금리 대출; a bus=버스|a tram=트램; hydropower=수력발전|wind power=풍력발전; paper books=종이책|e-books=전자책; city life=도시 생활|country life=시골 생활; Confucianism=유교|Daoism=도교
realism=사실주의|romanticism=낭만주의; qualitative research=질적 연구|quantitative research=양적 연구; Kotlin=코틀린|Swift=스위프트; REST=REST|GraphQL=GraphQL; Kubernetes=쿠버네티스|a single server=단일 서버; LASIK=라식|LASEK=라섹; keto=저탄고지|a Mediterranean diet=지중해 식단; running=달리기|swimming=수영; whole milk=일반 우유|oat milk=귀리 우유; a gap year=휴학|going straight to work=바로 취업
`
  .trim()
  .split(/\s*[;\n]\s*/)
  .map((entry) => {
    const [a = '', b = ''] = entry.split('|');
    return [split(a)[0] ?? ['', ''], split(b)[0] ?? ['', '']] as const;
  });

/** Measures people argue about, as noun phrases. */
export const ISSUES = split(`
banning smartphones in schools=학교 내 스마트폰 사용 금지; abolishing the death penalty=사형제 폐지; legalizing euthanasia=안락사 합법화; lowering the voting age to 16=선거 연령 16세 하향; mandatory voting=의무투표제; a wealth tax=부유세 도입; raising the retirement age=정년 연장; free public transport=대중교통 무료화; a four-day work week=주4일제 도입; banning fur farming=모피 농장 금지
universal basic income=전 국민 기본소득; raising the minimum wage=최저임금 인상; rent control=임대료 상한제; a sugar tax=설탕세 도입; a carbon border tax=탄소국경세; phasing out nuclear power=탈원전; ending coal subsidies=석탄 보조금 폐지; school uniforms=교복 의무화; abolishing homework=숙제 폐지; single-sex schools=남녀 분리 학교
conscription for women=여성 징병제; ending military exemptions for athletes=운동선수 병역 특례 폐지; the criminal age of responsibility=촉법소년 연령 하향; juror trials=국민참여재판 확대; facial recognition by police=경찰의 안면인식 사용; real-name rules online=인터넷 실명제; regulating deepfakes=딥페이크 규제; AI-written homework=AI로 쓴 과제 허용; copyright for AI art=AI 그림 저작권 인정; a robot tax=로봇세
animal testing=동물실험 금지; zoos=동물원 폐지; no-kids zones=노키즈존 허용; surrogacy=대리모 허용; organ donation by default=장기기증 옵트아웃제; compulsory vaccination=백신 의무접종; legal cannabis=대마초 합법화; gene editing of embryos=배아 유전자 편집; disclosure of salaries=연봉 공개; unpaid internships=무급 인턴 금지
accepting more refugees=난민 수용 확대; expanding immigration=이민 확대; returning looted art=약탈 문화재 반환; hosting the Olympics=올림픽 유치; space exploration with tax money=세금을 쓰는 우주 개발; short-selling bans=공매도 금지; the inheritance tax=상속세 완화; privatizing railways=철도 민영화; larger medical school quotas=의대 정원 확대; closing small rural schools=농촌 작은 학교 통폐합
delivery fee caps=배달앱 수수료 상한제; Sunday closing of supermarkets=대형마트 의무휴업; fixed book prices=도서정가제; e-scooter regulation=공유킥보드 규제; platform workers' rights=플랫폼 노동자 권리 보장; the TV licence fee=TV 수신료 폐지; media punitive damages=언론 징벌적 손해배상; anti-discrimination law=차별금지법 제정; same-sex marriage=동성혼 법제화; quotas for women on boards=여성 임원 할당제
`);

export const ANIMALS = split(
  'an octopus=문어; a penguin=펭귄; a dolphin=돌고래; a bat=박쥐; a hamster=햄스터; a giraffe=기린; a honeybee=꿀벌; a crocodile=악어; an owl=부엉이; a panda=판다; a cat=고양이; a horse=말; a salmon=연어; a spider=거미; a tortoise=거북이; a whale=고래; a wolf=늑대; a squirrel=다람쥐; an elephant=코끼리; a magpie=까치',
);

export const FOODS = split(
  'kimchi=김치; bibimbap=비빔밥; sourdough=사워도우; tofu=두부; avocado=아보카도; brown rice=현미; salmon=연어; eggs=계란; ramen=라면; sweet potatoes=고구마; miso soup=미소된장국; yogurt=요거트; spinach=시금치; blueberries=블루베리; chicken breast=닭가슴살; oatmeal=오트밀; cheese=치즈; lasagna=라자냐; tteokbokki=떡볶이; seaweed soup=미역국',
);

export const WORDS = split(
  'ubiquitous=시나브로; ephemeral=을씨년스럽다; fiduciary=선순위 채권; recalcitrant=새옹지마; altruism=이타심; amortization=감가상각; candid=허심탄회; meticulous=꼼꼼하다; dichotomy=이분법; egregious=토사구팽; zeitgeist=시대정신; pragmatic=실용적; serendipity=윤슬; verbose=장황하다; arbitrage=차익거래; empirical=실증적; nuance=뉘앙스; paradigm=패러다임; litigation=소송; collateral=담보; irony=아이러니; hubris=교만; quorum=정족수; axiom=공리; sonder=미리내; lien=유치권; tariff=관세; biopsy=조직검사; triage=중증도 분류; escrow=에스크로',
);

export const JOBS = split(
  'a nurse=간호사; a teacher=교사; a small business owner=자영업자; a product manager=프로덕트 매니저; a policy advisor=정책 담당자; a judge=판사; an investor=투자자; a city planner=도시계획가; a parent of two=두 아이의 부모; a college student=대학생; a team lead=팀장; a journalist=기자; an HR manager=인사팀장; a farmer=농부; a civil engineer=토목 엔지니어; a historian=역사학자; a social worker=사회복지사; a mayor=시장; a startup founder=스타트업 대표; a doctor=의사',
);

/** Angles a judgement can take. */
export const ANGLES = split(
  'cost=비용; fairness=공정성; safety=안전; efficiency=효율성; long-term effects=장기적 영향; privacy=사생활; the environment=환경; public health=공중보건; employment=고용; education=교육; culture=문화; ethics=윤리; feasibility=실현 가능성; inequality=불평등; innovation=혁신; social trust=사회적 신뢰; quality of life=삶의 질; economic growth=경제성장; national security=안보; individual freedom=개인의 자유',
);

export const NAMES_EN =
  'Ana Ben Carla Dev Emma Felix Grace Hugo Iris Jonas Kira Liam Maya Noah Olga Priya Quinn Rosa Sam Tara Umar Vera Will Yuki Zoe Marcus Elena Tom Nadia Pete'.split(
    ' ',
  );
export const NAMES_KO =
  '민지 준호 서연 지훈 하은 도윤 수빈 예린 현우 가영 나영 태민 은지 재석 유진 승호 보라 다현 성민 지아 영수 미라 동현 소영 철수 영희 혜진 상우 정아 우진'.split(
    ' ',
  );
