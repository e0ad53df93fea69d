/** Letters and digits without rhyme, always the same: no real key of anybody. */
function made(length: number, alphabet: string, seed: number): string {
  let state = seed * 7919 + 17;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    text += alphabet.charAt((state >>> 9) % alphabet.length);
  }
  return text;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const MIXED = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const HEX = '0123456789abcdef';

/** Keys in the form of many vendors, put together at run time so that no scanner takes this file for a leak. */
export function secretSamples(): [vendor: string, secret: string][] {
  const mixed = (length: number, seed: number): string => made(length, MIXED, seed);
  const hex = (length: number, seed: number): string => made(length, HEX, seed);
  return [
    ['AWS', `AKIA${made(16, UPPER, 1)}`],
    ['GitHub', `ghp_${mixed(36, 2)}`],
    ['GitHub fine-grained', `github_pat_${mixed(22, 3)}_${mixed(59, 4)}`],
    ['GitLab', `glpat-${mixed(20, 5)}`],
    ['Slack', `xoxb-${'1234509876'}12-${'9876501234'}56-${mixed(24, 6)}`],
    ['OpenAI', `sk-${mixed(20, 7)}T3BlbkFJ${mixed(20, 8)}`],
    ['OpenAI project', `sk-proj-${mixed(74, 9)}`],
    ['Anthropic', `sk-ant-api03-${mixed(93, 10)}AA`],
    ['Google', `AIza${mixed(35, 11)}`],
    ['Stripe', `sk_live_${mixed(24, 12)}`],
    ['Twilio', `SK${hex(32, 13)}`],
    ['SendGrid', `SG.${mixed(22, 14)}.${mixed(43, 15)}`],
    ['npm', `npm_${mixed(36, 16)}`],
    ['PyPI', `pypi-AgEIcHlwaS5vcmc${mixed(60, 17)}`],
    ['Hugging Face', `hf_${mixed(34, 18)}`],
    ['DigitalOcean', `dop_v1_${hex(64, 19)}`],
    ['Discord bot', `M${mixed(23, 20)}.${mixed(6, 21)}.${mixed(38, 22)}`],
    ['Telegram', `123456789:A${mixed(34, 23)}`],
    ['Azure', `abC8Q~${mixed(34, 24)}`],
    ['JWT', `eyJ${mixed(20, 25)}.eyJ${mixed(40, 26)}.${mixed(43, 27)}`],
    ['Databricks', `dapi${hex(32, 28)}`],
    ['Shopify', `shpat_${hex(32, 29)}`],
    ['Grafana', `glsa_${mixed(32, 30)}_${hex(8, 31)}`],
    ['Vault', `hvs.${mixed(95, 32)}`],
    ['Postman', `PMAK-${hex(24, 33)}-${hex(34, 34)}`],
    ['Linear', `lin_api_${mixed(40, 35)}`],
    ['Doppler', `dp.pt.${mixed(43, 36)}`],
    ['Perplexity', `pplx-${mixed(48, 37)}`],
    ['Groq', `gsk_${mixed(52, 38)}`],
    ['Replicate', `r8_${mixed(37, 39)}`],
    ['Square', `sq0atp-${mixed(22, 40)}`],
    ['Sentry', `sntryu_${hex(64, 41)}`],
    ['New Relic', `NRAK-${made(27, UPPER, 42)}`],
    ['Mailgun', `key-${hex(32, 43)}`],
    ['Alibaba', `LTAI${mixed(20, 44)}`],
    ['PlanetScale', `pscale_tkn_${mixed(43, 45)}`],
    ['Terraform', `${mixed(14, 46)}.atlasv1.${mixed(67, 47)}`],
    ['Notion', `ntn_${'12345098761'}${mixed(35, 48)}`],
    ['Dynatrace', `dt0c01.${made(24, UPPER, 49)}.${made(64, UPPER, 50)}`],
  ];
}
