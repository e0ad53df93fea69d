import { expect, test } from 'vitest';
import { detectLanguage } from '../../src/policy/language.ts';

test.each([
  ['What is the capital of France?', 'en'],
  ['프랑스의 수도는 어디야?', 'ko'],
  ['React에서 useEffect가 두 번 실행되는 이유가 뭐야?', 'ko'],
  ['이 문장 번역해줘: The quick brown fox jumps over the lazy dog', 'ko'],
  ['fix my code', 'en'],
  ['¿Cuál es la capital de Francia y por qué es una ciudad tan visitada?', 'other'],
  ['Wie kann ich das mit Python machen und ist es nicht zu schwer?', 'other'],
  ['これを翻訳してください', 'other'],
  ['Привет, как дела?', 'other'],
  ['', 'other'],
  ['🙂', 'other'],
  ['12 + 30', 'other'],
])('%s is %s', (text, language) => {
  expect(detectLanguage(text)).toBe(language);
});

test('a megabyte is judged by its edges', () => {
  expect(detectLanguage(`요약해줘 ${'x'.repeat(1_000_000)}`.slice(0, 1_000_000))).toBe('en');
  expect(detectLanguage('가'.repeat(1_000_000))).toBe('ko');
});
