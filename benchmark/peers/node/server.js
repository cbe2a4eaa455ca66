// Peer: Node.js with better-sse. GET /sub subscribes, POST /pub publishes one event for each line of the body.
import { createServer } from "node:http";
import { createChannel, createSession } from "better-sse";

const channel = createChannel();
let position = 0;

async function subscribe(request, response) {
  const session = await createSession(request, response, {
    serializer: (line) => line, // the lines are JSON already
    keepAlive: null,
    retry: 3000, // also the first bytes of the stream
  });
  channel.register(session);
}

function publish(request, response) {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    for (const line of Buffer.concat(parts).toString().split("\n")) {
      if (line) channel.broadcast(line, "bench", { eventId: String(++position) });
    }
    response.writeHead(200, { "Content-Length": 0 }).end();
  });
}

const server = createServer((request, response) => {
  if (request.method === "POST" && request.url === "/pub") publish(request, response);
  else if (request.method === "GET" && request.url === "/sub") subscribe(request, response);
  else response.writeHead(request.url === "/health" ? 200 : 404, { "Content-Length": 0 }).end();
});
server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
