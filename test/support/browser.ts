import { accessSync, constants } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where a Chromium may lie; CHROMIUM_PATH goes first. */
const PLACES = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

const runs = (path: string | undefined): path is string => {
  if (path === undefined || path === '') return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The Chromium of this machine; undefined where there is none. */
export const chromiumPath: string | undefined = PLACES.find(runs);

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'], timeout: 60_000 });

export interface PageOptions {
  readonly language?: string;
  readonly dark?: boolean;
  readonly width?: number;
  /** What is waited for; a model's card. */
  readonly ready?: string;
}
export interface OpenedPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and requests that left the gateway. */
  readonly complaints: string[];
}

/** The page of a gateway in a browser of its own, so that nothing is remembered from another. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<OpenedPage> {
  const { language = 'en-US', dark = false, width = 1280, ready = '.card' } = options;
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    locale: language,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== url) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector(ready);
  return { page, complaints };
}

/** Asks one question and waits until its answer can be rated. */
export async function askOn(page: Page, text: string): Promise<void> {
  await page.fill('#prompt', text);
  await page.click('#send');
  await page.waitForSelector('#rating');
}
