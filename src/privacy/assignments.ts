import type { Report } from './finding.ts';
import { isReal, isUuid, looksRandom } from './plausible.ts';
import { ALNUM, classAt, isBlankAt, spanEnd, TOKEN, WORD } from './text.ts';

/** Services whose keys have no telling form: the name beside a random value is the evidence. */
const SERVICES =
  /adafruit|adobe|airtable|algolia|alibaba|asana|atlassian|confluence|\bjira|_jira|beamer|bitbucket|bittrex|clickhouse|cloudflare|codecov|cohere|co_api_key|coinbase|confluent|contentful|databricks|datadog|dnkey|discord|drone_?ci|dropbox|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|gitter|gocardless|heroku|hubspot|intercom|jfrog|artifactory|bintray|xray|kraken|kucoin|launchdarkly|linear|linked[_-]?in|\blob|looker|mailchimp|mailgun|mapbox|mattermost|(?<!ca)meraki|message[_-]?bird|netlify|new[_-]?relic|nytimes|new-?york-?times|okta(?!b)|plaid|private[_-]?ai|rapidapi|sendbird|sentry|snyk|sonar|sourcegraph|squarespace|sumo(?!f)|telegr|travis|twitch|twitter|typeform|yandex|zendesk|contribsys/;

/** Names that say outright that a secret follows. */
const SECRET_NAME =
  /secret|passw(?:or)?d|passphrase|\bpwd|_pwd|api[\s_.-]?key|apikey|access[\s_.-]?(?:key|token)|auth[\s_.-]?(?:key|token)|account[\s_.-]?key|private[\s_.-]?key|encryption[\s_.-]?key|signing[\s_.-]?key|(?:^|[^a-z])token|[a-z]token$|[_-]token|credentials?\b|\bcreds?\b|_creds?\b|authorization|bearer|비밀번호|토큰|인증키|비밀키/;

/** Names that may say so. */
const MAYBE_NAME = /key|auth|token|access|(?:^|[^a-z])api|cred/;

/** Names that hold one of the words above and mean something else. */
const OTHER_NAME =
  /access(?:ibility|or)|(?:access|credentials?|client|key|token|secrets?|api|vault)[_.\s-]?ids?\b|random[_.\s-]?access|api[_.\s-]?(?:id|name|version|endpoint|base)|rapidstring|capital|author(?!iz)|authentication-results|organization-auth|withcredentials|(?:bucket|foreign|hot|idx|natural|primary|pub(?:lic)?|schema|sequence|sort|partition|cache|map|object|row|group|hash|dedup\w{0,8}|storage|lookup|translation|i18n|index|react|valid|websocket)[_.\s-]?keys?|tur(?:key)|mon(?:key)|donkey|hockey|jockey|whiskey|key(?:ing|word|board|note|code|frame|mesh|pair|press|ring|stone|store|tab|[_.\s-]?vault|chars?|str|hash|usage)|key[_.\s-]?(?:alias|name|length|size|path|file|type|selector|signature|down|up|left|right|event|names?)|(?:key|token|secret)[_.\s-]?(?:file|path|name|length|size|type|count|limit|index|hash|url|ur[il]|endpoint)|secretname|secretsize|(?:csrf|xsrf|public|next[_.\s-]?page|page|continuation|sync|pagination|cancel(?:lation)?|design|max|min|num|total|input|output|prompt|completion|eos|bos|pad|stop|special)[_.\s-]?tokens?|tokens\b|tokeni[sz]|token_?type|jsonwebtoken|checksum|integrity|digest|sha\d|md5|commit|revision|fingerprint|version/;

/** The second half of a Sidekiq licence, `cafe1234:cafe5678`. */
const SIDEKIQ = /^:[0-9a-f]{8}(?:\W|$)/i;

const MAX_NAME = 80;
const MAX_VALUE = 400;

const isMark = (code: number): boolean => code === 96 || code === 34 || code === 39;

/**
 * A secret by what it is assigned to: `name = value` and its forms in JSON, YAML, shell, code and HTTP headers.
 * `at` is the last character of the operator. Gives the end of what was judged as a value, so that no value is read twice.
 */
export function scanAssignment(text: string, at: number, report: Report): number {
  let start = at + 1;
  const limit = start + 6;
  while (start < limit && (isMark(text.charCodeAt(start)) || isBlankAt(text, start) || text.charCodeAt(start) === 61 || text.charCodeAt(start) === 92))
    start += 1;
  const quote = isMark(text.charCodeAt(start - 1)) ? text.charCodeAt(start - 1) : 0;
  const end = valueEnd(text, start);
  if (end - start === 8 && SIDEKIQ.test(text.slice(end, end + 10)) && /contribsys/i.test(nameBefore(text, at))) report('secret', start, end + 9);
  if (end - start < 8 || end - start > MAX_VALUE) return end;
  const name = nameBefore(text, at);
  if (name.length < 3) return end;
  const value = text.slice(start, end);
  if (text.startsWith('..', end)) return end;
  if (isSecret(name, value, quote !== 0 && text.charCodeAt(end) === quote, text, end)) report('secret', start, end);
  return end;
}

/** Letters, digits and the marks of tokens; `=` only where it pads or more follows. */
function valueEnd(text: string, start: number): number {
  let end = spanEnd(text, start, TOKEN, start + MAX_VALUE + 1);
  while (end > start && text.charCodeAt(end - 1) === 46) end -= 1;
  return end;
}

/** What is assigned to, in lower case: letters, digits, dots, hyphens and single blanks before the operator and its quote. */
function nameBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < 4 && ':=|?>'.includes(text.charAt(end - 1))) end -= 1;
  const limit = end - 3;
  while (
    end > limit &&
    end > 0 &&
    (isBlankAt(text, end - 1) || isMark(text.charCodeAt(end - 1)) || text.charCodeAt(end - 1) === 92 || text.charCodeAt(end - 1) === 93)
  )
    end -= 1;
  let start = end;
  while (start > 0 && end - start < MAX_NAME && isNameAt(text, start - 1)) start -= 1;
  return text.slice(start, end).toLowerCase();
}

const isNameAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return (classAt(text, at) & WORD) !== 0 || code === 32 || code === 9 || code === 46 || code === 45 || (code >= 0xac00 && code <= 0xd7a3);
};

function isSecret(name: string, value: string, quoted: boolean, text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next === 35 || next === 42 || next === 40 || next === 91 || next === 123 || (next === 58 && text.charCodeAt(end + 1) === 47)) return false;
  const service = SERVICES.test(name);
  if (service && isServiceValue(name, value)) return true;
  if (OTHER_NAME.test(name)) return false;
  if (SECRET_NAME.test(name)) {
    if (isUuid(value) || (value.length === 40 && /aws.{0,24}secret/.test(name))) return isReal(value);
    if (/passw(?:or)?d|passphrase|pwd|비밀번호/.test(name) && quoted) return isPassword(value);
    return value.length >= 10 && looksRandom(value, value.length >= 20 ? 3 : 2.8);
  }
  if (!MAYBE_NAME.test(name) || isUuid(value)) return false;
  return value.length >= 16 && value.length <= 200 && (classAt(value, 0) & ALNUM) !== 0 && looksRandom(value, 3.5) && hasManyChanges(value);
}

/** A value beside a service's name: random, or an id in one of the forms such services use. */
function isServiceValue(name: string, value: string): boolean {
  if (isUuid(value)) return /key|token|secret|api|auth|id\b|password|heroku|hubspot|sendbird|kucoin|squarespace|plaid|messagebird|message/.test(name);
  if (/^\d{15,20}$/.test(value)) return !/^0+$/.test(value) && /asana|discord|facebook/.test(name);
  if (value.length < 14) return false;
  if (/^[0-9a-f]+$/i.test(value) && value.length < 20) return false;
  return looksRandom(value, value.length >= 20 ? 2.4 : 2.8) && (value.length >= 20 || hasManyChanges(value));
}

/** Letters and digits take turns often, as in a random value and not in a name with a number. */
function hasManyChanges(value: string): boolean {
  const changes = value.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return changes >= 3 && changes >= value.length / 16;
}

const isPassword = (value: string): boolean =>
  value.length >= 8 &&
  value.length <= 64 &&
  /\d/.test(value) &&
  /[A-Za-z]/.test(value) &&
  !/x{4}|\*{3}|example|placeholder|changeme|your|password|passwd/i.test(value) &&
  !/^[a-z]+(?:[-_.][a-z0-9]+)+$/i.test(value);
