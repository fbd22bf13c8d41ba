/** Reads an upstream's body into a string, up to a limit. */

export interface BoundedText {
  readonly text: string;
  /** The body is longer than the limit; the rest was not read and the connection is closed. */
  readonly isCut: boolean;
}

export async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<BoundedText> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isCut = false;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) {
      isCut = true;
      break;
    }
  }
  const bytes = chunks.length === 1 ? (chunks[0] ?? new Uint8Array()) : Buffer.concat(chunks, size);
  return { text: new TextDecoder().decode(bytes.subarray(0, maxBytes)), isCut };
}
