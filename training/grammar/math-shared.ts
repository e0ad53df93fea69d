import { lines, type Rules } from './fill-slots.ts';

/** Formulas and numbers that read the same in an English and in a Korean prompt. */
export const MATH_SHARED: Rules = {
  n: ['«2..9»', '«10..99»', '«10..99»', '«100..999»', '«1000..9999»'],
  s: ['«2..9»', '«2..20»'],
  dec: ['«0..9».«1..9»', '«1..99».«0..9»5', '0.«1..9»«1..9»', '«10..99».«1..9»'],
  pct: ['«1..99»', '«5..30»', '«1..9».5', '12.5', '15', '20', '25', '40'],
  frac: ['«1..7»/«8..12»', '«1..3»/«4..7»', '«1..9»/10', '2/3', '3/4', '5/6', '7/8'],
  op: lines(`
    +
    -
    *
    ×
    ÷
    /
    x`),
  expr: lines(String.raw`
    «n» «op» «n»
    «n»«op»«n»
    «n» + «n» + «n»
    «n» - «n» * «s»
    («n» + «n») / «s»
    «s»^«2..6»
    «dec» «op» «dec»
    «frac» + «frac»
    «frac» × «frac»
    «frac» ÷ «frac»
    sqrt(«n»)
    √«n»
    «n»²
    «s»!
    -«n» - (-«n»)
    «s»(«n» - «s») + «n»
    «n» mod «s»
    log10(«n»)
    «n»% of «n»
    («s»+«s»i)(«s»-«s»i)
    |«s» - «n»|`),
  eq: lines(String.raw`
    «s»x + «n» = «n»
    «s»x - «s» = «s»x + «n»
    x² - «s»x + «s» = 0
    x^2 + «s»x - «n» = 0
    «s»x^2 - «s»x - «s» = 0
    x^3 - «s»x^2 + «s»x - «s» = 0
    |«s»x - «s»| = «s»
    sqrt(x + «s») = x - «s»
    «s»^x = «n»
    log_«s»(x + «s») = «s»
    (x - «s»)/(x + «s») = «frac»
    «s»(x - «s») = «s»(x + «s»)
    x/«s» + x/«s» = «n»
    x^4 - «n»x^2 + «n» = 0
    «s»sin x = 1
    e^(«s»x) = «n»`),
  sys: lines(String.raw`
    x + y = «n», x - y = «s»
    «s»x + «s»y = «n», «s»x - y = «s»
    2x + «s»y = «n» and «s»x - «s»y = «s»
    x + y + z = «n», x - y = «s», y + 2z = «s»
    x² + y² = «n», x + y = «s»
    y = «s»x + «s», y = x² - «s»`),
  poly: lines(String.raw`
    x^«2..4» - «s»x + «s»
    «s»x^3 + «s»x^2 - x
    x² - «s»x + «n»
    (x + «s»)(x - «s»)
    «s»x^4 - «s»x^2 + «s»
    x^3 + «n»
    4x^2 - «n»
    x^2 + «s»xy + y^2`),
  fun: lines(String.raw`
    x^«2..5» - «s»x
    sin(«s»x)
    x e^{-«s»x}
    ln(x^2 + «s»)
    \frac{x}{x^2 + «s»}
    \sqrt{x + «s»}
    x^2 \cos x
    e^{x} \sin «s»x
    \frac{1}{x^2 - «s»}
    \tan x
    x \ln x
    \arctan(«s»x)
    (x + «s»)^«2..7»
    \cos^«2..4» x`),
  lim: lines(String.raw`
    \lim_{x \to 0} \frac{\sin «s»x}{«s»x}
    \lim_{n \to \infty} \left(1 + \frac{«s»}{n}\right)^n
    \lim_{x \to «s»} \frac{x^2 - «s»x}{x - «s»}
    \lim_{x \to \infty} \frac{«s»x^2 + x}{«s»x^2 - «s»}
    \lim_{x \to 0} \frac{e^{«s»x} - 1}{x}
    \lim_{n \to \infty} \sqrt{n^2 + «s»n} - n`),
  sum: lines(String.raw`
    \sum_{k=1}^{«n»} k
    \sum_{k=1}^{n} k^2
    \sum_{n=1}^{\infty} \frac{1}{«s»^n}
    \sum_{k=1}^{«s»} \frac{1}{k(k+1)}
    \sum_{n=0}^{\infty} \frac{x^n}{n!}
    \prod_{k=2}^{«n»} \left(1 - \frac{1}{k^2}\right)`),
  integral: lines(String.raw`
    \int_0^{«s»} («s»x^2 + «s») \, dx
    \int «fun» \, dx
    \int_0^{\pi} «fun» \, dx
    \int_1^{e} \frac{\ln x}{x} \, dx
    \int_0^1 \int_0^x xy \, dy \, dx
    \int_{-\infty}^{\infty} e^{-«s»x^2} \, dx`),
  mat: lines(String.raw`
    [[«s», «s»], [«s», «s»]]
    \begin{pmatrix} «s» & «s» \\ «s» & «s» \end{pmatrix}
    \begin{bmatrix} «s» & 0 & «s» \\ 0 & «s» & 0 \\ 1 & «s» & «s» \end{bmatrix}
    [1 «s»; «s» «s»]
    ((«s», «s», 0), (0, «s», «s»), («s», 0, 1))`),
  data: [
    '«n», «n», «n», «n»',
    '«s», «s», «s», «s», «s», «s»',
    '«10..99» «10..99» «10..99» «10..99» «10..99»',
    '«dec», «dec», «dec»',
    '«60..99», «60..99», «60..99», «60..99»',
  ],
  seq: lines(`
    «s», «s», «n», «n», ...
    2, 5, 10, 17, 26
    «1..4», «5..9», «10..14», «15..19»
    1, «2..4», 9, «16..27», 81
    «3..9», «10..20», «21..30», «31..44»`),
  choices: lines(`
    (A) «n» (B) «n» (C) «n» (D) «n»
    A. «s» B. «s» C. «n» D. «n» E. none of these
    ① «s» ② «s» ③ «n» ④ «n» ⑤ «n»
    a) «frac» b) «frac» c) «frac» d) «frac»
    (1) «n» (2) «n» (3) «n» (4) «n» (5) «n»`),
};
