import { CaptureTag, type Context } from 'liquidjs';
import { Output } from './output.js';

/** liquidjs does not count what is captured. */
export class MeasuredCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const output = new Output();
    yield this.liquid.renderer.renderTemplates(this.templates, context, output);
    context.bottom()[this.variable] = output.buffer;
  }
}
