/* The load generator: many HTTP/1.1 connections from one thread, over epoll.
 *
 *   load fanout  --port P --path /sub  --connections N  --burst K | --rate R --seconds S
 *   load idle    --port P --path /sub  --connections N             (holds until stdin closes)
 *   load replay  --port P --path /sub  --connections N  --events K (time until all have K events)
 *   load one     --port P --paths-file F --connections N --events K (one event after the other)
 *   load publish --port P --clients C --seconds S --batch B
 *
 * An event is recognised by its timestamp, "t":<nanoseconds of CLOCK_MONOTONIC>, which the
 * publisher in this same process writes, so latency needs no second clock. The last line on stdout
 * is a JSON object. Chunk headers are not decoded: they can't look like a timestamp. One that a
 * chunk boundary cuts in two is counted all the same, as the search goes on over the seam of reads;
 * only a server that splits an event over chunks would confuse it, and none here does. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024, CARRY = 32, BATCH = 100 };

/* ---- options */

static int argc_;
static char **argv_;

static const char *option(const char *name, const char *otherwise) {
  for (int i = 2; i + 1 < argc_; i += 2)
    if (!strcmp(argv_[i], name)) return argv_[i + 1];
  return otherwise;
}
static long number(const char *name, long otherwise) {
  const char *text = option(name, NULL);
  return text ? atol(text) : otherwise;
}
static void fail(const char *format, ...) {
  va_list args;
  va_start(args, format);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  exit(1);
}

/* ---- time, CPU of the server, latencies */

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* User and system time of the processes in --pid, in microseconds. */
static double server_cpu(void) {
  double ticks = 0;
  char pids[256];
  snprintf(pids, sizeof pids, "%s", option("--pid", ""));
  for (char *pid = strtok(pids, ","); pid; pid = strtok(NULL, ",")) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file) fail("no process %s", pid);
    if (fgets(line, sizeof line, file)) {
      unsigned long user, system;
      if (sscanf(strrchr(line, ')'), ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                 &system) == 2)
        ticks += user + system;
    }
    fclose(file);
  }
  return ticks * 1e6 / sysconf(_SC_CLK_TCK);
}

/* Log-linear: 64 steps for each doubling, so within two percent. Microseconds. */
static uint64_t buckets[64 * 40], recorded;
static double longest;

static int bucket(uint64_t us) {
  if (us < 64) return us;
  int exponent = 63 - __builtin_clzll(us);
  return (exponent - 5) * 64 + (us >> (exponent - 6)) - 64;
}
static void record(int64_t ns) {
  uint64_t us = ns < 0 ? 0 : ns / 1000;
  int b = bucket(us);
  if (b >= (int)(sizeof buckets / sizeof *buckets)) b = sizeof buckets / sizeof *buckets - 1;
  buckets[b]++;
  recorded++;
  if (us / 1e3 > longest) longest = us / 1e3;
}
static double percentile(double p) {
  uint64_t rank = recorded * p, seen = 0;
  for (unsigned b = 0; b < sizeof buckets / sizeof *buckets; b++) {
    seen += buckets[b];
    if (seen > rank) {
      if (b < 64) return b / 1e3;
      int exponent = b / 64 + 5;
      return ((uint64_t)(b % 64 + 64) << (exponent - 6)) / 1e3;
    }
  }
  return longest;
}

/* ---- connections */

typedef struct {
  int fd;
  bool reader;     /* or a publisher */
  bool started;    /* a reader: something has come */
  bool answered;   /* a reader: the head of the response and the hello have come */
  int carried;     /* bytes of the last read that may begin a timestamp */
  char carry[CARRY];
  char *out;       /* what is still to be sent */
  size_t out_size, out_sent;
  int waiting;     /* a publisher: events in the request that is not answered yet */
} connection;

static int epoll;
static char read_buffer[CARRY + READ_SIZE + 1];
static int64_t delivered, open_readers, broken, published, acknowledged, refused, last_delivery;
static bool keep_latency = true;

static void watch(connection *c, bool writing, int operation) {
  struct epoll_event event = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = c};
  if (epoll_ctl(epoll, operation, c->fd, &event)) fail("epoll: %s", strerror(errno));
}

static void flush(connection *c) {
  while (c->out_sent < c->out_size) {
    ssize_t n = send(c->fd, c->out + c->out_sent, c->out_size - c->out_sent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN || errno == ENOTCONN) {
        watch(c, true, EPOLL_CTL_MOD);
        return;
      }
      fail("send: %s", strerror(errno));
    }
    c->out_sent += n;
  }
  free(c->out);
  c->out = NULL;
  watch(c, false, EPOLL_CTL_MOD);
}

static void dial(connection *c, bool reader) {
  memset(c, 0, sizeof *c);
  c->reader = reader;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) fail("socket: %s", strerror(errno));
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(number("--port", 8080))};
  inet_pton(AF_INET, option("--host", "127.0.0.1"), &to.sin_addr);
  if (connect(c->fd, (void *)&to, sizeof to) && errno != EINPROGRESS)
    fail("connect: %s", strerror(errno));
  watch(c, true, EPOLL_CTL_ADD);
}

static void subscribe(connection *c, const char *path) {
  dial(c, true);
  const char *header = option("--header", NULL);
  c->out_size = asprintf(&c->out, "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n%s%s\r\n",
                         path, header ? header : "", header ? "\r\n" : "");
  c->out_sent = 0;
}

static void count(connection *c, char *from, char *end) {
  int64_t at = 0;
  while ((from = memmem(from, end - from, "\"t\":", 4))) {
    char *digit = from + 4;
    int64_t sent = 0;
    while (digit < end && *digit >= '0' && *digit <= '9') sent = sent * 10 + (*digit++ - '0');
    if (digit == end) return; /* cut; the carry has it */
    if (!at) at = now();
    delivered++;
    last_delivery = at;
    if (keep_latency) record(at - sent);
    from = digit;
  }
}

/* Reads what there is; returns false when the connection has ended. */
static bool receive(connection *c) {
  memcpy(read_buffer, c->carry, c->carried);
  ssize_t n = recv(c->fd, read_buffer + c->carried, READ_SIZE, 0);
  if (n < 0 && errno == EAGAIN) return true;
  if (n <= 0) return false;
  char *end = read_buffer + c->carried + n;
  *end = 0;
  if (!c->reader) {
    for (char *at = read_buffer; (at = memmem(at, end - at, "HTTP/1.1 ", 9)); at += 9) {
      if (at[9] != '2') {
        if (!refused++) fprintf(stderr, "refused: %.300s\n", at);
      } else acknowledged += c->waiting;
      c->waiting = 0;
    }
    c->carried = 0;
    /* Servers end a connection after so many requests: then there is a new one. */
    return c->waiting || !memmem(read_buffer, end - read_buffer, "onnection: close", 16);
  }
  if (!c->answered) {
    if (!c->started && strncmp(read_buffer, "HTTP/1.1 200", 12)) fail("%.400s", read_buffer);
    c->started = true;
    const char *hello = option("--hello", "\r\n\r\n");
    if (memmem(read_buffer, end - read_buffer, hello, strlen(hello))) {
      c->answered = true;
      open_readers++;
    }
  }
  count(c, read_buffer, end);
  /* Whatever may begin a timestamp that the next read completes. */
  char *tail = end - read_buffer > CARRY ? end - CARRY : read_buffer;
  c->carried = 0;
  for (char *at = tail; at < end; at++) {
    size_t rest = end - at;
    if (!memcmp(at, "\"t\":", rest < 4 ? rest : 4)) {
      char *digit = at + 4;
      while (digit < end && *digit >= '0' && *digit <= '9') digit++;
      if (digit >= end) {
        memcpy(c->carry, at, rest);
        c->carried = rest;
        break;
      }
    }
  }
  return true;
}

/* Lets the connections work for at most so many nanoseconds. */
static void work(int64_t ns) {
  struct epoll_event events[512];
  int n = epoll_wait(epoll, events, 512, ns <= 0 ? 0 : ns < 1000000 ? 1 : ns / 1000000);
  for (int i = 0; i < n; i++) {
    connection *c = events[i].data.ptr;
    if (c->out && (events[i].events & EPOLLOUT)) flush(c);
    if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
      if (!receive(c)) {
        close(c->fd);
        if (c->reader) {
          broken++;
          if (c->answered) open_readers--;
        } else if (c->waiting) {
          fail("a publisher was cut before the answer");
        } else {
          dial(c, false);
        }
      }
    }
  }
}

/* ---- publishing */

static char pad[70000];

static int event_json(char *to, const char *mode) {
  int overhead = !strcmp(mode, "studio") ? 200 : 60;
  int size = number("--size", 320) - overhead;
  int n = sprintf(to, "{\"t\":%lld,\"pad\":\"%.*s\"}", (long long)now(), size > 1 ? size : 1, pad);
  return n;
}

/* Sends so many events as one request. */
static void publish(connection *c, int events) {
  const char *mode = option("--mode", "studio");
  const char *template = option("--body", NULL);
  char *body = malloc((size_t)events * (number("--size", 320) + 400) + 1000), *at = body;
  bool array = !strcmp(mode, "studio") && events > 1;
  if (array) *at++ = '[';
  for (int i = 0; i < events; i++) {
    if (template) { /* %T% stands for the timestamp */
      const char *mark = strstr(template, "%T%");
      at += sprintf(at, "%.*s%lld%s", (int)(mark - template), template, (long long)now(), mark + 3);
    } else if (!strcmp(mode, "studio")) {
      at += sprintf(at, "%s{\"event\":\"bench\",\"visibility\":\"public\",\"data\":", i ? "," : "");
      at += event_json(at, mode);
      *at++ = '}';
    } else {
      at += event_json(at, mode);
      if (events > 1) *at++ = '\n';
    }
  }
  if (array) *at++ = ']';
  const char *header = option("--publish-header", NULL);
  char *request;
  int head = asprintf(&request, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s%sContent-Length: %zd\r\n\r\n",
                      option("--publish-path", "/pub"),
                      !strcmp(mode, "studio") ? "application/json" : "text/plain",
                      header ? header : "", header ? "\r\n" : "", at - body);
  c->out = realloc(request, head + (at - body));
  memcpy(c->out + head, body, at - body);
  free(body);
  c->out_size = head + (at - body);
  c->out_sent = 0;
  c->waiting = events;
  published += events;
  flush(c);
}

/* ---- what is measured */

static connection *readers;

static void connect_all(long n) {
  readers = calloc(n, sizeof *readers);
  FILE *paths = option("--paths-file", NULL) ? fopen(option("--paths-file", NULL), "r") : NULL;
  const char *path = option("--path", "/sub");
  static char line[16384];
  int64_t deadline = now() + 120000000000LL;
  for (long i = 0; i < n; i++) {
    if (paths) {
      if (!fgets(line, sizeof line, paths)) fail("too few paths");
      line[strcspn(line, "\n")] = 0;
      path = line;
    }
    subscribe(&readers[i], path);
    /* Not all at once, unless that is what is measured. */
    while (strcmp(argv_[1], "replay") && i - open_readers > 200) work(10000000);
  }
  if (paths) fclose(paths);
  while (strcmp(argv_[1], "replay") && open_readers < n) {
    work(10000000);
    if (now() > deadline || broken) fail("%ld of %ld connected, %ld cut", open_readers, n, broken);
  }
}

static void fanout(void) {
  long n = number("--connections", 1000), burst = number("--burst", 0);
  double rate = number("--rate", 20), seconds = number("--seconds", 10);
  long events = burst ? burst : (long)(rate * seconds);
  bool single = !strcmp(option("--mode", "studio"), "single");
  long many = single ? 1 : BATCH;
  connect_all(n);
  connection publishers[8];
  for (int i = 0; i < 8; i++) dial(&publishers[i], false);
  int64_t settle = now() + 1000000000LL;
  while (now() < settle) work(10000000);
  double cpu = server_cpu();
  int64_t start = now(), finished = start;
  delivered = 0;
  last_delivery = start;
  while (delivered < n * events) {
    int64_t at = now();
    for (int i = 0; i < (burst && !single ? 1 : 8) && published < events; i++) {
      long due = burst ? events : (long)((at - start) / 1e9 * rate) + 1;
      if (due > events) due = events;
      if (due > published && !publishers[i].waiting && !publishers[i].out)
        publish(&publishers[i], due - published < many ? due - published : many);
    }
    if (published == events && acknowledged == events && finished == start) finished = now();
    int64_t next = burst ? 1000000 : start + (int64_t)(published / rate * 1e9) - now();
    work(next > 10000000 ? 10000000 : next);
    if (now() - last_delivery > 20000000000LL) break;
  }
  double took = (last_delivery - start) / 1e9;
  printf("{\"connections\":%ld,\"events\":%ld,\"delivered\":%ld,\"expected\":%ld,\"seconds\":%.3f,"
         "\"deliveriesPerSecond\":%.0f,\"publishSeconds\":%.3f,\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f,"
         "\"cpuMicrosPerDelivery\":%.3f,\"cut\":%ld,\"refused\":%ld,\"held\":%s}\n",
         n, events, delivered, n * events, took, delivered / took, (finished - start) / 1e9,
         percentile(.5), percentile(.99), longest,
         delivered ? (server_cpu() - cpu) / delivered : 0, broken, refused,
         delivered == n * events && (burst || took < seconds + 1) ? "true" : "false");
}

static void idle(void) {
  long n = number("--connections", 10000);
  connect_all(n);
  printf("{\"connected\":%ld}\n", open_readers);
  fflush(stdout);
  fcntl(0, F_SETFL, O_NONBLOCK);
  char byte;
  while (read(0, &byte, 1) != 0) work(100000000);
  printf("{\"connected\":%ld,\"cut\":%ld}\n", open_readers, broken);
}

static void replay(void) {
  long n = number("--connections", 200), events = number("--events", 1000);
  keep_latency = false;
  double cpu = server_cpu();
  int64_t start = now();
  last_delivery = start;
  connect_all(n);
  while (delivered < n * events && now() - last_delivery < 20000000000LL) work(10000000);
  double took = (last_delivery - start) / 1e9;
  printf("{\"connections\":%ld,\"events\":%ld,\"delivered\":%ld,\"expected\":%ld,\"seconds\":%.3f,"
         "\"cpuMicrosPerDelivery\":%.3f}\n",
         n, events, delivered, n * events, took, delivered ? (server_cpu() - cpu) / delivered : 0);
}

static void one(void) {
  long n = number("--connections", 100), events = number("--events", 200);
  connect_all(n);
  connection publisher;
  dial(&publisher, false);
  double cpu = 0;
  for (long i = -20; i < events; i++) { /* the first are to warm up */
    if (i == 0) {
      memset(buckets, 0, sizeof buckets);
      recorded = 0;
      longest = 0;
      cpu = server_cpu();
    }
    int64_t before = delivered, deadline = now() + 5000000000LL;
    publish(&publisher, 1);
    while ((delivered == before || publisher.waiting) && now() < deadline) work(10000000);
    if (delivered == before) fail("the event did not come");
    int64_t pause = now() + 20000000;
    while (now() < pause) work(pause - now());
  }
  printf("{\"connections\":%ld,\"events\":%ld,\"p50\":%.2f,\"p99\":%.2f,\"cpuMicrosPerEvent\":%.1f}\n",
         n, events, percentile(.5), percentile(.99), (server_cpu() - cpu) / events);
}

static void publish_only(void) {
  long clients = number("--clients", 8), batch = number("--batch", 1);
  double seconds = number("--seconds", 5);
  connection *publishers = calloc(clients, sizeof *publishers);
  for (int i = 0; i < clients; i++) dial(&publishers[i], false);
  int64_t start = 0, warm = now() + number("--warm", 2) * 1000000000LL, end = 0;
  double cpu = 0;
  while (!end || now() < end) {
    if (!end && now() > warm) {
      acknowledged = 0;
      start = now();
      cpu = server_cpu();
      end = start + (int64_t)(seconds * 1e9);
    }
    for (int i = 0; i < clients; i++)
      if (!publishers[i].waiting && !publishers[i].out) publish(&publishers[i], batch);
    work(1000000);
  }
  double took = (now() - start) / 1e9;
  printf("{\"clients\":%ld,\"batch\":%ld,\"eventsPerSecond\":%.0f,\"cpuMicrosPerEvent\":%.1f,"
         "\"refused\":%ld}\n",
         clients, batch, acknowledged / took,
         acknowledged ? (server_cpu() - cpu) / acknowledged : 0, refused);
}

int main(int argc, char **argv) {
  argc_ = argc;
  argv_ = argv;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  memset(pad, 'x', sizeof pad - 1);
  epoll = epoll_create1(0);
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "fanout")) fanout();
  else if (!strcmp(what, "idle")) idle();
  else if (!strcmp(what, "replay")) replay();
  else if (!strcmp(what, "one")) one();
  else if (!strcmp(what, "publish")) publish_only();
  else fail("load fanout|idle|replay|one|publish --name value ...");
  return 0;
}
