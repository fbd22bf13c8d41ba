/** The wire format of each API route. */
import { chatFormat } from './chat.ts';
import type { ApiRoute, WireFormat } from './wire-format.ts';

const FORMATS: Readonly<Partial<Record<ApiRoute, WireFormat>>> = {
  chat: chatFormat,
};

export function formatOf(route: ApiRoute): WireFormat | undefined {
  return FORMATS[route];
}
