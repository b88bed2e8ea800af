// The model's worker: downloads, loads and runs the model, one question after the other.
import type {ModelRequest, Program, Reply, Stage, Start} from '../protocol';
import {captionPair} from './captioner';
import {Core} from './core';
import {failureOf} from './failure';
import {inspectModel, Model} from './model';
import {Store} from './store';

interface Ready {
  base: string;
  wish: {backend: string | null; threads: number | null};
  store: Store;
  programBytes: Record<Program, number>;
}

let ready: Promise<Ready> | null = null;
let core: Promise<Core> | null = null; // fetched when a model is wanted
let model: Model | null = null;
let tail: Promise<unknown> = Promise.resolve();
const stopped = new Set<number>();

const post = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, {transfer});

async function start({base, backend, threads, programBytes}: Start): Promise<Ready> {
  return {base, wish: {backend, threads}, programBytes, store: await Store.open()};
}

async function load(url: string, ask: number): Promise<Model> {
  const {base, wish, store, programBytes} = await (ready as Promise<Ready>);
  if (model?.url === url) return model;
  const old = model;
  model = null;
  await old?.release();
  const fetchCore = (report: (have: number) => void) => {
    core ??= Core.load(base, report);
    core.catch(() => (core = null));
    return core;
  };
  model = await Model.load({base, bytes: {...programBytes, ...(core && {core: 0})}, core: fetchCore}, store, url, wish, {
    progress: (file, have, bytes, done, total, fetched) => post({type: 'download', ask, file, have, bytes, done, total, fetched}),
    stage: (stage) => post({type: 'stage', ask, stage}),
    stopped: () => stopped.has(ask),
  });
  return model;
}

async function answer(request: ModelRequest): Promise<unknown> {
  const {ask} = request;
  const {store, wish} = await (ready as Promise<Ready>);
  switch (request.type) {
    case 'inspect':
      return (await inspectModel(store, request.manifest, wish)).info;
    case 'load': {
      const known = model;
      const loaded = await load(request.manifest, ask);
      const {backend, manifest, runtimes} = loaded;
      return {backend, imageSize: manifest.image.size, isNew: loaded !== known, runtimes};
    }
    case 'caption':
      return captionPair(await load(request.pair.model, ask), request.pair, {
        stage: (stage: Stage) => request.pair.isFollowed && post({type: 'stage', ask, stage}),
        text: (text) => request.pair.isFollowed && post({type: 'text', ask, text}),
        stopped: () => stopped.has(ask),
      });
    case 'ahead':
      if (model?.url === request.model) model.graphs.ahead(request.key, request.before, request.after);
      return undefined;
    case 'forget':
      model?.graphs.forget();
      return undefined;
    case 'stored':
      return {bytes: await store.bytes(), keeps: store.keeps};
    case 'clear':
      return store.clear();
  }
}

async function reply(request: ModelRequest): Promise<void> {
  try {
    post({type: 'answer', ask: request.ask, value: await answer(request)});
  } catch (error) {
    post({type: 'failure', ask: request.ask, failure: failureOf(error)});
  } finally {
    stopped.delete(request.ask);
  }
}

self.onmessage = (message: MessageEvent<ModelRequest | Start | {type: 'stop'; ask: number}>) => {
  const request = message.data;
  if (request.type === 'stop') {
    stopped.add(request.ask);
  } else if (request.type === 'start') {
    ready = start(request);
    ready.catch(() => undefined); // every question that follows reports it
  } else if (request.type === 'inspect' || request.type === 'stored' || request.type === 'ahead' || request.type === 'forget') {
    void reply(request); // beside whatever runs
  } else {
    tail = tail.then(() => reply(request));
  }
};
