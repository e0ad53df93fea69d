import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { detect } from '../../src/privacy/detect.ts';
import { createMasker } from '../../src/privacy/session.ts';

const masker = createMasker({ secretKey: 'a key for tests only' });
const MAIL = 'alice@example.com';

const thrownBy = (work: () => unknown): GatewayError => {
  try {
    work();
  } catch (thrown) {
    return thrown as GatewayError;
  }
  throw new Error('nothing was thrown');
};

describe('a masking session', () => {
  test('gives a value the same placeholder every time', () => {
    const session = masker.session('t');
    expect(session.mask(`${MAIL} and ${MAIL}`)).toMatch(/^(\[EMAIL_\w{4}_\w{7}\]) and \1$/);
  });

  test('gives a value the same placeholder in a later session of the tenant', () => {
    expect(masker.session('t').mask(MAIL)).toBe(masker.session('t').mask(MAIL));
  });

  test('gives a value another placeholder for another tenant', () => {
    expect(masker.session('t').mask(MAIL)).not.toBe(masker.session('u').mask(MAIL));
  });

  test('gives a value another placeholder under another key', () => {
    expect(masker.session('t').mask(MAIL)).not.toBe(createMasker({ secretKey: 'another key' }).session('t').mask(MAIL));
  });

  test('restores what it masked', () => {
    const session = masker.session('t');
    const text = 'mail alice@example.com or call 010-1234-5678, card 4111 1111 1111 1111';
    expect(session.restore(session.mask(text))).toBe(text);
  });

  test('restores an old placeholder when the value is in the conversation again', () => {
    const old = masker.session('t').mask(MAIL);
    const session = masker.session('t');
    session.mask(`again ${MAIL}`);
    expect(session.restore(`as ${old} said`)).toBe(`as ${MAIL} said`);
  });

  test('leaves the placeholder of another tenant alone', () => {
    const foreign = masker.session('u').mask(MAIL);
    const session = masker.session('t');
    session.mask(MAIL);
    expect(session.restore(foreign)).toBe(foreign);
  });

  test('finds nothing in its own placeholders', () => {
    const session = masker.session('t');
    const masked = session.mask('key = a1B2c3D4e5F6g7H8i9J0 mail alice@example.com tel 010-1234-5678');
    expect(detect(masked)).toEqual([]);
    expect(session.mask(masked)).toBe(masked);
  });

  test('gives a text without findings back as it is', () => {
    const session = masker.session('t');
    expect(session.mask('1200-1000 = 200')).toBe('1200-1000 = 200');
    expect(session.masked()).toBe(false);
  });

  test('counts what it masked by kind', () => {
    const session = masker.session('t');
    session.mask(`${MAIL} ${MAIL} 010-1234-5678`);
    expect(session.counts()).toEqual({ email: 2, phone: 1 });
  });

  test('masks only the kinds it was made for', () => {
    const session = createMasker({ secretKey: 'k', kinds: ['phone'] }).session('t');
    expect(session.mask(MAIL)).toBe(MAIL);
  });

  test('refuses more text than it may take, over all of its calls', () => {
    const session = createMasker({ secretKey: 'k', maxLength: 10 }).session('t');
    session.mask('12345678');
    const error = thrownBy(() => session.mask('1234'));
    expect(error).toBeInstanceOf(GatewayError);
    expect([error.kind, error.details.code]).toEqual(['unprocessable', 'masking_failed']);
  });

  test('refuses the request when masking itself breaks', () => {
    const error = thrownBy(() =>
      createMasker({ secretKey: undefined as unknown as string })
        .session('t')
        .mask(MAIL),
    );
    expect(error.kind).toBe('internal');
    expect(error.message).toContain('masking failed');
  });

  test('refuses what is no text', () => {
    expect(thrownBy(() => masker.session('t').mask(42 as unknown as string)).kind).toBe('unprocessable');
  });

  test('counts without masking', () => {
    expect(masker.count(`${MAIL} 900101-1234568`)).toEqual({ email: 1, rrn: 1 });
  });
});

describe('masking JSON text', () => {
  test('reads strings through their escapes and keeps every other byte', () => {
    const session = masker.session('t');
    const raw = '{ "to" : "\\nalice@example.com\\u0020\\uc74c", "n": 1.50, "to2":"bob\\u0040example.com" }';
    const masked = session.maskJson(raw);
    expect(masked).toMatch(/^\{ "to" : "\\n\[EMAIL_\w+\]\\u0020\\uc74c", "n": 1\.50, "to2":"\[EMAIL_\w+\]" \}$/);
    expect(JSON.parse(session.restore(masked, true))).toEqual(JSON.parse(raw));
  });

  test('turns a number that is masked into a string', () => {
    const session = masker.session('t');
    expect(JSON.parse(session.maskJson('{"card": 4111111111111111}'))).toEqual({ card: expect.stringMatching(/^\[CARD_/) });
  });

  test('masks keys too', () => {
    const session = masker.session('t');
    expect(session.maskJson('{"alice@example.com": 1}')).toMatch(/^\{"\[EMAIL_\w+\]": 1\}$/);
  });

  test('escapes a value again when it goes back into a string', () => {
    const session = masker.session('t');
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA7bq\n'.repeat(8)}-----END PRIVATE KEY-----`;
    const raw = JSON.stringify({ key });
    expect(session.restore(session.maskJson(raw), true)).toBe(raw);
  });

  test('gives cut JSON back without losing a byte', () => {
    const session = masker.session('t');
    for (const raw of ['{"a": "b\\', '{"a": "\\u00', '"', '', '{"a": "x\\n']) expect(session.maskJson(raw)).toBe(raw);
  });
});
