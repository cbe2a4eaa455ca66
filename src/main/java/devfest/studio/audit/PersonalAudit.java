package devfest.studio.audit;

import devfest.studio.http.Cursor;
import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of the audit trail that name a user. An erasure makes them anonymous. */
@ApplicationScoped
class PersonalAudit implements Holding {

  private final AuditRows rows;

  @Inject
  PersonalAudit(AuditRows rows) {
    this.rows = rows;
  }

  /** What a user did. Without the target, which may be the id of another user. */
  public record Done(
      Instant recordedAt, String action, String outcome, @Nullable String address, int times) {

    static Done of(AuditRow row) {
      return new Done(row.recordedAt(), row.action(), row.outcome(), row.address(), row.times());
    }
  }

  @Override
  public String name() {
    return "audit";
  }

  @Override
  public void export(String user, Export export) throws IOException {
    Iterator<AuditRow> all =
        Export.pages(
            last -> rows.page(Optional.of(user), Optional.empty(), after(last), Export.PAGE));
    export.array("audit.json", Export.map(all, Done::of));
  }

  private static Cursor after(@Nullable AuditRow last) {
    return last == null ? Cursor.START : new Cursor(last.recordedAt(), last.id());
  }

  @Override
  public boolean erase(String user) {
    return !user.equals(Audit.ERASED) && rows.erase(user, Audit.ERASED) > 0;
  }
}
