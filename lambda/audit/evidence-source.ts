/** Where stored evidence is read from: a folder, or a bucket with the same layout. */

/** Paths are within the lake, with slashes, whatever stands before it. */
export interface EvidenceSource {
  /** All files of evidence, by day, hour and name. Rejects when the place can't be read. */
  paths(): Promise<readonly string[]>;
  /** The bytes of a file as they are stored, compressed ones too. */
  read(path: string): AsyncIterable<Uint8Array>;
  /** A short file beside the evidence; undefined when it is not there. */
  text(path: string): Promise<string | undefined>;
  /** The checkpoints, in their order. */
  checkpoints(): Promise<readonly string[]>;
}
