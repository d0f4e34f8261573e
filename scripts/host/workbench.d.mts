// What tests use of workbench.mjs.
export interface ServerOptions {
  readonly userDataDir?: string;
  readonly extensionsDir?: string;
  readonly home?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly locale?: string;
  readonly askForTrust?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly onLog?: (line: string) => void;
}

export interface Server {
  readonly url: string;
  readonly home: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  stop(): Promise<void>;
}

export function startServer(options?: ServerOptions): Promise<Server>;
export function workbenchUrl(base: string, opened: string | undefined): string;
export function installVsix(vsix: string, extensionsDir: string): Promise<void>;
