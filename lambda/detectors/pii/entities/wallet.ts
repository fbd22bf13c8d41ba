/** Addresses of crypto-currency wallets: Base58Check, Bech32 (BIP 173, BIP 350), Ethereum (EIP-55 form). */
import { createHash } from 'node:crypto';
import { HAS_DIGIT } from '../characters.ts';
import { CERTAIN, CHECKED, type Finder, matchesIn } from '../candidate.ts';

const base58 = /(?<![A-Za-z\d_])[13LMDATX][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z\d_])/g;
const bech32 = /(?<![A-Za-z\d_])(?:BC|TB|LTC)1[02-9AC-HJ-NP-Z]{38,70}(?![A-Za-z\d_])/g;
const ethereum = /(?<![A-Za-z\d_])0X[\dA-F]{40}(?![A-Za-z\d_])/g;

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Version bytes: Bitcoin, Litecoin, Dogecoin, Dash, Tron. */
const VERSIONS = new Set([0x00, 0x05, 0x30, 0x32, 0x1e, 0x16, 0x4c, 0x10, 0x41]);
const PAYLOAD_BYTES = 25;
const CHECK_BYTES = 4;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function isBase58Check(address: string): boolean {
  let number = 0n;
  for (const character of address) number = number * 58n + BigInt(BASE58.indexOf(character));
  const hex = number.toString(16).padStart(PAYLOAD_BYTES * 2, '0');
  if (hex.length !== PAYLOAD_BYTES * 2) return false;
  const bytes = Buffer.from(hex, 'hex');
  const payload = bytes.subarray(0, PAYLOAD_BYTES - CHECK_BYTES);
  const check = sha256(sha256(payload)).subarray(0, CHECK_BYTES);
  return VERSIONS.has(bytes[0] ?? -1) && check.equals(bytes.subarray(PAYLOAD_BYTES - CHECK_BYTES));
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32_CHECK = 1;
const BECH32M_CHECK = 0x2bc830a3;

function isBech32(address: string): boolean {
  const lower = address.toLowerCase();
  const prefix = Array.from(lower.slice(0, lower.lastIndexOf('1')), (sign) => sign.charCodeAt(0));
  const data = Array.from(lower.slice(prefix.length + 1), (sign) => BECH32.indexOf(sign));
  let check = 1;
  for (const value of [...prefix.map((sign) => sign >> 5), 0, ...prefix.map((sign) => sign & 31), ...data]) {
    const top = check >> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATORS.entries()) if ((top >> bit) & 1) check ^= generator;
  }
  return check === BECH32_CHECK || check === BECH32M_CHECK;
}

export const wallet: Finder = {
  types: ['CRYPTO_WALLET'],
  needs: HAS_DIGIT,
  least: 26,
  find(region, add) {
    const addAll = (
      expression: RegExp,
      text: string,
      weight: number,
      isValid: (address: string) => boolean,
    ): void => {
      for (const match of matchesIn(region, expression, text))
        if (isValid(match[0]))
          add({ type: 'CRYPTO_WALLET', start: match.index, end: match.index + match[0].length, weight });
    };
    addAll(base58, region.text, CERTAIN, isBase58Check);
    addAll(bech32, region.upper, CERTAIN, isBech32);
    addAll(ethereum, region.upper, CHECKED, () => true);
  },
};
