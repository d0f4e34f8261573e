// The remote options of the command line and the keys of the environment. A key is never taken from an argument: arguments are
// seen by every user of the machine and kept in the shell's history.
import type { EngineConfig } from '../protocol/engineApi.ts';
import { DASHSCOPE_REGIONS } from '../engine/embed/dashscope/catalogue.ts';
import type { Arguments } from './args.ts';

export function remoteConfig(
  { provider, baseUrl, api, output, yes }: Arguments,
  env: NodeJS.ProcessEnv,
): Pick<EngineConfig, 'remote' | 'network'> {
  if (provider === 'local') return {};
  // The key that is named after DashScope goes to DashScope, or to a host that the user names for it, and to no other.
  const key = (provider === 'dashscope' ? env['DASHSCOPE_API_KEY'] : undefined) ?? env['VECTORSCOPE_API_KEY'];
  return {
    network: { strictSsl: true },
    remote: {
      provider,
      baseUrl: baseUrl ?? DASHSCOPE_REGIONS.beijing,
      ...(key !== undefined && key !== '' && { key }),
      api,
      sparse: output === 'dense+sparse',
      sendDimension: true,
      rowsPerRequest: 64,
      tokensPerRow: 8192,
      encodingFormat: 'float',
      queryPrefix: '',
      documentPrefix: '',
      consent: yes,
    },
  };
}
