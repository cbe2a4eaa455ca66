package devfest.studio.artwork;

import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.conference.Artwork;
import devfest.studio.conference.Rules;
import devfest.studio.images.ImageRefusedException;
import devfest.studio.images.Overlay;
import devfest.studio.photos.Discards;
import devfest.studio.photos.PhotoRefused;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores the logo and the frame. Safe for use from many threads and nodes. */
@ApplicationScoped
class Artworks implements Frames {

  private final BlobStore store;
  private final Discards discards;
  private final Rules rules;
  private final Change change;

  /** The newest frame, since each result needs it: up to 35 MB, unless the heap is short. */
  private volatile @Nullable Decoded decoded;

  private record Decoded(String id, SoftReference<Overlay> frame) {}

  @Inject
  Artworks(BlobStore store, Discards discards, Rules rules, Change change) {
    this.store = store;
    this.discards = discards;
    this.rules = rules;
    this.change = change;
  }

  /**
   * Stores a file and announces it.
   *
   * @return the id of the file
   * @throws PhotoRefused if it is not an acceptable PNG; a frame must have transparent pixels
   * @throws IOException if it cannot be written
   */
  String put(Artwork kind, byte[] png) throws IOException {
    Overlay overlay = read(png);
    if (kind == Artwork.FRAME && !overlay.isTransparent()) {
      throw new OpaqueFrame();
    }
    String id = UUID.randomUUID().toString();
    String guard = discards.guard(List.of(key(id)));
    try {
      store.write(key(id), overlay::write);
      change.replace(kind, id, guard);
      return id;
    } catch (IOException | RuntimeException e) {
      discards.expire(guard);
      throw e;
    }
  }

  private static Overlay read(byte[] png) throws PhotoRefused {
    try {
      return Overlay.read(png);
    } catch (ImageRefusedException e) {
      throw PhotoRefused.of(e);
    }
  }

  void delete(Artwork kind) {
    change.remove(kind);
  }

  @Override
  public Optional<Overlay> frame() throws IOException {
    Optional<String> id = rules.artwork(Artwork.FRAME);
    return id.isEmpty() ? Optional.empty() : Optional.of(frame(id.get()));
  }

  private Overlay frame(String id) throws IOException {
    Decoded known = decoded;
    Overlay frame = known == null || !known.id().equals(id) ? null : known.frame().get();
    if (frame == null) {
      try (Blob blob = store.open(key(id))) {
        frame = Overlay.read(blob.bytes());
      } catch (ImageRefusedException e) {
        throw new IOException("The frame is damaged", e);
      }
      decoded = new Decoded(id, new SoftReference<>(frame));
    }
    return frame;
  }

  /** The blob key of a file. */
  private static String key(String id) {
    return "event/" + id + ".png";
  }

  /** Changes the rows. */
  @ApplicationScoped
  @Transactional
  static class Change {

    private final Discards discards;
    private final Rules rules;

    @Inject
    Change(Discards discards, Rules rules) {
      this.discards = discards;
      this.rules = rules;
    }

    void replace(Artwork kind, String id, String guard) {
      discardOld(kind);
      discards.keep(guard);
      rules.changeArtwork(kind, id);
    }

    void remove(Artwork kind) {
      if (discardOld(kind)) {
        rules.changeArtwork(kind, null);
      }
    }

    private boolean discardOld(Artwork kind) {
      Optional<String> old = rules.lockArtwork(kind);
      old.ifPresent(id -> discards.add(List.of(key(id))));
      return old.isPresent();
    }
  }
}
