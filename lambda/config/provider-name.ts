/** The `provider` field: a vendor's name, or the shorthand `<name>:chat:<model>`. */

const SHORTHAND = /^([^:]+):chat:(.+)$/s;

export interface ProviderName {
  readonly name: string;
  /** The shorthand's model; it may hold `/` and `:`. */
  readonly model?: string;
}

/** What is known of a vendor, so that a target need not say it. */
export interface VendorDefaults {
  readonly baseUrl: string;
  readonly secretVariable: string;
}

const VENDORS: Readonly<Record<string, VendorDefaults>> = {
  aimlapi: { baseUrl: 'https://api.aimlapi.com/v1', secretVariable: 'AIMLAPI_KEY' },
};

/** Takes the field apart. */
export function readProvider(written: string): ProviderName {
  const [, name, model] = SHORTHAND.exec(written) ?? [];
  return name === undefined || model === undefined ? { name: written } : { name, model };
}

/** The defaults of a vendor that has some. */
export function vendorDefaults(name: string): VendorDefaults | undefined {
  return Object.hasOwn(VENDORS, name) ? VENDORS[name] : undefined;
}
