/** Words of attacks as ROT13 and reversal leave them: they tell that the text should be read that way too. */
import type { Wordings } from '../concepts.ts';

export const rot13: Wordings = {
  en: 'vtaber, vtabevat, qvfertneq, sbetrg, bireevqr, olcnff, cerivbhf, cevbe, vafgehpgvba*, cebzcg, cebzcgf, erirny, flfgrz, cnffjbeq',
};

export const reversed: Wordings = {
  en: 'erongi, gnirongi, dragersid, tegrof, edirrevo, ssapyb, suoiverp, roirp, snoitcurtsni, noitcurtsni, tpmorp, stpmorp, laever, metsys, drowssap',
};
