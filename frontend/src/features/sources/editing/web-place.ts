import { safeUrl } from "../safe-url";

/** Where a work is on the web. */
export interface Place {
  url: string | null;
  doi: string | null;
}

const DOI = /^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)?(10\.\d{4,9}\/\S+)$/i;
const WITHOUT_SCHEME = /^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/;

/** What a person wrote as a place: a DOI, an address, or nothing. Undefined for anything else. */
export function placeOf(text: string): Place | undefined {
  const said = text.trim();
  if (said === "") return { url: null, doi: null };
  const doi = DOI.exec(said)?.[1]?.toLowerCase();
  if (doi !== undefined) return { url: `https://doi.org/${doi}`, doi };
  const url = /\s/.test(said) ? undefined : safeUrl(WITHOUT_SCHEME.test(said) ? `https://${said}` : said);
  return url === undefined ? undefined : { url, doi: null };
}
