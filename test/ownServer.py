"""A server with known faults, to be driven by `bench run --target` over event streams, WebSockets and polls.

Every subscriber of a topic misses 7 messages, gets 5 twice and 3 in the wrong order, told by the number of the message
in its topic. The state of a topic, for those that poll it, stays for ever at its 150th message. Prints its port. Needs
nothing but the standard library.
"""

import asyncio
import base64
import hashlib
import json
import struct
import urllib.parse

DROPPED = {5, 11, 17, 23, 29, 35, 41}
DUPLICATED = {7, 14, 21, 28, 42}
# Held back until the next one has been sent.
HELD = {9, 25, 50}
LAST_STATE = 150


class Topic:
    def __init__(self):
        self.subscribers = {}
        self.count = 0
        self.held = None
        self.sent = []
        self.state = None
        self.news = asyncio.Event()

    def publish(self, body):
        self.count += 1
        number = self.count
        if number <= LAST_STATE:
            self.state = body
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
        for writer, framed in self.subscribers.items():
            writer.write(framed(body))
        self.sent.append(body.decode())
        self.news.set()
        self.news = asyncio.Event()


topics = {}


def topic_of(query):
    return topics.setdefault(query.get("topic", [""])[0], Topic())


def event(body):
    return b"data: " + body + b"\n\n"


def text_frame(body):
    length = bytes([len(body)]) if len(body) < 126 else b"\x7e" + struct.pack(">H", len(body))
    return b"\x81" + length + body


def head(status, *fields):
    return "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *fields, "")).encode()


def answer(status, body=b"", *fields):
    return head(status, f"Content-Length: {len(body)}", *fields) + body


async def read_request(reader):
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
    method, target, _ = lines[0].split(" ")
    fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:] if line)}
    body = await reader.readexactly(int(fields.get("content-length", 0)))
    return method, urllib.parse.urlsplit(target), fields, body


async def subscribe(reader, writer, topic, accepted, framed):
    writer.write(accepted)
    topic.subscribers[writer] = framed
    try:
        # Whatever a subscriber sends is its goodbye.
        await reader.read(1)
    finally:
        del topic.subscribers[writer]


async def stream(reader, writer, topic):
    accepted = head("200 OK", "Content-Type: text/event-stream", "Connection: close")
    await subscribe(reader, writer, topic, accepted, event)


async def web_socket(reader, writer, topic, key):
    digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    accept = f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}"
    accepted = head("101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", accept)
    await subscribe(reader, writer, topic, accepted, text_frame)


async def held_poll(topic, cursor):
    start = len(topic.sent) if cursor is None else int(cursor)
    while cursor is not None and len(topic.sent) == start:
        await topic.news.wait()
    events = [{"id": start + i, "data": data} for i, data in enumerate(topic.sent[start:])]
    body = json.dumps({"cursor": len(topic.sent), "gap": None, "events": events})
    return answer("200 OK", body.encode(), f"X-Cursor: {len(topic.sent)}")


async def serve(reader, writer):
    try:
        while True:
            method, url, fields, body = await read_request(reader)
            query = urllib.parse.parse_qs(url.query)
            topic = topic_of(query)
            if (method, url.path) == ("GET", "/events"):
                return await stream(reader, writer, topic)
            if (method, url.path) == ("GET", "/ws"):
                return await web_socket(reader, writer, topic, fields["sec-websocket-key"])
            if (method, url.path) == ("GET", "/poll"):
                writer.write(await held_poll(topic, query.get("cursor", [None])[0]))
            elif (method, url.path) == ("GET", "/state"):
                writer.write(answer("200 OK", topic.state) if topic.state else head("204 No Content"))
            elif (method, url.path) == ("POST", "/publish"):
                topic.publish(body)
                writer.write(answer("202 Accepted"))
            else:
                writer.write(answer("404 Not Found"))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
