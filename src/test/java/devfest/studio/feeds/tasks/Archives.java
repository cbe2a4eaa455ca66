package devfest.studio.feeds.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.Client;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives of photos, and the tasks that work on them. */
public final class Archives {

  private Archives() {}

  public static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  public static byte[] photos(int count, byte[] photo) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      entries.put("p" + i + ".jpg", photo);
    }
    return zip(entries);
  }

  public static String send(Client by, byte[] archive) {
    Client.Reply reply = by.upload("/api/v1/tasks/upload", "file", archive, null);
    assertEquals(202, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    return reply.data().getString("taskId");
  }

  public static JsonObject task(Client of, String id) {
    return of.get("/api/v1/tasks/" + id).data();
  }
}
