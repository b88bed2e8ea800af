// A worker beside the model's: makes the tower's maps of one image while the other one is looked at there, or sees the pair
// that comes next.
import {Core, type Vision} from './core';
import {readerOf, type LookerAsk, type LookerReply, type LookerStart} from './sight';

let vision: Promise<Vision> | null = null;

async function open({base, config, graph, files}: LookerStart): Promise<Vision> {
  const opened = (await Core.load(base)).vision(config, graph, readerOf(files));
  if (!opened) throw new Error('the core cannot see for this model');
  return opened;
}

async function answer(asked: LookerAsk): Promise<LookerReply> {
  const sight = await (vision as Promise<Vision>);
  if (asked instanceof Float32Array) return {maps: sight.look(asked)};
  const began = performance.now();
  const seen = sight.compare(sight.look(asked.before), sight.look(asked.after));
  return {seen: {...seen, ms: performance.now() - began}};
}

async function reply(asked: LookerAsk): Promise<void> {
  let told: LookerReply;
  try {
    told = await answer(asked);
  } catch (error) {
    told = {failed: error instanceof Error ? error.message : String(error)};
  }
  self.postMessage(told, {transfer: 'maps' in told ? told.maps.map(({pixels}) => pixels.buffer) : []});
}

self.onmessage = ({data}: MessageEvent<LookerStart | LookerAsk>) => {
  if (data instanceof Float32Array || 'before' in data) {
    void reply(data);
    return;
  }
  vision = open(data);
  vision.catch(() => undefined); // every image that follows reports it
};
