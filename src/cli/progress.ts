// One line of progress on stderr, and only when that is a terminal.
import type { EngineStatus } from '../protocol/engineApi.ts';

export interface ProgressLine {
  show(status: EngineStatus): void;
  clear(): void;
}

export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  let shown = false;
  const write = (text: string): void => {
    stream.write(`\r\u001b[2K${text}`);
    shown = text !== '';
  };
  return {
    show: ({ phase, progress, analysis, importing }) => {
      if (!stream.isTTY) return;
      if (importing !== undefined) write(`import: ${Math.floor(100 * importing)} %`);
      else if (analysis) write(`${analysis.stage}: ${Math.floor(100 * analysis.share)} %`);
      if (!progress) return;
      const left = progress.secondsLeft === undefined ? '' : `, ${Math.ceil(progress.secondsLeft)} s left`;
      write(
        phase === 'scanning'
          ? `scanning: ${progress.documentsTotal} files`
          : `${progress.documentsDone} of ${progress.documentsTotal} documents, ${progress.embedded} embedded, ${progress.reused} reused${left}`,
      );
    },
    clear: () => {
      if (shown) write('');
    },
  };
}
