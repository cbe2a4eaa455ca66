#!/usr/bin/env python3
"""Measures how fast events reach the receivers of webhooks, and what one that hangs costs the others.

    webhooks.py http://127.0.0.1:8080 [--webhooks 100] [--events 5000] [--rate 20]

The studio must run in dev mode with studio.webhooks.allow-private=true. The receivers are one local server with
a path for each webhook. First all events are published at once, as arrays of 500, and the script prints the
deliveries per second until every receiver has all of them. Then single events are published at the rate, without
and with a receiver that never responds, and the script prints the delays until the others receive them.
"""

import argparse
import asyncio
import http.client
import json
import threading
import time
import urllib.parse

TYPE = "benchmark.webhook"
HANGING = "/hang"


class Receivers:
    """A server that accepts every webhook and notes what has arrived."""

    def __init__(self):
        self.counts = {}
        self.delays = []
        self.requests = 0
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self.run, args=(started,), daemon=True).start()
        started.wait()

    def run(self, started):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(
            asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1000)
        )
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()

    async def serve(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            length = next(
                int(line.split(":")[1])
                for line in head.split("\r\n")
                if line.lower().startswith("content-length")
            )
            body = await reader.readexactly(length)
            if path == HANGING:
                await asyncio.sleep(3600)
            now = time.time()
            events = json.loads(body)["events"]
            self.counts[path] = self.counts.get(path, 0) + len(events)
            self.delays += [now - event["data"]["at"] for event in events]
            self.requests += 1
            writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await writer.drain()
        finally:
            writer.close()


class Studio:
    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port

    def call(self, method, path, value=None, token=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        body = None if value is None else json.dumps(value)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        assert answer.status < 300, (path, answer.status, data)
        return json.loads(data) if data else None

    def token(self, user, *groups):
        wish = {"user": user, "groups": groups, "ttlSeconds": 86400}
        return self.call("POST", "/api/v1/dev/tokens", wish)["data"]["token"]

    def webhook(self, token, url):
        wish = {"url": url, "types": [TYPE]}
        return self.call("POST", "/api/v1/webhooks", wish, token)["data"]["webhookId"]

    def publish(self, token, count):
        at = time.time()
        event = {"event": TYPE, "data": {"at": at}, "visibility": "public"}
        self.call("POST", "/api/v1/events", [event] * count, token)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def delays(studio, publisher, receivers, seconds, rate):
    receivers.delays.clear()
    end = time.time() + seconds
    while time.time() < end:
        studio.publish(publisher, 1)
        time.sleep(1 / rate)
    time.sleep(2)
    found = list(receivers.delays)
    return "p50 %.0f ms, p99 %.0f ms, most %.0f ms" % tuple(
        1000 * v
        for v in (percentile(found, 0.5), percentile(found, 0.99), max(found))
    )


def main():
    options = argparse.ArgumentParser()
    options.add_argument("studio")
    options.add_argument("--webhooks", type=int, default=100)
    options.add_argument("--events", type=int, default=5000)
    options.add_argument("--rate", type=int, default=20)
    options.add_argument("--seconds", type=int, default=20)
    options = options.parse_args()

    studio = Studio(options.studio)
    receivers = Receivers()
    base = f"http://127.0.0.1:{receivers.port}"
    publisher = studio.token("publisher", "publisher")
    created = []
    for i in range(options.webhooks):
        token = studio.token(f"owner-{i // 20}", "admin")
        created.append((token, studio.webhook(token, f"{base}/{i}")))
    paths = [f"/{i}" for i in range(options.webhooks)]
    studio.publish(publisher, 1)
    while len(receivers.counts) < options.webhooks:
        time.sleep(0.05)
    receivers.counts.clear()
    receivers.requests = 0

    start = time.time()
    for _ in range(options.events // 500):
        studio.publish(publisher, 500)
    published = time.time() - start
    while any(receivers.counts.get(path, 0) < options.events for path in paths):
        time.sleep(0.05)
    took = time.time() - start
    total = options.events * options.webhooks
    print(
        f"{options.events} events to {options.webhooks} receivers: published in {published:.1f} s, "
        f"all delivered in {took:.1f} s, {total / took:,.0f} deliveries/s, {receivers.requests} requests"
    )
    wrong = [path for path in paths if receivers.counts[path] != options.events]
    print("receivers with repetitions:", len(wrong))

    print("alone:", delays(studio, publisher, receivers, options.seconds, options.rate))
    token = studio.token("hanging", "admin")
    created.append((token, studio.webhook(token, base + HANGING)))
    print("beside one that hangs:", delays(studio, publisher, receivers, options.seconds, options.rate))

    for token, webhook in created:
        studio.call("DELETE", "/api/v1/webhooks/" + webhook, token=token)


main()
