import { shuffled } from '../random.ts';
import { fillSlots, lines } from './fill-slots.ts';
import { ANIMALS, CONCEPTS, FOODS } from './topics.ts';

/** `¶` stands for a line break, so that a template stays on one line. */
const list = (text: string): readonly string[] => text.split(';').map((entry) => entry.trim());

const HEROES = list(
  'a lighthouse keeper=등대지기;a retired pirate=은퇴한 해적;a shy dragon=수줍은 용;a clockmaker=시계공;a talking cat=말하는 고양이;a young witch=어린 마녀;two sisters=두 자매;a lonely robot=외로운 로봇;a night bus driver=심야버스 기사;a blind painter=눈먼 화가;a detective who cannot lie=거짓말을 못 하는 탐정;a programmer=프로그래머;a mathematician=수학자;a historian from the future=미래에서 온 역사학자;an economist turned beekeeper=양봉가가 된 경제학자;a translator=번역가;a ghost with stage fright=무대 공포증이 있는 유령;a baker=제빵사;a stray dog=떠돌이 개;an orphan thief=고아 도둑;a tired superhero=지친 슈퍼히어로;a vampire dentist=흡혈귀 치과의사;the last tree on earth=지구의 마지막 나무;a knight without a horse=말 없는 기사;a postman=우체부;a violinist=바이올린 연주자;a grandmother=할머니;a six-year-old boy=여섯 살 소년;an astronaut=우주비행사;a goblin=도깨비;a nine-tailed fox=구미호;a tiger=호랑이;the moon=달;a failed magician=실패한 마술사;a nurse on night shift=야간 근무 간호사;a scarecrow=허수아비;a mermaid=인어;a teenage hacker=십대 해커;an old fisherman=늙은 어부;a queen in exile=망명한 여왕;a chess champion=체스 챔피언;a substitute teacher=기간제 교사;a court poet=궁중 시인;a snail=달팽이;an elevator operator=엘리베이터 안내원;a war photographer=종군 사진가;a taxi driver=택시 기사;an umbrella=우산;a vending machine=자판기;a time traveller=시간여행자;an idol trainee=아이돌 연습생;a convenience store clerk=편의점 알바생',
).map((entry) => entry.split('='));
const PLACES = list(
  'on a ferry=나룻배 위;in a snowed-in hotel=눈에 갇힌 호텔;on a space station=우주정거장;in Joseon-era Seoul=조선시대 한양;in a small fishing village=작은 어촌;in a laundromat at midnight=한밤의 빨래방;in a library without books=책이 없는 도서관;on Mars=화성;under the sea=바닷속 도시;in a haunted apartment block=귀신 나오는 아파트;in Victorian London=빅토리아 시대 런던;in a kingdom of frogs=개구리 왕국;on the last train=막차 안;in an abandoned amusement park=버려진 놀이공원;in a desert monastery=사막의 수도원;in a high school=고등학교;in a bakery=빵집;in the trenches of 1916=1916년의 참호;in a city on the back of a crab=게의 등 위에 세워진 도시;in a call centre=콜센터;in a greenhouse=온실;in an elevator=엘리베이터 안;at a bus stop in the rain=비 오는 버스정류장;in a convenience store at dawn=새벽 편의점;in an enchanted forest=마법의 숲;on a pirate ship=해적선;in a hospital=병원;at the edge of the world=세상의 끝;in Pompeii=폼페이;in a lost city=잃어버린 도시;inside a computer=컴퓨터 속 세계;in a museum at night=밤의 박물관;in a mountain village=산골 마을;in 1930s Gyeongseong=1930년대 경성',
).map((entry) => entry.split('='));
const THEMES = list(
  'first love=첫사랑;autumn=가을;rain=비;the sea=바다;loneliness=외로움;my mother=엄마;leaving home=집을 떠나는 것;friendship=우정;forgiveness=용서;time=시간;winter=겨울;a lost glove=잃어버린 장갑;coffee=커피;growing old=늙어감;hope=희망;a broken promise=깨진 약속;Monday mornings=월요일 아침;jealousy=질투;stars=별;courage=용기;grief=슬픔;home=집;the city at night=밤의 도시;spring=봄;war and peace=전쟁과 평화;a long-distance relationship=장거리 연애;sleep=잠;memory=기억;a cat=고양이;taxes=세금;debugging=디버깅;prime numbers=소수;recursion=재귀;the number zero=숫자 0;an empty chair=빈 의자;first snow=첫눈;instant noodles=라면;teamwork=팀워크;my grandfather=할아버지;the moon=달;school lunch=급식;exams=시험;overtime work=야근;freedom=자유;silence=침묵;a river=강;dreams=꿈;my dog=우리 강아지;the end of the world=세상의 종말;nostalgia=그리움;trains=기차;a sunflower=해바라기;dawn=새벽;a mirror=거울',
).map((entry) => entry.split('='));
const EN = (pairs: readonly string[][]): readonly string[] => pairs.map((pair) => pair[0] ?? '');
const KO = (pairs: readonly string[][]): readonly string[] => pairs.map((pair) => pair[1] ?? '');

const EN_CONSTRAINTS = lines(`
Use the first person
No dialogue at all
Only dialogue, no narration
The last sentence must repeat the first
Include a broken umbrella
Do not name any emotion
At least one joke per paragraph
It must rhyme
The twist should come in the very last line
Use the present tense
Keep every sentence under twelve words
The villain must be likeable
Mention the smell of oranges
Avoid clichés
Suitable for eight-year-olds
The word "always" is forbidden
End on an image, not on an explanation
Alternate between two narrators
Include a letter inside the story
Between 600 and 800 words
No magic and no coincidence
The setting has to feel like a character
Use a refrain
One scene only
Give the main character a secret
Write it in British English
Start in the middle of the action
Someone must be lying
The ending stays open
Include a recipe
At least three metaphors about water
PG rated
Dark humour is welcome
Use sensory detail in every paragraph
Name the dog Biscuit
Chapter title included
`);
const KO_CONSTRAINTS = lines(`
1인칭 시점으로
대사 없이
대사만으로
첫 문장과 마지막 문장을 똑같이
부서진 우산이 등장할 것
감정을 직접 말하지 말 것
반전은 마지막 줄에
현재형으로
한 문장은 스무 자 이내
악당은 미워할 수 없게
귤 냄새를 언급할 것
뻔한 표현 금지
초등학교 2학년도 이해할 수 있게
'항상'이라는 단어 금지
설명이 아니라 이미지로 끝내기
두 화자가 번갈아 말하기
이야기 안에 편지 한 통 넣기
800자 내외
마법과 우연 금지
후렴을 반복할 것
장면은 하나만
주인공에게 비밀을 하나 줄 것
사건 한가운데서 시작
누군가는 거짓말을 하고 있어야 함
열린 결말
사투리 대사 한 번 이상
물에 관한 비유 세 개
블랙 유머 환영
문단마다 감각 묘사
강아지 이름은 보리
소제목을 붙일 것
전체 관람가
존댓말 서술
등장인물은 세 명까지
`);

const EN_PROSE = lines(`
The summer the well ran dry, my uncle bought a piano.
Nobody in our family has ever died of anything sensible.
On the third day without wind the captain began to sell the sails.
She kept every ticket he had ever bought her.
The postman had never opened a letter before that morning.
When the lights came back, there was one person more in the room.
He walked along the canal and greeted each heron by name.
The door at the end of the corridor had not been there yesterday.
"You are late," said the owl, without turning its head.
"I know," she said. "I was busy being someone else."
It rained the way it rains in films, only longer.
The old clock struck thirteen, and nobody laughed.
Below the town the river folded itself into the dark.
My sister says that I invented the lighthouse.
He put the key on the table, between the bread and the knife.
Somewhere behind the wall a radio was playing a song about home.
The dragon sighed and a small part of the forest ceased to exist.
Three days later the letters began to arrive.
The soup was cold, the candle was tired and the guests were dead.
She counted the stairs, as always, and there was one too many.
There are two kinds of silence in a house.
The robot had been told to wait, so it waited.
Snow lay on the tracks like a sentence nobody wished to finish.
By noon the whole market knew about the map.
`);
const KO_PROSE = lines(`
우물이 마른 그해 여름, 삼촌은 피아노를 샀다.
우리 집안에서 그럴듯하게 죽은 사람은 아무도 없었다.
바람이 멎은 지 사흘째 되던 날 선장은 돛을 팔기 시작했다.
그녀는 그가 사 준 표를 한 장도 버리지 않았다.
우체부는 그날 아침까지 편지를 열어본 적이 없었다.
불이 다시 켜졌을 때 방 안에는 한 사람이 더 있었다.
아버지는 천변의 왜가리마다 이름을 지어 두셨다.
복도 끝의 문은 어제까지만 해도 없던 것이었다.
"늦었군." 부엉이가 고개도 돌리지 않고 말했다.
"알아. 다른 사람 노릇을 하느라 바빴어."
비는 영화에서처럼, 다만 더 오래 내렸다.
낡은 시계가 열세 번을 쳤고 아무도 웃지 않았다.
강물은 마을 아래에서 어둠 쪽으로 몸을 접었다.
누나는 그 등대를 내가 지어냈다고 한다.
그는 빵과 칼 사이에 열쇠를 내려놓았다.
벽 너머 어디선가 고향 노래가 흘러나왔다.
용이 한숨을 쉬자 숲의 일부가 조용히 사라졌다.
사흘 뒤부터 편지가 오기 시작했다.
계단을 세어 보니 오늘도 하나가 더 많았다.
집 안에는 두 가지 침묵이 있다.
로봇은 기다리라는 말을 들었으므로 기다렸다.
눈은 아무도 끝맺고 싶지 않은 문장처럼 철길 위에 쌓였다.
정오가 되자 시장 사람들 모두가 지도 이야기를 했다.
할머니는 평생 거짓말을 딱 한 번 하셨다.
`);
const EN_VERSE = lines(`
The kettle hums, the window weeps,
the garden folds itself and sleeps;
I parked my heart upon a hill,
the engine's off, the lights on still,
and if you pass this way by chance
remember that we used to dance.
The clock upon the kitchen wall
has lost its smaller hand,
my grandma's coat hangs in the hall
like someone come to land.
so give me back my summer nights
oh oh, the city burns so bright
I've been down to the river twice
your name is written on the ice
`);
const KO_VERSE = lines(`
강물은 말이 없고
나는 그 옆에서
오래된 이름 하나를
종이배처럼 접어 띄운다
창밖에 내리는 첫눈처럼
너는 소리 없이 와서
내 하루를 덮어 놓고
발자국 하나 남기지 않았지
부엌 벽에 걸린 시계
작은 바늘 잃고서도
일요일의 동전 세 개
공중전화에 넣고서
잘 지낸다 말했지만
`);

const EN_TEMPLATES = lines(`
«w» «form» about «theme»
«w» me «form» about «theme»«.»
«w» «len» «form» about «theme»«.»
«w» «form» about «hero» «place»«.»
«w» «len» «genre» story about «hero» «place»«.»
«w» a story where «hero» «plot»
«w» a story in which «hero» «plot» «place»«.»
«w» a story about «hero» who «plot»«.»
«w» «genre» story set «place», «con».
«w» «poem» about «theme»
«w» «poem» for «who»«.»
«w» «poem» about «theme» in the style of «author».
«w» a «mood» «poem2» about «theme», «num» «lines».
«w» «poem» that mentions «obj», «obj» and «obj».
«can» «w» «poem» about «theme»?
«can» you tell me a «mood» story about «hero»
tell me a «genre» story
tell me a «mood» story about «hero»
tell me a bedtime story about «hero» and «hero»
make up a «story» about «hero»
make up a «mood» «story» about «theme»
«w» «song» about «theme»
«w» lyrics for «song» called "«title»"
«w» «song» about «hero» who «plot». «structure»
«w» a verse and chorus about «theme», «music» style
rap about «theme»
give me «num» «joke» about «theme»
joke about «animal»
haiku about «theme»
limerick about «hero»
«num» haiku about «theme» please
poem, «theme», «num» «lines», «mood»
short story: «hero», «place»
«genre» story, «hero», «hero», «obj»
story idea: «hero» «plot». Write it
«w» a dialogue between «hero» and «hero»«.»
«w» a «mood» conversation between «hero» and «hero» about «theme».
«w» a scene: «hero» and «hero» «place». «Con».
«w» a «mood» scene «place» between «hero» and «hero»
«w» a screenplay scene «place» in which «hero» «plot».
«w» a short play for «num» actors about «theme»
«w» a monologue for «hero» who «plot»
«w» a diary entry by «hero» «place»
«w» a letter from «hero» to «hero»
«w» a love letter from «hero» to «obj»
«w» a breakup letter from «hero» to «theme»
«w» an obituary for «obj», «mood»
«w» a fan fiction in which «fan» meets «fan»
«fan» and «fan» crossover, «mood», they are stuck «place»
what if «fan» worked «place»? write the scene
rewrite «tale» as «genre2»
retell «tale» from the point of view of «hero»
«w» a parody of «tale» set «place»
«w» an alternative ending for «tale»
«w» «tale» in the style of «author»
describe «obj» «place» in «num» «mood» sentences
describe a place «place» without using «sense»
«w» a vivid description of «hero» for my novel
create a character: «hero», «mood», with a secret
create a «genre» villain who «plot»
character sheet for «hero»: name, look, fear, backstory
invent a creature that lives «place»
invent a «thing» for my fantasy world
build a world where «world»
worldbuilding: «world». Give me «num» factions and a myth
name ideas for «hero» in my «genre» novel
give me «num» names for «biz»
«w» «num» slogans for «biz»
tagline for «biz», «mood»
come up with a «mood» slogan for a campaign about «theme»
ad copy for «biz» in the voice of «hero»
«w» a jingle for «biz»
«num» opening lines for a «genre» novel
title ideas for a «genre» novel about «theme»
give me a plot twist for a story about «hero»
outline a «genre» novel: «hero» «plot» «place»
pitch a movie about «hero» who «plot»
continue the story: "«line»"
Continue this story:¶¶«prose»
Continue in the same voice for «num» paragraphs:¶¶«prose»
Here is the opening of my «genre» novel. Write the next scene.¶¶«prose»
«w» a story that starts with "«line»"
«w» a story that ends with "«line»"
The first sentence is: «line» Write the rest, «con».
Finish my poem:¶¶«verse»
Write two more stanzas:¶¶«verse»
change this song so that it is about «theme», same rhythm:¶¶«verse»
turn this text into «poem»:¶¶«prose»
rewrite this scene so that it is «mood»:¶¶«prose»
rewrite the paragraph in the style of «author»:¶¶«prose»
tell this again from the view of «hero»:¶¶«prose»
add dialogue and make it «mood»: «prose»
[WP] «hero» «plot». «line»
[WP] «world»
writing prompt: «world», main character «hero»
prompt: «hero» finds «obj» «place». go
Use these words in a «story»: «obj», «obj», «obj», «obj»
«w» «poem» with the words «obj», «obj» and «obj»
acrostic poem for the word «acro»
«w» an acrostic with «acro» about «theme»
«num» two sentence horror stories
six word story about «theme»
flash fiction, «words» words, theme: «theme»
«w» exactly «words» words about «hero» «place»
let's role-play. you are «hero», i am «hero», we meet «place»
roleplay: you're «hero» «place». stay in character. i walk in
pretend to be «hero» and talk to me
act as «hero» who «plot», never break character
you are «hero». «line» Answer in character.
be my dungeon master, i'm «hero», we start «place»
text adventure please, i wake up «place»
interactive story: I'm «hero». Give me «num» options each time.
Let's write a story together. I start: «line»
persona: «hero». Chat with me about «theme» in that voice.
D&D one-shot idea «place» with «hero» as the villain
«w» a backstory for my character, «hero», who «plot»
riddle from «hero» about «obj»
tongue twister about «animal»
«w» a nursery rhyme about «animal» and «animal»
«w» a fable with «animal» and «animal» about «theme»
«w» a children's story about «animal» who «plot»
bedtime story for my daughter, «animal» and «hero», «con»
«w» a myth that explains why «why»
explain «concept» as a fairy tale
«w» a poem that explains «concept» to kids
«w» a short story about «concept» and «hero», «mood»
«w» a love poem using only terms from «concept»
stand-up routine about «theme»
satirical news article about «hero» who «plot»
funny product review of «obj» written by «hero»
toast in verse for «who», «mood»
«w» a birthday poem for «who»
card verse for «who», «num» «lines»
wedding vows for «hero»
metaphor for «theme»
«num» similes for «theme»
personify «theme» in one paragraph
surprise me with a «mood» «story»
another «poem2», this time about «theme»
now make it «mood»
next chapter please, «con»
same story but «place»
sequel please where «hero» «plot»
«spec»
«spec»
«spec»
«spec»
«spec»
`);

const EN_RULES: Readonly<Record<string, readonly string[]>> = {
  w: [
    'write',
    'Write',
    'Write',
    'please write',
    'Please write',
    'compose',
    'Create',
    'create',
    'I need you to write',
    'can you write',
    'Could you write',
    'make',
    'I want',
    'generate',
    'come up with',
    'craft',
    'Help me write',
    'pls write',
  ],
  can: ['can', 'could', 'would', 'Can', 'Could'],
  '.': ['.', '', ' please', '!', '?', '. «Con».', ', «con»', '. «Con» and make it «mood».'],
  form: [
    'a poem',
    'a short story',
    'a song',
    'a story',
    'a haiku',
    'a limerick',
    'a sonnet',
    'a rap',
    'a fairy tale',
    'a scene',
    'a monologue',
    'a short play',
    'a fable',
    'a ballad',
    'a comedy sketch',
    'a ghost story',
    'lyrics',
    'a novel opening',
  ],
  poem: [
    'a poem',
    'a sonnet',
    'a haiku',
    'a limerick',
    'a free verse poem',
    'an ode',
    'an elegy',
    'a villanelle',
    'a rhyming poem',
    'a ballad',
    'a ghazal',
    'a prose poem',
    'a sestina',
    'a tanka',
    'a funny poem',
    'a short verse',
    'a pantoum',
    'an epic poem',
  ],
  poem2: ['poem', 'sonnet', 'haiku', 'verse', 'ballad', 'limerick', 'ode'],
  len: ['a short', 'a long', 'a very short', 'a 500 word', 'a one page', 'a 1000-word', 'a two paragraph', 'a quick'],
  genre: list(
    'fantasy;science fiction;horror;romance;mystery;noir;western;cyberpunk;steampunk;historical;comedy;thriller;gothic;dystopian;magical realist;fairy tale;slice of life;superhero;cozy;adventure;ghost',
  ),
  genre2: list(
    'a noir thriller;a courtroom drama;a romantic comedy;a space opera;a western;a rap;a news report;a horror story;an office sitcom;a silent film;a sonnet',
  ),
  mood: list(
    'funny;sad;hopeful;dark;eerie;warm;whimsical;melancholic;satirical;tender;absurd;suspenseful;nostalgic;bittersweet;cheerful;poetic;deadpan;romantic;spooky;inspiring',
  ),
  hero: EN(HEROES),
  place: EN(PLACES),
  theme: [...EN(THEMES), ...FOODS.slice(0, 30).map((pair) => pair[0]), ...ANIMALS.slice(0, 30).map((pair) => pair[0])],
  animal: ANIMALS.map((pair) => pair[0]),
  concept: CONCEPTS.map((pair) => pair[0]),
  plot: list(
    'finds a door that was not there yesterday;has to deliver a message before dawn;falls in love with a voice on the radio;loses the ability to lie;wakes up in the wrong century;must choose between two promises;discovers a map in an old coat;adopts a monster;steals the king’s shadow;receives a letter from the future;opens a tea shop;refuses to grow up;is mistaken for a prophet;learns to forgive;can stop time while holding a breath;hides a terrible secret;wins a contest nobody else entered;plans a heist at a cheese museum;meets an old enemy on a train;must sing to survive;is haunted by an unfinished sentence;inherits a haunted theatre;proves a theorem on a steamed-up window;fixes a bug that was keeping the world alive',
  ),
  world: list(
    'memories can be pawned;colours are rationed;the moon is a rented room;nobody can remember yesterday;every lie becomes visible as smoke;people are born with a clock that counts forgiveness;the sea has withdrawn for good;maps decide what exists;dragons run the banks;music is illegal;the dead send invoices;rain falls upwards on Tuesdays;winter comes only once in a lifetime;animals vote',
  ),
  who: list(
    'my mum;my wife;my husband;my best friend;my dad’s 60th birthday;a colleague who retires;my teacher;my daughter;my baby nephew;our neighbours;my boss;my girlfriend;a friend who lost her dog;my brother’s wedding',
  ),
  author: list(
    'Emily Dickinson;Shakespeare;Edgar Allan Poe;Hemingway;Jane Austen;Kafka;Dr. Seuss;Raymond Chandler;Homer;Oscar Wilde;Borges;Lovecraft;a nature documentary;a Victorian housekeeper;a beat poet;a pirate;Tolkien;Agatha Christie;Walt Whitman;Rumi',
  ),
  song: list(
    'a song;a country song;a love song;a rap;a blues song;a sea shanty;a punk song;a power ballad;an indie folk song;a lullaby;a musical number;a Christmas carol;a K-pop chorus;a protest song;a disco track',
  ),
  music: list('punk;folk;80s synth pop;blues;trap;country;reggae;opera;jazz;grunge;bluegrass'),
  structure: [
    'Verse, chorus, verse, chorus, bridge, chorus.',
    'Two verses and a chorus.',
    'ABAB rhyme.',
    'Simple enough to sing along.',
    'No swearing.',
    '16 bars.',
    'Slow, 6/8.',
  ],
  story: list('story;legend;fable;fairy tale;folk tale;ghost story;myth;campfire tale;bedtime story'),
  joke: ['jokes', 'puns', 'one-liners', 'knock knock jokes', 'dad jokes', 'absurd jokes'],
  lines: ['lines', 'stanzas', 'verses', 'couplets', 'quatrains'],
  num: ['two', 'three', 'four', 'five', '5', '10', 'six', 'eight', '3'],
  words: ['50', '100', '150', '200', '300', '500', '750'],
  title: list(
    'Paper Boats in August;Sunday Coins;The Man Who Returned Everything;Inventory of a Small Heart;The Last Ferry;Neon River;Salt and Static;What the Owl Said;A Key for Nobody;Thirteen Stairs',
  ),
  fan: list(
    'Sherlock Holmes;Dracula;Batman;Gandalf;Harry Potter;Spock;Elizabeth Bennet;Darth Vader;Hercule Poirot;Pikachu;Frankenstein’s monster;Alice in Wonderland;Robin Hood;Naruto;Wonder Woman;Mulan;Don Quixote;Hamlet',
  ),
  tale: list(
    'Cinderella;Little Red Riding Hood;Romeo and Juliet;The Three Little Pigs;Snow White;Hansel and Gretel;The Tortoise and the Hare;Icarus;Rapunzel;Pinocchio;The Odyssey;Jack and the Beanstalk;The Little Mermaid;Hamlet',
  ),
  sense: ['any colour words', 'adjectives', 'sight', 'the word "dark"', 'verbs of motion', 'the letter e'],
  obj: list(
    'a lantern;a peach;a broken umbrella;an old map;a violin;a silver key;a toaster;a letter;a teapot;thunder;a receipt;a red coat;a harmonica;a suitcase;salt;a photograph;a bicycle;a cracked mirror;a paper boat;copper;a whistle;frost;an apology;a lemon tree',
  ),
  thing: list(
    'religion;magic system;holiday;game;currency;proverb collection;royal family;calendar;monster;secret society;language of flowers;creation myth;curse',
  ),
  biz: list(
    'a bakery;a bookshop with a cat;a running shoe brand;a coffee shop;a plumber;an umbrella rental;a tinned fish brand;a candle that smells like rain;a dentist;a garden centre;a sad disco band;a pirate ship;a robot café;an ice cream van;a yoga studio for dogs;a second-hand dream store',
  ),
  why: list(
    'the sea is salty;cats hate water;the moon changes shape;people yawn;there is thunder;leaves turn red;the owl is awake at night;rivers never turn back;roses have thorns',
  ),
  acro: list('WINTER;FRIEND;OCEAN;COURAGE;MAYBE;TEACHER;SUMMER;LIBRARY;GARDEN;DREAM'),
  con: EN_CONSTRAINTS.map((text) => text.charAt(0).toLowerCase() + text.slice(1)),
  Con: EN_CONSTRAINTS,
  line: EN_PROSE,
};

const KO_TEMPLATES = lines(`
«theme»에 대한 «poem» «써»
«theme»~을/를 주제로 «poem» «써»
«theme»~을/를 주제로 한 «form» «써»
«theme» «poem» «써»
«theme»에 관한 «mood» «form» «써»
«mood» «poem» 한 편 «써»
«mood» «form» 하나 «써»
«poem» 한 편만. 주제는 «theme»
«hero»~이/가 주인공인 «form» «써»
«hero»~이/가 나오는 «genre» «form» «써»
«place»~을/를 배경으로 «genre» 소설 «써»
«place»에서 벌어지는 «mood» 이야기 «써»
«hero»~과/와 «hero»의 «mood» 이야기 «써»
«hero»~이/가 «plot» 이야기«를» «써»
«place»에서 «hero»~이/가 «plot» 내용의 «form» «써»
배경은 «place», 주인공은 «hero». «genre» 단편 «써»
«genre» 소설 도입부 «써»
«genre» 소설 첫 문장 «num»개만 «써»
«genre»물인데 «hero»~이/가 «plot» 장면 «써»
«genre» 웹소설 1화 «써». 주인공은 «hero»
«genre» 소설 제목 추천해줘 주제 «theme»
웹소설 제목이랑 소개글 «써», «genre»에 «hero» 나옴
«hero»의 «mood» 독백 «써»
«hero» 시점의 일기 «써»
«hero»~이/가 «hero»에게 보내는 편지 «써»
«theme»에게 보내는 «mood» 편지 «써»
«hero»~과/와 «hero»의 대화 «써»
«hero»~과/와 «hero»~이/가 «place»에서 만나는 장면을 대본으로 «써»
대사만으로 «mood» 장면 «써». 장소는 «place»
드라마 대본처럼 «써»: «hero»~과/와 «hero», «place»
«num»명이 나오는 짧은 연극 대본 «써», 주제 «theme»
시나리오 한 장면 «써». «place» / 밤. «con».
콩트 «써». «hero»~이/가 «plot» 상황
상황극 하자. 너는 «hero», 나는 «hero»
역할극: 너는 «place»의 «hero»야. 캐릭터 유지해
너는 이제부터 «hero»야. 그 말투로 대답«해»
«hero»인 척하고 나랑 대화«해»
«hero» 말투로 «theme» 이야기 들려줘
던전 마스터 해줘. 나는 «hero», 시작은 «place»
텍스트 어드벤처 하자. 눈을 뜨니 «place»~이야/야
선택지 «num»개씩 주는 인터랙티브 소설 «써», 주인공은 «hero»
페르소나: «hero». «theme»에 대해 그 캐릭터로 얘기«해»
같이 이야기 만들자. 내가 먼저. "«line»"
"«line»"로 시작하는 소설 «써»
"«line»"로 끝나는 이야기 «써»
첫 문장은 "«line»" 나머지를 «써». «con».
다음 이야기를 이어서 «써»¶¶«prose»
이어 써줘¶«prose»
아래 글을 같은 문체로 계속 «써»¶¶«prose»
«prose»¶¶이 다음 장면 «써»
이 장면을 «mood» 분위기로 다시 «써»¶«prose»
«author» 문체로 바꿔서 다시 «써»¶«prose»
«hero»의 시점으로 다시 «써»:¶«prose»
이 글을 «poem»~으로/로 바꿔줘¶¶«prose»
이 시 뒷부분 «써»¶¶«verse»
같은 운율로 두 연 더 «써»¶«verse»
이 노래를 «theme» 내용으로 개사«해»¶¶«verse»
«theme» 노래 가사 «써»
«music» 가사 «써». 주제는 «theme»
«music» 느낌으로 «theme»에 대한 후렴 만들어줘
제목 '«title»'~으로/로 노래 가사 «써»
'«title»'~이라는/라는 제목의 «form» «써»
«hero»~이/가 부르는 «music» 가사 «써»
랩 가사 «써» «theme» 라임 잘 맞춰서
축가 가사 «써», «who» 결혼식
«acro»~으로/로 삼행시 «지어»
'«acro»' 삼행시 «mood» 걸로 «지어»
«acro» n행시 부탁, 주제는 «theme»
«who»께 드릴 축시 «써»
«who» 생일 카드에 쓸 짧은 시 «지어»
«who»에게 줄 «mood» 시 «써»
«who» 칠순 잔치에서 낭독할 시 «써»
시조 한 수 «지어», «theme»
«theme»~을/를 노래하는 시조 «지어»
하이쿠 «num»편 «써» 주제 «theme»
동시 «써». «animal» 나오는 걸로
«animal»~이/가 주인공인 동화 «지어»
«animal»~과/와 «animal»~이/가 친구가 되는 동화 «써»
«animal»~이/가 «plot» 전래동화 «지어»
다섯 살 아이에게 들려줄 «animal» 이야기 «지어»
잠자리 동화 «써». «hero»랑 «animal» 나오게
«animal» 나오는 우화 «지어», 교훈은 «theme»
«tale» 패러디 «써»
«tale» 결말을 «mood» 쪽으로 바꿔 «써»
«tale»~을/를 «genre» 버전으로 다시 «써»
«tale»~을/를 «hero» 시점에서 다시 «써»
«tale»~이/가 «place»에서 벌어진다면? 소설로 «써»
«fan»~과/와 «fan»~이/가 만나는 팬픽 «써»
«fan»~이/가 «place»에서 일한다면 어떨지 콩트로 «써»
«fan» 팬픽 «써», «mood» 분위기로
«author» 느낌으로 «theme» 시 «써»
«author» 스타일로 «place»~을/를 묘사«해»
«theme»~을/를 의인화해서 글 «써»
«theme»~을/를 은유로 표현«해»
«theme» 비유 «num»개 만들어줘
«place» 풍경을 «mood» 느낌으로 묘사«해»
«hero» 외모랑 분위기 묘사 «써», 소설에 쓸 거야
캐릭터 만들어줘: «hero», 비밀 하나, 말버릇 하나
«genre» 악당 캐릭터 설정 «짜»
«hero»의 과거 이야기 «지어». «con».
내 소설 주인공이 «hero»인데 이름 «num»개 «지어»
세계관 «짜». «world» 세상이야
«world» 세계를 배경으로 «form» «써»
«world» 나라의 건국 신화 «지어»
판타지 «thing» 만들어줘
«place»에 사는 상상의 생물 만들어줘
«genre» 소설 줄거리 «짜», «hero»~이/가 «plot» 이야기
«genre» 영화 로그라인 «num»개
단편영화 시놉시스 «써», 소재는 «obj»
«hero» 이야기에 반전 하나 넣어서 다시 «써»
«obj», «obj», «obj»~이/가 들어가는 «form» «써»
다음 단어로 이야기 «지어»: «obj», «obj», «obj», «theme»
키워드: «obj», «theme», «hero»¶이 키워드로 소설 한 단락 «써»
두 문장 공포 소설 «num»개
여섯 단어 소설 «써» «theme»
«words»자 소설 «써». 소재 «obj»
«words»자 이내로 «mood» 이야기 «써»
엽편소설 부탁. «obj»~과/와 «hero»
수필 «써». 소재는 «obj»
«theme»~을/를 소재로 «mood» 수필 «써»
백일장 주제가 «theme»~이래/래. 운문 하나 «써»
«biz» 슬로건 «지어»
«biz» 광고 문구 «mood» 느낌으로 «num»개
«biz» 이름 «지어», «mood» 걸로
«biz» CM송 «지어»
«theme» 캠페인 표어 «num»개 «지어»
«biz» 소개 글을 «hero» 말투로 «써»
«theme»에 대한 농담 «num»개
«animal» 아재개그 하나
«theme» 스탠드업 코미디 대본 «써»
«hero»~이/가 쓴 «obj» 사용 후기 지어내줘
가짜 뉴스 기사 «써»: «hero»~이/가 «plot» 사건
«concept»~을/를 동화로 «지어»
«concept»~을/를 설명하는 옛날이야기 «지어»
«concept» 용어로 사랑 시 «써»
«why» 이유를 설명하는 신화 «지어»
«obj»의 유언장 «써»
«obj»~을/를 위한 추도사 «mood» 톤으로
«obj»의 하루를 소설로 «써»
심심한데 «mood» 이야기 하나 «지어»
무서운 이야기 «지어». 배경은 «place»
괴담 하나 «지어». «hero» 나오는 걸로
«genre» 느낌으로 다음 화 «써»
이번엔 «mood» 버전으로 다시 «써»
같은 이야기를 «place» 배경으로 바꿔 «써»
결말을 «mood» 쪽으로 바꿔줘
«spec»
«spec»
«spec»
«spec»
«spec»
`);

const KO_RULES: Readonly<Record<string, readonly string[]>> = {
  써: [
    '써줘',
    '써 줘',
    '써 주세요',
    '써주세요',
    '써줄래?',
    '써 주시겠어요?',
    '써봐',
    '써줘요',
    '써라',
    '써 주실 수 있나요?',
    '써주라',
    '좀 써줘',
    '좀',
    '부탁해',
    '부탁드립니다',
    '지어줘',
    '만들어줘',
    '만들어 주세요',
    '창작해줘',
    '작성해줘',
    '하나만 써줘',
    'ㄱㄱ',
    '써 주십시오',
    '써보세요',
    '쓰시오',
    '써줘ㅎㅎ',
  ],
  지어: ['지어줘', '지어 주세요', '지어줄래?', '지어봐', '지어주세요~', '만들어줘', '하나 지어줘', '지어 주시겠어요', '지어라', '부탁해', '써줘'],
  짜: ['짜줘', '짜 주세요', '만들어줘', '구상해줘', '짜봐', '설정해줘'],
  해: ['해줘', '해 주세요', '해봐', '해줄래?', '해주라', '해 보거라'],
  를: ['를', '', ' 하나', ' 한 편'],
  form: list('단편소설;소설;이야기;동화;시;콩트;짧은 글;엽편;희곡;수필;노래 가사;장면;옛날이야기;산문'),
  poem: list('시;시조;동시;산문시;자유시;하이쿠;사랑시;짧은 시;서정시;풍자시;축시'),
  genre: list('판타지;SF;로맨스;추리;공포;무협;로판;스릴러;사극;코믹;디스토피아;사이버펑크;학원물;회귀;이세계;느와르;힐링;좀비;청춘;미스터리'),
  mood: list('따뜻한;슬픈;웃긴;무서운;잔잔한;감성적인;오싹한;유쾌한;애절한;반전 있는;기묘한;희망적인;서늘한;풍자적인;담담한;달달한;쓸쓸한;엉뚱한'),
  hero: KO(HEROES),
  place: KO(PLACES),
  theme: [...KO(THEMES), ...FOODS.slice(0, 30).map((pair) => pair[1]), ...ANIMALS.slice(0, 30).map((pair) => pair[1])],
  animal: ANIMALS.map((pair) => pair[1]),
  concept: CONCEPTS.map((pair) => pair[1]),
  plot: list(
    '어제는 없던 문을 발견하는;새벽까지 전갈을 전해야 하는;라디오 속 목소리와 사랑에 빠지는;거짓말을 못 하게 되는;다른 세기에서 깨어나는;두 약속 중 하나를 골라야 하는;낡은 외투에서 지도를 찾는;괴물을 입양하는;왕의 그림자를 훔치는;미래에서 온 편지를 받는;찻집을 여는;어른이 되기를 거부하는;예언자로 오해받는;용서를 배우는;숨을 참는 동안 시간을 멈추는;끔찍한 비밀을 숨기는;아무도 안 나온 대회에서 우승하는;치즈 박물관을 터는;기차에서 옛 적을 만나는;노래해야만 살 수 있는;귀신 들린 극장을 물려받는;김 서린 유리창에 정리를 증명하는;세상을 지탱하던 버그를 고치는',
  ),
  world: list(
    '기억을 전당포에 맡기는;색깔이 배급되는;아무도 어제를 기억하지 못하는;거짓말이 연기로 보이는;바다가 사라진;지도에 그려야만 존재하는;용이 은행을 운영하는;음악이 금지된;죽은 사람이 청구서를 보내는;화요일마다 비가 거꾸로 내리는;평생 겨울이 한 번만 오는;동물이 투표하는',
  ),
  who: list('엄마;아버지;할머니;선생님;친구;아내;남편;여자친구;딸;조카;직장 선배;동생;부모님;교수님'),
  author: list('윤동주;김소월;이상;백석;하루키;셰익스피어;카프카;헤밍웨이;판소리;자연 다큐멘터리;예능 자막;조선시대 사관;박완서;황순원;피천득;서정주'),
  music: list('힙합;트로트;발라드;인디 포크;아이돌 댄스곡;동요;록;자장가;뮤지컬 넘버;판소리;재즈;민요'),
  num: ['두', '세', '네', '다섯', '3', '5', '10', '여섯'],
  words: ['100', '200', '300', '500', '800', '1000', '1500'],
  title: list('8월의 종이배;일요일의 동전;모든 것을 돌려준 남자;빈 의자;붉은 우산;마지막 나룻배;장독대;네온 강;열세 번째 계단;봄의 영수증'),
  fan: list('셜록;해리포터;홍길동;심청이;배트맨;간달프;춘향이;피카츄;나루토;드라큘라;뽀로로;스파이더맨;이순신 장군;세종대왕;도라에몽;엘사'),
  tale: list(
    '흥부와 놀부;콩쥐팥쥐;춘향전;심청전;토끼와 거북이;백설공주;신데렐라;별주부전;해와 달이 된 오누이;선녀와 나무꾼;로미오와 줄리엣;빨간 모자;금도끼 은도끼;인어공주',
  ),
  obj: list(
    '우체통;복숭아;부서진 우산;낡은 지도;바이올린;은열쇠;토스터;편지;주전자;천둥;영수증;빨간 외투;하모니카;여행 가방;소금;사진;자전거;깨진 거울;종이배;호루라기;서리;사과;레몬나무;장갑',
  ),
  thing: list('종교;마법 체계;명절;화폐;속담 모음;왕가 이름;달력;괴물;비밀결사;창세 신화;저주;마을 이름'),
  biz: list(
    '빵집;고양이가 사는 책방;운동화 브랜드;카페;떡볶이집;우산 대여점;막걸리 브랜드;비 냄새 향초;치과;꽃집;밴드;해적선;로봇 카페;수제 비누;치킨집;중고 꿈 가게',
  ),
  why: list('바닷물이 짠;고양이가 물을 싫어하는;달 모양이 바뀌는;하품이 옮는;천둥이 치는;단풍이 드는;부엉이가 밤에 깨어 있는;장미에 가시가 있는'),
  acro: list('무지개;도서관;강아지;고구마;선풍기;크리스마스;월요일;대학생;개발자;소나기;자전거;봄나물;야근비;김치찌개'),
  con: KO_CONSTRAINTS,
  line: KO_PROSE,
};

const at = (from: readonly string[], random: () => number): string => from[Math.floor(random() * from.length)] ?? '';

/** A stretch of narrative; one in five is a page long. */
const prose = (from: readonly string[], random: () => number): string =>
  shuffled(from, random)
    .slice(0, random() < 0.2 ? 8 + Math.floor(random() * 12) : 2 + Math.floor(random() * 5))
    .join(' ');

const verse = (from: readonly string[], random: () => number): string =>
  shuffled(from, random)
    .slice(0, 4 + Math.floor(random() * 8))
    .join('¶');

/** A request with a list of conditions, as people write when they know exactly what they want. */
function specification(language: 'en' | 'ko', random: () => number): string {
  const en = language === 'en';
  const bullet = at(['- ', '* ', '· ', '', '1', '('], random);
  const mark = (i: number): string => (bullet === '1' ? `${i + 1}. ` : bullet === '(' ? `(${i + 1}) ` : bullet);
  const conditions = shuffled(en ? EN_CONSTRAINTS : KO_CONSTRAINTS, random).slice(0, 2 + Math.floor(random() * 7));
  const details = shuffled(
    en
      ? [
          'Setting: «place»',
          'Main character: «hero»',
          'Second character: «hero»',
          'Genre: «genre»',
          'Mood: «mood»',
          'Theme: «theme»',
          'Object: «obj»',
          'Premise: «world»',
          'Conflict: someone «plot»',
        ]
      : [
          '배경: «place»',
          '주인공: «hero»',
          '조연: «hero»',
          '장르: «genre»',
          '분위기: «mood»',
          '주제: «theme»',
          '소재: «obj»',
          '설정: «world» 세계',
          '사건: 누군가 «plot» 일',
        ],
    random,
  ).slice(0, Math.floor(random() * 7));
  const head = en
    ? at(
        [
          '«w» «form» with these requirements:',
          'Write a «genre» story about «hero».',
          'I need «form» about «theme».',
          '«w» the opening chapter of a «genre» novel.',
          'Write «song» about «theme».',
          'You are an award-winning novelist. Write «form».',
        ],
        random,
      )
    : at(
        [
          '다음 조건에 맞춰 «form» «써»',
          '«hero»~이/가 주인공인 «genre» 소설 «써»',
          '«theme»에 대한 «form» «써»',
          '«genre» 소설의 첫 장을 써 주세요.',
          '«music» 가사 «써», 주제는 «theme»',
          '당신은 베스트셀러 작가입니다. «form» «써»',
        ],
        random,
      );
  const body = [...details, ...conditions].map((text, i) => mark(i) + text).join('¶');
  const tail = random() < 0.25 ? (en ? `¶¶Start with: "${at(EN_PROSE, random)}"` : `¶¶첫 문장: "${at(KO_PROSE, random)}"`) : '';
  return `${head}¶${random() < 0.5 ? '¶' : ''}${body}${tail}`;
}

function roughen(text: string, language: 'en' | 'ko', random: () => number): string {
  const dice = random();
  if (language === 'ko') return dice < 0.15 ? text.replace(/[.?!]$/, '') : text;
  if (dice < 0.2) return text.toLowerCase();
  if (dice < 0.3) return text.replace(/[.?!]$/, '');
  return dice < 0.7 ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** The particle after a quotation mark agrees with the last letter inside it. */
const beforeQuote = (template: string): string => template.replace(/«(\w+)»(["'])~/g, '«$1»^$2~');
const agreeQuoted = (text: string): string =>
  text.replace(/(.)\^(["'])~?([가-힣]+)\/([가-힣]*)/g, (_, last: string, quote: string, closed: string, open: string) => {
    const rest = (last.charCodeAt(0) - 0xac00) % 28;
    return last + quote + (rest > 0 && !(closed === '으로' && rest === 8) ? closed : open);
  });

/** A new prompt that asks for invented text: story, verse, lyrics, dialogue, slogan, role play. */
export function generate(language: 'en' | 'ko', random: () => number): string {
  const en = language === 'en';
  const rules = {
    ...(en ? EN_RULES : KO_RULES),
    prose: [prose(en ? EN_PROSE : KO_PROSE, random)],
    verse: [verse(en ? EN_VERSE : KO_VERSE, random)],
    spec: [specification(language, random)],
  };
  const template = beforeQuote(random() < 0.1 ? '«spec»' : at(en ? EN_TEMPLATES : KO_TEMPLATES, random));
  const text = agreeQuoted(fillSlots(template, rules, random))
    .replaceAll('¶', '\n')
    .replace(/ {2,}/g, ' ')
    .trim();
  return roughen(text, language, random);
}
