/** Gateway keys: what callers present. Stored only as SHA-256, so that a copy of the store opens nothing. */

export interface GatewayKey {
  /** The consumer's name in events. */
  readonly name: string;
  readonly role: 'caller' | 'admin';
  readonly consumerGroup?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  readonly revokedAt?: number;
  readonly createdAt: number;
}

export interface KeyStore {
  /** @param hash SHA-256 of the presented key, lower-case hex. */
  find(hash: string): Promise<GatewayKey | undefined>;
  put(hash: string, key: GatewayKey): Promise<void>;
  list(): Promise<readonly { readonly hash: string; readonly key: GatewayKey }[]>;
  /** False when no such key exists. */
  revoke(hash: string, at: number): Promise<boolean>;
}
