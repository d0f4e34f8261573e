// Stage 3, local: what the models of the catalogue reach, as data for `models` and the model picker. Measured with this
// project's conventions on public sets (README, "Models"); differences under .03 are noise.

type Column = 'minilm' | 'bge-small-en' | 'bge-small-zh' | 'bilingual';
const COLUMNS: readonly Column[] = ['minilm', 'bge-small-en', 'bge-small-zh', 'bilingual'];

/** Set and measure -> figures in the order of COLUMNS, query prefixes used. */
const FIGURES: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'CoSQA MRR': [0.531, 0.531, 0.26, 0.529],
  'Python docs MRR': [0.451, 0.548, 0.282, 0.462],
  'SciFact nDCG@10': [0.726, 0.773, 0.396, 0.727],
  'Vue commits MRR': [0.56, 0.594, 0.361, 0.569],
  'Vue sections EN MRR': [0.417, 0.506, 0.336, 0.438],
  'STS-B rho': [0.82, 0.856, 0.693, 0.826],
  'Banking77 1-NN': [0.917, 0.922, 0.861, 0.917],
  'Vue sections ZH MRR': [0.147, 0.181, 0.387, 0.395],
  'THUCNews P@10': [0.362, 0.343, 0.718, 0.718],
  'LCQMC AUROC': [0.663, 0.625, 0.914, 0.914],
  'CCPM MRR': [0.161, 0.173, 0.684, 0.684],
};

/** The figures of one model, empty for one that was not measured. */
export function scoresOf(model: string): Readonly<Record<string, number>> {
  const column = COLUMNS.findIndex((id) => id === model);
  if (column < 0) return {};
  return Object.fromEntries(Object.entries(FIGURES).map(([set, figures]) => [set, figures[column] ?? Number.NaN]));
}
