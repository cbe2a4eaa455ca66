package devfest.studio.publish;

import devfest.studio.events.ReservedTypes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;

/** What clients cannot publish, as its owners declare it. Safe for use from many threads. */
@ApplicationScoped
class Reserved {

  private final List<ReservedTypes> types;
  private final List<ReservedChannels> channels;

  @Inject
  Reserved(@Any Instance<ReservedTypes> types, @Any Instance<ReservedChannels> channels) {
    this.types = types.stream().toList();
    this.channels = channels.stream().toList();
  }

  boolean hasType(String type) {
    return types.stream().anyMatch(each -> each.includes(type));
  }

  boolean hasChannel(String channel) {
    return channels.stream().anyMatch(each -> each.reserves(channel));
  }
}
