package devfest.studio.cluster;

import devfest.studio.http.Limit;
import devfest.studio.settings.Frequency;
import devfest.studio.settings.Values;
import java.util.EnumMap;
import java.util.Map;

/**
 * How often a user or an address may act.
 *
 * @param all the frequency of each limit
 */
public record LimitSettings(Map<Limit, Frequency> all) {

  public static LimitSettings from(Values values) {
    Map<Limit, Frequency> all = new EnumMap<>(Limit.class);
    all.put(Limit.UPLOADS, values.frequency("studio.limits.uploads", "120/PT1M"));
    all.put(Limit.TRANSFORMATIONS, values.frequency("studio.limits.transformations", "120/PT1M"));
    all.put(Limit.PUBLISHING, values.frequency("studio.limits.publishing", "60000/PT1M"));
    all.put(Limit.TICKETS, values.frequency("studio.limits.tickets", "300/PT1M"));
    all.put(Limit.SESSIONS, values.frequency("studio.limits.sessions", "60/PT1M"));
    all.put(Limit.STREAMS, values.frequency("studio.limits.streams", "12000/PT1M"));
    all.put(Limit.HOOKS, values.frequency("studio.limits.hooks", "60/PT1M"));
    all.put(Limit.GAMES, values.frequency("studio.limits.games", "120/PT1M"));
    all.put(Limit.REDEMPTIONS, values.frequency("studio.limits.redemptions", "600/PT1M"));
    all.put(Limit.POSTS, values.frequency("studio.limits.posts", "300/PT1M"));
    all.put(Limit.MENTIONS, values.frequency("studio.limits.mentions", "10/PT1M"));
    all.put(Limit.MESSAGES, values.frequency("studio.limits.messages", "10/PT30S"));
    all.put(Limit.PICTURE_REPORTS, values.frequency("studio.limits.picture-reports", "30/PT1M"));
    all.put(Limit.REPORTS, values.frequency("studio.limits.reports", "60/PT1M"));
    all.put(Limit.COMMANDS, values.frequency("studio.limits.commands", "600/PT1M"));
    all.put(Limit.DELIVERIES, values.frequency("studio.limits.deliveries", "1200/PT1M"));
    all.put(
        Limit.FAILED_AUTHENTICATIONS,
        values.frequency("studio.limits.failed-authentications", "600/PT1M"));
    all.put(Limit.DEV_TOKENS, values.frequency("studio.limits.dev-tokens", "1200/PT1M"));
    return new LimitSettings(all);
  }

  Frequency of(Limit limit) {
    Frequency frequency = all.get(limit);
    if (frequency == null) {
      throw new IllegalStateException(limit + " has no setting");
    }
    return frequency;
  }
}
