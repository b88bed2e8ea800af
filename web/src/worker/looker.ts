// A worker beside the model's: makes the tower's maps of one image while the other one is looked at there, or those of the pair
// that comes next.
import {Core, type Vision} from './core';
import {readerOf, type LookerAsk, type LookerReply, type LookerStart} from './sight';

let vision: Promise<Vision> | null = null;

async function open({base, config, graph, files}: LookerStart): Promise<Vision> {
  const opened = (await Core.load(base)).vision(config, graph, readerOf(files));
  if (!opened) throw new Error('the core cannot see for this model');
  return opened;
}

async function reply(image: LookerAsk): Promise<void> {
  let told: LookerReply;
  try {
    const sight = await (vision as Promise<Vision>);
    const began = performance.now();
    told = {maps: sight.look(image), ms: performance.now() - began};
  } catch (error) {
    told = {failed: error instanceof Error ? error.message : String(error)};
  }
  self.postMessage(told, {transfer: 'maps' in told ? told.maps.map(({pixels}) => pixels.buffer) : []});
}

self.onmessage = ({data}: MessageEvent<LookerStart | LookerAsk>) => {
  if (data instanceof Float32Array) {
    void reply(data);
    return;
  }
  vision = open(data);
  vision.catch(() => undefined); // every image that follows reports it
};
