// Stage 6, labels: words that say nothing of a text's subject. Cost: none.
import { deu, eng, fra, jpn, spa, zho } from 'stopword';

/** Keywords, types and literals of the languages that are most indexed, and what code is full of whatever it is about. */
const OF_CODE = `abstract any args arg array assert async auto await begin bool boolean break byte callback case catch char class clone const
  constexpr constructor continue ctx data debugger dec declare def default defer del delete describe dict do double echo elif else elseif
  end endif enum err error esac except expect explicit export exports extends extern false fi final finally float for foreach
  friend from func function global goto hash hex href html http https id ids if impl implements import in include inherits init inline
  input instanceof int integer interface internal it item items iter java js json key keys lambda len length let list local log long loop
  main map match max md method min mod module msg mut mutable name namespace new nil node none not nonlocal noop null num number obj object
  of operator optional or out output override package param params pass path pointer print printf println private prop props protected pub
  public py raise readonly ref register require res resolve result return returns self set setup short signed size sizeof src static std
  stdin stdout str string struct style sub super switch symbol sync template test tests text then this throw throws todo trait true
  try ts tuple txt type typedef typeof types typename uint undefined union unit unless unsafe unsigned until url use using val value values
  var vec vector virtual void volatile want when where while with www xml yield yml yaml args kwargs com org param copyright license licensed
  reserved rights`;

/** Beyond the list of the package, which has the particles. */
const OF_CHINESE = `进行 可以 使用 通过 需要 如果 这个 那个 一个 一种 我们 你们 他们 以及 或者 因为 所以 但是 并且 其中 例如 比如 就是 不是 没有 已经 还是 这样
  这些 那些 什么 怎么 如何 时候 之后 之前 以下 以上 目前 相关 方式 情况 问题 内容 部分 主要 不同 之间 对于 关于 由于`;

const PLAIN: ReadonlySet<string> = new Set([
  ...[eng, zho, jpn, fra, deu, spa].flat().map((word) => word.toLowerCase()),
  ...OF_CODE.split(/\s+/),
  ...OF_CHINESE.split(/\s+/),
  ...'dont doesnt cant wont isnt didnt im ive youre thats lets one two three also use used get got make made like just'.split(
    ' ',
  ),
]);

/** `word` in lower case. */
export function isPlain(word: string): boolean {
  return PLAIN.has(word);
}
