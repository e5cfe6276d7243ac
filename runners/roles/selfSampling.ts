import type { SampleRequest, SelfSample } from '../../contract/control.ts';
import { forceGc } from '../samplers/forceGc.ts';
import { InProcessSampler } from '../samplers/inProcess.ts';

/** Answers `sample` requests of a role process. */
export class SelfSampling {
  readonly #sampler = new InProcessSampler();

  constructor() {
    this.#sampler.start();
  }

  async sample(request: SampleRequest): Promise<SelfSample> {
    if (request.gc) await forceGc();
    const read = this.#sampler.read(request.handles);
    if (request.mark) this.#sampler.mark();
    return {
      heapUsedBytes: read.heapUsedBytes,
      externalBytes: read.externalBytes,
      rssBytes: read.rssBytes,
      loopDelayP99Us: read.delayP99Us,
      loopDelayMaxUs: read.delayMaxUs,
      latenessMaxUs: read.latenessMaxUs,
      stalledGapUs: read.stalledGapUs,
      starvedGapUs: read.starvedGapUs,
      utilisation: read.utilisation,
      gcCount: read.gc.count,
      gcPauseUs: read.gc.pauseUs,
      gcPauseMaxUs: read.gc.pauseMaxUs,
      allocatedBytes: read.allocatedBytes,
      sockets: read.handles?.sockets ?? null,
      timers: read.handles?.timers ?? null,
    };
  }

  stop(): void {
    this.#sampler.stop();
  }
}
