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

async function reply({images, spare}: LookerAsk): Promise<void> {
  let told: LookerReply;
  try {
    const sight = await (vision as Promise<Vision>);
    const began = performance.now();
    const make = (length: number) => {
      const at = spare.findIndex((array) => array.length === length);
      return at < 0 ? new Float32Array(length) : spare.splice(at, 1)[0];
    };
    told = {maps: images.map((image) => sight.look(image, make)), ms: performance.now() - began};
  } catch (error) {
    told = {failed: error instanceof Error ? error.message : String(error)};
  }
  self.postMessage(told, {transfer: 'maps' in told ? told.maps.flat().map(({pixels}) => pixels.buffer) : []});
}

self.onmessage = ({data}: MessageEvent<LookerStart | LookerAsk>) => {
  if ('images' in data) {
    void reply(data);
    return;
  }
  vision = open(data);
  vision.catch(() => undefined); // every image that follows reports it
};
