#!/usr/bin/env python3
"""Measures the studio and its peers on this machine and prints one Markdown table for each scenario.

usage, in the project's root after a build:  python3 benchmark/run.py [--rounds 3] [--only studio,nchan] ...

Python's standard library only. benchmark/README.md says what is measured and how to read the tables.
"""
import argparse
import concurrent.futures
import ctypes
import glob
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SERVER_CORE, LOAD_CORE = "0", "1"
SIZE = 320  # bytes of one event's frame as a subscriber gets it
# One user with one token opens and publishes everything.
UNLIMITED = ["-Dstudio.limits.streams=1000000000/PT1M", "-Dstudio.limits.publishing=1000000000/PT1M"]
JVM = ["-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"]
SCENARIOS = ["burst", "rate20", "rate200", "rate200x10", "replay", "one", "channels", "idle", "publish"]
running = []  # every process that was started and may still run


# ---- helpers ----

def say(text):
    print(text, file=sys.stderr, flush=True)


def tool(name, package):
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not path:
        raise RuntimeError(f"{name} is missing: install {package}")
    return path


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def http_call(port, method, path, body=None, headers={}, timeout=20):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def spawn(command, core=None, log=None, **options):
    """Starts a process group of its own, pinned to a core if one is named. It ends with this program, however that ends."""
    prctl = ctypes.CDLL(None).prctl
    output = open(log, "ab") if log else subprocess.PIPE
    options = {"stdout": output, "stderr": subprocess.STDOUT if log else None, "stdin": subprocess.PIPE, **options}
    pinned = ["taskset", "-c", core] if core else ["env"]
    process = subprocess.Popen([*pinned, *map(str, command)], start_new_session=True,
                               preexec_fn=lambda: prctl(1, signal.SIGKILL), **options)
    running.append(process)
    return process


def stop(process, first=signal.SIGTERM, patience=20):
    """Asks a process to end, then ends its whole group."""
    if process.poll() is None:
        process.send_signal(first)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            say(f"  {' '.join(process.args)[:60]} … did not end in {patience} s")
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    if process in running:
        running.remove(process)


def run_json(command, core, timeout):
    """Runs a program whose last line on stdout is JSON."""
    process = spawn(command, core)
    try:
        output, _ = process.communicate(timeout=timeout)
    finally:
        stop(process)
    if process.returncode:
        raise RuntimeError(f"{pathlib.Path(command[0]).name} {command[1]} failed")
    return json.loads(output.decode().strip().splitlines()[-1])


def rss_kb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))


def live_heap_kb(pid):
    subprocess.run(["jcmd", str(pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    heap = subprocess.run(["jcmd", str(pid), "GC.heap_info"], check=True, capture_output=True, text=True).stdout
    return sum(int(used) for line in heap.splitlines() if "space" not in line
               for used in re.findall(r"used (\d+)K", line))


# ---- the servers ----

class Server:
    """One server under test: how to start it and how the load generator talks to it."""
    jvm = False
    addresses_users = False
    header = publish_header = None
    path, publish_path, mode, health = "/sub", "/pub", "lines", "/health"
    hello, overhead = "", 60

    def __init__(self, settings, temp):
        self.settings, self.temp = settings, temp
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"{self.name}-", dir=temp))
        self.dir.chmod(0o755)
        self.load_binary = temp / "load"

    def prepare(settings):
        """Builds what is not there yet."""

    def start(self):
        self.port = free_port()
        self.process = spawn(self.command(), None, self.dir / "server.log", cwd=self.dir)
        self.await_health()

    def pin(self):
        """From here on all its threads share one core."""
        for pid in self.pids():
            subprocess.run(["taskset", "-apc", SERVER_CORE, str(pid)], check=True, stdout=subprocess.DEVNULL)

    def await_health(self):
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if http_call(self.port, "GET", self.health, timeout=5)[0] in (200, 404)[:1 + (self.name == "nchan")]:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.2)
        log = (self.dir / "server.log").read_text(errors="replace")
        raise RuntimeError(f"{self.name} did not start:\n{log[-2000:]}")

    def stop(self):
        if getattr(self, "process", None):
            stop(self.process)
        self.process = None

    def pids(self):
        return [self.process.pid]

    def load_command(self, command, **options):
        options = {"port": self.port, "path": self.path, "header": self.header, "publish-path": self.publish_path,
                   "publish-header": self.publish_header, "hello": self.hello, "mode": self.mode, "size": SIZE,
                   "overhead": self.overhead, "pid": ",".join(map(str, self.pids())), **options}
        return [self.load_binary, command,
                *(part for name, value in options.items() if value is not None for part in (f"--{name}", str(value)))]

    def load(self, command, patience=100, **options):
        return run_json(self.load_command(command, **options), LOAD_CORE, patience + options.get("seconds", 0))


class Studio(Server):
    name, title, jvm, addresses_users = "studio", "DevFest Studio", True, True
    publish_path, mode, health = "/api/v1/events", "studio", "/api/v1/health"
    hello, overhead = "event: connected", 142
    database, heap = [], JVM

    def command(self):
        return ["java", *self.heap, f"-Djava.io.tmpdir={self.dir}", "-Dstudio.dev-mode=true",
                f"-Dstudio.data-dir={self.dir}/data", "-Dstudio.stream.max-connections=50000",
                "-Dstudio.stream.max-connections-per-user=20000", *UNLIMITED, *self.database,
                "-jar", self.settings.payara, "--deploy", self.settings.war, "--contextroot", "/", "--nohazelcast",
                "--port", self.port]

    def token(self, user):
        body = json.dumps({"user": user, "groups": ["publisher"], "ttlSeconds": 7200})
        status, text = http_call(self.port, "POST", "/api/v1/dev/tokens", body, {"Content-Type": "application/json"})
        if status != 200:
            raise RuntimeError(f"no token: {status} {text}")
        return json.loads(text)["data"]["token"]

    def start(self):
        super().start()
        token = self.token("bench")
        self.path = f"/api/v1/events/stream?types=bench&token={token}"
        self.publish_header = f"Authorization: Bearer {token}"

    def by_header(self):
        """Readers send their token in the header, as most clients do: an address with one is long, and held."""
        self.path, self.header = "/api/v1/events/stream?types=bench", self.publish_header

    def resume_from_here(self):
        """Load options that make readers resume after everything published so far."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as s:
            s.sendall(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            seen = b""
            while not (match := re.search(rb"\nid: (\d+)\n", seen)):
                part = s.recv(4096)
                if not part:
                    raise RuntimeError("the stream ended before its first id")
                seen += part
        self.position = match.group(1).decode()
        return self.resume

    def resume(self):
        return {"path": f"{self.path}&lastEventId={self.position}"}

    def leave_memory(self):
        """Publishes so many events of another type that those before can only be read from the log."""
        others = json.dumps([{"event": "other", "data": 1}] * 1000)
        name, value = self.publish_header.split(": ")
        for _ in range(9):
            http_call(self.port, "POST", self.publish_path, others, {"Content-Type": "application/json", name: value})

    def user_paths(self, count):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            tokens = list(pool.map(self.token, (f"u{i}" for i in range(count))))
        return [f"/api/v1/events/stream?types=bench&token={token}" for token in tokens]

    def one_options(self):
        return {"body": '{"event":"bench","userId":"u0","data":{"t":%T%}}'}


class WildFly(Studio):
    name, title = "wildfly", "DevFest Studio on WildFly"

    def prepare(settings):
        if not (pathlib.Path(settings.wildfly) / "jboss-modules.jar").exists():
            raise RuntimeError(f"{settings.wildfly} is missing: ./mvnw -Pwildfly verify provisions it")

    def command(self):
        base = self.dir / "base"
        shutil.copytree(f"{self.settings.wildfly}/standalone/configuration", base / "configuration")
        (base / "deployments").mkdir()
        shutil.copy(self.settings.war, base / "deployments")
        return ["java", *self.heap, f"-Djava.io.tmpdir={self.dir}", "-Dstudio.dev-mode=true",
                f"-Dstudio.data-dir={self.dir}/data", "-Dstudio.stream.max-connections=50000",
                "-Dstudio.stream.max-connections-per-user=20000", *UNLIMITED, *self.database,
                f"-Djboss.home.dir={self.settings.wildfly}", f"-Djboss.server.base.dir={base}",
                f"-Djboss.http.port={self.port}", f"-Djboss.https.port={free_port()}",
                f"-Djboss.management.http.port={free_port()}",
                f"-Dlogging.configuration={(base / 'configuration/logging.properties').as_uri()}",
                f"-Dorg.jboss.boot.log.file={base}/boot.log",
                "-jar", f"{self.settings.wildfly}/jboss-modules.jar", "-mp", f"{self.settings.wildfly}/modules",
                "org.jboss.as.standalone"]


class Nchan(Server):
    name, title, addresses_users = "nchan", "nginx + Nchan", True
    mode, publish_header = "single", "X-EventSource-Event: bench"
    hello, overhead = ": hi", 38

    def prepare(settings):
        tool("nginx", "the packages nginx and libnginx-mod-nchan")
        if not Nchan.module():
            raise RuntimeError("the nchan module is missing: install the package libnginx-mod-nchan")

    def module():
        return next(iter(glob.glob("/usr/lib*/nginx/modules/ngx_nchan_module.so")), None)

    def command(self):
        text = (HERE / "peers/nchan/nginx.conf").read_text()
        for name, value in (("PORT", self.port), ("DIR", self.dir), ("MODULE", Nchan.module())):
            text = text.replace(f"@{name}@", str(value))
        (self.dir / "nginx.conf").write_text(text)
        return [tool("nginx", "nginx"), "-e", self.dir / "error.log", "-p", self.dir, "-c", self.dir / "nginx.conf"]

    def pids(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [*map(int, children), self.process.pid]

    def resume_from_here(self):
        http_call(self.port, "POST", "/pub", "{}")
        text = http_call(self.port, "GET", "/pub", None, {"Accept": "application/json"})[1]
        position = json.loads(text)["last_message_id"]
        return lambda: {"header": f"Last-Event-ID: {position}"}

    def user_paths(self, count):
        return [f"/sub/u{i}" for i in range(count)]

    def one_options(self):
        return {"body": '{"t":%T%}', "publish-path": "/pub/u0"}


class Spring(Server):
    name, title, jvm = "spring", "Spring Boot, SseEmitter", True
    hello, overhead = ":connected", 29
    jar = HERE / "peers/spring/target/peer-spring.jar"

    def prepare(settings):
        if not Spring.jar.exists():
            maven = "./mvnw" if os.path.exists("mvnw") else tool("mvn", "maven")
            subprocess.run([maven, "-q", "-f", HERE / "peers/spring/pom.xml", "package"], check=True, timeout=600)

    def command(self):
        return ["java", *JVM, f"-Djava.io.tmpdir={self.dir}", "-jar", self.jar, f"--server.port={self.port}"]


class Node(Server):
    name, title = "node", "Node.js, better-sse"
    hello, overhead = "retry:", 30

    def prepare(settings):
        tool("node", "nodejs (20 or newer)")
        if not (HERE / "peers/node/node_modules").exists():
            subprocess.run([tool("npm", "npm"), "ci", "--no-audit", "--no-fund"], cwd=HERE / "peers/node", check=True,
                           timeout=300, stdout=subprocess.DEVNULL)

    def command(self):
        return ["node", "--max-old-space-size=512", HERE / "peers/node/server.js", self.port]


SERVERS = {server.name: server for server in (Studio, WildFly, Nchan, Spring, Node)}


# ---- the scenarios: each returns {row's suffix: measured values} ----

def warm_up(server):
    """The same kind of work for every server, on all cores, so that a just-in-time compiler has seen it; then one core."""
    seconds, connections = server.settings.warmup / (1 if server.jvm else 10), server.settings.connections
    server.load("publish", clients=8, seconds=seconds, warmup=0, batch=1)
    end = time.monotonic() + seconds / 4
    while time.monotonic() < end:
        server.load("fanout", connections=connections, burst=200)
    for events in (50, 20):
        server.load("fanout", connections=connections, rate=events, seconds=seconds / 4)
    server.pin()


def burst(server):
    return {"": server.load("fanout", connections=server.settings.connections, burst=server.settings.burst)}


def rate(events, group=1):
    return lambda server: {"": server.load("fanout", connections=server.settings.connections, rate=events, group=group,
                                           seconds=server.settings.seconds)}


def replay(server):
    if not hasattr(server, "resume_from_here"):
        return {}
    resume = server.resume_from_here()
    server.load("fanout", connections=0, burst=1000)
    server.load("replay", connections=200, events=1000, **resume())
    results = {", from memory": server.load("replay", connections=200, events=1000, **resume())}
    if isinstance(server, Studio):
        server.leave_memory()
        server.load("replay", connections=200, events=1000, **resume())
        results[", from the log"] = server.load("replay", connections=200, events=1000, **resume())
    return results


def one(server):
    if not server.addresses_users:
        return {}
    results, paths = {}, server.user_paths(server.settings.idle)
    paths_file = server.dir / "paths"
    paths_file.write_text("\n".join(paths) + "\n")
    for count in (100, server.settings.idle):
        for events in (400, 800)[count > 100:]:  # the first time warms up
            results[f", {count} users connected"] = server.load(
                "one", connections=count, events=events, **{"paths-file": paths_file}, **server.one_options())
    return results


def channels(server):
    """Readers with a channel each. The events go to the first hundred of them, however many are connected."""
    if not isinstance(server, Studio):
        return {}
    counts, results = (100, server.settings.idle), {}
    server = type(server)(server.settings, server.temp)
    server.heap = ["-Xms2g", "-Xmx2g", "-XX:+UseSerialGC"]  # so that no collection of many connections is measured
    server.start()
    try:
        server.by_header()
        paths_file = server.dir / "paths"
        paths_file.write_text("".join(f"{server.path}&channels=c{i}\n" for i in range(max(counts))))
        server.pin()
        run = lambda count: server.load("fanout", patience=400, connections=count, burst=5_000, channels=100,
                                        **{"paths-file": paths_file})
        for _ in range(max(1, int(server.settings.warmup))):
            run(100)
        for count in counts:
            results[f", {count} channels"] = run(count)
    finally:
        server.stop()
    return results


def idle(server):
    def memory():
        heap = live_heap_kb(server.pids()[0]) if server.jvm else 0
        return heap, sum(map(rss_kb, server.pids()))
    count = server.settings.idle
    server = type(server)(server.settings, server.temp)  # a new one: what earlier readers left would hide what these need
    server.start()
    if isinstance(server, Studio):
        server.by_header()
    server.pin()
    for _ in range(5):  # touches most of the heap, as any server has that ran for a while
        server.load("fanout", connections=1000, burst=1000)
    heap_before, rss_before = memory()
    holder = spawn(server.load_command("idle", connections=count), LOAD_CORE)
    try:
        line = holder.stdout.readline()
        if not line or json.loads(line)["connected"] != count:
            raise RuntimeError("not all readers were connected")
        time.sleep(1)
        heap, rss = memory()
        holder.stdin.close()
        holder.wait(20)
    finally:
        stop(holder)
        server.stop()
    return {"": {"connections": count, "rssBeforeMb": rss_before / 1024, "rssMb": rss / 1024,
                 "heapKb": (heap - heap_before) / count, "rssKb": (rss - rss_before) / count}}


def driver(group, artifact):
    jars = glob.glob(os.path.expanduser(f"~/.m2/repository/{group}/{artifact}/*/{artifact}-[0-9]*.jar"))
    if not jars:
        raise RuntimeError(f"no {artifact} driver in ~/.m2: build the project first")
    wanted = re.search(rf"<artifactId>{artifact}</artifactId>\s*<version>([\d.]+)<", read_if_there("pom.xml"))
    named = [jar for jar in jars if wanted and jar.endswith(f"-{wanted.group(1)}.jar")]
    return (named or sorted(jars))[-1]


def read_if_there(path):
    return pathlib.Path(path).read_text() if os.path.exists(path) else ""


class Postgres:
    """A PostgreSQL of its own with its default settings."""

    def __init__(self, directory):
        binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[-2]))
        if not binaries:
            raise RuntimeError("PostgreSQL is missing: install the package postgresql")
        self.port = free_port()
        directory.mkdir()
        user = {}
        if os.geteuid() == 0:
            shutil.chown(directory, "postgres")
            user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        subprocess.run([f"{binaries[-1]}/initdb", "-D", directory / "data", "-U", "postgres", "-A", "trust"], check=True,
                       stdout=subprocess.DEVNULL, cwd=directory, **user)
        self.process = spawn([f"{binaries[-1]}/postgres", "-D", directory / "data", "-p", self.port, "-k", directory,
                              "-c", "listen_addresses=127.0.0.1"], None, directory.parent / "postgres.log",
                             cwd=directory, **user)
        self.url = f"jdbc:postgresql://127.0.0.1:{self.port}/postgres"
        for _ in range(100):
            if not subprocess.run([f"{binaries[-1]}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start")

    def stop(self):
        stop(self.process, signal.SIGINT)


def publish_round(settings, temp):
    """Publishing into the event log on each database, and plain JDBC inserts on the same kind of database; on all cores."""
    results = {}
    for kind, title in (("h2", "H2"), ("postgresql", "PostgreSQL")):
        work = pathlib.Path(tempfile.mkdtemp(prefix="publish-", dir=temp))
        work.chmod(0o755)
        studio, postgres = Studio(settings, temp), None
        try:
            if kind == "postgresql":
                postgres = Postgres(work / "postgresql")
                studio.database = [f"-Dstudio.db.url={postgres.url}", "-Dstudio.db.user=postgres"]
                jdbc = [driver("org/postgresql", "postgresql"), postgres.url, "postgres"]
            else:
                jdbc = [driver("com/h2database", "h2"), f"jdbc:h2:file:{work}/rate;WRITE_DELAY=0", "sa"]
            studio.start()
            rates = {batch: studio.load("publish", clients=8, seconds=10, warmup=settings.warmup / 10 if batch > 1 else
                                        settings.warmup * 2, batch=batch) for batch in (1, 1000)}
            studio.stop()
            plain = run_json(["java", "-cp", jdbc[0], HERE / "JdbcRate.java", *jdbc[1:], "", 5], None, 100)
        finally:
            studio.stop()
            if postgres:
                postgres.stop()
        for batch, name, key in ((1, "single events", "single"), (1000, "arrays of 1000", "batch")):
            measured = rates[batch]
            results[f"{title}, {name}"] = {**measured, "jdbcPerSecond": plain[key],
                                           "ratio": measured["eventsPerSecond"] / plain[key]}
    return results


# ---- rounds and tables ----

RUN = {"burst": burst, "rate20": rate(20), "rate200": rate(200), "rate200x10": rate(200, 10), "replay": replay,
       "one": one, "channels": channels, "idle": idle}

FANOUT = [("deliveries/s", "deliveriesPerSecond", 0, True), ("server CPU µs/delivery", "serverCpuMicrosPerDelivery", 3, True),
          ("p50 ms", "p50", 2, False), ("p99 ms", "p99", 2, False), ("max ms", "max", 1, False),
          ("delivered %", "deliveredPercent", 1, False), ("bytes/delivery", "bytesPerDelivery", 0, False)]
RATE = [("kept up", "held", 0, False), ("server CPU µs/delivery", "serverCpuMicrosPerDelivery", 3, True),
        ("p50 ms", "p50", 2, True), ("p99 ms", "p99", 2, True), ("max ms", "max", 1, False),
        ("delivered %", "deliveredPercent", 1, False)]
TABLES = {  # title, columns: (title, key, decimals, with a ratio)
    "burst": ("{burst} events at once to {connections} subscribers", FANOUT),
    "rate20": ("20 events/s to {connections} subscribers for {seconds} s", RATE),
    "rate200": ("200 events/s to {connections} subscribers for {seconds} s", RATE),
    "rate200x10": ("200 events/s, published in arrays of 10, to {connections} subscribers for {seconds} s", RATE),
    "replay": ("200 subscribers resume at once, 1000 missed events each",
               [("seconds", "seconds", 3, True), ("deliveries/s", "deliveriesPerSecond", 0, False),
                ("delivered %", "deliveredPercent", 1, False)]),
    "one": ("an event for one of many connected users",
            [("p50 ms", "p50", 3, True), ("p99 ms", "p99", 3, False),
             ("server CPU µs/event", "serverCpuMicrosPerEvent", 0, True)]),
    "channels": ("an event for one of many subscribers with a channel each",
                 [("server CPU µs/event", "serverCpuMicrosPerDelivery", 1, True), ("events/s", "deliveriesPerSecond", 0, True),
                  ("p50 ms", "p50", 1, False), ("delivered %", "deliveredPercent", 1, False)]),
    "idle": ("{idle} idle subscribers", [("RSS, KB/connection", "rssKb", 1, True), ("live heap, KB/connection", "heapKb", 1, False),
                                         ("RSS before, MB", "rssBeforeMb", 0, False)]),
    "publish": ("publishing into the event log, 8 clients, against plain JDBC inserts",
                [("events/s", "eventsPerSecond", 0, False), ("plain JDBC rows/s", "jdbcPerSecond", 0, False),
                 ("events/rows", "ratio", 2, False), ("p50 ms", "p50", 2, False), ("p99 ms", "p99", 2, False)]),
}


def medians(measurements):
    for one in measurements:
        if one.get("expected"):
            one["deliveredPercent"] = 100 * one["delivered"] / one["expected"]
    return {key: statistics.median(float(m[key]) for m in measurements) for key in measurements[0]}


def table(scenario, rows, settings):
    title, columns = TABLES[scenario]
    first = next(iter(rows.values()))
    heads = ["" if scenario != "publish" else "database"]
    for name, _, _, ratio in columns:
        heads += [name, "× studio"] if ratio and scenario != "publish" else [name]
    lines = [f"### {scenario}: {title.format(**vars(settings))}", "", "| " + " | ".join(heads) + " |",
             "|---|" + "---:|" * (len(heads) - 1)]
    for name, row in rows.items():
        cells = [name]
        for _, key, decimals, ratio in columns:
            value = row.get(key)
            if key == "held":
                cells.append("yes" if value == 1 else "no")
                continue
            cells.append(f"{value:,.{decimals}f}" if value is not None else "–")
            if ratio and scenario != "publish":
                base = first.get(key)  # the studio, when it is among them
                cells.append(f"{value / base:.2f}" if first is not row and base and value is not None else "")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(SERVERS), help="servers, default: %(default)s")
    parser.add_argument("--scenarios", default=",".join(SCENARIOS), help="default: %(default)s")
    parser.add_argument("--connections", type=int, default=1000, help="subscribers in burst, rate20, rate200")
    parser.add_argument("--burst", type=int, default=1000, help="events of a burst")
    parser.add_argument("--seconds", type=int, default=10, help="length of a run at a rate")
    parser.add_argument("--idle", type=int, default=10000, help="connections in idle, one and channels")
    parser.add_argument("--warmup", type=float, default=60, help="seconds of warm-up of each server, three quarters as much again with readers")
    parser.add_argument("--war", default="target/devfest-studio.war")
    parser.add_argument("--payara", default="target/payara-micro.jar")
    parser.add_argument("--wildfly", default="target/wildfly", help="left out when missing")
    settings = parser.parse_args()
    names, scenarios = settings.only.split(","), settings.scenarios.split(",")
    unknown = [*(set(names) - set(SERVERS)), *(set(scenarios) - set(SCENARIOS))]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    for name in ("war", "payara", "wildfly"):
        setattr(settings, name, os.path.abspath(getattr(settings, name)))
    for path in (settings.war, settings.payara) if "studio" in names else ():
        if not os.path.exists(path):
            parser.error(f"{path} is missing: build the project first")
    if os.cpu_count() < 2:
        parser.error("needs two cores: one for the server, one for the load generator")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if 0 < hard < settings.idle + 1000:
        settings.idle = max(100, hard - 1000)
        say(f"the limit of open files is {hard}: idle, one and channels use {settings.idle} connections")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))

    results, problems = {name: {} for name in scenarios}, []
    temp = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
    temp.chmod(0o755)  # servers that give up root look in here
    try:
        subprocess.run([tool("gcc", "gcc"), "-O2", "-o", temp / "load", HERE / "load.c"], check=True)
        for name in list(names):
            try:
                SERVERS[name].prepare(settings)
            except (RuntimeError, OSError, subprocess.SubprocessError) as problem:
                problems.append(f"{name} left out: {problem}")
                names.remove(name)
        servers = [] if scenarios == ["publish"] else started(names, settings, temp, problems)
        for number in range(1, settings.rounds + 1):
            for server in servers:
                say(f"round {number}: {server.name}")
                measure(server, number, scenarios, results, problems)
        for server in servers:
            server.stop()
        for number in range(1, settings.rounds + 1) if "publish" in scenarios and "studio" in names else ():
            say(f"round {number}: publish")
            try:
                for row, values in publish_round(settings, temp).items():
                    say(f"  {row}: {json.dumps(values)}")
                    results["publish"].setdefault(row, []).append(values)
            except (RuntimeError, OSError, subprocess.SubprocessError) as problem:
                problems.append(f"publish, round {number}: {problem}")
    finally:
        for process in list(running):
            stop(process, signal.SIGKILL)
        shutil.rmtree(temp, ignore_errors=True)
        (HERE / "results.json").write_text(json.dumps(
            {"settings": vars(settings), "results": results, "problems": problems}, indent=1))
    for scenario, rows in results.items():
        if rows:
            print(table(scenario, {row: medians(values) for row, values in rows.items()}, settings))
    for problem in problems:
        print(f"- {problem}")


def started(names, settings, temp, problems):
    """All servers, started and warm; while one is measured, the others wait."""
    servers = []
    for name in names:
        server = SERVERS[name](settings, temp)
        try:
            server.start()
            say(f"{name} warms up")
            warm_up(server)
            servers.append(server)
        except (RuntimeError, OSError, subprocess.SubprocessError) as problem:
            problems.append(f"{name}: {problem}")
            say(f"  {problems[-1]}")
            server.stop()
    return servers


def measure(server, number, scenarios, results, problems):
    """One server's part of a round."""
    for scenario in (s for s in SCENARIOS if s in scenarios and s in RUN):
        try:
            for suffix, values in RUN[scenario](server).items():
                say(f"  {scenario}{suffix}: {json.dumps(values)}")
                results[scenario].setdefault(server.title + suffix, []).append(values)
        except (RuntimeError, OSError, subprocess.SubprocessError) as problem:
            problems.append(f"{server.name}, {scenario}, round {number}: {problem}")
            say(f"  {problems[-1]}")


if __name__ == "__main__":
    main()
