import { type CallFrame, isOurs, nameOf, ownerOf, Sums } from './frames.js';

/** A sampling heap profile of V8 that includes collected objects. */
export interface AllocationProfile {
  readonly head: AllocationNode;
}

interface AllocationNode {
  readonly callFrame: CallFrame;
  /** Bytes. */
  readonly selfSize: number;
  readonly children: readonly AllocationNode[];
}

/** Where bytes were allocated, as Markdown. */
export function describeAllocations({ head }: AllocationProfile, file: string): string {
  const [self, caused, owners] = [new Sums(), new Sums(), new Sums()];
  const descend = (node: AllocationNode, inherited: string): void => {
    const caller = isOurs(node.callFrame.url) ? nameOf(node.callFrame) : inherited;
    self.add(nameOf(node.callFrame), node.selfSize);
    owners.add(ownerOf(node.callFrame), node.selfSize);
    caused.add(caller, node.selfSize);
    for (const child of node.children) descend(child, caller);
  };
  descend(head, 'none of ours');
  return [
    `Profile: ${file} (open it in a browser's developer tools)`,
    `About ${Math.round(self.whole / 1024).toLocaleString('en-US')} KiB were allocated.`,
    ...owners.section('Bytes by owner'),
    ...self.section('Bytes by function'),
    ...caused.section('By the nearest caller that is ours'),
  ].join('\n');
}
