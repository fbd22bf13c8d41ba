/** Every kind of personal data that is looked for, and which finders a configuration needs. */
import type { PiiDetectorSettings } from '../../../config/gateway-config.ts';
import type { Finder } from '../candidate.ts';
import { creditCard } from './card.ts';
import { email } from './email.ts';
import { iban } from './iban.ts';
import { hardwareAddress, ipAddress } from './network.ts';
import { phone } from './phone.ts';
import { secret } from './secret.ts';
import { socialSecurity } from './ssn.ts';

const everywhere: readonly Finder[] = [
  email,
  phone,
  socialSecurity,
  creditCard,
  iban,
  ipAddress,
  hardwareAddress,
  secret,
];
const typesOf = (finders: readonly Finder[]): readonly string[] => [
  ...new Set(finders.flatMap(({ types }) => types)),
];

/** Kinds that are looked for unless `entities` says otherwise. */
export const BUILT_IN_ENTITIES: readonly string[] = typesOf(everywhere);

/** The kinds that these settings ask for. */
export function wantedEntities(settings: Pick<PiiDetectorSettings, 'entities'>): ReadonlySet<string> {
  return new Set(settings.entities.length > 0 ? settings.entities : BUILT_IN_ENTITIES);
}

/** The finders that report at least one of these kinds; what else they find is left out. */
export function findersFor(wanted: ReadonlySet<string>): readonly Finder[] {
  return everywhere
    .filter(({ types }) => types.some((type) => wanted.has(type)))
    .map((finder) => ({
      ...finder,
      find: (region, add) =>
        finder.find(region, (candidate) => {
          if (wanted.has(candidate.type)) add(candidate);
        }),
    }));
}
