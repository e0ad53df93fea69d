import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let client: OpenAI;
beforeAll(async () => {
  gateway = await startGateway();
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => gateway.close());

const upload = (text: string, name = 'in.jsonl', purpose: OpenAI.FilePurpose = 'batch') =>
  toFile(Buffer.from(text), name).then((file) => client.files.create({ file, purpose }));

/** A hand-made multipart body. */
const send = (body: string | Buffer, type = 'multipart/form-data; boundary=xx'): Promise<Response> =>
  fetch(`${gateway.url}/v1/files`, { method: 'POST', body: body as string, headers: { 'content-type': type } });
const part = (head: string, content: string): string => `--xx\r\n${head}\r\n\r\n${content}\r\n`;

describe('files', () => {
  it('are uploaded, described, read back byte for byte and deleted', async () => {
    const bytes = randomBytes(3_000_000);
    const file = await client.files.create({ file: await toFile(bytes, '한글 이름.bin'), purpose: 'user_data' });
    expect(file).toMatchObject({ object: 'file', bytes: bytes.length, filename: '한글 이름.bin', purpose: 'user_data', status: 'processed' });
    expect(file.id).toMatch(/^file-/);
    expect(await client.files.retrieve(file.id)).toEqual(file);
    const content = await client.files.content(file.id);
    expect(content.headers.get('content-disposition')).toBe('attachment');
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
    await expect(client.files.content(file.id)).rejects.toMatchObject({ status: 404 });
  });

  it('are listed page by page until there are no more', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await upload('x', `${index}.txt`, 'evals')).id);
    const seen: string[] = [];
    for await (const file of client.files.list({ limit: 2, purpose: 'evals' })) seen.push(file.id);
    expect(seen).toEqual([...ids].reverse());
    const first = await client.files.list({ limit: 2, purpose: 'evals', order: 'asc' });
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.has_more).toBe(true);
  });

  it('expire when the client says, batch files after 30 days', async () => {
    const batch = await upload('{}');
    expect((batch.expires_at ?? 0) - batch.created_at).toBe(30 * 24 * 3_600);
    const short = await client.files.create({
      file: await toFile(Buffer.from('x'), 'a'),
      purpose: 'batch',
      expires_after: { anchor: 'created_at', seconds: 3_600 },
    });
    expect((short.expires_at ?? 0) - short.created_at).toBe(3_600);
    await expect(
      client.files.create({ file: await toFile(Buffer.from('x'), 'a'), purpose: 'batch', expires_after: { anchor: 'created_at', seconds: 5 } }),
    ).rejects.toMatchObject({ status: 400 });
  });

  it('take their fields before the file or after it', async () => {
    const file = part('content-disposition: form-data; name="file"; filename="../../etc/x"', 'hello');
    const purpose = part('content-disposition: form-data; name="purpose"', 'batch');
    for (const body of [file + purpose, purpose + file]) {
      const response = await send(`${body}--xx--\r\n`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ bytes: 5, purpose: 'batch', filename: 'x' });
    }
  });

  it.each([
    ['no boundary', part('content-disposition: form-data; name="purpose"', 'batch'), 'multipart/form-data'],
    ['no file', `${part('content-disposition: form-data; name="purpose"', 'batch')}--xx--\r\n`, undefined],
    ['no purpose', `${part('content-disposition: form-data; name="file"; filename="a"', 'x')}--xx--\r\n`, undefined],
    [
      'another purpose',
      `${part('content-disposition: form-data; name="purpose"', 'x') + part('content-disposition: form-data; name="file"; filename="a"', 'x')}--xx--\r\n`,
      undefined,
    ],
    ['10,000 parts', `${part('content-disposition: form-data; name="p"', 'x').repeat(10_000)}--xx--\r\n`, undefined],
    ['a megabyte of part headers', `--xx\r\ncontent-disposition: form-data; name="${'a'.repeat(1 << 20)}"\r\n\r\nx\r\n--xx--\r\n`, undefined],
    ['a form that is cut off', part('content-disposition: form-data; name="file"; filename="a"', 'x').slice(0, -4), undefined],
    ['JSON', '{"purpose":"batch"}', 'application/json'],
    ['a field called __proto__', `${part('content-disposition: form-data; name="__proto__"', 'x')}--xx--\r\n`, undefined],
  ])('are refused with %s', async (_name, body, type) => {
    const before = (await client.files.list()).data.length;
    const response = await send(body, type);
    expect([400, 406, 413]).toContain(response.status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) as string } });
    expect((await client.files.list()).data.length).toBe(before);
  });

  it('leave nothing behind when the client hangs up in the middle', async () => {
    const before = (await client.files.list()).data.length;
    await new Promise<void>((resolve) => {
      const call = httpRequest(`${gateway.url}/v1/files`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=xx', 'content-length': 1e6 },
      });
      call.on('error', () => resolve());
      call.write(part('content-disposition: form-data; name="file"; filename="a"', 'x'.repeat(1000)).slice(0, -2));
      setTimeout(() => call.destroy(), 50);
    });
    await expect.poll(async () => (await client.files.list()).data.length).toBe(before);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  it.each(['..%2f..%2fetc%2fpasswd', 'file-%00', 'x'.repeat(500), '%252e%252e'])('answer 404 to the id %s', async (id) => {
    for (const path of [`/v1/files/${id}`, `/v1/files/${id}/content`]) expect((await fetch(gateway.url + path)).status).toBe(404);
  });

  it('belong to the key that uploaded them', async () => {
    const { keyring } = gateway.services;
    const [a, b] = await Promise.all(['a', 'b'].map((name) => keyring.create({ name, role: 'user' })));
    const of = (secret: string | undefined) => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: secret ?? '', maxRetries: 0 });
    const mine = await of(a?.secret).files.create({ file: await toFile(Buffer.from('x'), 'a'), purpose: 'batch' });
    const other = of(b?.secret);
    for (const call of [other.files.retrieve(mine.id), other.files.content(mine.id), other.files.delete(mine.id)])
      await expect(call).rejects.toMatchObject({ status: 404 });
    expect((await other.files.list()).data).toEqual([]);
    await expect(other.batches.create({ input_file_id: mine.id, endpoint: '/v1/chat/completions', completion_window: '24h' })).rejects.toMatchObject({
      status: 400,
    });
    await Promise.all([a, b].map((made) => keyring.revoke(made?.key.id ?? '')));
  });
});
