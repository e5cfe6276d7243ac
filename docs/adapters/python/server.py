"""Event streams by topic over asyncio; what is posted goes to every subscriber of its topic. Standard library only."""
import asyncio
import sys
from collections import defaultdict
from urllib.parse import parse_qs, urlsplit

subscribers = defaultdict(set)


def answer(status):
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()


async def serve(reader, writer):
    try:
        while True:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
            method, target, _ = first.split(" ")
            fields = dict(line.lower().split(": ", 1) for line in lines if line)
            body = await reader.readexactly(int(fields.get("content-length", 0)))
            url = urlsplit(target)
            topic = subscribers[parse_qs(url.query).get("topic", [""])[0]]
            if (method, url.path) == ("POST", "/publish"):
                for subscriber in topic:
                    subscriber.write(b"data: " + body + b"\n\n")
                writer.write(answer("202 Accepted"))
            elif url.path == "/events":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
                topic.add(writer)
                # Whatever a subscriber sends is its goodbye.
                await reader.read(1)
                return topic.discard(writer)
            else:
                writer.write(answer("200 OK" if url.path == "/healthz" else "404 Not Found"))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
