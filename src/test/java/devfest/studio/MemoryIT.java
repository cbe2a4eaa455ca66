package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A studio with 512 MB of heap: what one user sends must not take the memory of all. */
class MemoryIT {

  private static final int GUESTS = 8;
  private static final int PARTS = 510_204;
  private static final int SOCKETS = 200;
  private static final int FRAME_BYTES = 4 * 1024 * 1024;

  @TempDir Path dir;

  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void largePicturesManyPartsAndUnfinishedFramesLeaveMemoryForTheUploadsOfOthers()
      throws Exception {
    byte[] huge = png(7_071, 7_071);
    byte[] photo = TestImages.jpeg(4_000, 3_000);
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    try (Server server =
        Server.start(dir, "-Xmx512m", "-XX:+ExitOnOutOfMemoryError", "studio.dev-mode=true")) {
      Client mallory = Client.of(server.base(), "mallory").withOwnConnections();
      assertEquals(201, mallory.upload(huge, null).status(), "the picture itself is acceptable");
      assertEquals(413, manyParts(mallory));

      for (int i = 0; i < 16; i++) {
        repeat(threads, () -> mallory.upload(huge, null));
      }
      for (int i = 0; i < 2; i++) {
        repeat(threads, () -> manyParts(mallory));
      }
      for (int i = 0; i < GUESTS; i++) {
        Client holder = Client.of(server.base(), "holder" + i);
        Future<?> ignored = threads.submit(() -> unfinishedFrames(holder, sockets));
      }
      List<Future<List<Integer>>> guests = new ArrayList<>();
      for (int i = 0; i < GUESTS; i++) {
        Client guest = Client.of(server.base(), "guest" + i);
        guests.add(threads.submit(() -> List.of(upload(guest, photo), upload(guest, photo))));
      }
      Client anonymous = Client.anonymous(server.base());
      while (!guests.stream().allMatch(Future::isDone)) {
        assertEquals(200, anonymous.get("/api/v1/health").status());
        TimeUnit.MILLISECONDS.sleep(200);
      }
      for (Future<List<Integer>> guest : guests) {
        assertEquals(List.of(201, 201), guest.get());
      }
      assertTrue(sockets.size() > 0);
      over.set(true);
      threads.shutdown();
      assertTrue(threads.awaitTermination(2, TimeUnit.MINUTES));
      assertEquals(200, anonymous.get("/api/v1/health").status());
      assertFalse(server.log().contains("OutOfMemoryError"), server::log);
    } finally {
      over.set(true);
      threads.shutdownNow();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Uploads a photo, and does again what a refusal for the moment asks for. */
  private static int upload(Client guest, byte[] photo) throws InterruptedException {
    Client.Reply reply = guest.upload(photo, null);
    for (int i = 0; i < 10 && reply.status() == 429; i++) {
      TimeUnit.SECONDS.sleep(Long.parseLong(reply.header("Retry-After")));
      reply = guest.upload(photo, null);
    }
    return reply.status();
  }

  private void repeat(ExecutorService threads, Runnable attack) {
    Future<?> ignored =
        threads.submit(
            () -> {
              while (!over.get()) {
                attack.run();
              }
            });
  }

  private static int manyParts(Client client) {
    byte[] part =
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream(PARTS * part.length);
    for (int i = 0; i < PARTS; i++) {
      body.writeBytes(part);
    }
    body.writeBytes("--b--\r\n".getBytes(StandardCharsets.UTF_8));
    return client
        .send(
            client
                .request("/api/v1/photos")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())))
        .status();
  }

  /** Opens WebSockets, and sends a frame without its last byte through each. */
  private static void unfinishedFrames(Client client, List<Socket> sockets) {
    for (int i = 0; i < SOCKETS / GUESTS; i++) {
      try {
        Socket socket = new Socket(client.uri("/").getHost(), client.uri("/").getPort());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write(
            ("GET /timer/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Version: 13\r\nAuthorization: Bearer "
                    + client.token()
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        int first = socket.getInputStream().read();
        assertEquals('H', first);
        out.writeShort(0x81FF);
        out.writeLong(FRAME_BYTES);
        out.writeInt(0);
        out.write(new byte[FRAME_BYTES - 1]);
        out.flush();
      } catch (IOException e) {
        // the studio closed the socket
      }
    }
  }

  /** Transparent pixels, of which a million takes a few KB. */
  private static byte[] png(int width, int height) throws IOException {
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    try (DeflaterOutputStream rows = new DeflaterOutputStream(pixels)) {
      for (int y = 0; y < height; y++) {
        rows.write(new byte[1 + 4 * width]);
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(file);
    out.writeLong(0x89504E470D0A1A0AL);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, 6, 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray());
    chunk(out, "IDAT", pixels.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) sum.getValue());
  }
}
