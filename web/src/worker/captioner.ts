// One pair from pixels to caption, stage by stage, with room between the steps for a message that says stop.
import type {CaptionAsk, CaptionResult, Stage} from '../protocol';
import {Halted} from './failure';
import {NOT_ALIGNED} from './ground';
import type {Model} from './model';
import {outlinesOf} from './outlines';
import type {Cache} from './runtime';

export interface CaptionEvents {
  stage(stage: Stage): void;
  text(text: string): void;
  stopped(): boolean;
}

const EMPTY_RANGE = 1e-6; // as the command's heat maps (core/captioner/heatmap.h)

// A map that is the same everywhere, up to rounding, would be drawn as noise.
function saysSomething(values: Float32Array): boolean {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) return false;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least > EMPTY_RANGE;
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

export async function captionPair(model: Model, pair: CaptionAsk, events: CaptionEvents): Promise<CaptionResult> {
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

  await enter('vision');
  if (events.stopped()) throw new Halted();
  const seen = await graphs.see(pair.pixels.before, pair.pixels.after, pair.key);
  const waited = lap();
  const vision = seen.ms ?? waited;

  await enter('prompt');
  if (events.stopped()) throw new Halted();
  const prompt = await graphs.prompt(session.promptInputs(seen.before, seen.after, graphs.promptRows, readRow), async () => {
    await breathe();
    if (events.stopped()) throw new Halted();
  });
  const promptLogits = prompt.logits;
  const firstToken = lap();

  session.begin(pair.id);
  if (seen.head) session.hearHead(seen.head.flag, seen.head.map, seen.head.height, seen.head.width);
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
    const {width, height} = pair.pixels.read.after;
    const size = {width, height};
    return {
      id: pair.id,
      caption: result.caption,
      changed: result.changed,
      confidence: Math.exp(result.logprobMean),
      pChange: result.pChange,
      minPChange: model.manifest.minPChange,
      saliency: saysSomething(seen.saliency) ? {grid: model.manifest.image.grid, values: seen.saliency.slice()} : null,
      outlines: seen.head && outlinesOf({kinds: session.describe().changeKinds, height: seen.head.height, width: seen.head.width, values: seen.head.map}, result.changed),
      places: session.places(size.width, size.height),
      size,
      timings: {prepare: pair.pixels.ms, vision, firstToken, decode, tokensPerSecond},
      record: session.record({id: pair.id, before: pair.before, after: pair.after, read: pair.pixels.read, warnings: pair.pixels.warnings.filter(({code}) => code !== NOT_ALIGNED)}, {read: pair.pixels.ms, vision, prefill: firstToken, decode}),
      stopped,
    };
  } finally {
    if (cache !== prompt.cache) cache.dispose();
    prompt.cache.dispose();
  }
}
