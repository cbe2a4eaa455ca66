package devfest.studio.app.storage;

import devfest.studio.base.UnavailableException;
import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.blobs.DiskStore;
import devfest.studio.blobs.S3Store;
import devfest.studio.blobs.Spool;
import devfest.studio.blobs.StorageSettings;
import devfest.studio.http.Ids;
import devfest.studio.http.Outage;
import devfest.studio.settings.DataSettings;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The store of the settings, which all nodes of a database share: the store and the database
 * contain the same marker. While the store is away or has another marker, calls fail without delay,
 * so that waiting requests do not occupy all threads; {@link #check} detects that the store can be
 * used again. Safe for use from many threads.
 */
@ApplicationScoped
public class SharedStore implements BlobStore {

  /** The blob that contains the marker. */
  static final String MARKER = "studio-store";

  private final BlobStore store;
  private final Marker marker;

  /** The marker of the database; null until it is known. */
  private volatile @Nullable String expected;

  /** Whether the store has had that marker since the start. */
  private volatile boolean confirmed;

  @Inject
  SharedStore(StorageSettings settings, DataSettings data, Spool spool, Marker marker) {
    this(
        settings
            .s3()
            .<BlobStore>map(s3 -> new S3Store(s3, spool))
            .orElseGet(() -> new DiskStore(data, spool)),
        marker);
  }

  SharedStore(BlobStore store, Marker marker) {
    this.store = store;
    this.marker = marker;
  }

  @Override
  public long write(String key, Content content) throws IOException {
    return use(() -> store.write(key, content));
  }

  @Override
  public Blob open(String key) throws IOException {
    return use(() -> store.open(key));
  }

  @Override
  public void delete(String key) throws IOException {
    use(
        () -> {
          store.delete(key);
          return true;
        });
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T use(Call<T> call) throws IOException {
    failInOutage();
    try {
      if (!confirmed) {
        confirm();
      }
      return call.run();
    } catch (UnavailableException e) {
      Outage.STORE.begin(e);
      throw e;
    }
  }

  private static void failInOutage() throws UnavailableException {
    if (Outage.STORE.isOn()) {
      throw new UnavailableException("The file store is not available.", null);
    }
  }

  /** Also compares the markers, because a directory may have been unmounted. */
  @Override
  public void check() throws IOException {
    try {
      store.check();
      compare();
      Outage.STORE.end();
    } catch (UnavailableException e) {
      Outage.STORE.begin(e);
      throw e;
    }
  }

  /** One thread asks; those that wait for it fail with it. */
  private synchronized void confirm() throws IOException {
    failInOutage();
    if (!confirmed) {
      compare();
    }
  }

  private void compare() throws IOException {
    if (expected == null) {
      expected = marker.get(this::findOrCreate);
    }
    if (!find().equals(Optional.ofNullable(expected))) {
      throw new UnavailableException(
          "This node's store is not the one of the database: its file "
              + MARKER
              + " is missing or has another content.",
          null);
    }
    confirmed = true;
  }

  private Optional<String> find() throws IOException {
    try (Blob blob = store.open(MARKER)) {
      String content = new String(blob.bytes(), StandardCharsets.UTF_8).strip();
      return Optional.of(content).filter(Ids::possible);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Keeps the marker of a store that belonged to an earlier database. */
  private String findOrCreate() throws IOException {
    Optional<String> found = find();
    if (found.isPresent()) {
      return found.get();
    }
    String created = UUID.randomUUID().toString();
    long ignored = store.write(MARKER, out -> out.write(created.getBytes(StandardCharsets.UTF_8)));
    return created;
  }

  @PreDestroy
  void close() {
    if (store instanceof S3Store s3) {
      s3.close();
    }
  }
}
