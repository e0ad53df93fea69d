/**
 * A documented key format: fixed text, then a body. Formats are found by the fixed text, so only texts that hold it pay for it.
 * Bodies are bounded, each one class or a row of disjoint ones, so that they cost linear time.
 */
interface SecretFormat {
  readonly prefix: string;
  /** What follows the prefix. */
  readonly body: RegExp;
  /** A letter or digit may stand right before the prefix; else it must not. */
  readonly inside: boolean;
  /** True: a body of a common shape must also look random. */
  readonly doubtful: boolean;
}

type Row = readonly [prefixes: string, body: string, flags?: string];

const ALNUM = '[A-Za-z0-9]';
const URL_SAFE = '[\\w-]';
const BASE64 = '[A-Za-z0-9+/]';

/** Prefixes that hold a `_`, `-`, `.` or `~`: that sign is what the scan stops at. `i` in the flags: may stand inside a word. */
const MARKED: readonly Row[] = [
  ['ghp_ gho_ ghu_ ghs_ ghr_', `${ALNUM}{30,255}`, 'i'],
  ['github_pat_', '\\w{50,255}', 'i'],
  ['glpat- gldt- glft- glrt- glptt- glcbt- glimt- glsoat- glffct- glagent- gloas- gltok-', '[\\w.-]{20,320}', 'i'],
  ['_gitlab_session=', `${ALNUM}{32,64}`, 'i'],
  ['sk-ant- sk-proj- sk-svcacct- sk-admin- sk-or-', `${URL_SAFE}{20,255}`],
  ['sk-', `${URL_SAFE}{20,255}`, 'd'],
  ['sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_', `${ALNUM}{10,255}`],
  ['whsec_', `${BASE64}{24,88}={0,2}`],
  [
    'xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs-',
    '(?:\\d-)?(?=[\\d-]{0,60}[A-Za-z])(?=[A-Za-z]{0,40}\\d)(?:\\d{5,16}-[A-Za-z0-9-]{10,255}|[A-Za-z0-9]{8,255})',
    'i',
  ],
  ['xapp-', '\\d-[A-Z0-9a-z]{1,40}-\\d{1,40}-[A-Za-z0-9]{1,255}', 'i'],
  ['hf_ api_org_', '[A-Za-z0-9]{34,38}(?!\\w)', 'd'],
  ['npm_', `${ALNUM}{36,64}`],
  ['pypi-', 'AgEI[\\w-]{50,1000}', 'i'],
  ['SG.', '[\\w=.-]{60,70}(?!\\w)'],
  ['shpat_ shpca_ shppa_ shpss_ shptka_', '[A-Fa-f0-9]{32}', 'i'],
  ['doo_v1_ dop_v1_ dor_v1_', '[A-Fa-f0-9]{64}', 'i'],
  ['dt0c01.', `${ALNUM}{24}\\.${ALNUM}{64}`, 'i'],
  ['dp.pt. dp.st. dp.ct. dp.sa.', `[\\w.]{40,64}`, 'i'],
  ['duffel_test_ duffel_live_', '[\\w=-]{43}', 'i'],
  ['FLWSECK_TEST- FLWPUBK_TEST- FLWSECK-', '[a-hA-H0-9]{12,32}(?:-X)?', 'i'],
  ['p8e-', '[A-Za-z0-9]{32}'],
  ['webhook.', 'office\\.com/webhookb2/[\\w@/-]{80,400}', 'i'],
  ['discord.', 'com/api/webhooks/\\d{15,22}/[\\w-]{60,80}', 'i'],
  ['fio-u-', '[\\w=-]{64}', 'i'],
  ['fo1_', `${URL_SAFE}{43}`],
  ['fm1r_ fm1a_ fm2_', `${BASE64}{100,2000}={0,3}`],
  ['glc_', `${BASE64}{32,400}={0,3}`],
  ['glsa_', `${ALNUM}{32}_[A-Fa-f0-9]{8}`],
  ['hvs. hvb.', '[\\w-]{90,320}'],
  ['s.', `(?=[A-Za-z]{0,22}\\d)${ALNUM}{24}(?!\\w)`, 'd'],
  ['ico-', `(?<![A-Za-z]ico-)${ALNUM}{32}(?![\\w.])`, 'd'],
  ['lin_api_ lin_oauth_', `${ALNUM}{40,64}`, 'i'],
  ['ntn_', `${ALNUM}{40,64}(?!\\w)`, 'd'],
  ['secret_', `${ALNUM}{43}(?!\\w)`, 'd'],
  ['mao_', `${URL_SAFE}{43}(?![\\w-])`, 'i'],
  ['figd_ dckr_pat_ sb_secret_', `${URL_SAFE}{27,64}`, 'd'],
  ['sbp_', '[a-f0-9]{40}(?!\\w)'],
  ['CCIPAT_', `${ALNUM}{20,24}_[a-f0-9]{40}`],
  ['live_sk_ test_sk_ live_gsk_ test_gsk_', `${ALNUM}{20,64}`, 'd'],
  ['pa-', `${URL_SAFE}{43}(?![\\w-])`, 'd'],
  ['NRAK- NRJS- NRII- NRIQ- NRRA-', '[A-Za-z0-9-]{19,42}'],
  ['PMAK-', '[A-Fa-f0-9]{24}-[A-Fa-f0-9]{34}'],
  ['pnu_', `${ALNUM}{36}`],
  ['pplx-', `${ALNUM}{48}`],
  ['pscale_tkn_ pscale_oauth_ pscale_pw_', '[\\w=.-]{32,64}'],
  ['pul-', '[a-f0-9]{40}(?!\\w)'],
  ['rdme_', '[a-z0-9]{70}'],
  ['rubygems_', '[a-f0-9]{48}'],
  ['sgp_', '(?:(?:[A-Fa-f0-9]{16}|local)_)?[A-Fa-f0-9]{40}(?!\\w)'],
  ['shippo_live_ shippo_test_', '[A-Fa-f0-9]{40}'],
  ['sm_aat_ sm_pat_ sm_sat_', `${ALNUM}{16}`],
  ['sntrys_', '[\\w+/=]{60,500}'],
  ['sntryu_', '[a-f0-9]{64}'],
  ['sq0atp- sq0csp- sq0idp-', `${URL_SAFE}{22,60}`],
  ['tfp_', '[\\w.=-]{40,80}', 'i'],
  ['tk-us-', `${URL_SAFE}{48}`],
  ['xkeysib- xsmtpsib-', '[a-f0-9]{64}-[A-Za-z0-9]{16}'],
  ['API-', '[A-Z0-9]{26}(?!\\w)', 'd'],
  ['A3-', '[A-Z0-9]{6}-[A-Z0-9]{6}-?[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}'],
  ['ops_', 'eyJ[A-Za-z0-9+/]{200,4000}={0,3}', 'i'],
  ['AGE-SECRET-KEY-', '1[A-Z0-9]{58}', 'i'],
  ['CLOJARS_ clojars_', `${ALNUM}{60}`, 'i'],
  ['dnkey-', '[\\w=-]{26}-[\\w=-]{52}'],
  ['key- pubkey-', '[a-f0-9]{32}(?!\\w)'],
  ['live_ test_', '(?:pub_)?[a-f0-9]{31,35}(?!\\w)', 'i'],
  ['live_', '[\\w=-]{40}(?![\\w=-])', 'd'],
  ['bedrock-', 'api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[\\w+/=]{0,2000}', 'i'],
  ['HRKU-', 'AA[\\w-]{58}(?![\\w-])'],
  ['HRKU-', '[\\w-]{50,64}', 'd'],
  ['s-s4t2ud- s-s4t2af-', '[a-f0-9]{64}'],
  ['v1.', '0-[a-f0-9]{24}-[a-f0-9]{146}'],
  ['gsk_ xai- nvapi- r8_ tvly- csk- fw_ jina_ pcsk_ lsv2_ tgp_v1_', `${URL_SAFE}{24,160}`, 'd'],
  ['pat-', '(?:na|eu)\\d-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}'],
  ['pat. sat.', '[\\w-]{22}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}', 'i'],
  ['sc_ ext_ scauth_ authress_', '[A-Za-z0-9]{5,30}\\.[A-Za-z0-9]{4,6}\\.acc[_-][A-Za-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}', 'i'],
  ['t1.', '[\\w-]{1,400}={0,2}\\.[\\w-]{86}={0,2}'],
  ['pk.', '[A-Za-z0-9]{60}\\.[A-Za-z0-9]{22}'],
  ['sl.', '[\\w=-]{100,160}'],
  ['b_', '[\\w=-]{44}(?![\\w=-])', 'd'],
  ['sha256~', '[\\w-]{43}(?![\\w-])', 'i'],
  ['ya29.', '[\\w-]{20,400}'],
  ['hooks.', 'slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{30,80}', 'i'],
];

/** Prefixes of letters and digits only; they count at the start of a word. */
const PLAIN: readonly Row[] = [
  ['AKIA ASIA ABIA ACCA A3T', '[A-Z0-9]{16,17}(?!\\w)'],
  ['ABSK', `${BASE64}{109,269}={0,2}`],
  ['AIza', '[\\w-]{35}(?![\\w-])'],
  ['KakaoAK', ' [a-f0-9]{32}(?!\\w)'],
  ['LTAI', `${ALNUM}{16,20}(?!\\w)`],
  ['AKCp', `${ALNUM}{69,73}(?!\\w)`],
  ['cmVmd', `${ALNUM}{59}(?!\\w)`],
  ['ATATT3 ATCTT3 ATBB', '[\\w=-]{24,200}'],
  ['EAAC EAAM EAAG', `${ALNUM}{80,400}`],
  ['EAAA', '[\\w-]{22,80}', 'd'],
  ['EZAK EZTK', `${ALNUM}{54}(?!\\w)`],
  ['4b1d', `${ALNUM}{38}(?!\\w)`],
  ['dapi', '[a-f0-9]{32}(?:-\\d)?(?!\\w)'],
  ['SK AC', '[A-Fa-f0-9]{32}(?!\\w)'],
  ['GR1348941', '[\\w-]{20,40}'],
  ['eyJrIjoi', `${ALNUM}{70,400}={0,3}`],
  ['ey', '[\\w-]{15,4000}\\.ey[\\w/\\\\-]{15,8000}(?:\\.[\\w/\\\\-]{0,2000}={0,2})?'],
  ['ZXlK', `${BASE64}{14,4000}={0,2}`],
  ['pat', `${ALNUM}{14}\\.[a-f0-9]{64}`],
  ['AQVN', '[\\w-]{35,38}(?![\\w-])'],
  ['YC', '[\\w-]{38}(?![\\w-])', 'd'],
  ['M N O', '[A-Za-z\\d]{23,25}\\.[\\w-]{6}\\.[\\w-]{27,38}(?![\\w-])'],
  ['AAAAAAAAAAAAAAAAAAAAAA', '[A-Za-z0-9%]{80,100}'],
];

const MARKS = /[_\-.~]/;

/** Where the mark stands in a prefix that has one, counted from its start. */
const markOf = (prefix: string): number => prefix.slice(1).search(MARKS) + 1;

/** A format with the place of the sign it is found by. */
export interface PlacedFormat extends SecretFormat {
  /** How far before the sign the prefix starts; 0 for prefixes without one. */
  readonly back: number;
}

/** Slots by two ASCII characters: a dense table is read faster than a map is asked. */
export type FormatTable = readonly (readonly PlacedFormat[] | undefined)[];

export const slotOf = (a: number, b: number): number => (a << 7) | b;

function index(rows: readonly Row[], placed: (prefix: string) => { readonly slots: readonly number[]; readonly back: number }): FormatTable {
  const table: PlacedFormat[][] = new Array(1 << 14).fill(undefined);
  for (const [prefixes, body, flags = ''] of rows) {
    for (const prefix of prefixes.split(' ')) {
      const { slots, back } = placed(prefix);
      const distinctive = prefix.length >= 4 || flags.includes('i');
      const format = { prefix, body: new RegExp(body, 'y'), inside: distinctive && back > 0, doubtful: flags.includes('d'), back };
      for (const slot of slots) table[slot] = [...(table[slot] ?? []), format];
    }
  }
  return table;
}

/** Formats by the character before the mark of their prefix, and the mark. */
export const createMarkedFormats = (): FormatTable =>
  index(MARKED, (prefix) => {
    const at = markOf(prefix);
    return { slots: [slotOf(prefix.charCodeAt(at - 1), prefix.charCodeAt(at))], back: at };
  });

/** Formats by their first two characters; a prefix of one stands in every slot of that character. */
export const createPlainFormats = (): FormatTable =>
  index(PLAIN, (prefix) => ({
    slots:
      prefix.length > 1 ? [slotOf(prefix.charCodeAt(0), prefix.charCodeAt(1))] : Array.from({ length: 128 }, (_, code) => slotOf(prefix.charCodeAt(0), code)),
    back: 0,
  }));
