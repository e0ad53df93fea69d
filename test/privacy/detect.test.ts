import { describe, expect, test } from 'vitest';
import { countFindings, detect } from '../../src/privacy/detect.ts';
import { secretSamples } from './samples.ts';

const found = (text: string): string[] => detect(text).map(({ kind, start, end }) => `${kind}:${text.slice(start, end)}`);

const POSITIVES: readonly (readonly [text: string, ...expected: string[]])[] = [
  ['mail alice@example.com.', 'email:alice@example.com'],
  ['a@b.com으로 보내 주세요', 'email:a@b.com'],
  ['담당자(hong.gildong+work@mail.co.kr)입니다', 'email:hong.gildong+work@mail.co.kr'],
  ['write to hong (at) example.com', 'email:hong (at) example.com'],
  ['alice[at]example[dot]com', 'email:alice[at]example[dot]com'],
  ['ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'email:ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
  ['line\\nbob@example.org', 'email:bob@example.org'],
  ['12345+hong@users.noreply.github.com', 'email:12345+hong@users.noreply.github.com'],
  ['mailto:user@company.com', 'email:user@company.com'],
  ['//bob@company.com wrote this', 'email:bob@company.com'],
  ['010-1234-5678로 전화해 주세요', 'phone:010-1234-5678'],
  ['연락처는 01012345678입니다', 'phone:01012345678'],
  ['０１０－１２３４－５６７８', 'phone:０１０－１２３４－５６７８'],
  ['010 1234 5678', 'phone:010 1234 5678'],
  ['02-123-4567', 'phone:02-123-4567'],
  ['031)123-4567', 'phone:031)123-4567'],
  ['+82 10-1234-5678', 'phone:+82 10-1234-5678'],
  ['+821012345678', 'phone:+821012345678'],
  ['(212) 555-0123', 'phone:(212) 555-0123'],
  ['call 415-555-0132 ext. 12 now', 'phone:415-555-0132 ext. 12'],
  ['Phone: 467 3395', 'phone:467 3395'],
  ['대표번호 1588-1234', 'phone:1588-1234'],
  ['card 4111 1111 1111 1111.', 'card:4111 1111 1111 1111'],
  ['4111111111111111', 'card:4111111111111111'],
  ['카드번호는 5555-5555-5555-4444예요', 'card:5555-5555-5555-4444'],
  ['amex 3782 822463 10005', 'card:3782 822463 10005'],
  ['900101-1234568', 'rrn:900101-1234568'],
  ['주민등록번호 9001011234568', 'rrn:9001011234568'],
  ['주민등록번호: 210305-3123456', 'rrn:210305-3123456'],
  ['사업자등록번호 220-81-62517', 'brn:220-81-62517'],
  ['my SSN is 123-45-6789', 'ssn:123-45-6789'],
  ['IBAN GB82 WEST 1234 5698 7654 32', 'iban:GB82 WEST 1234 5698 7654 32'],
  ['de89370400440532013000', 'iban:de89370400440532013000'],
  ['from 192.168.0.10 to 203.0.113.7', 'ip:192.168.0.10', 'ip:203.0.113.7'],
  ['ssh 1.2.3.4', 'ip:1.2.3.4'],
  ['at 2001:db8::1 and 4f8a:c99e:dc86:faf9:5988:5f63:375e:8a2a', 'ip:2001:db8::1', 'ip:4f8a:c99e:dc86:faf9:5988:5f63:375e:8a2a'],
  ['010-1234-5678, a@b.com', 'phone:010-1234-5678', 'email:a@b.com'],
];

const NEGATIVES: readonly string[] = [
  '',
  'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  '550e8400-e29b-41d4-a716-446655440000',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="',
  'at 1700000000 and 1700000000123',
  '1200-1000 = 200; 15 - 7 = 8; 3.14159265358979',
  'version 1.2.3.4 and v10.0.19041.1',
  'Chrome/120.0.0.0 Safari/537.36',
  '1.2.3.4',
  'listen on 127.0.0.1:8080, 0.0.0.0, mask 255.255.255.0',
  'order 4111111111111112',
  'order number 4111111111111111',
  '주문번호 1234-567890',
  '900101-1234567',
  '220-81-62518',
  'GB82 WEST 1234 5698 7654 33',
  '000-12-3456',
  'git clone git@github.com:owner/repo.git',
  'npm i lodash@4.17.21 @types/node@26.6.6',
  'logo@2x.png',
  'user@example.com, you@example.org, first.last@mail.example.net, test@corp.test, a@host.invalid',
  'noreply@github.com no-reply@company.co.kr do_not_reply@company.com donotreply@company.com',
  'fetch("https://admin@company.com/path")',
  'http://foo:bar@company.com https://REDACTED:REDACTED@www.company.com',
  'Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==',
  'AKIAIOSFODNN7EXAMPLE',
  'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  'sk-ant-api03-abc123xyz-456def789ghij-klmnopqrstuvwx-3456yza789bcde-1234fghijklmnopby56aaaogaopaaaabc123xyzAA',
  'sgp_5555555dAAAAA7777777CcccCFaaaaaaaaaaaaaa',
  'api_key: 00000000-0000-0000-0000-000000000000',
  'https://team.notion.site/page-pubblico-1bc826ecc0994dd8915be97fc3489cde?pvs=74',
  'token = os.environ["GITHUB_TOKEN_2024"]; key = os.getenv("OPENAI_API_KEY_V2")',
  `Authorization: Bearer \${{ secrets.NPM_TOKEN_1 }}`,
  '12:34:56, std::vector<int>, 00:1a:2b:3c:4d:5e',
  '2024-01-02 2024.01.02 01/02/2024',
  'const apiKey = process.env.API_KEY;',
  'api_key = "YOUR_API_KEY_HERE"',
  'Authorization: Bearer <token>',
  'export TOKEN=xxxxxxxxxxxxxxxxxxxxxxxx',
  'max_tokens: 4096, tokenizer: "cl100k_base"',
  'scikit-learn sk-learn-something-very-long-name',
  '나는 오늘 3개의 사과와 12개의 배를 샀다. 2024년 5월 3일.',
];

describe('detect', () => {
  test.each(POSITIVES)('finds what is in %j', (text, ...expected) => {
    expect(found(text)).toEqual(expected);
  });

  test.each(NEGATIVES)('leaves %j alone', (text) => {
    expect(found(text)).toEqual([]);
  });

  test.each(secretSamples())('finds a key of %s whole', (_, secret) => {
    for (const text of [secret, `my key is ${secret}입니다`, `"${secret}"`]) {
      const [finding] = detect(text);
      expect(finding?.kind).toBe('secret');
      expect(text.slice(finding?.start, finding?.end)).toBe(secret);
    }
  });

  test.each([
    ['password = "hunter2abc"', 'hunter2abc'],
    ['{"client_secret": "n8Fq2LxT9vRb4KpW7sYc"}', 'n8Fq2LxT9vRb4KpW7sYc'],
    ['DATADOG_API_KEY=9f2c4b8e7d1a6035c4e2b9f8a7d60133', '9f2c4b8e7d1a6035c4e2b9f8a7d60133'],
    ['curl -u admin:Sup3rS3cret https://host.example', 'Sup3rS3cret'],
    ['curl -H "X-Api-Key: 3fea6af1349166ea" https://host.example', '3fea6af1349166ea'],
    ['postgres://app:q8Zt4mPw@db.internal/main', 'q8Zt4mPw'],
    ['Authorization: Bearer q8Zt4mPw9LxT2vRb4KpW7sYc', 'q8Zt4mPw9LxT2vRb4KpW7sYc'],
  ])('finds the secret by what stands beside it in %j', (text, secret) => {
    expect(found(text)).toEqual([`secret:${secret}`]);
  });

  test('finds a private key from its first line to its last', () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA7bq\n'.repeat(8)}-----END RSA PRIVATE KEY-----`;
    expect(found(`key:\n${key}\nend`)).toEqual([`secret:${key}`]);
  });

  test('finds a private key whose end was cut off', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA7bq\n'.repeat(8)}`;
    expect(detect(key)).toHaveLength(1);
  });

  test('looks only for the kinds it is asked for', () => {
    expect(detect('a@b.com 010-1234-5678', new Set(['phone']))).toHaveLength(1);
  });

  test('counts findings by kind', () => {
    expect(countFindings('a@b.com c@d.org 010-1234-5678')).toEqual({ email: 2, phone: 1 });
  });

  test('gives findings in order and without overlaps for any text', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    const pieces = [
      'a@b.com',
      '010-1234-5678',
      '4111 1111 1111 1111',
      'key=',
      'ghp_',
      '::',
      '1.2.3.4',
      '"',
      '\\n',
      ' ',
      '-',
      '(',
      '가',
      '１',
      'GB82',
      '@',
      'x',
      '7',
      'sk-',
      'curl -u ',
    ];
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from({ length: random(24) }, () => pieces[random(pieces.length)]).join('');
      let last = 0;
      for (const { start, end } of detect(text)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        last = end;
      }
    }
  });
});
