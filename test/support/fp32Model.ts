// MiniLM in 32-bit floats, made from the 8-bit file: what vectra's LocalEmbeddings runs as it ships, whose own weights come from
// a model hub that can't be reached here. The graph is the 32-bit export's (each quantised product becomes a plain one), so its
// speed is that of the original; its weights are the 8-bit ones written out, so its vectors are near the original's, not equal.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repoFolder } from './paths.ts';

interface OnnxTensor {
  name: string;
  dataType: number;
  dims: unknown[];
  rawData: Uint8Array;
  int32Data: number[];
  floatData: number[];
}
interface OnnxNode {
  opType: string;
  input: string[];
  output: string[];
}
interface OnnxModel {
  graph: { node: OnnxNode[]; initializer: OnnxTensor[] };
}
interface OnnxSchema {
  ModelProto: {
    decode(bytes: Uint8Array): OnnxModel;
    encode(model: OnnxModel): { finish(): Uint8Array };
  };
}

const FLOAT = 1;
const INT8 = 3;

/** Writes a 32-bit copy of an 8-bit dynamically quantised ONNX model. */
export function writeFp32Model(from: string, to: string): void {
  const schema = path.join(repoFolder, 'node_modules/onnxruntime-web/lib/onnxjs/ort-schema/protobuf/onnx.js');
  const { onnx } = createRequire(schema)(schema) as { onnx: OnnxSchema };
  const model = onnx.ModelProto.decode(fs.readFileSync(from));
  model.graph.node = plainNodes(model.graph.node);
  model.graph.initializer = plainWeights(model.graph.initializer);
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.writeFileSync(to, onnx.ModelProto.encode(model).finish());
}

/**
 * a -> DynamicQuantizeLinear -> MatMulInteger(b_quantized) -> Cast -> Mul(scales) becomes MatMul(a, b), and
 * Gather(w_quantized) -> DequantizeLinear becomes Gather(w).
 */
function plainNodes(nodes: readonly OnnxNode[]): OnnxNode[] {
  const producer = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const gone = new Set<OnnxNode>();
  const plain = new Map<OnnxNode, OnnxNode>();
  for (const node of nodes) {
    const source = producer.get(node.input[0]!);
    if (node.opType === 'DequantizeLinear' && source?.opType === 'Gather') {
      plain.set(node, { ...source, input: [weightName(source.input[0]!), source.input[1]!], output: node.output });
      gone.add(source);
    }
    const product = source?.opType === 'Cast' ? producer.get(source.input[0]!) : undefined;
    if (node.opType === 'Mul' && product?.opType === 'MatMulInteger') {
      const quantised = producer.get(product.input[0]!)!;
      const input = [quantised.input[0]!, weightName(product.input[1]!)];
      plain.set(node, { ...product, opType: 'MatMul', input, output: node.output });
      for (const each of [source!, product, quantised, producer.get(node.input[1]!)!]) gone.add(each);
    }
  }
  return nodes.filter((node) => !gone.has(node)).map((node) => plain.get(node) ?? node);
}

function plainWeights(tensors: readonly OnnxTensor[]): OnnxTensor[] {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return tensors
    .filter((tensor) => !/_(scale|zero_point)$/.test(tensor.name))
    .map((tensor) => {
      if (!tensor.name.endsWith('_quantized')) return tensor;
      const name = weightName(tensor.name);
      // One scale for the whole tensor, or one a column.
      const scales = numbers(byName.get(`${name}_scale`)!);
      const zeros = numbers(byName.get(`${name}_zero_point`)!);
      const values = Float32Array.from(numbers(tensor), (value, i) => {
        return (value - zeros[i % zeros.length]!) * scales[i % scales.length]!;
      });
      return { ...tensor, name, dataType: FLOAT, rawData: new Uint8Array(values.buffer) };
    });
}

function weightName(quantised: string): string {
  return quantised.replace(/_quantized$/, '');
}

function numbers({ rawData, int32Data, floatData, dataType }: OnnxTensor): ArrayLike<number> {
  if (rawData.length === 0) return floatData.length > 0 ? floatData : int32Data;
  if (dataType === FLOAT) return new Float32Array(Uint8Array.from(rawData).buffer);
  return dataType === INT8 ? new Int8Array(rawData) : rawData;
}
