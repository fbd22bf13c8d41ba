/** Every kind of personal data that is looked for, and which finders a configuration needs. */
import type { PiiDetectorSettings } from '../../../config/gateway-config.ts';
import type { Finder } from '../candidate.ts';
import { cardDetails } from './card-details.ts';
import { creditCard } from './card.ts';
import { driversLicense, passport } from './documents.ts';
import { email } from './email.ts';
import { healthIdentifiers } from './health.ts';
import { iban } from './iban.ts';
import { namedNationalIds, nationalIds } from './national.ts';
import { hardwareAddress, ipAddress } from './network.ts';
import { phone } from './phone.ts';
import { secret } from './secret.ts';
import { socialSecurity } from './ssn.ts';
import { wallet } from './wallet.ts';

const always: readonly Finder[] = [
  email,
  phone,
  socialSecurity,
  creditCard,
  iban,
  ipAddress,
  hardwareAddress,
  passport,
  driversLicense,
  namedNationalIds,
  nationalIds,
  wallet,
  secret,
];
const all: readonly Finder[] = [...always, cardDetails, healthIdentifiers];

const typesOf = (finders: readonly Finder[]): readonly string[] => [
  ...new Set(finders.flatMap(({ types }) => types)),
];

/** Kinds that are looked for unless `entities` names others. */
export const BUILT_IN_ENTITIES = typesOf(always);
/** Kinds that `pci_mode` adds. */
export const PCI_ENTITIES = cardDetails.types;
/** Kinds that `healthcare_mode` adds. */
export const HEALTHCARE_ENTITIES = healthIdentifiers.types;
/** Kinds that are looked for only when `entities` names them. */
export const OPT_IN_ENTITIES: readonly string[] = ['PERSON', 'ADDRESS', 'DATE_OF_BIRTH'];
/** Every kind that `entities` may name. */
export const ENTITIES: readonly string[] = [
  ...BUILT_IN_ENTITIES,
  ...PCI_ENTITIES,
  ...HEALTHCARE_ENTITIES,
  ...OPT_IN_ENTITIES,
];

/**
 * The kinds that these settings ask for. A list of entities replaces the built-in one, except that a list of
 * opt-in kinds alone adds to it; the modes add theirs in any case.
 */
export function wantedEntities(
  settings: Pick<PiiDetectorSettings, 'entities' | 'pciMode' | 'healthcareMode'>,
): ReadonlySet<string> {
  const { entities, pciMode, healthcareMode } = settings;
  const isAddition = entities.every((entity) => OPT_IN_ENTITIES.includes(entity));
  return new Set([
    ...(isAddition ? BUILT_IN_ENTITIES : []),
    ...entities,
    ...(pciMode ? PCI_ENTITIES : []),
    ...(healthcareMode ? HEALTHCARE_ENTITIES : []),
  ]);
}

/** The finders that can report at least one of these kinds. */
export const findersFor = (wanted: ReadonlySet<string>): readonly Finder[] =>
  all.filter(({ types }) => types.some((type) => wanted.has(type)));
