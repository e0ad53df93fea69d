import { shuffled } from '../random.ts';
import { fillSlots, lines } from './fill-slots.ts';
import { ANIMALS, CONCEPTS, FOODS, JOBS, PLACES, WORDS } from './topics.ts';

/** `¶` stands for a line break, so that a template stays on one line. */
const LANGUAGES =
  'Spanish=스페인어;French=프랑스어;German=독일어;Italian=이탈리아어;Portuguese=포르투갈어;Dutch=네덜란드어;Swedish=스웨덴어;Norwegian=노르웨이어;Danish=덴마크어;Finnish=핀란드어;Polish=폴란드어;Czech=체코어;Hungarian=헝가리어;Romanian=루마니아어;Greek=그리스어;Turkish=터키어;Russian=러시아어;Ukrainian=우크라이나어;Arabic=아랍어;Hebrew=히브리어;Persian=페르시아어;Hindi=힌디어;Urdu=우르두어;Bengali=벵골어;Tamil=타밀어;Thai=태국어;Vietnamese=베트남어;Indonesian=인도네시아어;Malay=말레이어;Tagalog=타갈로그어;Japanese=일본어;Chinese=중국어;Mandarin=중국어;Cantonese=광둥어;Mongolian=몽골어;Swahili=스와힐리어;Latin=라틴어;Nepali=네팔어;Khmer=크메르어;Uzbek=우즈베크어;Korean=불어;Korean=일어;Korean=독어;simplified Chinese=간체 중국어;traditional Chinese=번체 중국어;Brazilian Portuguese=브라질 포르투갈어;Japanese=일본어;Spanish=스페인어;French=영어;Japanese=영어;Korean=영어;Korean=영어'
    .split(';')
    .map((entry) => entry.split('='));

const SOURCES: Readonly<Record<string, readonly [en: string, ko: string, sentences: string]>> = {
  ja: [
    'Japanese',
    '일본어',
    '明日の会議は十時に変更になりました|ご注文の商品は来週発送いたします|駅の近くに新しい図書館ができました|母は毎朝庭の花に水をやります|この薬は食後に飲んでください|写真を撮ってもいいですか|彼は約束を守る人です|地震のときはエレベーターを使わないでください|契約書をよく読んでから署名してください|次の方程式を解きなさい|この関数は文字列を返します|昨日の試合は雨で中止になった',
  ],
  zh: [
    'Chinese',
    '중국어',
    '会议改到星期五下午三点|请在收到货物后七天内付款|这家餐厅的牛肉面非常有名|请把手机调成静音|他从小就喜欢下棋|医生建议他每天散步半小时|如果下雨，比赛将推迟到明天|该函数返回列表中最大的元素|双方应遵守本协议的全部条款|图书馆周一闭馆|我想预订两个人的座位|今年的出口比去年增长了百分之六',
  ],
  es: [
    'Spanish',
    '스페인어',
    'La reunión se ha aplazado hasta el lunes|Mi abuela cocina los domingos para toda la familia|El paquete llegará entre las dos y las cuatro|No se permite fumar dentro del edificio|El médico me recomendó descansar una semana|¿Podría decirme dónde está la parada del autobús?|El gobierno aprobó ayer la nueva ley de vivienda|El contrato podrá ser prorrogado por un año más|La función devuelve el número de elementos|Hace mucho tiempo que no te veo|El tren de las ocho viene con retraso|Se busca camarero con experiencia',
  ],
  fr: [
    'French',
    '프랑스어',
    'La réunion est reportée à jeudi matin|Je voudrais réserver une table pour quatre personnes|Le musée est fermé le mardi|Il a plu toute la nuit et la rivière déborde|Veuillez signer en bas de chaque page|Le médecin lui a prescrit du repos|Cette fonction renvoie une liste triée|Le locataire doit payer le loyer le premier du mois|Nous avons marché longtemps sans rien dire|Les prix ont augmenté de trois pour cent|Où puis-je acheter des timbres ?|Elle a perdu ses clés dans le métro',
  ],
  de: [
    'German',
    '독일어',
    'Die Besprechung wurde auf Freitag verschoben|Bitte schließen Sie die Tür hinter sich|Der Zug nach Hamburg fährt heute von Gleis neun|Meine Schwester studiert Medizin in Wien|Die Miete ist bis zum dritten Werktag zu zahlen|Das Gerät darf nicht ins Wasser getaucht werden|Wir haben uns lange nicht gesehen|Die Preise sind im letzten Jahr stark gestiegen|Die Funktion gibt die Summe aller Werte zurück|Können Sie mir bitte helfen?|Der Patient klagt über starke Kopfschmerzen|Am Wochenende fahren wir ans Meer',
  ],
  ru: [
    'Russian',
    '러시아어',
    'Собрание перенесли на четверг|Где находится ближайшая аптека?|Поезд прибывает на третью платформу|Моя бабушка печёт вкусные пироги|Пожалуйста, не забудьте подписать документ|Цены на бензин снова выросли|Он давно живёт за городом|Функция возвращает пустой список|Врач советует больше гулять|Магазин закрыт до понедельника',
  ],
  vi: [
    'Vietnamese',
    '베트남어',
    'Cuộc họp được dời sang thứ sáu|Xin vui lòng giữ yên lặng trong thư viện|Tôi muốn đặt một phòng cho hai người|Hôm nay trời mưa to nên tôi ở nhà|Uống thuốc này sau khi ăn|Em gái tôi đang học đại học ở Huế|Giá xăng lại tăng trong tuần này|Cảm ơn anh đã giúp đỡ chúng tôi',
  ],
  ar: [
    'Arabic',
    '아랍어',
    'تم تأجيل الاجتماع إلى يوم الخميس|أين تقع أقرب محطة؟|يرجى عدم لمس المعروضات|أحب القهوة بدون سكر|سوف يصل الطرد غدا صباحا|ارتفعت أسعار المواد الغذائية هذا العام',
  ],
  it: [
    'Italian',
    '이탈리아어',
    'La riunione è stata spostata a mercoledì|Vorrei un biglietto di andata e ritorno|Il museo resta chiuso il lunedì|Mio nonno coltivava limoni e ulivi|Si prega di non disturbare|Il volo è in ritardo di due ore|Non vedo l’ora di rivederti',
  ],
  pt: [
    'Portuguese',
    '포르투갈어',
    'A reunião foi adiada para sexta-feira|Onde fica a farmácia mais próxima?|O pacote chega amanhã de manhã|Minha avó faz o melhor bolo de cenoura|É proibido estacionar aqui|Estou com muita saudade de você',
  ],
  tr: [
    'Turkish',
    '터키어',
    'Toplantı cuma gününe ertelendi|En yakın eczane nerede?|Lütfen kapıyı kapatın|Kargonuz yarın teslim edilecek|Annem her sabah taze ekmek alır',
  ],
  th: ['Thai', '태국어', 'ขออภัยในความไม่สะดวก|ห้องสมุดปิดวันจันทร์|ขอน้ำเปล่าหนึ่งขวดค่ะ|ยานี้ให้กินหลังอาหาร|พรุ่งนี้ประชุมเลื่อนไปบ่ายสอง'],
  hi: ['Hindi', '힌디어', 'बैठक शुक्रवार तक टाल दी गई है|कृपया शोर न करें|मुझे दिल्ली का एक टिकट चाहिए|दवा खाने के बाद लें|कल हम दादी के घर जाएँगे'],
  pl: [
    'Polish',
    '폴란드어',
    'Spotkanie przełożono na piątek|Gdzie jest najbliższy przystanek?|Proszę nie dotykać eksponatów|Paczka czeka w punkcie odbioru|Dawno się nie widzieliśmy',
  ],
  nl: [
    'Dutch',
    '네덜란드어',
    'De vergadering is verzet naar donderdag|Mag ik de rekening, alstublieft?|De trein rijdt vandaag niet|Wij zijn op zoek naar een ervaren kok|Het heeft de hele nacht geregend',
  ],
  la: ['Latin', '라틴어', 'Alea iacta est|Festina lente|Amicus certus in re incerta cernitur|Omnia mutantur, nihil interit|Non scholae sed vitae discimus'],
};

const EN_SENTENCES = lines(`
The meeting has been moved to Thursday afternoon.
I left my umbrella on the bus again.
She has been working at the hospital since 2011.
Please keep your receipt as proof of purchase.
The museum is closed on public holidays.
We ran out of milk, so I made pancakes with yoghurt.
The committee will announce its decision by the end of the month.
Thousands of people lined the streets to welcome the team home.
Prices rose by four percent in the last quarter.
The minister denied that any promises had been made.
Rescue workers searched through the night for survivors.
The new law takes effect on the first of January.
The tenant shall give thirty days' written notice before vacating the premises.
Neither party may assign this agreement without prior written consent.
The supplier warrants that the goods are free from defects.
Any dispute shall be settled by arbitration.
Take one tablet twice a day after meals.
Tell your doctor if you are pregnant or breastfeeding.
The patient complained of chest pain and shortness of breath.
Store in a cool, dry place out of the reach of children.
No abnormality was detected in the blood test.
The function returns null if the key is missing.
Restart the server after you change the configuration file.
Your password must contain at least eight characters.
The request timed out because the database was locked.
Click the button below to confirm your e-mail address.
This variable stores the number of failed attempts.
Write a program that prints the first hundred prime numbers.
How do I reverse a string in Python?
Find the area of a circle with a radius of seven centimetres.
A train travels 240 kilometres in three hours; what is its average speed?
Let f be a continuous function on the closed interval.
The sum of the angles of a triangle is 180 degrees.
What is the capital of Mongolia?
Why did the Roman Empire fall?
Who invented the telephone, and when?
Compare the advantages and disadvantages of online lessons.
Explain why the sky looks blue during the day.
Summarize the main argument of the second chapter.
Write a short poem about your hometown.
Tell me a story about a dragon who could not fly.
Once upon a time there was a miller who had three sons.
The moon hung over the harbour like a forgotten lamp.
He opened the letter, read it twice and put the kettle on.
Nobody had expected the old clock to strike again.
I miss you more than I can say.
Sorry, I overslept, I'll be there in ten minutes.
Are you free on Saturday? There's a new noodle place near the station.
Don't worry, I already fed the cat.
lol that was the worst movie ever
Happy birthday! May all your wishes come true.
Thank you for your patience and understanding.
We regret to inform you that the item is out of stock.
Could you please send us a photo of the damaged parcel?
I would like to book a double room for three nights.
Is breakfast included in the price?
Excuse me, where can I find the lost property office?
I'm allergic to peanuts and shellfish.
Please fasten your seat belt and switch off your phone.
The last ferry leaves at half past nine.
Add the onions and fry them gently until they are soft.
Bake at 180 degrees for 35 minutes.
Do not wash with bleach; iron on a low setting.
Charge the device for two hours before first use.
Children under eight must be accompanied by an adult.
All sales are final.
The early bird catches the worm.
Actions speak louder than words.
Every cloud has a silver lining.
Where there is a will, there is a way.
Our software learns from your habits and saves energy while you sleep.
Try it free for thirty days and cancel whenever you like.
Only three seats left at this price!
Students must hand in their reports before Friday.
I am writing to apply for the position advertised on your website.
My greatest strength is that I stay calm under pressure.
The experiment was repeated with a larger sample, and the effect disappeared.
Plants convert sunlight, water and carbon dioxide into sugar.
The treaty was signed in 1648 after thirty years of war.
Water boils at a lower temperature in the mountains.
Black holes bend the light of the stars behind them.
The goalkeeper saved two penalties in the final.
Heavy snow is expected in the north tonight.
You have {count} unread messages.
Error 403: you do not have permission to view this page.
`);

const KO_SENTENCES = lines(`
회의가 목요일 오후로 미뤄졌습니다.
오늘 하루도 정말 고생 많으셨어요.
어제 버스에 우산을 두고 내렸다.
그녀는 2011년부터 그 병원에서 일하고 있다.
영수증을 지참하셔야 환불이 가능합니다.
박물관은 공휴일에 문을 닫습니다.
정부는 내년부터 최저임금을 인상하기로 했다.
지난 분기 물가가 4퍼센트 올랐다.
구조대는 밤새 생존자를 수색했다.
장관은 그런 약속을 한 적이 없다고 밝혔다.
임차인은 계약 종료 30일 전까지 서면으로 통지하여야 한다.
당사자 일방은 상대방의 동의 없이 본 계약상의 권리를 양도할 수 없다.
본 계약은 대한민국 법률에 따라 해석된다.
이 약은 하루 두 번 식후에 한 알씩 복용하세요.
환자는 사흘 전부터 기침과 발열 증상을 보였다.
임신 중이거나 수유 중인 경우 의사와 상의하십시오.
검사 결과 특별한 이상은 없었습니다.
이 함수는 키가 없으면 빈 값을 반환한다.
설정 파일을 수정한 뒤 서버를 다시 시작하세요.
비밀번호는 여덟 자 이상이어야 합니다.
데이터베이스 연결에 실패했습니다.
로그인 오류를 고치고 테스트를 추가했다.
1부터 100까지의 소수를 출력하는 프로그램을 작성하시오.
파이썬에서 리스트를 어떻게 정렬하나요?
반지름이 7cm인 원의 넓이를 구하시오.
연속하는 세 짝수의 합이 48일 때 가장 큰 수는?
삼각형의 세 내각의 합은 180도이다.
몽골의 수도는 어디인가?
로마 제국은 왜 멸망했을까?
전화를 발명한 사람은 누구인가요?
온라인 수업의 장단점을 비교해 보세요.
이 글의 내용을 세 줄로 요약하시오.
고향을 주제로 짧은 시를 써 보세요.
옛날 옛적에 아들 셋을 둔 방앗간 주인이 살았습니다.
달은 잊힌 등불처럼 항구 위에 걸려 있었다.
그는 편지를 두 번 읽고 나서 주전자를 올렸다.
말로 다 못 할 만큼 보고 싶어.
미안, 늦잠 잤어. 십 분만 기다려줘.
이번 주 토요일에 시간 돼? 역 앞에 국숫집 새로 생겼더라.
걱정 마, 고양이 밥은 내가 줬어.
ㅋㅋㅋ 진짜 웃겨 죽는 줄 알았네
생일 축하해! 올해도 건강하자.
기다려 주셔서 감사합니다.
죄송하지만 해당 상품은 품절되었습니다.
파손된 상품의 사진을 보내 주시겠어요?
더블룸으로 3박 예약하고 싶습니다.
조식이 포함된 가격인가요?
저는 땅콩과 새우에 알레르기가 있어요.
안전벨트를 매고 휴대전화를 꺼 주시기 바랍니다.
막차는 아홉 시 반에 떠납니다.
양파를 넣고 투명해질 때까지 약한 불에 볶습니다.
육수가 끓으면 된장을 풀고 두부를 넣어 주세요.
찬물에 단독 세탁하고 표백제를 쓰지 마세요.
처음 사용하기 전에 두 시간 동안 충전하세요.
만 8세 미만 어린이는 보호자와 함께 입장해야 합니다.
가는 말이 고와야 오는 말이 곱다.
소 잃고 외양간 고친다.
낮말은 새가 듣고 밤말은 쥐가 듣는다.
지금 가입하시면 3천 원 쿠폰을 드려요!
배송은 빨랐는데 포장이 조금 아쉬웠어요.
색감이 화면이랑 똑같아서 만족합니다.
학생들은 금요일까지 보고서를 제출해야 한다.
저는 호기심이 많고 끝까지 파고드는 성격입니다.
귀사의 무궁한 발전을 기원합니다.
견적서를 첨부하오니 검토 부탁드립니다.
본 연구의 목적은 수면과 학업 성취의 관계를 밝히는 것이다.
표본을 늘려 실험을 반복하자 효과가 사라졌다.
식물은 햇빛과 물, 이산화탄소로 양분을 만든다.
임진왜란은 1592년에 시작되어 7년 동안 이어졌다.
산에서는 물이 더 낮은 온도에서 끓는다.
골키퍼가 결승전에서 승부차기를 두 번 막아냈다.
오늘 밤 북쪽 지방에 많은 눈이 예상됩니다.
읽지 않은 메시지가 {count}개 있습니다.
엘리베이터 점검으로 운행을 잠시 중단합니다.
밥은 먹고 다니냐?
혹시 이 버스 시청까지 가나요?
옆집인데요, 밤에는 세탁기를 돌리지 말아 주세요.
`);

const PHRASES_EN =
  'good morning|thank you very much|where is the toilet|how much is this|see you tomorrow|I love you|happy birthday|good luck|excuse me|I don’t understand|take care|long time no see|congratulations|nice to meet you|I’m lost|call the police|cheers|good night|have a nice trip|I’m hungry|welcome home|you’re welcome|please wait a moment|can I pay by card|one ticket please|no problem|what time is it|I’m on my way|it depends|never mind'.split(
    '|',
  );
const PHRASES_KO =
  '안녕하세요|감사합니다|화장실이 어디예요|얼마예요|내일 봐요|사랑해|생일 축하해|행운을 빌어|실례합니다|이해가 안 돼요|잘 지내|오랜만이야|축하합니다|만나서 반갑습니다|길을 잃었어요|도와주세요|건배|잘 자|여행 잘 다녀와|배고파|어서 와|천만에요|잠시만 기다려 주세요|카드 되나요|표 한 장 주세요|괜찮아요|지금 몇 시예요|가는 중이야|상황에 따라 달라요|신경 쓰지 마|수고하셨습니다|잘 먹겠습니다|눈치 좀 챙겨|그냥 그래|답답해 죽겠네|시원섭섭하다'.split(
    '|',
  );

const EN_TEMPLATES = lines(`
«tr» "«sen»" «to» «L»«.»
«tr» the following «unit» «to» «L»:¶«sen»
«tr» the following «unit» from English «to» «L».¶¶«pen»
«polite» «tr» this «to» «L»: «sen»
how do «you» say «ph» in «L»
how would «you» say "«ph»" in «L»?
what is «L» for «ph»
what's the «L» word for «word»
what is the word for «word» in «L»?
«L» word for «word»
«ph» in «L»
«ph» in «L» please
tell me how to say «ph» in «L»
i need to know how to say «ph» in «L»
«can» tell me how to say '«ph»' in «L»
«can» «tr» «ph» «to» «L» for me
«can» «tr» "«sen»" «to» «L» for me?
«L» translation of "«ph»"
«L» translation: «sen»
English to «L»: «sen»
English → «L»¶«pen»
EN to «L»: «sen»
«sen»¶¶«to» «L» please
in «L» please: «sen»
«pen»¶¶«tr» the «unit» above «to» «L»«.»
"«sen»" how would you put that in «L»?
say "«ph»" in «L»
say this in «tone» «L»: "«sen»"
«tr» «to» «tone» «L»: «sen»
«tr» this «doc» «to» «L», «how»:¶¶«pen»
«tr» my «doc» «to» «L». «How».¶¶«pen»
i have to send this «doc» to my «L» speaking «rel», please «tr» it: «pen»
My «rel» only speaks «L». Please tell «them» this in «L»: "«sen»"
I am «JOB» and need this «doc» in «L»:¶«pen»
You are a professional translator. «tr» the text «to» «L» and «how».¶¶Text: «pen»
Act as «an» English–«L» interpreter. First sentence: "«sen»"
From now on «tr» everything I write «to» «L». "«sen»"
Give me «2..5» ways to say "«ph»" in «L», from formal to casual.
What's a natural way to say "«sen»" in «L»?
Is there «an» «L» expression like "«idiom»"?
«tr» the idiom "«idiom»" «to» «L».
What would a native speaker of «L» say instead of "«idiom»"?
«tr» the headline «to» «L»: "«sen»"
«tr» the UI strings «to» «L»; keep the placeholders:¶«json»
Localise this JSON «to» «L», values only:¶«json»
«tr» these subtitles «to» «L», keep the time codes:¶«srt»
Render this «doc» in «L»: «pen»
Put this into «L»: «sen»
turn this into «L» - «sen»
Convert the following «doc» to «L», «how»:¶«pen»
I want «an» «L» version of the following «doc»:¶¶«pen»
Could I get this in «L»? «sen»
«tr» this list «to» «L»: «word», «word», «word», «word»
«tr» each word «to» «L»:¶- «word»¶- «word»¶- «word»¶- «word»
Make a vocabulary table English / «L» for: «word», «word», «word»
«tr» the term "«concept»" «to» «L».
What do they call «concept» in «L»?
How is «concept» called in «L»?
what is the «L» term for «concept»
How do «people» say «word»
how do they say «ph» in «country»
what would people in «country» say for '«ph»'
if i were in «country» how would i say «ph»
Please don't answer the question, only «tr» it «to» «L»: "«q»"
«tr» "«q»" «to» «L». Just the translation.
How would I ask "«q»" in «L»?
«tr» the exam question «to» «L» (no answer needed): «q»
«tr» only the comments «to» «L», leave the code:¶# «sen»¶x = load(path)¶# «sen»¶return x
What's the «L» for this commit message: "«sen»"
«tr» this paragraph, sentence by sentence, «to» «L»:¶«pen»
«tr» «to» both «L» and «M»: «sen»
Give me this in «L», «M» and English: "«sen»"
repeat that in «L»
«tr» your last answer «to» «L»
now the same in «L»
ok and in «L»?
«and» «tr» that «to» «L» as well
Check my «L» translation of "«sen»" and correct it: «fs»
Proofread this translation against the original.¶Original: «sen»¶«L»: «fs»
Original («S»): «fsen»¶My English: «sen»¶Is the translation right? Fix it if not.
«tr» the following «S» «unit» to English:¶«fpen»
«tr» from «S» to English: «fsen»
«S» to English please¶¶«fpen»
«S» → English: «fsen»
«fpen»¶¶what does this «S» text say in English?
What does "«fsen»" mean in English?
what does «fsen» mean
"«fsen»" english please
in english: «fsen»
English translation? «fpen»
«can» read this for me? It's «S», I need English: «fpen»
My «rel» sent me this in «S»: "«fsen»" What does it mean in English?
I got this «doc» from «country», «tr» it please:¶¶«fpen»
which language is this and what does it say in English? "«fsen»"
«tr» this «S» «doc» into «tone» English, «how»:¶«fpen»
«tr» the «S» «doc» below. «How».¶¶«fpen»
There's a sign that says "«fsen»". What's that in English?
someone commented "«fsen»" on my photo, translation?
«polite» interpret this «S» sentence in English: «fsen»
Word for word gloss and free translation of: «fsen»
Give a literal and an idiomatic English translation of "«fsen»".
«S»: «fsen»¶English:
English: «sen»¶«L»:
Instruction: Translate the given sentence to «L».¶Input: «sen»¶Output:
Given a sentence in «S», generate the English equivalent.¶«fsen»
In this task you translate «unit»s from English to «L». «sen»
Q: What is the «L» translation of the sentence "«sen»"?¶A:
A text in English: «sen» The same text in «L»:
If the «S» original is "«fsen»", the English version is
«sen» (to «L»)
«tr» ko->en: «ksen»
Korean to English: «ksen»
«tr» the following Korean «unit» to English:¶«kpen»
«kpen»¶¶English please, «how»
What does "«kph»" mean in English?
how do you translate «kph» into English
My Korean «rel» wrote "«ksen»". Meaning in English?
«polite» «tr» this Korean «doc» into «tone» English:¶¶«kpen»
I can't read Korean, what does this say: «kpen»
How do I reply in Korean: "«sen»"
«tr» into Korean, «tone»: «sen»
Korean version please:¶«pen»
into korean: «sen»
English-Korean translation needed, «how».¶¶«pen»
«tr» this conversation «to» Korean:¶A: «sen»¶B: «sen»¶A: «sen»
«tr» the chat to English:¶A: «ksen»¶B: «ksen»¶A: «ksen»
Back-translate to English so I can check it: «ksen»
`);

const EN_RULES: Readonly<Record<string, readonly string[]>> = {
  tr: ['translate', 'Translate', 'please translate', 'Please translate', 'translate', 'convert', 'render'],
  to: ['to', 'into', 'in', 'to', 'into'],
  '.': ['.', '', '?', ' please', ' for me', ', please.', ' pls'],
  L: LANGUAGES.map((pair) => pair[0] ?? ''),
  M: LANGUAGES.slice(0, 38).map((pair) => pair[0] ?? ''),
  an: ['a'],
  unit: ['sentence', 'text', 'paragraph', 'passage', 'phrase', 'line', 'sentence'],
  polite: ['Please', 'Could you', 'Hi,', 'Kindly', 'Hello! Please', 'Would you', 'Hey,'],
  can: ['can you', 'could you', 'would you', 'Can you please', 'could you please', 'are you able to'],
  and: ['and', 'also', 'then', 'Next,', 'Great,', 'thanks! now'],
  you: ['you', 'i', 'I', 'one', 'they', 'we'],
  them: ['him', 'her', 'them'],
  tone: ['formal', 'casual', 'polite', 'simple', 'colloquial', 'business', 'natural', 'literary', 'plain', 'old-fashioned', 'friendly'],
  how: [
    'keep the tone',
    'keep the formatting',
    'do not explain anything',
    'only the translation',
    'leave names and numbers as they are',
    'make it sound natural',
    'stay as literal as possible',
    'use simple words',
    'keep technical terms in English',
    'keep the line breaks',
    'make it fit for a formal letter',
    'use the informal you',
  ],
  How: [
    'Keep the tone',
    'No explanations',
    'Make it sound natural',
    'Stay close to the original',
    'Keep it formal',
    'It is for a legal file',
    'Do not shorten it',
    'Native speakers will read it',
  ],
  doc: [
    'email',
    'letter',
    'message',
    'notice',
    'contract clause',
    'recipe',
    'menu',
    'review',
    'news article',
    'manual',
    'abstract',
    'product description',
    'poem',
    'song text',
    'speech',
    'invitation',
    'prescription',
    'press release',
    'FAQ',
    'tweet',
    'chat',
    'diary page',
    'announcement',
    'README',
    'cover letter',
    'medical report',
  ],
  rel: [
    'neighbour',
    'boss',
    'grandmother',
    'client',
    'landlord',
    'friend',
    'colleague',
    'teacher',
    'host family',
    'mother-in-law',
    'girlfriend',
    'boyfriend',
    'supplier',
    'pen pal',
    'doctor',
  ],
  idiom: [
    'break a leg',
    'the elephant in the room',
    'to beat around the bush',
    'a piece of cake',
    'to spill the beans',
    'once in a blue moon',
    'better late than never',
    'to kill two birds with one stone',
    'hit the nail on the head',
    'the ball is in your court',
    'bite the bullet',
    'under the weather',
  ],
  ph: PHRASES_EN,
  kph: PHRASES_KO,
  sen: EN_SENTENCES,
  ksen: KO_SENTENCES,
  q: EN_SENTENCES.filter((sentence) => sentence.endsWith('?')),
  word: [
    ...FOODS.map((pair) => pair[0]),
    ...ANIMALS.map((pair) => pair[0]),
    ...JOBS.map((pair) => pair[0]),
    ...WORDS.map((pair) => pair[0]),
    ...'umbrella;screwdriver;grocery;library;subway;bread;dog;pillow;freedom;ticket;spoon;airport;window;sugar;lawyer;cheese;doctor;grandfather;shoe;snow;courage;deadline;receipt;garlic;bicycle'.split(
      ';',
    ),
  ],
  concept: CONCEPTS.map((pair) => pair[0]),
  country: [...PLACES.map((pair) => pair[0]), 'France', 'Germany', 'Brazil', 'Mexico', 'Italy', 'Japan', 'China', 'Hawaii', 'Russia', 'Spain'],
  people: [
    'Germans',
    'the French',
    'Italians',
    'Koreans',
    'Japanese people',
    'Swedes',
    'Brazilians',
    'Greeks',
    'Russians',
    'the Dutch',
    'Mexicans',
    'Vietnamese speakers',
  ],
  JOB: JOBS.map((pair) => pair[0]),
};

const KO_TEMPLATES = lines(`
«ph» «L»로 뭐라고 해«?요»?
"«ph»"«를» «L»로 어떻게 말해«?요»
'«ph»' «L»로 «tr»
«L»로 «ph»
«ph» «L»로 뭐야
«L»로 '«ph»'^이/가 뭐예요?
"«ksen»" «L»로 «tr»
«ksen» «L»로 «tr»
다음 문장«을» «L»로 «tr»¶«ksen»
다음 «unit»«을» «L»로 «trs».¶¶«kpen»
아래 «doc» «L»로 «tr»¶¶«kpen»
«kpen»¶¶위 «unit»«을» «L»로 «tr»
«kpen»¶¶이거 «L»로 «tr»
이거 «L»로: «ksen»
이 «doc» «L»로 «tr». «how».¶«kpen»
«rel»한테 보낼 건데 «L»로 «tr»: «ksen»
«rel»~이/가 «L»밖에 못 해서 그래. "«ksen»" «L»로 «tr»
«open» "«ksen»"^을/를 «tone» «L»로 «tr»
«tone» «L»로 «tr»: «ksen»
한국어를 «L»로 번역: «ksen»
한국어 -> «L»¶«kpen»
한글 문장«을» «L»로 «trs».¶입력: «ksen»
번역해줘 «ksen» → «L»
번역 부탁(«L»): «ksen»
«L» 번역 좀! «ksen»
영작해줘: «ksen»
영작 부탁드려요 "«ksen»"
다음을 영작하시오. «ksen»
«tone» 영어로 영작해줘¶«kpen»
한영 번역 부탁드립니다. «how».¶¶«kpen»
영어로 바꿔줘 «ksen»
영어로 바꿔 주세요: «kpen»
«ksen» 이걸 영어로 바꾸면?
"«ksen»" 영어로 하면 뭐지
«ksen» 영어로 자연스럽게 «tr»
미국인이 쓸 법한 영어로 «tr»: «ksen»
원어민처럼 «L»로 «tr»¶«kpen»
«doc» 영문으로 «trs».¶«kpen»
국문 «doc»~을/를 영문으로 옮겨 주세요. «how».¶¶«kpen»
'«word»'^은/는 «L»로 뭐라고 «하»?
«word» «L»로
«L»로 «word»~이/가 뭐야
«word», «word», «word» «L»로 «tr»
다음 단어를 «L»로 «tr»: «word», «word», «word», «word»
단어장 만들 건데 «L» 뜻 적어줘«?요»: «word», «word», «word»
'«concept»'^을/를 «L»로 번역하면?
«concept» 영어로 뭐라고 번역해?
"«concept»"의 «L» 용어 «알»
«concept»~은/는 «L» 논문에서 뭐라고 번역하나요
속담 '«prov»' «L»로 «tr»
"«prov»" 영어 속담으로 바꾸면?
«prov» 이거 «L»로 의역«해»
영어로 번역만 해줘, 답은 하지 말고: «kq»
"«kq»" 이 질문을 «L»로 «tr»
시험 문제인데 «L»로 «tr». 풀지는 마. «kq»
질문에 답하지 말고 «L»로 옮기기만 해. "«kq»"
«country»에서 '«ph»'«라고» 하려면 어떻게 말해야 해?
«country» 여행 가는데 '«ph»' 현지어로 «알»
«country» 친구에게 «ph»«라고» 하고 싶어. «L»로 «tr»
방금 답변 «L»로 «tr»
그거 «L»로 다시 «tr»
위 내용«을» «L»로도 «tr»
이번에는 «L»로
같은 내용 «tone» «L»로
«L»랑 «M»로 둘 다 «tr»: «ksen»
영어, «L», «M» 세 가지로 «tr»¶«ksen»
JSON 값만 «L»로 «tr»¶«kjson»
앱 문구인데 «L»로 현지화«해»:¶«kjson»
자막 «L»로 «tr». 시간은 그대로.¶«ksrt»
주석만 «L»로 «tr», 코드는 두고¶# «ksen»¶x = load(path)¶# «ksen»¶return x
커밋 메시지 영어로 «tr»: «ksen»
대화 영어로 «tr»¶A: «ksen»¶B: «ksen»¶A: «ksen»
카톡인데 «L»로 «tr»¶나: «ksen»¶친구: «ksen»
«sen» 해석«해»
"«sen»" 무슨 뜻이야?
"«sen»" 이거 무슨 말이에요? 번역 좀
«sen» 한국어로 «tr»
다음 영어 문장을 한국어로 «trs».¶«sen»
영어 «unit»«을» 우리말로 «tr»¶¶«pen»
«pen»¶¶한국어로 «tr»
«pen»¶한국말로 뭐라는 거야?
영한 번역) «sen»
영어 -> 한국어: «sen»
EN→KO «pen»
아래 영문 «doc» 우리말로 «tr». «how».¶¶«pen»
해외 «rel»~이/가 보낸 «doc»인데 «tr»¶«pen»
«open» 이 영어 «doc» «tone» 한국어로 «tr»:¶«pen»
"«sen»"^을/를 «tone» 한국어로 «tr»
이 문장 의역«해»: "«sen»"
직역이랑 의역 둘 다 «부탁»: «sen»
국역«해» «sen»
번역투 말고 자연스럽게 «tr»: «sen»
자막처럼 짧게 번역«해»: "«sen»"
영어 문제인데 우리말로 옮겨만 «줘»: «q»
"«q»" 한국어로 번역«해». 답은 필요 없어
영어 주석을 한국어로 «tr»¶// «sen»¶// «sen»
영어 대화 한국어로 «tr»¶A: «sen»¶B: «sen»¶A: «sen»
앱 문자열 한국어로 «tr». 변수는 유지¶«json»
영어 자막 한글로 «tr»¶«srt»
«S» 번역 «부탁» "«fsen»"
«S»인데 한국어로 «tr»: «fsen»
«fsen» 무슨 뜻이에요?
"«fsen»" 한국말로 뭐야
«fpen»¶¶이 «S» «unit» 한국어로 «tr»
다음 «S» 문장의 한국어 번역을 쓰시오.¶«fsen»
«S» → 한국어¶«fpen»
«S» 원문입니다. «tone» 한국어로 «tr».¶«fpen»
«country» «rel»~이/가 이렇게 보냈는데 «tr» "«fsen»"
간판에 "«fsen»"«라고» 써 있는데 뜻 좀 «알»
댓글에 '«fsen»'«라고» 달렸어 번역 좀
이거 어느 나라 말이고 무슨 뜻이야? «fsen»
«S» «doc» 영어로 «tr»: «fpen»
«S»: «fsen»¶한국어:
한국어: «ksen»¶«L»:
영어: «sen»¶한국어:
질문: "«sen»"의 한국어 번역은?¶답:
### 지시:¶주어진 문장을 «L»로 번역하세요.¶¶### 입력:¶«ksen»¶¶### 응답:
번역이 맞는지 봐줘«?요». 원문: «ksen» / 번역: «sen»
번역 검수 «부탁»¶원문: «sen»¶번역: «ksen»
제가 번역한 «L»인데 고쳐 주세요. 원문: «ksen» 번역: «fs»
역번역해서 확인«해»: «ksen» → 영어 → 한국어
너는 전문 번역가야. 아래 «doc»~을/를 «L»로 «tr».¶¶«kpen»
통역사처럼 «L»로 말해줘«?요»: "«ksen»"
지금부터 내가 쓰는 말을 전부 «L»로 «tr». "«ksen»"
«JOB»인데요, 이 «doc» «L»로 «tr»¶«kpen»
문장별로 «L» 번역을 달아 «줘»¶«kpen»
존댓말로 번역«해»: «sen»
반말로 번역«해» «sen»
translate 해줘 «ksen» to «Len»
«Len»로 translate «부탁»: «ksen»
`);

const KO_RULES: Readonly<Record<string, readonly string[]>> = {
  tr: [
    '번역해줘',
    '번역해 줘',
    '번역해 주세요',
    '번역해주세요',
    '번역 부탁드립니다',
    '번역 부탁해',
    '번역 좀',
    '번역 좀 해줘',
    '바꿔줘',
    '바꿔 주세요',
    '옮겨줘',
    '옮겨 주시겠어요',
    '옮겨 주세요',
    '번역해 주실 수 있나요?',
    '번역해줄래?',
    '번역',
    '번역해라',
    '번역해봐',
    '번역 가능할까요?',
    '바꿔줄 수 있어?',
    '번역해 주십시오',
    '번역 ㄱㄱ',
    '번역해주라',
    '번역 바랍니다',
  ],
  trs: ['번역하세요', '번역하시오', '번역해 주세요', '옮기시오', '옮기세요', '번역하십시오', '번역해줘', '옮겨 쓰세요'],
  해: ['해줘', '해 주세요', '해봐', '해주라', ' 부탁해요', '해주실래요?', ' 좀', '하시오', '해주세요ㅠㅠ'],
  줘: ['줘', '주세요', '줄래?', '주시면 감사하겠습니다'],
  하: ['하나요', '해', '해요', '합니까', '부르나요', '하지'],
  알: ['알려줘', '알려 주세요', '알려줄래?', '가르쳐줘', '알려주세요~'],
  부탁: ['부탁해', '부탁드려요', '부탁드립니다', '부탁!', '부탁합니다', '요청드립니다'],
  을: ['을', ''],
  를: ['^을/를', ''],
  라고: ['라고', '^이라고/라고'],
  L: LANGUAGES.map((pair) => pair[1] ?? ''),
  M: LANGUAGES.slice(0, 38).map((pair) => pair[1] ?? ''),
  Len: ['English', 'Japanese', 'Chinese', 'French', 'Spanish', 'German'],
  unit: ['글', '문장', '문단', '내용', '지문', '텍스트', '구절'],
  open: ['안녕하세요.', '저기', '혹시', '급해요!', '죄송한데', '부탁이 있는데', '야', '음', '번역 질문이요.'],
  tone: ['자연스러운', '공손한', '격식 있는', '쉬운', '구어체', '비즈니스', '문학적인', '간결한', '친근한', '정중한', '딱딱한'],
  how: [
    '말투는 그대로 유지해 주세요',
    '번역문만 써줘',
    '설명은 빼고',
    '고유명사는 원어 그대로',
    '숫자는 그대로 두세요',
    '최대한 자연스럽게',
    '직역으로',
    '줄바꿈 유지',
    '전문 용어는 괄호에 원어 병기',
    '존댓말로',
    '너무 딱딱하지 않게',
    '법률 문체로',
  ],
  doc: [
    '메일',
    '편지',
    '문자',
    '공지',
    '계약서 조항',
    '레시피',
    '메뉴판',
    '리뷰',
    '기사',
    '설명서',
    '초록',
    '상품 설명',
    '시',
    '노래 가사',
    '연설문',
    '초대장',
    '진단서',
    '보도자료',
    '자기소개서',
    '안내문',
    '일기',
    '대본',
    '공문',
    '가정통신문',
    '댓글',
    '약관',
  ],
  rel: ['친구', '상사', '할머니', '거래처', '집주인', '동료', '선생님', '교수님', '남자친구', '여자친구', '바이어', '옆집 사람', '사장님', '유학생', '손님'],
  prov: [
    '소 잃고 외양간 고친다',
    '누워서 떡 먹기',
    '가는 말이 고와야 오는 말이 곱다',
    '발 없는 말이 천 리 간다',
    '원숭이도 나무에서 떨어진다',
    '백문이 불여일견',
    '티끌 모아 태산',
    '우물 안 개구리',
    '새옹지마',
    '고생 끝에 낙이 온다',
    '말이 씨가 된다',
    '하늘의 별 따기',
  ],
  ph: PHRASES_KO,
  sen: EN_SENTENCES,
  ksen: KO_SENTENCES,
  q: EN_SENTENCES.filter((sentence) => sentence.endsWith('?')),
  kq: KO_SENTENCES.filter((sentence) => /[?오]\.?$/.test(sentence)),
  word: [
    ...FOODS.map((pair) => pair[1]),
    ...ANIMALS.map((pair) => pair[1]),
    ...JOBS.map((pair) => pair[1]),
    ...WORDS.map((pair) => pair[1]),
    ...'우산;드라이버;도서관;지하철;빵;강아지;베개;자유;숟가락;공항;창문;설탕;변호사;할아버지;신발;용기;영수증;마늘;자전거;눈치;효도;전세;꼰대'.split(';'),
  ],
  concept: CONCEPTS.map((pair) => pair[1]),
  country: [...PLACES.map((pair) => pair[1]), '프랑스', '독일', '브라질', '멕시코', '일본', '중국', '베트남', '태국', '러시아', '스페인'],
  JOB: JOBS.map((pair) => pair[1]),
};

const SOURCE_KEYS = Object.keys(SOURCES);
const at = (list: readonly string[], random: () => number): string => list[Math.floor(random() * list.length)] ?? '';

/** Sentences put one after the other: mostly few, sometimes a page. */
function passage(sentences: readonly string[], end: string, random: () => number): string {
  const count = random() < 0.15 ? 6 + Math.floor(random() * 9) : 2 + Math.floor(random() * 4);
  let text = '';
  const from = shuffled(sentences, random).slice(0, count);
  for (const [i, sentence] of from.entries()) {
    text += `${i === 0 ? '' : random() < 0.2 ? '¶' : ' '}${sentence}${/[.!?。؟]$/.test(sentence) ? '' : end}`;
  }
  return text;
}

function json(sentences: readonly string[], random: () => number): string {
  const keys = ['title', 'cta', 'error.network', 'cart.empty', 'login.hint', 'footer.note'].slice(0, 2 + Math.floor(random() * 5));
  return `{¶${keys.map((key) => `  "${key}": "${at(sentences, random)}"`).join(',¶')}¶}`;
}

function subtitles(sentences: readonly string[], random: () => number): string {
  const start = Math.floor(random() * 50);
  const count = 2 + Math.floor(random() * 3);
  return Array.from({ length: count }, (_, i) => `${i + 1}¶00:0${i}:${10 + start},000 --> 00:0${i}:${13 + start},400¶${at(sentences, random)}`).join('¶¶');
}

/** The particle after a quotation mark agrees with the last letter inside it: `'빵'^은/는`. */
const agreeQuoted = (text: string): string =>
  text.replace(/([가-힣]?)([^가-힣]*?)\^([가-힣]+)\/([가-힣]*)/g, (_, last: string, between: string, closed: string, open: string) => {
    const rest = last === '' ? 0 : (last.charCodeAt(0) - 0xac00) % 28;
    return last + between + (rest === 0 ? open : closed);
  });

function roughen(text: string, language: 'en' | 'ko', random: () => number): string {
  const dice = random();
  if (language === 'en')
    return dice < 0.2 ? text.toLowerCase() : dice < 0.3 ? text.replace(/[.?!]$/, '') : dice < 0.6 ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return dice < 0.15 ? text.replace(/[.?!]$/, '') : text;
}

/** A new prompt that asks for a text in another natural language; `language` is that of the request. */
export function generate(language: 'en' | 'ko', random: () => number): string {
  const source = SOURCES[at(SOURCE_KEYS, random)] ?? ['French', '프랑스어', 'Bonjour'];
  const foreign = source[2].split('|');
  const end = /[\u3040-\u30ff\u4e00-\u9fff]/.test(source[2]) ? '。' : '.';
  const rules = {
    ...(language === 'en' ? EN_RULES : KO_RULES),
    S: [source[language === 'en' ? 0 : 1]],
    fsen: foreign,
    fs: foreign,
    fpen: [passage(foreign, end, random)],
    pen: [passage(EN_SENTENCES, '.', random)],
    kpen: [passage(KO_SENTENCES, '.', random)],
    json: [json(EN_SENTENCES, random)],
    kjson: [json(KO_SENTENCES, random)],
    srt: [subtitles(EN_SENTENCES, random)],
    ksrt: [subtitles(KO_SENTENCES, random)],
  };
  const template = at(language === 'en' ? EN_TEMPLATES : KO_TEMPLATES, random);
  const text = agreeQuoted(fillSlots(template, rules, random))
    .replaceAll('¶', '\n')
    .replace(/ {2,}/g, ' ')
    .trim();
  return roughen(text, language, random);
}
