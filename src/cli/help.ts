// The text of --help.
export const HELP = `vectorscope: a folder in embedding space, from a terminal

  vectorscope index FOLDER                    embed what is new or changed
  vectorscope search FOLDER QUERY             search by meaning and words; --queries FILE takes one query a line
  vectorscope similar FOLDER PATH[:A[-B]]     what resembles a file or some of its lines
  vectorscope clusters FOLDER                 what is in there: groups of snippets with the words that set them apart
  vectorscope outliers FOLDER                 what stands apart, and why
  vectorscope duplicates FOLDER               what is there twice: exactly, nearly, or in other words
  vectorscope recommend FOLDER PATH[:LINE]    what to read next: related documents, or rows for a row of a table
  vectorscope map FOLDER                      a place in the plane for each snippet
  vectorscope export FOLDER                   all of that with texts and vectors: --format json, csv, tsv or md, and --out PATH
  vectorscope import FILE                     ready vectors (CSV, TSV, JSONL with a text and an embedding column); FILE
                                              then stands where the other commands take FOLDER
  vectorscope status FOLDER                   spaces, documents, coverage
  vectorscope verify FOLDER                   reads all that is stored and says what is damaged; exit code 1 where something is
  vectorscope repair FOLDER                   mends it, and embeds again what was lost
  vectorscope prune FOLDER                    removes what is of no use any more; --dry-run only shows it
  vectorscope embed [FILE]                    vectors of a file's (or standard input's) lines
  vectorscope embed --job FILE                the same by a batch job of DashScope; FILE may be the URL of a .txt file
  vectorscope jobs [resume ID | cancel ID]    batch jobs: listed, gone on with, ended
  vectorscope models                          the catalogue of models

Options
  --json             JSON and nothing else on standard output
  --top N            hits per query (10)
  --mode MODE        of search: hybrid (default), semantic (meaning alone) or keyword (words alone, sends nothing)
  --path GLOB        only these paths; repeat for more, a leading ! excludes
  --language ID      only files of this language (VS Code's id, e.g. python); repeat for more
  --kind KIND        only function, method, class, code, section, paragraph, row, cell, lines, snippet or image; repeat
  --modified-since W only files changed since: an age (12h, 7d, 2w) or a day (2026-11-01)
  --documents        of clusters, outliers and map: documents as wholes instead of snippets
  --granularity X    of clusters, also those of export: 0 (few) to 1 (many); what suits the data by default
  --min-similarity X of duplicates, also those of export: least similarity of what says the same in other words, 0 to 1
  --text, --vector   of import: names of the two columns
  --out PATH         of export: the file; with tsv a folder, or what the names of the two files begin with
  --model NAME       auto (default), minilm, bge-small-zh, bilingual, bge-small-en, or a folder with an ONNX model
  --dimension N      the model's own by default
  --dry-run          of prune: show what would be freed, remove nothing
  --current          of prune: remove the index in use too
  --store DIR        where the index is kept (default: a folder of the user's data directory)

Services
  --provider NAME    local (default; nothing leaves this machine), dashscope, openai
  --base-url URL     dashscope: the host; openai: what ends in /v1
  --api NAME         native (default) or compatible, of dashscope
  --output KIND      dense (default), dense+sparse (DashScope’s v3 and v4), of embed also sparse
  --format NAME      of embed: jsonl or csv; of export: json, csv, tsv or md
  --yes              send without asking; else what would be sent is shown first
  Keys come from DASHSCOPE_API_KEY (dashscope) or VECTORSCOPE_API_KEY.

Exit codes: 0 done, 1 failed, 2 wrong use.`;
