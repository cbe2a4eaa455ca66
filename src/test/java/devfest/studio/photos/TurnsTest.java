package devfest.studio.photos;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.images.ImageRefusedException;
import devfest.studio.images.Need;
import devfest.studio.photos.Turns.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A memory of 100 bytes, and one or two places. */
class TurnsTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Turns.Turn> kept = new ArrayList<>();
  private final BlockingQueue<Turns.Turn> taken = new LinkedBlockingQueue<>();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static Turns turns(int places) {
    return new Turns(new ImageSettings(100, 1_000), places);
  }

  private static Need need(long bytes) {
    return new Need(1, 1, bytes, 0);
  }

  private Future<Turns.Turn> take(Turns turns, String user, long bytes, Purpose purpose) {
    return threads.submit(
        () -> {
          Turns.Turn turn = turns.take(user, need(bytes), purpose);
          order.add(user);
          taken.add(turn);
          return turn;
        });
  }

  private void keep(Turns.Turn turn) {
    kept.add(turn);
  }

  /** Like {@link #queue}, for an upload that waits to the end of the test. */
  private void hold(Turns turns, String user, long bytes) {
    Future<Turns.Turn> ignored = queue(turns, user, bytes);
  }

  /** Starts an upload that has to wait, and returns when it does. */
  private Future<Turns.Turn> queue(Turns turns, String user, long bytes) {
    int before = turns.waiting(user);
    Future<Turns.Turn> waiting = take(turns, user, bytes, Purpose.UPLOAD);
    await().until(() -> turns.waiting(user) == before + 1);
    return waiting;
  }

  @Test
  void usersTakeTurnsHoweverManyUploadsOneOfThemHas() throws Exception {
    Turns turns = turns(1);
    Turns.Turn first = turns.take("mallory", need(1), Purpose.UPLOAD);
    for (String user : List.of("mallory", "mallory", "mallory", "ann", "bob")) {
      hold(turns, user, 1);
    }
    first.close();
    for (int i = 0; i < 5; i++) {
      taken.take().close();
    }
    assertEquals(List.of("ann", "bob", "mallory", "mallory", "mallory"), order);
  }

  @Test
  void aUserWithLargePicturesWaitsForAsMuchWorkOfOthers() throws Exception {
    Turns turns = turns(1);
    Turns.Turn first = turns.take("mallory", need(90), Purpose.UPLOAD);
    for (String user : List.of("mallory", "ann", "ann", "ann", "ann")) {
      hold(turns, user, user.equals("ann") ? 40 : 90);
    }
    first.close();
    for (int i = 0; i < 5; i++) {
      taken.take().close();
    }
    assertEquals(List.of("ann", "ann", "ann", "mallory", "ann"), order);
  }

  @Test
  void picturesWaitUntilTheirMemoryIsFreeAndNoneOvertakes() throws Exception {
    Turns turns = turns(9);
    Turns.Turn first = turns.take("ann", need(60), Purpose.UPLOAD);
    Future<Turns.Turn> large = queue(turns, "bob", 50);
    Future<Turns.Turn> small = queue(turns, "cy", 10); // although 40 bytes are free
    first.close();
    large.get();
    small.get();
  }

  @Test
  void aPictureThatNeedsMoreThanAllOfTheMemoryTakesItsTurnAlone() throws Exception {
    Turns turns = turns(9);
    Turns.Turn first = turns.take("ann", need(1), Purpose.TRANSFORMATION);
    Future<Turns.Turn> huge = queue(turns, "bob", 900);
    first.close();
    Turns.Turn alone = huge.get();
    Future<Turns.Turn> next = queue(turns, "cy", 1);
    alone.close();
    next.get().close();
  }

  @Test
  void aPictureThatDoesNotFitIntoTheHeapIsRefusedAndLeavesNoTrace() throws Exception {
    Turns turns = turns(1);
    ImageRefusedException refused =
        assertThrows(
            ImageRefusedException.class, () -> turns.take("ann", need(1_001), Purpose.UPLOAD));
    assertEquals(ImageRefusedException.Reason.TOO_MANY_PIXELS, refused.reason());
    turns.take("ann", need(100), Purpose.UPLOAD).close();
  }

  @Test
  void transformationsTakeNoPlaceOfUploads() throws Exception {
    Turns turns = turns(1);
    keep(turns.take("ann", need(1), Purpose.TRANSFORMATION));
    keep(turns.take("ann", need(1), Purpose.TRANSFORMATION));
    keep(turns.take("bob", need(1), Purpose.UPLOAD));
    hold(turns, "bob", 1);
    turns.take("cy", need(1), Purpose.TRANSFORMATION).close();
  }

  @Test
  void theUploadsOfOneUserThatWaitAreLimited() throws Exception {
    Turns turns = turns(1);
    keep(turns.take("ann", need(1), Purpose.UPLOAD));
    for (int i = 0; i < Turns.MAX_WAITING_OF_USER; i++) {
      hold(turns, "ann", 1);
    }
    assertThrows(TooManyUploads.class, () -> turns.check("ann"));
    assertThrows(TooManyUploads.class, () -> turns.take("ann", need(1), Purpose.UPLOAD));
    turns.check("bob");
    hold(turns, "bob", 1);
  }

  @Test
  void onAFullNodeAnUploadDisplacesTheNewestOfTheUserWithTheMost() throws Exception {
    Turns turns = turns(1);
    keep(turns.take("ann", need(1), Purpose.UPLOAD));
    List<Future<Turns.Turn>> mallory = new ArrayList<>();
    for (int i = 0; i < Turns.MAX_WAITING_OF_USER; i++) {
      mallory.add(queue(turns, "mallory", 1));
    }
    for (int i = Turns.MAX_WAITING_OF_USER; i < Turns.MAX_WAITING; i++) {
      hold(turns, "user" + i, 1);
    }
    hold(turns, "bob", 1);
    Future<Turns.Turn> newest = mallory.get(mallory.size() - 1);
    ExecutionException displaced = assertThrows(ExecutionException.class, newest::get);
    assertTrue(displaced.getCause() instanceof TooManyUploads);
    assertEquals(Turns.MAX_WAITING_OF_USER - 1, turns.waiting("mallory"));
  }

  @Test
  void aWaitingUploadWhoseClientHasLeftTakesNoTurn() throws Exception {
    Turns turns = turns(1);
    Turns.Turn first = turns.take("ann", need(1), Purpose.UPLOAD);
    AtomicBoolean left = new AtomicBoolean();
    Future<Turns.Turn> waiting =
        threads.submit(() -> turns.take("bob", need(1), Purpose.UPLOAD, left::get));
    await().until(() -> turns.waiting("bob") == 1);
    left.set(true);
    await().until(() -> turns.waiting("bob") == 0);
    assertThrows(ExecutionException.class, waiting::get);
    first.close();
    assertThrows(TooManyUploads.class, () -> turns.take("bob", need(1), Purpose.UPLOAD, left::get));
    turns.take("cy", need(100), Purpose.UPLOAD).close();
  }

  @Test
  void anInterruptEndsTheWaitAndTheTurnOfOthersComes() throws Exception {
    Turns turns = turns(1);
    Turns.Turn first = turns.take("ann", need(1), Purpose.UPLOAD);
    Future<Turns.Turn> left = queue(turns, "bob", 1);
    Future<Turns.Turn> next = queue(turns, "cy", 1);
    left.cancel(true);
    await().until(() -> turns.waiting("bob") == 0);
    first.close();
    next.get().close();
    assertEquals(List.of("cy"), order);
  }
}
