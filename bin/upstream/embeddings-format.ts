/** Embeddings: numbers that follow from the text alone, so that equal texts get equal vectors. */
import { createHash } from 'node:crypto';
import { listOf, type JsonObject } from './json.ts';
import type { Facts } from './exchange.ts';

/** One vector for each input text, as floats or as base64 of little-endian 32-bit floats. */
export function embeddingsReply(body: JsonObject, facts: Facts): object {
  const input = body['input'];
  const texts = typeof input === 'string' ? [input] : listOf(input).map(String);
  const wanted = body['dimensions'];
  const dimensions = typeof wanted === 'number' && wanted > 0 && wanted <= 4096 ? Math.floor(wanted) : 16;
  const base64 = body['encoding_format'] === 'base64';
  const data = texts.map((text, index) => {
    const vector = vectorOf(text, dimensions);
    return { object: 'embedding', index, embedding: base64 ? encode(vector) : [...vector] };
  });
  const usage = { prompt_tokens: facts.input, total_tokens: facts.input };
  return { object: 'list', data, model: facts.model, usage, meta: { usage: facts.cost } };
}

function vectorOf(text: string, dimensions: number): Float32Array {
  const digest = createHash('sha256').update(text).digest();
  const vector = Float32Array.from({ length: dimensions }, (_, index) => {
    const byte = digest[index % digest.length] ?? 0;
    return (byte - 127.5) / 127.5;
  });
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

const encode = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
