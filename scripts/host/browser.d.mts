import type { Browser } from 'playwright-core';

export function launchBrowser(home: string): Promise<Browser>;
