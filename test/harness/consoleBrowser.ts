import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium';

/** Why no browser test can run here; null if it can. */
export const missingBrowser = findChromium() === null ? 'there is no Chromium or Chrome' : null;

/** A page of the console, and what went wrong in it. */
export interface ConsolePage {
  readonly page: Page;
  /** Errors of the page, and requests to other machines. */
  readonly problems: readonly string[];
  /** The problems that axe-core finds. */
  axe(): Promise<string[]>;
  /** The problems that it finds in the light and the dark theme, on a wide and on a narrow page. */
  axeInAllLooks(): Promise<string[]>;
}

/** A browser for the console. */
export interface ConsoleBrowser {
  /** Opens a page in a context of its own. */
  open(url: string): Promise<ConsolePage>;
  /** Closes all pages, so that they cost nothing beside the next test. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

interface Axe {
  run(settings: { resultTypes: readonly string[] }): Promise<{
    violations: { id: string; help: string; nodes: { html: string }[] }[];
  }>;
}

const axeSource = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

async function runAxe(page: Page): Promise<string[]> {
  // Through the debugger's protocol, which the content security policy does not concern.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axeSource());
  // What has no problem is gone over as well, but neither described nor sent here: it is most of a page.
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`);
  });
}

const viewports = [1440, 400].map(width => ({ width, height: 900 }));
const [wide] = viewports;

async function runAxeInAllLooks(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const viewport of viewports) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      // Without motion, the colours of one theme do not fade into those of the other.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const problems = await runAxe(page);
      found.push(...problems.map(problem => `${colorScheme}, ${viewport.width}: ${problem}`));
    }
  }
  return found;
}

/** Starts a browser. */
export async function startConsoleBrowser(): Promise<ConsoleBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath: findChromium() ?? undefined,
    args: ['--no-sandbox'],
  });
  return {
    async open(url) {
      const context = await browser.newContext({ viewport: wide });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const problems: string[] = [];
      page.on('pageerror', error => problems.push(error.message));
      page.on('request', request => {
        if (new URL(request.url()).hostname !== '127.0.0.1') problems.push(request.url());
      });
      page.on('console', message => {
        if (message.text().includes('Content Security Policy')) problems.push(message.text());
      });
      await page.goto(url);
      return { page, problems, axe: () => runAxe(page), axeInAllLooks: () => runAxeInAllLooks(page) };
    },
    async closePages() {
      await Promise.all(browser.contexts().map(context => context.close()));
    },
    close: () => browser.close(),
  };
}
