import { blocks, lines, type Rules } from './fill-slots.ts';
import { MATH_SHARED } from './math-shared.ts';

export const MATH_EN_RULES: Rules = {
  ...MATH_SHARED,
  word: lines(`
    two
    three
    five
    seven
    nine
    eleven
    twelve
    fifteen
    eighteen
    twenty
    twenty four
    thirty six
    forty five
    fifty
    sixty three
    seventy two
    ninety nine
    one hundred and ten
    two hundred
    three hundred and forty
    one thousand
    one thousand two hundred
    a half
    three quarters
    two thirds`),
  num: ['«n»', '«n»', '«word»', '«dec»', '«s»'],
  ask: lines(`
    what is
    what's
    calculate
    compute
    how much is
    evaluate
    find
    work out
    tell me
    can you calculate
    please compute
    give me the value of
    i need
    what does
    What is
    Calculate
    Find
    Evaluate
    Compute
    Determine`),
  close: lines(`
    Show your work.
    Show all steps.
    Explain each step.
    Give the exact value.
    Round to two decimal places.
    Round to the nearest whole number.
    Express your answer as a fraction in lowest terms.
    Put the final answer in \\boxed{}.
    Answer with a number only.
    thanks
    please
    and how did you get it
    I got «n» but the book says otherwise.
    Justify your answer.
    Let's think step by step.
    Check the result.`),
  name: lines(`
    Sarah
    Tom
    Maria
    Ben
    Aisha
    Luis
    Emily
    Raj
    Mei
    Olga
    Kwame
    Jack
    Nina
    Mr. Patel
    Mrs. Brown
    Grandma
    Carlos
    Zoe
    Liam
    Hana
    Diego
    Farid
    Chloe
    Peter
    Ivy
    the teacher
    Uncle Joe`),
  thing: lines(`
    apples
    marbles
    stickers
    books
    cookies
    pencils
    balloons
    stamps
    coins
    cupcakes
    oranges
    tickets
    shells
    trading cards
    eggs
    bottles
    tomatoes
    beads
    flowers
    toy cars
    chairs
    candles`),
  good: lines(`
    jacket
    phone
    bicycle
    laptop
    pair of shoes
    sofa
    TV
    watch
    backpack
    dress
    coffee machine
    camera`),
  place: lines(`
    farm
    bakery
    school
    library
    factory
    museum
    bookshop
    zoo
    market
    restaurant
    gym
    hotel`),
  unit: lines(`
    miles to km
    km to miles
    feet to meters
    inches to cm
    pounds to kg
    kg to pounds
    ounces to grams
    gallons to liters
    liters to cups
    fahrenheit to celsius
    celsius to kelvin
    acres to square meters
    mph to km/h
    hours to seconds
    days to minutes
    square feet to square yards
    stone to kg
    joules to calories
    psi to bar
    degrees to radians
    megabytes to gigabits
    nautical miles to miles
    ml to tablespoons
    hectares to acres`),
  inunit: lines(`
    feet in a mile
    cups in a quart
    ounces in a pound
    seconds in a day
    inches in a yard
    ml in a teaspoon
    grams in an ounce
    minutes in a week
    pints in a gallon
    meters in a furlong
    hours in a year
    square feet in an acre
    kilometers in a light second
    tablespoons in half a cup
    eggs in four dozen`),
  solid: lines(`
    a sphere with radius «s»
    a cone of height «n» and base radius «s»
    a cylinder with diameter «s» and height «n»
    a cube with edge «s»
    a square pyramid with base «s» and height «s»
    a rectangular box «s» by «s» by «s»
    a hemisphere of radius «s»
    a triangular prism with base area «n» and length «s»`),
  flat: lines(`
    a circle with radius «s»
    a triangle with sides «s», «s» and «s»
    an equilateral triangle with side «s»
    a rectangle «n» by «s»
    a trapezoid with parallel sides «s» and «s» and height «s»
    a regular hexagon of side «s»
    a rhombus with diagonals «s» and «s»
    a sector of radius «s» and angle «10..170» degrees
    a parallelogram with base «s» and height «s»
    an ellipse with semi-axes «s» and «s»`),
  chance: lines(`
    rolling a total of «2..12» with two dice
    getting at least «2..5» heads in «6..12» tosses
    drawing «2..4» aces from a full deck
    two people among «5..40» sharing a birthday
    picking a red ball from «s» red and «s» blue ones
    choosing a committee with more women than men out of «s» women and «s» men
    guessing «3..9» of 10 true or false questions
    no six in «3..10» rolls of a die
    a point in the unit square being closer to the centre than to an edge
    two cards of the same suit`),
  count: lines(`
    ways can «4..9» people sit in a row
    ways can «4..9» people sit around a table
    different words can be made of the letters of «BANANA|LEVEL|STATISTICS|PEPPER|COFFEE|KAYAK»
    «3..5»-digit numbers have no repeated digits
    committees of «2..4» can be picked from «7..15» people
    diagonals does a regular «7..30»-gon have
    paths go from (0,0) to («3..7»,«3..7») with steps right and up
    handshakes take place among «6..40» guests
    subsets of {1, ..., «5..12»} contain no two consecutive numbers
    divisors does «100..2000» have
    integers between 1 and «100..999» are divisible by «2..5» or «6..9»
    ways are there to put «4..9» identical balls into «2..5» different boxes
    solutions in nonnegative integers has a + b + c = «8..30»`),
  claim: lines(String.raw`
    the square root of «2|3|5|6|7» is irrational
    n^«3|5» - n is divisible by «3|5|6» for every integer n
    the sum of two odd numbers is even
    there are infinitely many primes
    the product of «three|four» consecutive integers is divisible by «6|24»
    every bounded monotone sequence converges
    the angles of a triangle add up to 180 degrees
    a group of prime order is cyclic
    2^n > n^2 for n ≥ 5
    1 + 3 + 5 + ... + (2n - 1) = n^2
    if f is differentiable at a then f is continuous at a
    the intersection of two subspaces is a subspace
    a + 1/a ≥ 2 for a > 0
    the diagonals of a rhombus are perpendicular
    $\binom{n}{k} = \binom{n-1}{k-1} + \binom{n-1}{k}$
    a tree with n vertices has n - 1 edges
    the eigenvalues of a symmetric real matrix are real
    every continuous function on [a,b] is uniformly continuous
    $x^2 + y^2 + z^2 \ge xy + yz + zx$ for real $x, y, z$
    no integer of the form 4k + 3 is a sum of two squares
    the harmonic series diverges
    log_2 3 is irrational`),
  start: lines(`
    «A:name» runs a small «place» and starts the week with «100..600» «B:thing» in stock.
    «A:name» is saving for a «good» that costs $«150..900» and already has $«20..140».
    A class of «18..34» pupils is collecting «B:thing» for the school fair, and «A:name» keeps the list.
    «A:name» drives a van that can carry «40..200» boxes, each holding «6..24» «B:thing».
    There were «200..900» «B:thing» in the warehouse when «A:name» came in on Monday morning.
    «A:name» and two friends open a stand at the market and bring «80..400» «B:thing».
    At the beginning of the month «A:name» had «30..300» «B:thing» and a debt of $«10..90».
    «A:name» is planning a party for «12..60» guests and wants «2..5» «B:thing» for each of them.`),
  event: lines(`
    On Tuesday a customer takes «10..60» of them, and on Wednesday twice as many.
    «frac» of what is left goes to the neighbours.
    Each one brings in $«1..9».«10..99», but «pct»% of that has to be paid as a fee.
    The next day «3..30» turn out to be broken and are thrown away.
    A helper works «2..8» hours for $«10..25» an hour.
    Every «2..6» days another «10..50» arrive.
    The rent is $«20..120» a week and has to be paid first.
    Half of the remaining ones are packed in bags of «3..8», which sell for $«4..15» a bag.
    After that, «name» lends «A» $«10..80», to be paid back without interest.
    The number doubles in the second week and goes down by «5..40» in the third.
    «name» adds «5..50» more, which is «2..9» fewer than promised.
    It takes «5..40» minutes to handle one of them, and there are «4..9» hours in a working day.`),
  finish: lines(`
    How many are left at the end of the week?
    How much money does «A» have in the end?
    How many days does it take?
    What is the profit?
    How much more is needed?
    What percentage of the original amount is left?
    How much does each of them get if everything is shared equally?
    How many bags can be filled, and how many are left over?
    How many hours of work is that altogether?`),
  part: lines(String.raw`
    Find all solutions of «eq».
    Evaluate $«integral»$.
    Compute $«lim»$.
    Determine the probability of «chance».
    Prove that «claim».
    Find the area of «flat».
    Compute the volume of «solid».
    Solve the system «sys».
    Differentiate $«fun»$.
    Find the mean and the variance of «data».
    How many «count»?
    Simplify «frac» + «frac» × «frac».
    Express «dec» as a fraction.
    Find the determinant of $«mat»$.`),
  day: lines(`
    March 3
    the 17th of May
    July 4
    October 31
    Christmas
    New Year's Day
    February 28
    2 September
    next Friday
    today`),
  money: ['$«10..990»', '$«1..90»,000', '«10..990» dollars', '€«10..900»', '£«5..300»', '$«5..99».«10..99»'],
};

export const MATH_EN_SHORT = lines(String.raw`
    «ask» «expr»
    «expr»
    «expr» = ?
    «ask» «expr»? «?«close»»
    «ask» «num» «plus|minus|times|divided by|multiplied by|to the power of» «num»
    what's «num» «plus|times|minus|over» «num» «plus|minus» «num»
    add «num» «and|to» «num»
    can you «multiply|add|subtract|divide» «num» «by|and|from» «num» «?for me»
    take «s» away from «num»
    divide «num» by «num»
    «num» divided by «num» please
    hey how much is «num» «plus|times» «num»
    let's do math, «num» times «num»
    what do you get when you «double|triple|halve|square|cube» «num»
    square root of «n»
    what is the «square|cube|fourth» root of «n»
    «ask» the «sum|product|difference|average» of «num» and «num»
    what is «pct» percent of «num»
    «pct»% of «n»
    what's «pct» percent off of «money»
    how much is «money» with «pct»% off and «1..12»% tax
    tip for a «money» bill at «10..25» percent
    leave a «10..25» percent tip on «money» split by «2..9» people
    «n» is what percent of «n»?
    «n» is «pct»% of what number
    percent change from «n» to «n»
    Increase «n» by «pct»% and then decrease it by «pct»%. What's left?
    convert «num» «unit»
    «n» «unit»
    how much is «num» «unit»
    how many «inunit»
    how many «inunit»? and in «s»?
    Convert «dec» × 10^«2..9» «unit». «close»
    what is «150..200» cm in feet and inches
    how tall is «4..6» foot «0..11» in cm
    round «dec» to «the nearest ten|one decimal|the nearest integer|3 significant figures»
    write «n» in «binary|hexadecimal|octal|base «3..9»|roman numerals|scientific notation|words as a sum of powers of 2»
    is «n» «prime|a perfect square|divisible by «s»|a multiple of «s»|even»
    prime factorization of «n»
    gcd of «n» and «n»
    least common multiple of «s», «s» and «s»
    «2..9»^«20..200» mod «7..97»
    last digit of «2..9»^«20..900»
    how many zeros are at the end of «20..200» factorial
    which is larger, «frac» or «frac»
    order these: «frac», «dec», «frac», «dec»
    simplify «n»/«n»
    simplify («poly») / (x - «s»)
    factor «poly»
    expand («s»x - «s»)^«2..5»
    Solve «eq».
    solve for x: «eq»
    «eq» find x
    find all real roots of «eq» «?«close»»
    Solve the equation «eq» and verify your answer.
    solve the system «sys»
    «sys» solve «please|for both|by elimination|by substitution»
    Solve the inequality «poly» «<|>|≥» 0.
    What is the «minimum|maximum|vertex|range|discriminant|axis of symmetry» of y = x^2 - «s»x + «s»?
    Find the inverse of f(x) = («s»x + «s»)/(x - «s»).
    If f(x) = «poly», what is f(«s»)?
    Let $f(x) = «fun»$. Find $f'(x)$.
    derivative of «fun»
    d/dx «fun» at x = «s»
    second derivative of «fun»
    integrate «fun»
    Evaluate $«integral»$.
    Evaluate $«integral»$. «close»
    Compute $$«lim»$$
    find the limit: $«lim»$
    Compute $«sum»$ in closed form.
    Does $«sum»$ converge? If so find its value.
    Find the area between y = x^2 and y = «s»x + «s».
    taylor series of $«fun»$ up to degree «3..6»
    Find the tangent line to $y = «fun»$ at $x = «s»$.
    Find and classify the critical points of $f(x) = «fun»$.
    Solve the differential equation y' = «s»y + «s», y(0) = «s».
    Solve y'' + «s»y' + «s»y = 0.
    «determinant|inverse|eigenvalues|rank|trace|characteristic polynomial|LU decomposition» of $«mat»$
    Find the eigenvalues and eigenvectors of $A = «mat»$.
    Let $A = «mat»$. Compute $A^{«2..20»}$.
    «dot|cross» product of («s», -«s», «s») and («s», «s», -«s»)
    area of «flat»
    perimeter of «flat»
    What's the area of «flat»? «?«close»»
    volume of «solid»
    find the surface area and the volume of «solid»
    hypotenuse of a right triangle with legs «s» and «s»
    distance between («s», «s») and («s», -«s»)
    equation of the line through («s»,«s») and («s»,«n»)
    Find the «centre and radius|tangents from (0,0)|area» of the circle x² + y² - «s»x + «s»y = «n».
    In triangle ABC, a = «s», b = «s» and angle C = «20..150»°. Find «c|the area|angle A|the circumradius».
    exact value of «sin|cos|tan»(«15|75|105|22.5|135»°)
    Solve «sin|cos» x = «cos 2x|1/2|«sin|cos» 3x» for 0 ≤ x < 2π.
    what angle do the hands of a clock make at «1..12»:«10..59»
    probability of «chance»
    What is the probability of «chance»? «?«close»»
    odds of «chance»
    How many «count»?
    «n» choose «2..6»
    «mean|median|mode|standard deviation|variance|range|interquartile range» of «data»
    Find the mean and the standard deviation of «data».
    z score for «60..150» if the mean is «90..110» and sd «5..20»
    X ~ N(«50..100», «4..15»²). Find P(X > «60..120»).
    expected value of «the larger of two dice|the number of tosses until «2..4» heads|a lottery with a 1 in «100..999» chance of winning «money»»
    next number in «seq»
    find the nth term of «seq»
    What's the «10..100»th term of the arithmetic sequence with first term «s» and difference «s»?
    Find the sum of the first «5..30» terms of the geometric sequence «s», «n», ...
    Prove that «claim».
    prove «claim»
    Show that «claim». «close»
    Can you give a proof by «induction|contradiction|contrapositive» that «claim»?
    Prove or disprove: «claim».
    how many days from «day» to «day»
    what day of the week is «20..400» days after a «Monday|Tuesday|Friday|Sunday»
    what time is it «2..30» hours and «5..55» minutes after «1..12»:«10..59» «am|pm»
    how many hours between «1..11»:«10..59» am and «1..11»:«10..59» pm
    if i was born in «1950..2010» how old will i be in «2025..2060»
    simple interest on «money» at «1..12»% for «2..15» years
    «money» at «1..9».«1..9»% compounded «monthly|yearly|daily|quarterly» for «2..30» years
    monthly payment on a «100..900»k mortgage at «2..8»% over «10..30» years
    if i save «money» every «week|month» how long till i have $«2..90»,000
    How many years does it take to double money at «2..12»% «?compounded yearly»?
    i earn «money» an hour, «20..60» hours a week, how much is that a «month|year» before tax
    car does «18..55» mpg, gas is $«2..5».«10..99», cost of a «100..900» mile trip?
    how much paint for a room «3..7» by «3..7» m and «2..3» m high if a litre covers «8..14» m²
    recipe for «2..8» needs «100..900» g flour, how much for «9..30» people
    which is cheaper per unit: «2..12» for «money» or «2..12» for «money»
    map scale 1:«10..90»000, «2..25» cm is how many km
    the ratio of a to b is «2..9»:«2..9» and a is «n», what's b
    help me with «fractions|algebra homework|my calculus assignment|long division|percentages|a geometry problem|word problems» «?please»
    ok and what if it were «num» instead
    now «add|subtract» «num» «?and divide by «s»»
    is it true that «n» times «n» is «n»
    How do you solve «eq»? «close»
    Estimate «expr» without a calculator.
    What is the remainder when «n» is divided by «s»?
    Which of these equals «expr»? «choices»
    «name» has «n» «thing». «close»
    If «s» workers need «n» days, how long do «s» workers need?
    Find two numbers with sum «n» and product «n».
    The sum of «three|four|five» consecutive «odd |even |»integers is «n». Find the «largest|smallest».
    «frac» of a number is «n». What's the number?
    «name» is «s» years older than «name». In «s» years their ages will add up to «n». How old are they?
    A train travels «n» miles at «40..120» mph. How long does it take?
    Two trains «n» km apart approach each other at «40..120» and «40..120» km/h. When do they meet?
    A tank fills in «s» hours through one pipe and in «s» through another. How long with both?
    How many litres of «5..40»% solution must be added to «s» litres of «50..90»% solution to make it «41..49»%?
    A «good» costs «money» after a discount of «pct»%. What was the original price?
    The price of a «good» rises from «money» to «money». By what percentage?`);

export const MATH_EN_LONG = blocks(String.raw`
«start» «event» «event» «finish»
%%
«start» «event» «event» «event» «finish»
%%
«start» «event» «event» «event» «event» «finish» «close»
%%
«start» «event» «finish»
%%
«start» «event» «event» «finish» «choices»
%%
Question: «start» «event» «event» «finish»
Answer:
%%
Solve the following word problem. «start» «event» «event» «event» «finish»
%%
1. «part»
2. «part»
3. «part»
«close»
%%
Worksheet
a) «part»
b) «part»
c) «part»
d) «part»
e) «part»
%%
I have an exam on «Monday|Thursday|Friday» and these two keep coming up. First: «part» Second: «part» «close»
%%
Problem. «part» «part» «close»
%%
Let $f(x) = «fun»$ and $g(x) = «fun»$ for all $x$ in the domain.
(a) «part»
(b) Find $(f \circ g)'(«s»)$.
(c) Determine where $f$ is increasing and where $g$ is concave.
(d) Compute $«integral»$ and compare it to $f(«s»)$.
%%
«A:name» has «40..99» «B:thing». «A» gives «2..15» to «name» and then buys «2..30» more. How many «B» does «A» have now?
%%
«A:name» buys «2..9» «thing» for $«1..9».«10..99» each and «2..9» «thing» for $«1..9» each, and pays with a $«50..100» bill. How much change does «A» get?
%%
A «place» sells «A:thing» in boxes of «6..24». On «Monday|Friday|Saturday» it sold «10..80» boxes and on «Tuesday|Sunday|Thursday» «2..5» times as many. If each box costs $«3..30», how much money did it take in on both days?
%%
«A:name» reads «10..60» pages a day on weekdays and twice that on weekends. How many weeks does it take «A» to finish «2..9» books of «200..700» pages each? «close»
%%
There are «100..900» people at a «place». «pct»% of them are children, and «frac» of the children are girls. How many boys are there?
%%
«A:name», «B:name» and «C:name» share «money» so that «A» gets twice as much as «B» and «C» gets «2..20» more than «B». How much does each of them get?
%%
«A:name» can paint a fence in «3..9» hours and «B:name» in «4..12». They start together but «B» leaves after one hour. How long does «A» need to finish? «close»
%%
A «place» has «10..40» rows with «8..30» seats. Tickets cost $«5..60» for adults and half of that for children. If all seats are sold and «pct»% of the visitors are children, what's the revenue?
%%
«A:name» drives «20..90» miles to work at «30..50» mph and comes back at «51..70» mph. What is the average speed for the round trip? «?«close»»
%%
A farmer has chickens and «cows|goats|rabbits». Together there are «20..90» heads and «100..300» legs. How many of each?
%%
«A:name»'s «place» spends «money» a week on rent, «money» on wages and «money» on materials. It sells «40..400» «thing» a week at $«3..40». What's the weekly profit, and how many must be sold to break even?
%%
A rectangular garden is «2..12» m longer than it is wide and has an area of «40..500» m². Find its dimensions and the cost of a fence at $«5..40» per metre. «close»
%%
A ball is thrown upward at «10..40» m/s from a height of «1..30» m. (a) When does it reach the highest point? (b) How high is that? (c) When does it land?
%%
Let $«a|n|p|x»$ be a real number with $«eq»$. Find the sum of all possible values of $x^2 + \frac{1}{x^2}$. «close»
%%
Let $ABC$ be a triangle with $AB = «5..15»$, $BC = «10..20»$ and $CA = «7..16»$. Point $D$ lies on $BC$ such that $AD$ bisects angle $A$. Find $BD$. «?«close»»
%%
Find the number of ordered pairs $(a, b)$ of positive integers with $a + b \le «n»$ and $\gcd(a, b) = «s»$.
%%
A sequence is defined by $a_1 = «s»$ and $a_{n+1} = «s» a_n - «s»$. Find a formula for $a_n$ and compute $a_{«5..20»}$.
%%
Suppose «claim». Use this to decide whether $«sum»$ is rational. «close»
%%
(a) Solve «eq».
(b) Hence find all x with «eq».
(c) Sketch y = «poly» and state where it is increasing.
%%
Question «1..20». [«2..8» marks]
The curve C has equation y = «poly».
(i) Find dy/dx.
(ii) Find the coordinates of the stationary points.
(iii) Find the equation of the normal at x = «s».
%%
A random sample of «20..200» «thing» has mean weight «dec» g and standard deviation «1..9».«1..9» g. Construct a «90|95|99»% confidence interval, and test at the «1|5|10»% level whether the true mean is above «dec» g.
%%
The table shows the number of «thing» sold per day.
Mon «n» | Tue «n» | Wed «n» | Thu «n» | Fri «n»
What's the mean? By what percentage is the best day above it? «?«close»»
%%
x: «1..3», «4..6», «7..9», «10..12»
y: «n», «n», «n», «n»
Find the regression line and predict y at x = «13..20».
%%
An urn holds «2..9» red, «2..9» blue and «2..9» green balls. «2..4» are drawn without replacement. Find the probability that
a) all have the same colour,
b) at least one is red,
c) exactly two are blue.
%%
A test for a disease detects «80..99»% of the cases and gives «1..10»% false positives. «1..5»% of people have it. Someone tests positive. What is the chance they are ill? «close»
%%
«name» asked me this: «frac» of a pole is in the mud, «frac» of the rest is in the water and «2..9» m stick out. How long is the pole?
%%
my homework says: "«eq»". i tried factoring but it doesn't work, «close»
%%
Choose the correct answer.
If «s»x + «s» = «n», then «s»x - «s» = ?
«choices»
%%
Given that «claim», what can you say about «n»? Also compute «expr».
%%
Mortgage: «100..600»,000 at «2..7».«1..9»% for «15..30» years.
1) monthly payment
2) total interest
3) what's left to pay after «2..12» years
«close»
%%
Read and answer with a number: In the first half the «Hawks|Lions|Rockets» scored «10..40» points, in the third quarter «3..20» more, while their opponents got «10..40» and «3..20». By how many points did they lead after three quarters?
%%
Let $X$ be «uniform on [0, «s»]|exponential with mean «s»|binomial with n = «5..30» and p = «frac»|Poisson with mean «s»». Find $E[X]$, $\mathrm{Var}(X)$ and $P(X > «s»)$.
%%
Maximise «s»x + «s»y subject to x + y <= «n», «s»x + y <= «n», x, y >= 0. List the corner points.
%%
In the addition AB + BA = «110..187» each letter is a different digit. Find A and B. «close»
%%
A cone-shaped tank of height «4..12» m and radius «1..6» m is filled at «1..9» m³/min. How fast does the level rise when the depth is «1..3» m?
%%
Let G be a group of order «6|8|10|15|21|35|77». Determine «all possible groups up to isomorphism|the number of Sylow subgroups|whether G is abelian». «close»`);
