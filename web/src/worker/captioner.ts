// One pair from files to caption, stage by stage, with room between the steps for a message that says stop.
import type {CaptionResult, Event, Pair} from '../protocol';
import type {Core} from './core';
import type {Model} from './model';
import {pixelsOf} from './pixels';
import type {Cache} from './runtime';

const SMALL_FILES_BYTES = 4 << 20;

type Stage = Extract<Event, {type: 'stage'}>['stage'];

export interface CaptionEvents {
  stage(stage: Stage): void;
  text(text: string): void;
  stopped(): boolean;
}

// Lets messages in. setTimeout would wait at least 4 ms each time.
const channel = new MessageChannel();
let resume: (() => void) | null = null;
channel.port1.onmessage = () => resume?.();
function breathe(): Promise<void> {
  return new Promise((done) => {
    resume = done;
    channel.port2.postMessage(null);
  });
}

export async function captionPair(core: Core, model: Model, pair: Pair, events: CaptionEvents): Promise<CaptionResult> {
  const {session, graphs, readRow} = model;
  let last = performance.now();
  const lap = () => {
    const now = performance.now();
    const passed = now - last;
    last = now;
    return passed;
  };
  const enter = async (stage: Stage) => {
    events.stage(stage);
    await breathe();
    lap();
  };

  await enter('prepare');
  const size = model.manifest.image.size;
  // The browser decodes two small files at once; of large ones, one at a time is in memory.
  const small = pair.before.blob.size + pair.after.blob.size < SMALL_FILES_BYTES;
  const first = pixelsOf(core, pair.before, size);
  if (!small) await first;
  const [before, after] = await Promise.all([first, pixelsOf(core, pair.after, size)]);
  const prepare = lap();

  await enter('vision');
  const seen = await graphs.see(before, after);
  const vision = lap();

  await enter('prompt');
  const empty = graphs.emptyCache();
  const prompt = await graphs.decode(session.promptInputs(seen.before, seen.after, readRow), empty);
  const promptLogits = prompt.logits;
  const firstToken = lap();

  session.begin(pair.id);
  await enter('write');
  let cache: Cache = prompt.cache;
  let logits = promptLogits;
  let tokens = 0;
  let stopped = false;
  const score = async () => {
    const inputs = session.noChangeInputs(readRow);
    if (!inputs.positions.length) return;
    const scored = await graphs.decode(inputs, prompt.cache);
    try {
      session.scoreNoChange(promptLogits, scored.logits);
    } finally {
      scored.cache.dispose();
    }
  };
  try {
    // Where the caption depends on the probability of change it comes first. Elsewhere it comes last, as the reader
    // waits for words.
    const scoredFirst = session.decidesByPChange();
    let scoring = 0;
    if (scoredFirst) {
      await score();
      scoring = lap();
    }
    for (;;) {
      const step = session.step(logits);
      ++tokens;
      events.text(step.text);
      if (step.done) break;
      await breathe();
      stopped = events.stopped();
      if (stopped) {
        events.text(session.finish());
        break;
      }
      const next = await graphs.decode(session.tokenInputs(step.token, cache.length, readRow), cache);
      if (cache !== prompt.cache) cache.dispose();
      ({logits, cache} = next);
    }
    const writing = lap();
    const tokensPerSecond = tokens > 1 ? ((tokens - 1) * 1000) / writing : 0;
    if (!stopped && !scoredFirst) {
      events.stage('score');
      await score();
      scoring = lap();
    }
    const decode = writing + scoring;
    const result = session.result();
    return {
      id: pair.id,
      caption: result.caption,
      changed: result.changed,
      confidence: Math.exp(result.logprobMean),
      pChange: result.pChange,
      saliency: {grid: model.manifest.image.grid, values: seen.saliency.slice()},
      timings: {prepare, vision, firstToken, decode, tokensPerSecond},
      record: session.record(pair.id, pair.before.name, pair.after.name, prepare, vision, firstToken, decode),
      stopped,
    };
  } finally {
    if (cache !== prompt.cache) cache.dispose();
    prompt.cache.dispose();
  }
}
