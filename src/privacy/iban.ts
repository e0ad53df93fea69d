import { mod97Step } from './checksums.ts';
import type { Report } from './finding.ts';
import { ALNUM, classAt, isWordAt } from './text.ts';

/** Length of an IBAN by country, from the SWIFT IBAN registry. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22' +
    'GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31' +
    'MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30'
  )
    .match(/[A-Z]{2}\d{2}/g)
    ?.map((entry): [string, number] => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** An IBAN that starts at `start`, in one piece or in blocks of four with single blanks between. */
export function scanIban(text: string, start: number, report: Report): void {
  const length = LENGTHS.get(text.slice(start, start + 2).toUpperCase());
  if (length === undefined) return;
  let rest = 0;
  let count = 4;
  let at = start + 4;
  while (count < length) {
    if ((classAt(text, at) & ALNUM) !== 0) {
      rest = mod97Step(rest, text.charCodeAt(at));
      count += 1;
    } else if (text.charCodeAt(at) !== 32 || count % 4 !== 0) return;
    at += 1;
  }
  if (isWordAt(text, at)) return;
  for (let head = start; head < start + 4; head += 1) rest = mod97Step(rest, text.charCodeAt(head));
  if (rest === 1) report('iban', start, at);
}
