import { frame } from './wsFrames.ts';

const CHARACTERS = ['a', '{', ' ', '\u00c3\u00bc', '\u00e2\u0082\u00ac', '\u00f0\u009f\u0098\u0080'];

/** Messages of random kind and length, each in one frame or in fragments with control frames in between. */
export function randomFrames(random: () => number): { frames: string; messages: string[] } {
  const below = (n: number): number => Math.floor(random() * n);
  const control = (): string => (below(3) > 0 ? '' : frame(9 + below(2), 'c'.repeat(below(20))));
  const messages: string[] = [];
  let frames = '';
  for (let left = 3 + below(12); left > 0; left--) {
    const message = randomText(below);
    messages.push(message);
    const parts = randomCuts(message, below);
    parts.forEach((part, i) => {
      const opcode = i > 0 ? 0 : 1 + below(2);
      frames += frame(opcode, part, { final: i === parts.length - 1 }) + control();
    });
  }
  return { frames, messages };
}

function randomText(below: (n: number) => number): string {
  const length = [0, 5, 60, 200][below(4)];
  return Array.from({ length: below(length + 1) }, () => CHARACTERS[below(CHARACTERS.length)]).join('');
}

/** One to four parts, cut anywhere, even inside a character. */
function randomCuts(message: string, below: (n: number) => number): string[] {
  const cuts = Array.from({ length: below(4) }, () => below(message.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((from, i) => message.slice(from, cuts[i] ?? message.length));
}
