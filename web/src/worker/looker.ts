// A worker beside the model's: makes the tower's maps of one image while the other one is looked at there.
import {Core, type Vision} from './core';
import {readerOf, type LookerReply, type LookerStart} from './sight';

let vision: Promise<Vision> | null = null;

async function open({base, config, graph, files}: LookerStart): Promise<Vision> {
  const opened = (await Core.load(base)).vision(config, graph, readerOf(files));
  if (!opened) throw new Error('the core cannot see for this model');
  return opened;
}

async function reply(image: Float32Array): Promise<void> {
  let answer: LookerReply;
  try {
    answer = {maps: (await (vision as Promise<Vision>)).look(image)};
  } catch (error) {
    answer = {failed: error instanceof Error ? error.message : String(error)};
  }
  self.postMessage(answer, {transfer: 'maps' in answer ? answer.maps.map(({pixels}) => pixels.buffer) : []});
}

self.onmessage = ({data}: MessageEvent<LookerStart | Float32Array>) => {
  if (data instanceof Float32Array) {
    void reply(data);
    return;
  }
  vision = open(data);
  vision.catch(() => undefined); // every image that follows reports it
};
