import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askOn, chromiumPath, openPage, startBrowser } from '../support/browser.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, sendJson, type Upstream } from '../support/upstream.ts';

/* Whatever comes from models, servers, people and configuration is text on the page, never markup. */

const MARKUP = '<img src=x onerror="document.title=1"><b>not bold</b><script>document.title=2</script>';
const GOOD = `good${MARKUP}:8b`;
const BAD = `bad${MARKUP}:8b`;

describe.skipIf(chromiumPath === undefined)('markup that reaches the page', () => {
  let upstream: Upstream;
  let gateway: TestGateway;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    upstream = await createUpstream(
      ollamaHandler([{ name: GOOD }, { name: BAD, family: 'phi3' }], (seen, response) =>
        seen.body['model'] === BAD ? sendJson(response, { error: `boom ${MARKUP}` }, 400) : nativeAnswer([`Said ${MARKUP}`])(seen, response),
      ),
    );
    gateway = await startGateway({
      gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] },
      routing: { priority_override: { analysis: GOOD, code: GOOD } },
    });
    browser = await startBrowser();
  });
  afterEach(async () => page?.context().close());
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await upstream?.close();
  });

  /** Nothing of it became an element, and nothing of it ran. */
  const expectNoMarkup = async (): Promise<void> => {
    expect(await page.locator('img:not([src^="/ui/"]), #main b:text-is("not bold"), #main script').count()).toBe(0);
    expect(await page.title()).toBe('Multi-AI Orchestrator');
  };

  it('in the names of models, an answer and the reason of a decision is shown as written', async () => {
    ({ page } = await openPage(browser, gateway.url));
    expect(await page.locator('#fleet').textContent()).toContain(GOOD);
    await askOn(page, 'Write a binary search in Go');
    expect(await page.locator('#result > .answer').textContent()).toContain(MARKUP);
    const decision = page.locator('#decisions-list li').first();
    await decision.getByText('answered').waitFor();
    expect(await decision.textContent()).toContain(GOOD);
    await expectNoMarkup();
  });

  it('in the error of a server is shown as written', async () => {
    ({ page } = await openPage(browser, gateway.url));
    await page.selectOption('#model', BAD);
    await page.fill('#prompt', 'Fail please');
    await page.click('#send');
    await page.locator('#ask-problem').waitFor();
    await expectNoMarkup();
  });

  it('in a comparison, with one that fails, is shown as written', async () => {
    ({ page } = await openPage(browser, gateway.url));
    await page.getByText('Side by side').click();
    await page.fill('#prompt', 'Who are you?');
    for (const box of await page.locator('#model-boxes input').all()) await box.check();
    await page.click('#send');
    await page.waitForSelector('#comparison');
    expect(await page.locator('#comparison').textContent()).toContain(MARKUP);
    await expectNoMarkup();
  });
});
