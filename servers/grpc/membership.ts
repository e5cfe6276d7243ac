import { nowUs } from '../../contract/clock.ts';
import { BusMember, type BusMemberParts } from '../bus/busMember.ts';
import { decodeRecords, encodeRecords } from '../bus/records.ts';
import type { IngestSink } from '../http/ingest.ts';
import type { Subscriber } from './subscriber.ts';

type MemberParts = Pick<BusMemberParts<Subscriber>, 'core' | 'fanOut' | 'intake' | 'gapFrame'>;

/** Joins the instances of one service. What nodes announce to each other are typing notices. */
export function busMember(parts: MemberParts): BusMember<Subscriber> {
  return new BusMember({
    ...parts,
    kind: 'embedded',
    notice: (bytes) => parts.intake.relay(decodeRecords(bytes, 0)),
  });
}

/** Typing notices reach the members of a room at every node. */
export function relayingSink(member: BusMember<Subscriber>): IngestSink {
  const { sink } = member;
  return {
    isFull: () => sink.isFull(),
    accept: (records) => sink.accept(records),
    refused: () => sink.refused(),
    relay: (records) => member.announce(encodeRecords(records, nowUs())),
  };
}
