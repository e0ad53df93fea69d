import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { askOn, chromiumPath, type OpenedPage, openPage, type PageOptions, startBrowser } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

if (chromiumPath === undefined) console.warn('No Chromium on this machine (apt-get install chromium, or CHROMIUM_PATH): the page is not tested in a browser.');

/** Run by the debugger's protocol, which the page's policy does not bind. */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let upstream: Upstream;
let gateway: TestGateway;
let closed: TestGateway;
let browser: Browser;
let secret: string;
let pages: Page[] = [];

const MODELS = [
  { name: 'qwen2.5-coder:7b', family: 'qwen2' },
  { name: 'llama3.1:8b', family: 'llama' },
];

async function open(options: PageOptions & { where?: TestGateway } = {}): Promise<OpenedPage> {
  const opened = await openPage(browser, options.where?.url ?? gateway.url, options);
  pages.push(opened.page);
  return opened;
}

describe.skipIf(chromiumPath === undefined)('the page in Chromium', () => {
  beforeAll(async () => {
    upstream = await createUpstream(ollamaHandler(MODELS, nativeAnswer(['Hello ', 'from ', 'the model.'])));
    const providers = [{ name: 'ollama', type: 'ollama', url: upstream.url }];
    gateway = await startGateway({ gateway: { providers } });
    closed = await startGateway({ gateway: { providers, auth: { required: 'always' } } });
    secret = (await closed.services.keyring.create({ name: 'page', role: 'admin', allowedModels: [] })).secret;
    browser = await startBrowser();
  });
  afterEach(async () => {
    for (const page of pages) await page.context().close();
    pages = [];
    upstream.handle(ollamaHandler(MODELS, nativeAnswer(['Hello ', 'from ', 'the model.'])));
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await closed?.close();
    await upstream?.close();
  });

  it('loads without an error and asks nobody but the gateway', async () => {
    const { page, complaints } = await open();
    expect(await page.locator('.card').count()).toBe(MODELS.length);
    await page.waitForSelector('#live.on');
    await askOn(page, 'Any complaints?');
    expect(page.url()).toBe(`${gateway.url}/ui`);
    expect(complaints).toEqual([]);
  });

  it('shows an answer while it is written', async () => {
    let goOn = (): void => undefined;
    const reading = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    upstream.handle(
      ollamaHandler(MODELS, async (seen, response) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        response.write(`${JSON.stringify({ model: seen.body['model'], message: { role: 'assistant', content: 'First half, ' }, done: false })}\n`);
        await reading;
        response.end(
          `${JSON.stringify({ model: seen.body['model'], message: { role: 'assistant', content: 'second half.' }, done: true, done_reason: 'stop' })}\n`,
        );
      }),
    );
    const { page } = await open();
    await page.fill('#prompt', 'Take your time');
    await page.click('#send');
    await page.getByText('First half,').waitFor();
    expect(await page.locator('#stop').isVisible()).toBe(true);
    goOn();
    await page.getByText('First half, second half.').waitFor();
    await page.waitForSelector('#rating');
    expect(await page.locator('#stop').isVisible()).toBe(false);
  });

  it('shows how the answer came about, and the decision among the live ones', async () => {
    const { page } = await open();
    await askOn(page, 'Write a binary search in Go');
    const route = await page.locator('#route').textContent();
    for (const part of ['qwen2.5-coder:7b', 'ollama', 'code', 'single', 'quality']) expect(route).toContain(part);
    const first = page.locator('#decisions-list li').first();
    await first.getByText('answered').waitFor();
    expect(await first.textContent()).toContain('quality');
  });

  it('stores a rating', async () => {
    const { page } = await open();
    await askOn(page, 'Write a quick sort in Rust');
    await page.click('#rating button:nth-of-type(4)');
    await page.getByText('Ratings for code').waitFor();
    expect(await page.locator('#rating button[aria-pressed="true"]').textContent()).toBe('4');
    const { ratings } = await gateway.services.learning.export();
    expect(ratings).toEqual([expect.objectContaining({ task: 'code', rating: 4 })]);
  });

  it('stops an answer when told to', async () => {
    upstream.handle(
      ollamaHandler(MODELS, (seen, response) => {
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        response.write(`${JSON.stringify({ model: seen.body['model'], message: { role: 'assistant', content: 'On and on ' }, done: false })}\n`);
      }),
    );
    const { page } = await open();
    await page.fill('#prompt', 'Never end');
    await page.click('#send');
    await page.getByText('On and on').waitFor();
    await page.click('#stop');
    await page.getByText('Stopped.').waitFor();
    await vi.waitFor(() => expect(upstream.calls().at(-1)?.cancelled()).toBe(true));
  });

  it('compares two models in two columns', async () => {
    const { page } = await open();
    await page.getByText('Side by side').click();
    await page.fill('#prompt', 'Who are you?');
    for (const { name } of MODELS) await page.check(`#model-boxes input[value="${name}"]`);
    await page.click('#send');
    await page.waitForSelector('#comparison');
    const boxes = await Promise.all((await page.locator('#comparison article').all()).map((column) => column.boundingBox()));
    expect(boxes).toHaveLength(2);
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
    expect(boxes[0]?.x).not.toBe(boxes[1]?.x);
  });

  it('shows the plan without asking a model', async () => {
    const { page } = await open();
    const before = upstream.calls().length;
    await page.fill('#prompt', 'Write a parser in C');
    await page.click('#plan');
    await page.waitForSelector('#planned');
    expect(await page.locator('#planned svg').count()).toBeGreaterThanOrEqual(2);
    expect(upstream.calls()).toHaveLength(before);
  });

  it.each([
    ['en-US', false, 1280],
    ['en-US', true, 390],
    ['ko-KR', true, 1280],
    ['ko-KR', false, 390],
  ])(
    'has nothing that axe objects to: %s, dark %s, %i wide',
    async (language, dark, width) => {
      const { page } = await open({ language, dark, width });
      await askOn(page, 'Is everything reachable?');
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: object[] }[] }> } }).axe.run(),
      );
      expect(violations.map(({ id, nodes }) => ({ id, nodes: JSON.stringify(nodes).slice(0, 500) }))).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    },
    60_000,
  );

  it('says an error in words', async () => {
    upstream.handle(ollamaHandler(MODELS, (_seen, response) => void response.writeHead(500).end('{"error":"boom"}')));
    const { page } = await open();
    await page.fill('#prompt', 'Fail please');
    await page.click('#send');
    const problem = page.locator('#ask-problem');
    await problem.waitFor();
    expect(await problem.textContent()).toContain('The gateway could not do it.');
    expect(await page.locator('#send').isEnabled()).toBe(true);
  });

  it('speaks the language of the browser, switches and remembers', async () => {
    const { page } = await open({ language: 'ko-KR' });
    expect(await page.locator('#ask-title').textContent()).toBe('질문하기');
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    await page.selectOption('#language', 'en');
    expect(await page.locator('#ask-title').textContent()).toBe('Ask');
    expect(await page.locator('.badges').first().textContent()).toContain('Healthy');
    await page.reload();
    await page.waitForSelector('.card');
    expect(await page.locator('#ask-title').textContent()).toBe('Ask');
  });

  it('follows the theme of the system, switches and remembers', async () => {
    const { page } = await open({ dark: true });
    const back = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await back();
    await page.selectOption('#theme', 'light');
    const light = await back();
    expect(light).not.toBe(dark);
    await page.reload();
    await page.waitForSelector('.card');
    expect(await back()).toBe(light);
  });

  it('is reached everywhere by the Tab key, with every control named', async () => {
    const { page } = await open();
    await askOn(page, 'Keys only');
    // The charts and lists are in place now: nothing takes the focus away while it wanders.
    await page.waitForSelector('#decisions-list li');
    const controls = (await page.evaluate(`[...document.querySelectorAll('a[href], button, select, input, textarea, summary, [tabindex="0"]')]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && !(e.type === 'radio' && !e.checked))
      .map((e, index) => { e.dataset.stop = String(index); return String(index); })`)) as string[];
    const reached = new Set<string>();
    await page.evaluate('document.activeElement?.blur()');
    for (let press = 0; press < controls.length * 2 && reached.size < controls.length; press += 1) {
      await page.keyboard.press('Tab');
      const stop = (await page.evaluate('document.activeElement?.dataset.stop ?? ""')) as string;
      if (stop !== '') reached.add(stop);
    }
    const missed = await page.evaluate(
      `(${JSON.stringify(controls.filter((stop) => !reached.has(stop)))}).map((stop) => document.querySelector('[data-stop="' + stop + '"]')?.outerHTML.slice(0, 120))`,
    );
    expect(missed).toEqual([]);
    const nameless = await page.evaluate(`[...document.querySelectorAll('button, select, input, textarea, [role="img"], section, nav')]
      .filter((e) => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.labels?.length || (e.tagName === 'BUTTON' && e.textContent.trim())))
      .map((e) => e.outerHTML.slice(0, 100))`);
    expect(nameless).toEqual([]);
  });

  it.each(['en-US', 'ko-KR'])('fits a phone of 360 px in %s, with an answer and a comparison on it', async (language) => {
    const { page } = await open({ width: 360, language });
    const over = (): Promise<number> => page.evaluate('document.documentElement.scrollWidth - innerWidth');
    await askOn(page, 'Is this wide?');
    expect(await over()).toBe(0);
    await page.locator('.switch label').nth(1).click();
    await page.click('#send');
    await page.waitForSelector('#comparison');
    for (const details of await page.locator('summary').all()) if (await details.isVisible()) await details.click();
    expect(await over()).toBe(0);
  });

  it('asks for a key where one is needed, keeps it for the tab, and says when it is wrong', async () => {
    const { page } = await open({ where: closed, ready: '#key-dialog[open]' });
    await page.fill('#key-field', 'mao_wrong');
    await page.keyboard.press('Enter');
    await page.locator('#key-wrong').waitFor();
    await page.fill('#key-field', secret);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.card');
    await askOn(page, 'With a key');
    await page.reload();
    await page.waitForSelector('.card');
    expect(await page.evaluate('[sessionStorage.length, JSON.stringify(localStorage).includes("mao_")]')).toEqual([1, false]);
  });

  it('shows a user key its own requests, and says what needs an admin', async () => {
    const { secret: own } = await closed.services.keyring.create({ name: 'user', role: 'user', allowedModels: [] });
    const { page } = await open({ where: closed, ready: '#key-dialog[open]' });
    await page.fill('#key-field', own);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.card');
    await askOn(page, 'As a user');
    await page.waitForSelector('#decisions-list li');
    expect(await page.locator('#decisions-list li').count()).toBe(1);
    expect(await page.locator('#learning-total').textContent()).toContain('This needs an admin key.');
    expect(await page.locator('#load-body').textContent()).toContain('This needs an admin key.');
    expect(await page.locator('#key-dialog').isVisible()).toBe(false);
  });

  it('works on without a key and tells what is missing', async () => {
    const { page } = await open({ where: closed, ready: '#key-dialog[open]' });
    await page.keyboard.press('Escape');
    await page.getByText('A valid key is needed.').waitFor();
    await page.click('#key-open');
    await page.fill('#key-field', secret);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.card');
    expect(await page.locator('#problem').isVisible()).toBe(false);
  });
});
