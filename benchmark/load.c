/*
 * Load generator for servers that stream Server-Sent Events: one thread, one epoll loop, no libraries.
 *
 * It opens many keep-alive readers, publishes events over connections of its own, and counts what the readers get.
 * Every published event holds exactly one   "t":<CLOCK_MONOTONIC nanoseconds>   so that a delivery's latency is
 * known without any shared state: the same process writes the time and reads it back.
 *
 * usage: load fanout|idle|replay|one|publish --name value ...     (see benchmark/README.md)
 * The last line on stdout is one JSON object.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ULL
#define READ_SIZE (256 * 1024)
#define HEAD_MAX 8192
#define STALLED (20 * SECOND) /* give up after so long without any progress */

enum step { HEAD, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, LAST_LINE, BODY, BODY_UNTIL_CLOSE };

struct conn {
	int fd;
	enum step step;
	bool publisher, ready;
	bool blocked;   /* the socket takes no more bytes for now */
	bool last;      /* the server ends the connection after this response, as most do after so many */
	uint64_t left;  /* bytes left of the chunk or body */
	char *head;     /* the response's header while it is incomplete */
	int head_length;
	int hello_at;   /* characters of the hello text seen so far */
	int mark_at;    /* characters of MARK seen so far; MARK_LENGTH: inside its digits */
	uint64_t value; /* the digits so far */
	uint64_t skip;  /* bytes (of padding) to pass over unseen */
	/* publisher only */
	char *out;
	size_t out_at, out_length, out_size;
	int unanswered;
	uint64_t sent_at, batch;
};

static const char MARK[] = "\"t\":";
enum { MARK_LENGTH = 4 };

static int argument_count;
static char **arguments;
static int epoll_fd, timer_fd;
static char buffer[READ_SIZE];
static uint64_t read_at;       /* the time of the latest read */
static uint64_t not_before;    /* timestamps before this are from earlier runs and do not count */
static uint64_t ready, closed; /* readers */
static uint64_t delivered, last_delivery, body_bytes;
static uint64_t histogram[64 * 128];
static const char *hello, *host, *port, *mode;
static uint64_t pad_length;
static char *pad;
static uint64_t channels; /* events go to as many channels in turn (studio only); 0: to no channel of their own */

/* ---- small helpers ---- */

static void fail(const char *what, const char *detail) {
	fprintf(stderr, "load: %s %s\n", what, detail);
	exit(1);
}

static const char *option(const char *name, const char *fallback) {
	for (int i = 2; i + 1 < argument_count; i += 2)
		if (!strncmp(arguments[i], "--", 2) && !strcmp(arguments[i] + 2, name)) return arguments[i + 1];
	return fallback;
}

static const char *required(const char *name) {
	const char *value = option(name, NULL);
	if (!value) fail("missing option --", name);
	return value;
}

static double number(const char *name, double fallback) {
	const char *value = option(name, NULL);
	return value ? atof(value) : fallback;
}

static uint64_t now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* CPU time (user + system, all threads, also ended ones) of the processes of --pid in nanoseconds */
static uint64_t server_cpu(void) {
	uint64_t sum = 0;
	const char *pids = option("pid", "");
	for (char *end; *pids; pids = *end ? end + 1 : end) {
		clockid_t clock;
		struct timespec t;
		long pid = strtol(pids, &end, 10);
		if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t)) fail("no CPU clock of process", pids);
		sum += t.tv_sec * SECOND + t.tv_nsec;
	}
	return sum;
}

/* Log-linear histogram: 128 buckets for each power of two, so less than 1 % off. */
static void record(uint64_t nanos) {
	int power = nanos < 128 ? 7 : 63 - __builtin_clzll(nanos);
	histogram[nanos < 128 ? nanos : (uint64_t)(power - 6) * 128 + ((nanos >> (power - 7)) & 127)]++;
}

static double percentile(double part) {
	uint64_t total = 0, seen = 0, last = 0;
	for (int i = 0; i < 64 * 128; i++) total += histogram[i];
	for (int i = 0; i < 64 * 128; i++) {
		if (!histogram[i]) continue;
		last = i;
		if ((seen += histogram[i]) >= part * total) break;
	}
	uint64_t power = last / 128 + 6;
	return (last < 128 ? last : (128 + last % 128) << (power - 7)) / 1e6;
}

/* ---- reading ---- */

static void delivery(uint64_t published_at) {
	if (published_at < not_before) return;
	delivered++;
	last_delivery = read_at;
	record(read_at > published_at ? read_at - published_at : 0);
}

/* Finds each   "t":<digits>   in a stretch of body bytes; one that is cut off goes on with the next stretch. */
static void scan(struct conn *c, const char *p, const char *end) {
	while (p < end) {
		if (c->skip) {
			uint64_t n = (uint64_t)(end - p) < c->skip ? (uint64_t)(end - p) : c->skip;
			p += n;
			c->skip -= n;
		} else if (c->mark_at == MARK_LENGTH) {
			for (; p < end && *p >= '0' && *p <= '9'; p++) c->value = c->value * 10 + (*p - '0');
			if (p == end) return;
			delivery(c->value);
			c->mark_at = 0;
			c->skip = pad_length; /* the padding follows its timestamp: nothing to find in there */
		} else if (c->mark_at) {
			if (*p == MARK[c->mark_at]) { c->mark_at++; p++; } else c->mark_at = 0;
			c->value = 0;
		} else {
			const char *colon = p;
			while ((colon = memchr(colon, ':', end - colon)) && (colon - p < 3 || memcmp(colon - 3, MARK, 3))) colon++;
			if (colon) {
				c->mark_at = MARK_LENGTH;
				c->value = 0;
				p = colon + 1;
			} else {
				for (int n = 3; n > 0 && !c->mark_at; n--)
					if (end - p >= n && !memcmp(end - n, MARK, n)) c->mark_at = n;
				return;
			}
		}
	}
}

static void body(struct conn *c, const char *p, const char *end) {
	if (c->publisher) return;
	for (; !c->ready && p < end; p++) {
		c->hello_at = *p == hello[c->hello_at] ? c->hello_at + 1 : *p == hello[0];
		if (!hello[c->hello_at]) { c->ready = true; ready++; }
	}
	body_bytes += end - p;
	scan(c, p, end);
}

static void reopen(struct conn *c);

static void message_end(struct conn *c) {
	c->step = HEAD;
	c->head_length = 0;
	if (c->publisher) {
		c->unanswered--;
		if (c->last && !c->unanswered) reopen(c);
	}
}

/* Takes header bytes; knows how the body is delimited when they are complete. */
static const char *take_head(struct conn *c, const char *p, const char *end) {
	if (!c->head) c->head = malloc(HEAD_MAX);
	while (p < end) {
		if (c->head_length == HEAD_MAX - 1) fail("response header too long:", c->head);
		c->head[c->head_length++] = *p++;
		if (c->head_length < 4 || memcmp(c->head + c->head_length - 4, "\r\n\r\n", 4)) continue;
		c->head[c->head_length] = 0;
		if (strncmp(c->head, "HTTP/1.1 2", 10)) {
			fprintf(stderr, "%.*s\n", (int)(end - p), p);
			fail("the server refused:", c->head);
		}
		c->last = strcasestr(c->head, "\r\nConnection: close") != NULL;
		const char *length = strcasestr(c->head, "\r\nContent-Length:");
		c->left = length ? strtoull(length + 17, NULL, 10) : 0;
		if (strcasestr(c->head, "\r\nTransfer-Encoding: chunked")) c->step = CHUNK_SIZE;
		else if (length || !strncmp(c->head + 9, "204", 3)) c->step = BODY;
		else c->step = BODY_UNTIL_CLOSE;
		if (!c->publisher) {
			free(c->head);
			c->head = NULL;
			if (!*hello) { c->ready = true; ready++; }
		}
		if (c->step == BODY && !c->left) message_end(c);
		break;
	}
	return p;
}

/* Takes what one read brought. Chunks are followed (their sizes only), so that none can hide or cut a timestamp. */
static void take(struct conn *c, const char *p, const char *end) {
	while (p < end) {
		uint64_t n = end - p;
		switch (c->step) {
		case HEAD: p = take_head(c, p, end); break;
		case CHUNK_SIZE: {
			int ch = *p++;
			if (ch == '\n') c->step = c->left ? CHUNK_DATA : LAST_LINE;
			else if (ch != '\r') c->left = c->left * 16 + (ch <= '9' ? ch - '0' : (ch | 32) - 'a' + 10);
			break;
		}
		case CHUNK_END: if (*p++ == '\n') c->step = CHUNK_SIZE; break;
		case LAST_LINE: if (*p++ == '\n') message_end(c); break;
		case BODY_UNTIL_CLOSE: body(c, p, end); return;
		case CHUNK_DATA:
		case BODY:
			if (n > c->left) n = c->left;
			body(c, p, p + n);
			p += n;
			if (!(c->left -= n)) { if (c->step == BODY) message_end(c); else c->step = CHUNK_END; }
		}
	}
}

/* ---- connections ---- */

static void watch(struct conn *c, int how, uint32_t events) {
	struct epoll_event event = { .events = events, .data.ptr = c };
	if (epoll_ctl(epoll_fd, how, c->fd, &event)) fail("epoll_ctl:", strerror(errno));
}

static void open_conn(struct conn *c, bool publisher) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
	int one = 1;
	memset(c, 0, sizeof *c);
	c->publisher = publisher;
	inet_pton(AF_INET, host, &address.sin_addr);
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) fail("connect:", strerror(errno));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	watch(c, EPOLL_CTL_ADD, EPOLLIN);
}

static void reopen(struct conn *c) {
	uint64_t sent_at = c->sent_at, batch = c->batch;
	close(c->fd);
	free(c->head);
	free(c->out);
	open_conn(c, true);
	c->sent_at = sent_at;
	c->batch = batch;
}

static void flush(struct conn *c) {
	while (c->out_at < c->out_length) {
		ssize_t n = send(c->fd, c->out + c->out_at, c->out_length - c->out_at, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN) {
			if (!c->blocked) watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
			c->blocked = true;
			return;
		}
		if (n < 0) fail("send:", strerror(errno));
		c->out_at += n;
	}
	if (c->blocked) watch(c, EPOLL_CTL_MOD, EPOLLIN);
	c->blocked = false;
	c->out_at = c->out_length = 0;
}

/* Waits once and takes what came. Returns false when stdin was closed (idle only, where it is watched). */
static bool turn(int timeout) {
	static struct epoll_event events[512];
	int count = epoll_wait(epoll_fd, events, 512, timeout);
	for (int i = 0; i < count; i++) {
		struct conn *c = events[i].data.ptr;
		if (!c) { /* stdin or the timer */
			char ignored[64];
			if (timer_fd >= 0 && read(timer_fd, ignored, 8) < 0) continue;
			if (timer_fd < 0 && read(0, ignored, sizeof ignored) <= 0) return false;
			continue;
		}
		if (events[i].events & EPOLLOUT) flush(c);
		if (!(events[i].events & ~EPOLLOUT)) continue;
		ssize_t n = recv(c->fd, buffer, READ_SIZE, 0);
		if (n > 0) {
			read_at = now();
			take(c, buffer, buffer + n);
		} else if (!n || errno != EAGAIN) {
			if (c->publisher && c->unanswered) fail("the server closed", "a publisher's connection");
			if (c->publisher) {
				reopen(c);
				continue;
			}
			if (!c->ready) fail("the server closed", "a reader's connection before its first bytes");
			close(c->fd);
			closed++;
		}
	}
	return true;
}

/* Opens the readers, at most so many at once that have not been answered yet, and waits until all are ready. */
static struct conn *open_readers(uint64_t count, uint64_t at_once) {
	struct conn *readers = calloc(count + 1, sizeof *readers);
	const char *paths_file = option("paths-file", NULL), *header = option("header", NULL);
	FILE *paths = paths_file ? fopen(paths_file, "r") : NULL;
	if (paths_file && !paths) fail("cannot read", paths_file);
	char line[4096], request[8192];
	uint64_t progress = now(), ready_before = 0;
	for (uint64_t opened = 0; ready < count; turn(opened < count && opened - ready < at_once ? 0 : 100)) {
		for (; opened < count && opened - ready < at_once; opened++) {
			if (paths && !fgets(line, sizeof line, paths)) fail("too few lines in", paths_file);
			if (paths) line[strcspn(line, "\n")] = 0;
			int length = snprintf(request, sizeof request,
				"GET %s HTTP/1.1\r\nHost: %s:%s\r\nAccept: text/event-stream\r\n%s%s\r\n",
				paths ? line : required("path"), host, port, header ? header : "", header ? "\r\n" : "");
			open_conn(&readers[opened], false);
			if (send(readers[opened].fd, request, length, MSG_NOSIGNAL) != length) fail("send:", strerror(errno));
		}
		if (ready != ready_before) { ready_before = ready; progress = now(); }
		if (now() - progress > STALLED) fail("readers", "did not all get their first bytes");
	}
	if (paths) fclose(paths);
	return readers;
}

/* ---- publishing ---- */

static void append(struct conn *c, const char *text, size_t length) {
	if (c->out_length + length + 1 > c->out_size) {
		c->out_size = (c->out_length + length + 1) * 2;
		c->out = realloc(c->out, c->out_size);
	}
	memcpy(c->out + c->out_length, text, length);
	c->out_length += length;
}

/* Appends a POST of a body to what the connection has to send. */
static void post(struct conn *c, const char *content, size_t length) {
	char head[4096];
	const char *header = option("publish-header", NULL);
	int n = snprintf(head, sizeof head,
		"POST %s HTTP/1.1\r\nHost: %s:%s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s%s\r\n",
		required("publish-path"), host, port, strcmp(mode, "lines") ? "application/json" : "text/plain", length,
		header ? header : "", header ? "\r\n" : "");
	append(c, head, n);
	append(c, content, length);
	c->unanswered++;
}

/* Appends a request with events that were due at first, first + step, … */
static void post_events(struct conn *c, uint64_t count, uint64_t first, double step) {
	static struct conn content; /* only its growing buffer is used */
	static uint64_t posted;
	bool studio = !strcmp(mode, "studio");
	content.out_length = 0;
	if (studio && count > 1) append(&content, "[", 1);
	for (uint64_t i = 0; i < count; i++) {
		char text[128], channel[48] = "";
		if (channels) snprintf(channel, sizeof channel, "\"channel\":\"c%llu\",", (unsigned long long)(posted++ % channels));
		if (i) append(&content, studio ? "," : "\n", 1);
		if (studio)
			append(&content, text, snprintf(text, sizeof text, "{\"event\":\"bench\",\"visibility\":\"public\",%s\"data\":", channel));
		append(&content, text, snprintf(text, sizeof text, "{\"t\":%llu,\"pad\":\"",
			(unsigned long long)(first + (uint64_t)(i * step))));
		append(&content, pad, pad_length);
		append(&content, "\"}}", studio ? 3 : 2);
	}
	if (studio && count > 1) append(&content, "]", 1);
	post(c, content.out, content.out_length);
}

/* ---- the subcommands ---- */

static void print_common(uint64_t readers, uint64_t events, uint64_t expected, double seconds, double cpu) {
	printf("{\"connections\":%llu,\"events\":%llu,\"delivered\":%llu,\"expected\":%llu,\"closed\":%llu,"
		"\"seconds\":%.4f,\"deliveriesPerSecond\":%.0f,\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,"
		"\"bytesPerDelivery\":%.1f,\"serverCpuMicrosPerDelivery\":%.4f",
		(unsigned long long)readers, (unsigned long long)events, (unsigned long long)delivered,
		(unsigned long long)expected, (unsigned long long)closed, seconds, seconds > 0 ? delivered / seconds : 0,
		percentile(0.5), percentile(0.99), percentile(1), delivered ? (double)body_bytes / delivered : 0,
		delivered ? cpu / 1e3 / delivered : 0);
}

static void fanout(void) {
	uint64_t count = number("connections", 1000), burst = number("burst", 0);
	double rate = number("rate", 0), planned = number("seconds", 10);
	uint64_t events = burst ? burst : (uint64_t)(rate * planned), published = 0;
	uint64_t expected = (channels ? 1 : count) * events; /* a channel has one reader */
	uint64_t batch = !strcmp(mode, "single") ? 1 : (uint64_t)number("batch", 100);
	int window = number("window", batch == 1 ? 32 : 1);
	double step = burst ? 0 : SECOND / rate;
	uint64_t group = number("group", 1); /* how many events of a rate fall due at once */
	struct conn publisher;
	open_readers(count, number("at-once", 100));
	open_conn(&publisher, true);
	struct epoll_event timer = { .events = EPOLLIN, .data.ptr = NULL };
	timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer_fd, &timer);
	turn(200); /* let the servers settle */
	uint64_t cpu = server_cpu(), start = not_before = now(), progress = start;
	body_bytes = 0;
	while (delivered < expected || published < events || publisher.unanswered) {
		/* Events of a rate carry the time at which they were due: a late publisher hides no latency. */
		uint64_t t = now(), due = burst ? events : ((uint64_t)((t - start) / step / group) + 1) * group;
		if (due > events) due = events;
		while (published < due && publisher.unanswered < window) {
			uint64_t n = due - published < batch ? due - published : batch;
			post_events(&publisher, n, burst ? now() : start + (uint64_t)(published * step), group == 1 ? step : 0);
			published += n;
		}
		flush(&publisher);
		if (published < events && publisher.unanswered < window) {
			uint64_t next = start + (uint64_t)(published * step) + 1;
			struct itimerspec at = { .it_value = { next / SECOND, next % SECOND } };
			timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
		}
		uint64_t before = delivered;
		turn(100);
		if (delivered != before || published < events) progress = now();
		if (now() - progress > STALLED || closed == count + 1) break;
	}
	if (!count) last_delivery = now();
	double seconds = (last_delivery - start) / 1e9;
	print_common(count, events, expected, seconds, server_cpu() - cpu);
	if (!burst) printf(",\"held\":%s", delivered == expected && seconds <= planned + 1 ? "true" : "false");
	printf("}\n");
}

static void idle(void) {
	struct epoll_event input = { .events = EPOLLIN, .data.ptr = NULL };
	open_readers(number("connections", 1000), number("at-once", 100));
	timer_fd = -1;
	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, 0, &input);
	printf("{\"connected\":%llu}\n", (unsigned long long)ready);
	fflush(stdout);
	while (turn(-1)) {}
}

static void replay(void) {
	uint64_t count = number("connections", 200), events = number("events", 1000), expected = count * events;
	uint64_t cpu = server_cpu(), start = now(), before = 0, progress = start;
	open_readers(count, count);
	while (delivered < expected && now() - progress < STALLED) {
		turn(100);
		if (delivered != before) { before = delivered; progress = now(); }
	}
	print_common(count, events, expected, (last_delivery - start) / 1e9, server_cpu() - cpu);
	printf("}\n");
}

static void one(void) {
	uint64_t count = number("connections", 100), events = number("events", 200), warmup = number("warmup", 50);
	const char *body_template = required("body"), *place = strstr(body_template, "%T%");
	if (!place) fail("no %T% in", "--body");
	struct conn publisher;
	open_readers(count, number("at-once", 100));
	open_conn(&publisher, true);
	pad_length = 0; /* the body has no padding */
	uint64_t cpu = 0, start = 0;
	not_before = now();
	for (uint64_t i = 0; i < warmup + events; i++) {
		if (i == warmup) {
			memset(histogram, 0, sizeof histogram);
			cpu = server_cpu();
			start = now();
		}
		char content[4096];
		uint64_t t = now();
		int length = snprintf(content, sizeof content, "%.*s%llu%s", (int)(place - body_template), body_template,
			(unsigned long long)t, place + 3);
		post(&publisher, content, length);
		flush(&publisher);
		while (delivered <= i || publisher.unanswered) {
			turn(100);
			if (now() - t > STALLED) fail("the event", "was not delivered");
		}
	}
	printf("{\"connections\":%llu,\"events\":%llu,\"seconds\":%.4f,\"p50\":%.3f,\"p99\":%.3f,"
		"\"serverCpuMicrosPerEvent\":%.1f}\n", (unsigned long long)count, (unsigned long long)events,
		(now() - start) / 1e9, percentile(0.5), percentile(0.99), (server_cpu() - cpu) / 1e3 / events);
}

static void publish(void) {
	int clients = number("clients", 8);
	uint64_t batch = number("batch", 1), acknowledged = 0, cpu = 0;
	uint64_t start = now() + (uint64_t)(number("warmup", 2) * SECOND), end = start + number("seconds", 5) * SECOND, t;
	struct conn *publishers = calloc(clients, sizeof *publishers);
	for (int i = 0; i < clients; i++) open_conn(&publishers[i], true);
	while ((t = now()) < end) {
		if (!cpu && t >= start) cpu = server_cpu();
		for (int i = 0; i < clients; i++) {
			struct conn *c = &publishers[i];
			if (c->unanswered) continue;
			if (c->sent_at && t >= start) {
				acknowledged += batch;
				record(t - c->sent_at);
			}
			c->sent_at = now();
			post_events(c, batch, c->sent_at, 0);
			flush(c);
		}
		turn(100);
	}
	double seconds = (end - start) / 1e9;
	printf("{\"clients\":%d,\"batch\":%llu,\"events\":%llu,\"seconds\":%.3f,\"eventsPerSecond\":%.0f,"
		"\"p50\":%.3f,\"p99\":%.3f,\"serverCpuMicrosPerEvent\":%.2f}\n", clients, (unsigned long long)batch,
		(unsigned long long)acknowledged, seconds, acknowledged / seconds, percentile(0.5), percentile(0.99),
		acknowledged ? (server_cpu() - cpu) / 1e3 / acknowledged : 0);
}

int main(int argc, char **argv) {
	static const struct { const char *name; void (*run)(void); } commands[] = {
		{ "fanout", fanout }, { "idle", idle }, { "replay", replay }, { "one", one }, { "publish", publish } };
	argument_count = argc;
	arguments = argv;
	host = option("host", "127.0.0.1");
	hello = option("hello", "");
	mode = option("mode", "studio");
	channels = number("channels", 0);
	if (argc > 1) port = required("port");
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	/* One frame is the padded JSON and the server's overhead around it. 32 is the JSON without its padding. */
	double padding = number("size", 320) - number("overhead", 60) - 32;
	pad_length = padding > 0 ? padding : 0;
	pad = malloc(pad_length + 1);
	memset(pad, 'x', pad_length);
	epoll_fd = epoll_create1(0);
	for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
		if (!strcmp(argv[1], commands[i].name)) return commands[i].run(), 0;
	fail("usage: load fanout|idle|replay|one|publish --name value ...", "");
}
