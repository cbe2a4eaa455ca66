package devfest.studio.feeds.chat;

import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * The chat messages of a user, and the presence in rooms. The events of an export have the
 * messages.
 */
@ApplicationScoped
class PersonalMessages implements Holding {

  /** Per transaction. */
  private static final int BATCH = 100;

  private final Chat chat;
  private final Attendance attendance;

  @Inject
  PersonalMessages(Chat chat, Attendance attendance) {
    this.chat = chat;
    this.attendance = attendance;
  }

  @Override
  public String name() {
    return "messages";
  }

  /** With an event for each message, by which open pages remove it. */
  @Override
  public boolean withdraw(String user) {
    return chat.erase(user, BATCH) > 0;
  }

  @Override
  public boolean erase(String user) {
    return attendance.erase(user);
  }
}
