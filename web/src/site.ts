// What the build put beside the page (scripts/prepare.mjs): models, examples, facts about the default model.
import type {Program} from './protocol';

export interface ListedModel {
  name: string; // for ?model=
  label: string;
  url: string;
  bytes: number;
  weights: string; // SHA-256
  meaningless: boolean; // random weights
}

// Facts that were measured on the weights of that checksum, and belong to no others.
export interface Card {
  weights: string;
  short: string; // one line for the head of the page
  summary: string;
  trained_on: string;
  quality: string[];
}

export interface Example {
  id: string;
  title: string; // a sentence that is true of it; empty where none is known
  before: string;
  after: string;
  // What the default model was found to say when the page was built; null where that is not known.
  found: {caption: string; right: boolean} | null;
}

export interface Site {
  models: ListedModel[];
  programBytes: Record<Program, number>; // fetched with the first model that needs them
  cards: Card[];
  examples: Example[];
  judged: {total: number; right: number}; // example pairs in all, and those that the default model gets right
  source: string | null; // where the code is
}

// Throws an Error in words.
export async function loadSite(base: string): Promise<Site> {
  let response: Response;
  try {
    response = await fetch(new URL('site.json', base));
  } catch {
    throw new Error(navigator.onLine ? 'its server does not answer' : 'there is no network, and this machine has not kept the page');
  }
  if (!response.ok) throw new Error(`its server answers ${response.status} for site.json: the page was not copied whole`);
  try {
    return (await response.json()) as Site;
  } catch {
    throw new Error('its server gives something else for site.json: the page was not copied whole');
  }
}
