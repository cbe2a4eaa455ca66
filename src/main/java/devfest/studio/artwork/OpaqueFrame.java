package devfest.studio.artwork;

import devfest.studio.base.DomainException;

/** A frame would cover every picture, because it has no transparent pixel. */
public final class OpaqueFrame extends DomainException {
  OpaqueFrame() {
    super("The frame has no transparent pixel, so it would cover every picture.");
  }
}
