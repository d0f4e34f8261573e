// Before texts go to a service: what, where, how much; then the user's word. With --yes it was given.
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { findDashScopeModel } from '../engine/embed/dashscope/catalogue.ts';
import { mediaAt } from '../engine/embed/media.ts';
import { estimateTokens } from '../engine/embed/remote/tokenEstimate.ts';
import { EngineError } from '../engine/errors.ts';
import type { SendEstimate } from '../protocol/engineApi.ts';
import type { CommandContext } from './folderCommands.ts';

/** For `index`. Throws `consent-needed`. */
export async function agreeToIndex(context: CommandContext): Promise<void> {
  if (!mustAsk(context)) return;
  const { engine, signal } = context;
  await knowDimension(context);
  await ask(context, sheetLines(await engine.estimate({}, signal)));
}

/** For texts that the user gives (lines to embed, queries). Throws `consent-needed`. */
export async function agreeToSendTexts(context: CommandContext, texts: readonly string[]): Promise<void> {
  if (!mustAsk(context)) return;
  const { args, engine } = context;
  const { remote } = engine.status();
  const model = findDashScopeModel(args.model === 'auto' ? 'text-embedding-v4' : args.model);
  const isMedia = (text: string): boolean => model?.input === 'multimodal' && mediaAt(text) !== undefined;
  const mediaTokens = texts.filter(isMedia).length * (model?.tokensPerImage ?? 0);
  const textTokens = texts.reduce((sum, text) => sum + (isMedia(text) ? 0 : estimateTokens(text)), 0);
  const tokens = textTokens + mediaTokens;
  const mediaPrice = model?.imagePricePer1kTokens ?? model?.pricePer1kTokens ?? 0;
  const price =
    model && `, about ${((textTokens * model.pricePer1kTokens + mediaTokens * mediaPrice) / 1000).toFixed(4)} CNY`;
  await ask(context, [
    `To ${remote?.origin ?? '?'}, model ${args.model}:`,
    `  ${texts.length} texts, at most ${tokens} tokens${price ?? ''}`,
  ]);
}

/** For batch jobs. Asks nothing when nothing would be sent. Throws `consent-needed`. */
export async function agreeToJob(
  context: CommandContext,
  { origin, model, rows, tokens, amount, isUrl }: JobSheet,
): Promise<void> {
  if (!mustAsk(context)) return;
  const price = amount === undefined ? 'price not known' : `at most ${amount.toFixed(4)} CNY`;
  await ask(context, [
    `To ${origin}, model ${model}, as a batch job:`,
    isUrl
      ? '  the file behind the URL, which the service fetches itself; its price is not known before'
      : `  ${rows} texts, at most ${tokens} tokens, ${price}`,
  ]);
}

export interface JobSheet {
  readonly origin: string;
  readonly model: string;
  readonly rows: number;
  readonly tokens: number;
  readonly amount?: number;
  readonly isUrl: boolean;
}

function mustAsk({ args }: CommandContext): boolean {
  return args.provider !== 'local' && !args.yes;
}

/** A model of unknown dimension is tried with one text of ours. */
async function knowDimension({ engine, args }: CommandContext): Promise<void> {
  if (args.provider === 'openai') await engine.testConnection();
}

function sheetLines(estimate: SendEstimate): string[] {
  const { origin, model, dimension, documents, chunks, reused, images, tokens, amount, currency, seconds, excluded } =
    estimate;
  const kept = Object.entries(excluded).map(([reason, count]) => `${count} ${reason}`);
  return [
    `To ${origin}, model ${model} (${dimension}):`,
    `  ${documents} documents, ${chunks} chunks${images === undefined ? '' : `, of them ${images} images`} (${reused} need not be sent), at most ${tokens} tokens`,
    `  ${amount === undefined ? 'price not known' : `at most ${amount.toFixed(4)} ${currency}`}, about ${Math.ceil(seconds)} s`,
    ...(kept.length > 0 ? [`  kept back by rules: ${kept.join(', ')}`] : []),
  ];
}

async function ask({ engine, warn, reconfigure, signal }: CommandContext, lines: readonly string[]): Promise<void> {
  for (const line of lines) warn(line);
  const origin = engine.status().remote?.origin ?? '';
  if (!process.stdin.isTTY) throw new EngineError('consent-needed', { origin });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve(''))); // the end of the input is a no
    const answer = await Promise.race([prompt.question('Send this? [y/N] ', { signal }), closed]);
    if (!/^(y|yes)$/i.test(answer.trim())) throw new EngineError('consent-needed', { origin });
  } finally {
    prompt.close();
  }
  await reconfigure({ consent: true });
}
