"""A server-sent events server with known faults, to be driven by `bench run --target`.

Every subscriber of a topic misses 7 messages, gets 5 twice and 3 in the wrong order, told by the number of the message
in its topic. Prints its port. Needs nothing but the standard library.
"""

import asyncio
import urllib.parse

DROPPED = {5, 11, 17, 23, 29, 35, 41}
DUPLICATED = {7, 14, 21, 28, 42}
# Held back until the next one has been sent.
HELD = {9, 25, 50}


class Topic:
    def __init__(self):
        self.subscribers = set()
        self.count = 0
        self.held = None

    def publish(self, body):
        self.count += 1
        number = self.count
        if number in HELD:
            self.held = body
            return
        if number not in DROPPED:
            self.send(body)
        if number in DUPLICATED:
            self.send(body)
        if self.held is not None:
            self.send(self.held)
            self.held = None

    def send(self, body):
        frame = b"data: " + body + b"\n\n"
        for writer in self.subscribers:
            writer.write(frame)


topics = {}


def topic_of(query):
    name = urllib.parse.parse_qs(query).get("topic", [""])[0]
    return topics.setdefault(name, Topic())


async def read_request(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
    method, target, _ = head[0].split(" ")
    fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(fields.get("content-length", 0)))
    return method, urllib.parse.urlsplit(target), body


async def stream(reader, writer, topic):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
    topic.subscribers.add(writer)
    try:
        await reader.read()
    finally:
        topic.subscribers.discard(writer)


async def serve(reader, writer):
    try:
        while True:
            method, url, body = await read_request(reader)
            if method == "GET" and url.path == "/events":
                return await stream(reader, writer, topic_of(url.query))
            if method == "POST" and url.path == "/publish":
                topic_of(url.query).publish(body)
                writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            else:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
