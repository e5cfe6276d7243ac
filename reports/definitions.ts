/** A word that reports use: shown at their end and in docs/method.md, from this one source. */
export interface Term {
  readonly id: string;
  readonly term: string;
  /** What it is; of a figure its formula. */
  readonly text: string;
}

/** A figure can be checked only by somebody who knows what was read, and what is not in it. */
export interface FigureDefinition extends Term {
  /** Ruler and source: what is read, of which process or file. */
  readonly read: string;
  readonly without: string;
}

export type Definition = Term | FigureDefinition;

/** In the order in which a report uses them. */
export const DEFINITIONS = [
  {
    id: 'delivery',
    term: 'Delivery',
    text: 'One message arriving at one subscriber. It is the unit of everything here: a message to a room of 50 is 50 deliveries.',
  },
  {
    id: 'delivery-latency',
    term: 'Delivery latency',
    text: 'Time of receipt less the time at which the message was due. The schedule is fixed before the run and never waits for a slow server (open loop), so waiting before the send counts too and coordinated omission cannot hide it. A delivery that was lost counts as infinitely late.',
    read: 'the receipt by the worker that owns the subscriber, as its socket’s bytes are handed over; the due time from the envelope in the message, stamped by the publisher. One HdrHistogram in each worker.',
    without:
      'time in the client after the receipt, such as an application’s own parsing; only the few probe connections, which are among those counted, have that of their library in it.',
  },
  {
    id: 'service-latency',
    term: 'Service latency',
    text: 'Time of receipt less the time at which the message was really sent.',
    read: 'the same receipt and the send time in the same envelope.',
    without: 'the publisher’s own lateness and the wait before the send.',
  },
  {
    id: 'send-lag',
    term: 'Send lag',
    text: 'Time at which a message was really sent less the time at which it was due: what the generator and the queue in front of the server’s ingest add.',
    read: 'both stamps of the publisher; the send is when the message is handed to its connection. The publisher’s own part, without the wait for a free connection, is counted apart and is what validity is judged by.',
    without: 'anything after the send.',
  },
  {
    id: 'percentile',
    term: 'Percentile',
    text: 'p99 is the value that 99 of 100 expected deliveries did not exceed, from HdrHistograms with three significant digits, merged across processes as histograms. The unit of independence is the message (of a handshake the connect, of a round trip the poll): p99 needs 368 messages and p99.9 needs 3,688, or the upper end of its 95 % interval would lie beyond all that was seen. Percentiles with fewer are grey, in texts in brackets, and a note says how many there were. Where more than 1 − q of the deliveries was lost, p_q is not defined.',
    read: 'the merged histograms of all load workers; the number of messages from the ledger.',
    without: 'interpolation: a percentile is a value that was recorded, to 0.1 %.',
  },
  {
    id: 'interval',
    term: '95 % interval',
    text: 'Between two ranks of the same histogram, so that the value that 99 of 100 did not exceed lies between them in 95 of 100 windows of a server that stays as it is (order statistics; Hahn and Meeker, Statistical Intervals, 5.2). Ranks are counted in independent observations. Deliveries of one message share its fate, and messages near each other in time share a burst, a queue, a collection of garbage; so the number follows from how far the share of deliveries up to the percentile differs between 20 stretches of the window (Woodruff 1952; Korn and Graubard 1998) and is never more than there were messages. In simulated windows of 20 s whose latencies have a memory of up to 0.2 s it holds the true value in 91 to 98 of 100; where the memory is half a second in 86 to 90, where it is a second in 73 to 82. With half a second, ranks counted in messages held it in 27 to 47 of 100, and a bootstrap over slices of a tenth of a second in 60 to 73, which is why neither is used. A lost delivery counts as later than any that came; where the upper rank is one of those, or beyond what was seen, there is no interval.',
    read: 'the merged histogram of the percentile itself; histograms per slice of the window, which the workers keep beside it.',
    without: 'what differs from run to run: for that, compare runs.',
  },
  {
    id: 'steady-state',
    term: 'Steady state',
    text: 'Whether latency had settled. Two questions: do p50 and p99 of the second half of the window differ from those of the first (bootstrap over messages: 10 stretches of each half are drawn again 1,000 times), and do the medians of 20 stretches rise or fall over time (Mann–Kendall, with the slope of Theil and Sen)? “No steady state” is said where one of these three is clear (98.3 % each, so 95 % for all of them) and the change is more than 0.5 ms and more than a fifth: latency is then SUSPECT, since its figures depend on how long was measured. p99 is compared where half of the messages support it. In simulated windows in which nothing changes, with a memory of up to a hundredth of their length, fewer than 5 in 100 are called unsettled; a latency that doubles evenly is told in 98 of 100. A latency that wanders slowly is called unsettled more often, as it should. Not judged where a fault or a load shape is meant to change the window; too few messages to tell where fewer than 20 slices of it hold one.',
    read: 'histograms per slice of the window (a tenth of a second or longer), which the workers keep.',
    without:
      'memory and CPU, which may still grow; what the warm-up looked like, which the chart over time shows.',
  },
  {
    id: 'spread',
    term: 'Fan-out spread',
    text: 'Time from the first to the last subscriber’s receipt of one message.',
    read: 'receipts of one message in one worker, merged across workers; the same clock.',
    without: 'messages that nobody received; a scenario with one subscriber for each message has none.',
  },
  {
    id: 'deliveries-per-second',
    term: 'Deliveries per second (QPS)',
    text: 'Deliveries received inside the measured window, over its length. What arrives after the window counts as delivered, but not for the rate.',
    read: 'the count of each worker, by the time of receipt.',
    without: 'duplicates and heartbeats.',
  },
  {
    id: 'ledger',
    term: 'Lost, duplicated, reordered',
    text: 'One bit for each expected delivery. Not set after the drain: lost. Already set: duplicated. A sequence number below the highest that the subscriber has seen in the stream: reordered (RFC 4737). Expected are the connections established at the end of the ramp times the messages of their streams.',
    read: 'the bits in the memory of each worker, read after the drain: the time from the end of the window until everything had come, or nothing more came for 5 s, 65 s at most.',
    without:
      'connections that were never established; what a client that reconnects was sent before it was back and could not resume.',
  },
  {
    id: 'publish',
    term: 'Offered, achieved, refused, unsent',
    text: 'Offered is the schedule’s rate; achieved is what the server accepted with 202 per second. Refused: answered 429. Failed: answered otherwise, or the connection broke. Retried: posted again to another node. Unsent: due, and never attempted, which is the generator’s fault; what waited for a server that answered nothing for 5 s has failed. The acknowledgement delay runs from the send to the answer; what clients say on their own streams has none.',
    read: 'counters of the publisher, by the answers that it got on its own connections.',
    without: 'what the server did with a message after it had answered.',
  },
  {
    id: 'poll-latency',
    term: 'Delivery latency of a polling client',
    text: 'From the time at which the message was due to the receipt of the answer that shows it: the wait for the next poll is part of it. With interval I and a random phase that wait is uniform on [0, I], so it adds I / 2 in the mean and 0.99 × I at p99, and the round trip comes on top. An answer that shows a newer state makes every message up to it visible, each with its own latency; all but the newest are also counted as superseded.',
    read: 'the same stamps as for any delivery; the answer’s receipt in the load worker.',
    without:
      'time for which an older message was already visible to others: each client has a phase of its own.',
  },
  {
    id: 'wasted-polls',
    term: 'Wasted polls',
    text: 'Answers that showed nothing new, over all answers of the measured window. It depends on how often something happens: with e messages per stream and poll interval, evenly spaced, 1 − e of the polls must come back empty (0 from e = 1 on), with messages at random exp(−e). The event rate therefore stands beside it.',
    read: 'counters of the load workers, by the answers of the window.',
    without: 'polls that failed, and those of the probe.',
  },
  {
    id: 'connection-reuse',
    term: 'Connection reuse',
    text: '1 − TCP connections opened / polls sent, in the measured window, load clients only. 0: each poll made a connection of its own.',
    read: 'sockets that the load workers opened and polls that they sent, in the window.',
    without: 'connections opened before the window.',
  },
  {
    id: 'poll-schedule',
    term: 'Polls sent, skipped, schedule error',
    text: 'Each client has a fixed schedule with a random phase. Schedule error is the time at which a poll was sent less the time at which it was due: what the generator adds. A poll that was due while the one before was still under way is skipped and counted.',
    read: 'the schedule and the send time in the load worker.',
    without: 'time on the way and in the server.',
  },
  {
    id: 'poll-round-trip',
    term: 'Round trip of a poll',
    text: 'From the time at which the poll was due to the whole answer, connecting included.',
    read: 'due time and receipt in the load worker; a histogram of its own.',
    without: 'the wait between two polls.',
  },
  {
    id: 'empty-poll-bytes',
    term: 'Bytes per empty poll',
    text: 'Bytes of request and answer of a poll that showed nothing new, TCP and IP not counted.',
    read: 'bytes of sockets in the load workers, requests and answers whole, heads included.',
    without: 'TCP, IP and Ethernet; TLS records where Node counts what is inside.',
  },
  {
    id: 'bus-hop',
    term: 'Bus hop',
    text: 'Time from the hand-over to the bus at the node that took the message to its receipt at a node; every node counts, the publishing one too. It is part of the delivery latency.',
    read: 'stamps of the server nodes, which share one clock, in histograms of theirs.',
    without: 'the way from the publisher to the node, and from the node to its subscribers.',
  },
  {
    id: 'bus-loss',
    term: 'Lost by the bus',
    text: 'The bus numbers messages one after the other, so a node that never gets a number knows what it missed. One message that two nodes missed counts twice. Publish failed: the bus did not confirm the message; where the link broke before its answer, the message may have gone out all the same. What the bus lost is also in the ledger, once for each subscriber of the node.',
    read: 'numbers in the messages on the bus, counted in each server node.',
    without: 'what was lost after a node had it: that is in the ledger alone.',
  },
  {
    id: 'fault',
    term: 'Before, during, after',
    text: 'Delivery latency by intended time: before the fault, from the fault until every connection was back, and after that. What was due during the fault and came later carries its whole wait; what never came is in the ledger.',
    read: 'the histograms of the load workers, by the due time of each message; the time of the fault from the coordinator.',
    without: 'messages of the warm-up.',
  },
  {
    id: 'recovery',
    term: 'Recovery, reconnect',
    text: 'Recovery runs from the fault until the last of the connections that it hit was established again; it is not defined where not all came back. Reconnect is the same for each connection by itself, from its loss on: detection, jittered back-off, connecting and handshake.',
    read: 'the coordinator’s time of the fault; times of loss and establishment from the load workers.',
    without: 'clients that ended by themselves, and the probe’s.',
  },
  {
    id: 'rolling-restart',
    term: 'Streams moved, calls retried, calls failed',
    text: 'Each instance in turn drains, ends, and another one takes its place, all inside the window. Moved: streams that an instance gave up, which go to another one and resume there by their last id. A publish is a gRPC call that the client balances itself. Retried: an instance that was leaving did not take the call, or its connection broke before the answer, and the client made it again at another; what an instance had taken all the same comes twice, and the ledger counts it. Failed: it came to no good end although an instance was there to take it. Times are from the start of the window, by the clock of the harness; starting a process is part of the time until an instance is replaced.',
    read: 'streams from the load workers, calls from the publisher, instances from the coordinator.',
    without: 'the time before the window, in which the first instances started.',
  },
  {
    id: 'echo',
    term: 'Echo latency',
    text: 'Where clients speak themselves: from the time at which a message was due until its sender received its own copy, which came back as everybody else’s did. Up and down are both in it, and the sender’s wait for a free connection where it posts. Typing notices are passed on and not kept: they are in the ledger, and a client that was away does not get them. Half-closed: the client ended its half of the stream and went on receiving; WebSocket has no such thing.',
    read: 'due time and receipt in the same load worker: the sender’s own process.',
    without: 'messages whose sender was away when its copy came.',
  },
  {
    id: 'unauthenticated',
    term: 'Turned away',
    text: 'Handshakes, requests and calls that a server refused for want of a valid identity, by reason: counted by the server nodes from their start on, connects of the ramp included. Clients of a run carry valid identities, so anything but zero asks for an explanation.',
    read: 'counters of the server nodes, asked for at the end.',
    without: 'connections that were refused before TLS was through, such as by a full listen queue.',
  },
  {
    id: 'load-shape',
    term: 'Load shape',
    text: 'A schedule whose rate changes at fixed times. It is fixed before the run like any other, and never waits for the server.',
  },
  {
    id: 'closed-loop',
    term: 'Closed loop',
    text: 'Each connection asks again as soon as it is answered, so a slow server is asked less: the rate is what the server carries at most, the latency is not that of a client on a schedule. Never beside an open-loop figure in one column.',
    read: 'autocannon, a client of its own, after the window.',
    without: 'waiting that a client on a schedule would have had: coordinated omission.',
  },
  {
    id: 'cpu-exponent',
    term: 'Exponent of CPU over polls per second',
    text: 'Slope of log CPU on log polls per second by least squares: 1 is a cost per poll that stays the same, less than 1 one that falls (a wake-up of the event loop that finds several polls waiting answers them all), 2 is what the article claims. The CPU of the server while nobody asks (the row of 0 polls) is taken off first, since a constant flattens the slope. The interval is the 95 % one of the slope, by Student’s t: how well a line fits the rates of one run, all asked of the same process, and not how far runs differ. In the sweep every poll but the first is one that shows nothing new; rates that were not answered in full are left out.',
    read: 'CPU of the server’s processes at each rate of the sweep, from /proc, and the polls that were answered.',
    without: 'CPU of clients and kernel threads.',
  },
  {
    id: 'memory-jitter',
    term: 'Memory jitter',
    text: 'Standard deviation of the server’s resident memory over its mean, sampled every half second under a steady broadcast, after the linear trend over time is taken off. The range is highest less lowest, trend included.',
    read: 'resident pages of the server’s process from /proc/PID/stat.',
    without: 'swings within half a second.',
  },
  {
    id: 'handshake',
    term: 'Handshake',
    text: 'Time from the intended connect to the parsed head of the answer: waiting for a free place under the limit of connects in flight is included.',
    read: 'the schedule of connects and the parsed head, both in the load worker.',
    without: 'DNS, since addresses are numbers; the time after the head, such as the first event.',
  },
  {
    id: 'connect-rate',
    term: 'Connects per second',
    text: 'Connections established, over the time from the first intended connect to the last established one.',
    read: 'counters and times of the load workers.',
    without: 'settling and sampling between the levels of a memory ramp, which stand still on purpose.',
  },
  {
    id: 'connections',
    term: 'Connections requested, established, dropped, given up',
    text: 'Subscriptions of the load, the few of the probe included. Established: live when the ramp was through. Failed: the attempt came to no good end. Never attempted: due, and not begun, which is the generator’s fault. Dropped while live: ended by the server or the network after they were established. Reconnects: came back after that. Replaced by churn: ended by the client itself, as the scenario asks. Given up: not back after --max-retries attempts. Gap event: a server told a client that it cannot have everything since its last id.',
    read: 'counters of the drivers in the load workers and the probe’s process.',
    without: 'connections of the publisher and of the harness to the server.',
  },
  {
    id: 'streams',
    term: 'Streams per connection',
    text: 'Over HTTP/2 (gRPC, sse:h2) several subscriptions may share a TCP connection. Connects, handshakes and memory “per connection” are then counted per stream: a stream’s handshake runs from its intended opening to the head of its answer, and holds the making of the connection only for the first on it; memory is the slope over streams, each with its share of the connection. One stream on a connection is the case of devices, a hundred that of a client that multiplexes: their figures are never those of the same thing, so the shape stands in the name (x100).',
  },
  {
    id: 'link',
    term: 'Link',
    text: 'What --link put between clients and servers: a relay in processes of its own that passes bytes on after half of the round trip each way, give or take half of the jitter, drawn uniformly for each thing that it reads; order within a connection is kept, and loss is not emulated. A connect costs a round trip and the head of the answer another, so two are in a handshake, more under TLS; half of one is in every delivery latency, a whole one in the round trip of a poll. The publisher is on the servers’ side. It stands in the name (rtt=80±20ms), since figures with and without it are not of the same thing.',
  },
  {
    id: 'memory-slope',
    term: 'Memory per connection',
    text: 'Theil–Sen slope of memory over levels of connections, each settled and sampled after a forced garbage collection, level 0 left out because the first thousands of connections bring a one-time growth of about 15 MB. Beside it stands (last level − level 0) / connections. The V8 flags are the defaults plus --expose-gc.',
    read: 'RSS and PSS of each process from /proc/PID, heap and external from V8 in the process, kernel from Slab of /proc/meminfo; at each level, all processes of a role added up.',
    without: 'what a connection takes later, under load: buffers that fill, queues; see memory under load.',
  },
  {
    id: 'memory-load',
    term: 'Memory under load',
    text: 'Resident memory over the measured window, mean and peak, without any forced garbage collection.',
    read: 'resident pages of all processes of a role, servers or load clients, from /proc/PID/stat, every 0.97 s of the window.',
    without: 'peaks between two samples, and memory of the kernel.',
  },
  {
    id: 'rulers',
    term: 'RSS, PSS, heap, external, kernel, socket buffers, machine',
    text: 'RSS counts shared pages in every process, PSS divides them; heap and external are V8’s; kernel is the change of Slab while idle; socket buffers are those of all TCP sockets of the host, the highest sample of the window; machine is the change of MemTotal − MemFree − Buffers − Cached from before the first process started to all connections being live.',
    read: '/proc/PID/stat for RSS and smaps_rollup for PSS, v8.getHeapStatistics() in each process, /proc/meminfo for kernel and machine, /proc/net/sockstat for socket buffers.',
    without:
      'for RSS and PSS, memory of the kernel such as socket buffers; in kernel, socket buffers and machine is what other programs took or gave back meanwhile, so that the machine’s can even be less than nothing.',
  },
  {
    id: 'cpu-per-delivery',
    term: 'CPU per delivery',
    text: 'CPU time of a role in the measured window, user and system, over the deliveries received in it. The server’s is without what its ingest costs, which is measured before any subscriber connects and given as CPU per publish; a search for a ceiling publishes in batches, whose ingest costs far less, so there nothing is taken off. Shares “of a core” are CPU time over the length of the window, shares “of all cores” over that times the cores of the machine. A comparison counts ingest and the process of a bus in, since stages pay for them in different places.',
    read: 'the scheduler’s nanoseconds of all threads of the role’s processes, /proc/PID/task/*/schedstat, at the edges of the window; the split into user and system from the ticks of /proc/PID/stat; host busy and softirq from /proc/stat.',
    without:
      'work of the kernel outside of these processes (softirq, which is told apart), and the process of a bus, which has a figure of its own. On loopback the sender is charged for the receiver’s half of the kernel path.',
  },
  {
    id: 'syscalls',
    term: 'System calls per delivery',
    text: 'Read and write calls from /proc/PID/io in the window, over the deliveries received in it.',
    read: 'syscr + syscw of the server’s processes.',
    without: 'other system calls: epoll, futex, accept; and a call that moved many messages counts once.',
  },
  {
    id: 'wire',
    term: 'Bytes per delivery',
    text: 'Bytes that the load clients read from and wrote to their sockets, protocol overhead included, TCP and IP not, over the deliveries received. Not known of streams over HTTP/2 under TLS: there Node counts what is inside the records.',
    read: 'bytesRead and bytesWritten of the sockets in the load workers, at the edges of the window.',
    without: 'TCP, IP and Ethernet, retransmissions, and the publisher’s side.',
  },
  {
    id: 'encoding',
    term: 'Encodings',
    text: 'Bytes of the data of one event, and the time to make it of a published body and to read it back: of 40 blocks of 250 in a row the fastest, so that interruptions are not in it.',
    read: 'a loop in the coordinator after the runs, with no socket: the same functions that servers use.',
    without: 'the frame around the data, the write, and garbage collection.',
  },
  {
    id: 'event-loop',
    term: 'Event-loop delay and utilisation',
    text: 'Of the server node with the highest value. Delay is how late the event loop came round, as sampled by Node; utilisation the share of time in which the loop was not waiting for anything. Lateness is how late a timer of the server ran at worst, which also sees stalls that sampling misses.',
    read: 'in the server’s own process: monitorEventLoopDelay with a resolution of 10 ms, less that resolution; a heartbeat every 20 ms for the lateness; eventLoopUtilization. A server of your own has none of them.',
    without: 'which callback held the loop: that is what the flame graph shows.',
  },
  {
    id: 'gc',
    term: 'Garbage collection',
    text: 'Pauses in the server’s main thread in the measured window; allocated bytes per delivery from the growth of the heap between collections.',
    read: 'PerformanceObserver and V8’s counters in the server’s own process.',
    without: 'concurrent marking and sweeping in V8’s own threads, whose CPU is in the CPU per delivery.',
  },
  {
    id: 'handles',
    term: 'Handles and timers per connection',
    text: 'From process.getActiveResourcesInfo() of the server, over its connections: the analogue of counting goroutines.',
    read: 'the server’s own process, all connections live; open files from /proc/PID/fd.',
    without: 'handles that Node does not list, such as a session of HTTP/2 whose socket it already counts.',
  },
  {
    id: 'roi',
    term: 'Return on investment',
    text: 'Three kinds: deliveries per second over megabytes of RSS per connection (the article’s); deliveries per second inside the objective per megabyte of server memory; money, from the prices in the configuration, or example rates that are called that. The cost of deliveries counts the CPU of servers and bus, the ingest’s share and the bytes sent to clients; the cost of connections counts the server’s memory slope and half of the kernel’s, since the other half is the client’s socket. What was not measured is not priced.',
    read: 'the figures named, of the same run.',
    without:
      'people, licences, idle reserve, load balancers, and everything else that is not CPU, memory or bytes sent.',
  },
  {
    id: 'comparison-interval',
    term: 'Interval of a comparison',
    text: 'Over whole runs, each with processes of its own, servers and clients started for it and ended after it; never over windows, halves or steps of one run. From six runs on the 95 % interval of the median between two order statistics; below that the lowest and the highest, which is called a range and not an interval. A figure of one run has none, but for memory (92 % interval of the slope over its levels) and a single search (10 % either way, or as far as the search left open). Runs whose family is INVALID are left out while others remain.',
    read: 'the figures of whole runs.',
    without: 'anything that differs between hosts or days, where all runs were made on one.',
  },
  {
    id: 'gate-effect',
    term: 'Change (gate)',
    text: 'Runs of base (A) and head (B) are made in turns on one machine, in blocks ABBA or BAAB drawn at random: what drifts evenly through a block is the same for both sides of it. Of each block d = (ln B1 + ln B2 − ln A1 − ln A2) / 2; the change is exp(m) − 1, where m is the Hodges–Lehmann estimate: the median of the means of all pairs of blocks, a block with itself included. It does not depend on whether a figure is taken in one unit or another, and one bad block moves it little. Of counts that are 0 in most runs, such as losses, it is a difference of counts per run. A percentile that is not defined ranks worst. docs/gate.md has the rule in full, with how often it errs.',
    read: 'the same figure of whole runs, each with processes of its own.',
    without:
      'drift that is not even within a block; and, of results that were measured before, whatever changed on the host between them.',
  },
  {
    id: 'gate-interval',
    term: 'Interval of a change (gate)',
    text: 'Between two of the ordered means of pairs of blocks (Walsh averages), by the exact distribution of Wilcoxon’s signed rank: with few blocks not every confidence can be had, so the one that it has is told. Of results that were measured before, which have no blocks, it is that of the rank-sum test of their runs. FAIL: the whole interval is worse than what is accepted. PASS: the whole interval is within it. Anything else is INCONCLUSIVE, and the tolerance is never widened to make it something else.',
    read: 'the changes of the blocks; of stored results the figures of their runs.',
    without: 'what differs between machines or days: all blocks are of one machine and one hour.',
  },
  {
    id: 'smallest-visible',
    term: 'Smallest visible regression',
    text: 'The tolerance and half of the width of the interval: a change for the worse of at least that much would have failed here, today, with these blocks. A smaller one may have been there and was not told apart from noise. More blocks, longer runs or a quieter machine make it smaller.',
    read: 'the interval of the change.',
    without: 'regressions that this load does not show.',
  },
  {
    id: 'ahead',
    term: 'Ahead',
    text: 'A server is said to be ahead by a figure only where its interval has no point in common with that of the next one and neither family is INVALID. Where they overlap nothing is claimed, and the command is printed that would settle it. Counts of a ledger are exact and need no interval.',
  },
  {
    id: 'knee',
    term: 'Knee',
    text: 'In a sweep, the largest load up to which p99 stays within twice the p99 of the lightest load; from three loads on. Loads whose latency is INVALID end the search for it without being called the server’s.',
    read: 'p99 of the runs at each load.',
    without: 'loads between those that were measured.',
  },
  {
    id: 'ceiling',
    term: 'Ceiling',
    text: 'The highest publish rate at which the latency objective held, nothing was lost and nothing was refused, found by stepwise search.',
    read: 'latency, ledger and refusals of each step of the search.',
    without:
      'a load that lasts: a step is as long as --duration says; and how the server behaves above the ceiling.',
  },
  {
    id: 'generator-ceiling',
    term: 'What the generator can take',
    text: 'Deliveries per second that one load worker received from two null servers, processes that do nothing but send: no ingest, no topics, no schedule, frames made once for all. 4,000 subscribers (2,000 sessions of HTTP/2 where each stream has its own; fewer where messages are large) over plain TCP; each message to each subscriber is one write, and at most about one message is on its way to each, so that one read brings one message. One second of warm-up, then a window of two; servers and worker share the machine as in a run. The clients find, parse and book every message, and a measurement in which one was lost, came twice or out of order is thrown away, as is one beside which other work took more than a fifth of the machine, and one in which the worker had nothing to read for more than a fifth of the time. Measured once for each processor, kernel, Node, version of pushbench, protocol, message size and number of streams on a connection, and kept. The tested load is the offered deliveries per second over it; where clients poll on an interval, polls sent over polls answered. It is an upper bound for one write per delivery with one worker: a server that sends many messages in one write can be measured beyond it (its share is then above 100 %), and with several workers on a larger machine the generator takes more.',
    read: 'the worker’s ledger; CPU and system calls of worker and null servers from /proc.',
    without:
      'TLS, the probe, the publisher, and the chunks of HTTP/1.1 that most servers put round each event of a stream.',
  },
  {
    id: 'security-cost',
    term: 'Cost of protection',
    text: 'A figure of a server under TLS 1.3, or under TLS with SPIFFE identities on both sides and a token of each client, over the same figure under the least protection that it was run with. The ends of a ratio are the ends of the two intervals over each other, so they lie further apart than an interval of the ratio itself would. Client certificates are checked at each connect, tokens at each request and never from a cache: a publish is a request too, so what its token costs stands in the CPU per publish, and CPU per delivery is without ingest here; TLS sessions are not resumed. Making certificates and starting the authority is not included, and server and clients encrypt on the same machine: each side’s CPU and memory stand for themselves.',
    read: 'the same figures of the runs under each kind.',
    without: 'making certificates, starting the authority, and session resumption, which is never used.',
  },
  {
    id: 'flow-control',
    term: 'Flow control',
    text: 'The level of a subscriber is what the server has handed over for it and its socket has not taken yet, in messages and in bytes, seen at each write; what the kernel holds is not in it. Above either limit the subscriber is refused: it gets nothing more, is told where its protocol can say it, is ended within 2 s, and may come back and resume. A publish is refused while the levels of all slow subscribers and the queue of the fan-out together are above the limit of the node, until they are down at half of it. A stall is a time at which a socket took no more for the moment, until it had taken everything.',
    read: 'counters of the server nodes, at each write.',
    without: 'what the kernel’s socket buffers hold.',
  },
  {
    id: 'slow-readers',
    term: 'Slow readers',
    text: 'A seeded share of the bulk clients that read at a bounded rate from the moment they are connected to the end of the window; then they read on at full speed, so that what became of each can be told: never ended by the server, ended and back, or ended and away. Their deliveries, losses and latency are counted apart; what is said of the run is that of the others, but for duplicates and disorder, which are those of all.',
    read: 'ledger and histograms of the load workers, slow clients apart.',
    without: 'clients that are slow by themselves because the machine is short of CPU.',
  },
  {
    id: 'churn-held',
    term: 'Held after churn',
    text: 'Connections that the server still held after clients had come and gone, over those that were really alive. 1 is right; more is a leak.',
    read: 'connections that the server counts, and those that the load workers hold.',
    without: 'memory that is held without a connection: look at the slope over time.',
  },
  {
    id: 'probe',
    term: 'Probe agreement',
    text: 'A few connections are made by the protocol’s own client library, in a process of its own. Their median is compared with their neighbours’ in connect order; they agree within the larger of 1 ms and 10 %.',
    read: 'two medians from the same window: the probe’s process and the load workers.',
    without: 'differences of less than the bound; and it says nothing of memory or CPU of either client.',
  },
  {
    id: 'clock',
    term: 'One clock',
    text: 'Every latency is a time read in one process less a time read in another. All read the monotonic clock of the host (CLOCK_MONOTONIC, also behind performance.now()). Before the load and after it each process is asked several times for its time, between two readings of the coordinator’s clock: what all answers allow bounds how far its clock can be away. Where 0 lies outside of these bounds by more than 1 µs, the run is refused; where it does so only after the load, it is INVALID.',
    read: 'the clock of each process, asked over its control channel.',
    without: 'clocks of a server of your own: its stamps are never used.',
  },
  {
    id: 'validity',
    term: 'VALID, SUSPECT, INVALID',
    text: 'Said for each family of figures. INVALID: the generator or the machine was the limit, so the figures do not describe the server. SUSPECT: something may have bent them. A server that answers late, refuses or loses is a result, never an invalid run. Each reason names its rule; the section “Rules of validity” of docs/method.md has them all with their bounds.',
  },
  {
    id: 'flame',
    term: 'Flame graph',
    text: 'Width is the share of samples in which a function was on the stack; depth is the call stack, callers above. Taken in a pass of its own after the measured window, since profiling disturbs; idle time is left out; below 500 samples it says too little to be drawn.',
    read: 'V8’s CPU profiler in the server’s process.',
    without: 'native threads, the kernel, and time in which the process waited.',
  },
] as const satisfies readonly Definition[];

export type DefinitionId = (typeof DEFINITIONS)[number]['id'];
