// The page's worker: everything that takes time happens here, so that the page never waits.
import type {Event, Request} from '../protocol';
import {captionPair} from './captioner';
import {Core} from './core';
import {failureOf} from './failure';
import {inspectModel, Model} from './model';
import {Store} from './store';

interface Ready {
  base: string;
  wish: {backend: string | null; threads: number | null};
  core: Core;
  store: Store;
}

let ready: Promise<Ready> | null = null;
let model: Model | null = null;
let stopped = false;

const post = (event: Event) => self.postMessage(event);

async function start(request: Extract<Request, {type: 'start'}>): Promise<Ready> {
  const core = await Core.load(request.base);
  const store = await Store.open();
  return {base: request.base, wish: {backend: request.backend, threads: request.threads}, core, store};
}

async function load(url: string): Promise<Model> {
  const {base, wish, core, store} = await (ready as Promise<Ready>);
  if (model?.url === url) return model;
  const old = model;
  model = null;
  await old?.release();
  model = await Model.load(base, core, store, url, wish, {
    progress: (file, have, bytes, done, total) => post({type: 'download', file, have, bytes, done, total}),
    stage: (stage) => post({type: 'stage', stage}),
  });
  return model;
}

async function answer(request: Exclude<Request, {type: 'start'}>): Promise<unknown> {
  const {core, store} = await (ready as Promise<Ready>);
  switch (request.type) {
    case 'inspect':
      return (await inspectModel(store, request.manifest)).info;
    case 'load':
      return (await load(request.manifest)).backend;
    case 'caption':
      if (!model) throw new Error('no model is loaded');
      stopped = false;
      return captionPair(core, model, request.pair, {
        stage: (stage) => post({type: 'stage', stage}),
        text: (text) => post({type: 'text', text}),
        stopped: () => stopped,
      });
    case 'pairs':
      return core.findPairs(request.names);
    case 'stored':
      return {bytes: await store.bytes(), keeps: store.keeps};
    case 'clear':
      return store.clear();
  }
}

self.onmessage = async (message: MessageEvent<Request | {type: 'stop'}>) => {
  const request = message.data;
  if (request.type === 'stop') {
    stopped = true;
    return;
  }
  if (request.type === 'start') {
    ready = start(request);
    ready.catch(() => undefined); // every question that follows reports it
    return;
  }
  try {
    post({type: 'answer', ask: request.ask, value: await answer(request)});
  } catch (error) {
    post({type: 'failure', ask: request.ask, failure: failureOf(error)});
  }
};
