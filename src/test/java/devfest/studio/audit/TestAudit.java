package devfest.studio.audit;

/** Passes what is recorded to the test. */
public final class TestAudit extends Audit {

  /** Receives the arguments of {@link Audit#record}. */
  @FunctionalInterface
  public interface Trail {
    void record(String user, Action action, String target, Outcome outcome);
  }

  private final Trail trail;

  public TestAudit(Trail trail) {
    super(null, null, null, null, null, null);
    this.trail = trail;
  }

  @Override
  public void record(String user, Action action, String target, Outcome outcome) {
    trail.record(user, action, target, outcome);
  }
}
