import { describe, expect, it } from 'vitest';
import { detect } from '../../src/privacy/detect.ts';

const found = (text: string): string[] => detect(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

describe('passwords that a sentence tells', () => {
  it.each([
    ['my password is correcthorse9.', 'correcthorse9'],
    ['pw: abcd1234!!', 'abcd1234!!'],
    ["password: 'p4ss!word'", 'p4ss!word'],
    ['password = "hunter2Hunter!"', 'hunter2Hunter!'],
    ['비밀번호: qwer1234!', 'qwer1234!'],
    ['암호는 P@ssw0rd123 입니다', 'P@ssw0rd123'],
    ['비번은 1q2w3e4r!이고', '1q2w3e4r!'],
  ])('%s', (text, value) => {
    expect(found(text)).toEqual([`secret ${value}`]);
  });

  it.each([
    'the password is required',
    'password is at least8 chars',
    'const password = user1;',
    'password: req.body.pw1',
    'password = hash(pw1)',
    'pass = 1; x',
    'tests pass: v1.2.3',
    'pass the value abc123!',
    '암호화된 abc12345',
    '암호는 없습니다',
    'password: process.env.PW1!',
  ])('are not taken from: %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('Korean forms', () => {
  it.each([
    ['900101 - 1234568', 'rrn 900101 - 1234568'],
    ['번호 9001011234568로', 'rrn 9001011234568'],
    ['９００１０１－１２３４５６８', 'rrn ９００１０１－１２３４５６８'],
    ['82-10-1234-5678', 'phone 82-10-1234-5678'],
    ['민수@example.com으로', 'email 민수@example.com'],
    ['KakaoAK 0af1c2d3e4b5968778695a4b3c2d1e0f', 'secret KakaoAK 0af1c2d3e4b5968778695a4b3c2d1e0f'],
  ])('%s', (text, value) => {
    expect(found(text)).toEqual([value]);
  });

  it.each(['9001011234567', '900101-1234567', '주문 9001011234568', '1712251234567', '12345 - 67890', '200000 - 1234567', '100000 - 20000'])(
    'whose check digit or sense is another stay: %s',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );
});

it("finds the gateway's own keys", () => {
  expect(found('use mao_Zk3u0Qm7hX2rT9vB1nL5cJ8wD4sF6aYpGqEoRiUtHyM now')).toEqual(['secret mao_Zk3u0Qm7hX2rT9vB1nL5cJ8wD4sF6aYpGqEoRiUtHyM']);
});
