package devfest.studio.images;

import java.util.Optional;

/** Replaces each channel by a weighted sum of all three. */
final class ColourMatrix implements Operation {
  /** Fractional bits of the weights. */
  private static final int BITS = 12;

  /** The weights of Rec. 601 for blue, green and red. */
  private static final double[] LUMA = {0.114, 0.587, 0.299};

  /** Rows and columns in the order blue, green, red. */
  private final double[][] weights;

  private ColourMatrix(double[][] weights) {
    this.weights = weights;
  }

  /** Argument: saturation from 0 (grey) over 1 (unchanged) to 3. */
  static Operation saturation(Arguments arguments) {
    double amount = arguments.expect(1).number(0, 0, 3);
    double[][] weights = new double[3][3];
    for (int out = 0; out < 3; out++) {
      for (int in = 0; in < 3; in++) {
        weights[out][in] = (1 - amount) * LUMA[in] + (out == in ? amount : 0);
      }
    }
    return new ColourMatrix(weights);
  }

  /** Black and white with a colour filter. Arguments: weights of red, green and blue. */
  static Operation monochrome(Arguments arguments) {
    arguments.expect(3);
    double red = arguments.number(0, -1, 2);
    double green = arguments.number(1, -1, 2);
    double blue = arguments.number(2, -1, 2);
    double[] row = {blue, green, red};
    return new ColourMatrix(new double[][] {row, row, row});
  }

  /** Arguments: weights of red, green and blue for the new red, then for green, then for blue. */
  static Operation channels(Arguments arguments) {
    arguments.expect(9);
    double[][] weights = new double[3][3];
    for (int i = 0; i < 9; i++) {
      weights[2 - i / 3][2 - i % 3] = arguments.number(i, -2, 3);
    }
    return new ColourMatrix(weights);
  }

  @Override
  public Filter on(View view) {
    int[] m = new int[9];
    for (int i = 0; i < 9; i++) {
      m[i] = (int) Math.round(weights[i / 3][i % 3] * (1 << BITS));
    }
    int half = 1 << (BITS - 1);
    int length = 3 * view.width();
    return (bgr, offset, y) -> {
      for (int i = offset; i < offset + length; i += 3) {
        int b = bgr[i] & 0xFF;
        int g = bgr[i + 1] & 0xFF;
        int r = bgr[i + 2] & 0xFF;
        bgr[i] = Luma.clip((m[0] * b + m[1] * g + m[2] * r + half) >> BITS);
        bgr[i + 1] = Luma.clip((m[3] * b + m[4] * g + m[5] * r + half) >> BITS);
        bgr[i + 2] = Luma.clip((m[6] * b + m[7] * g + m[8] * r + half) >> BITS);
      }
    };
  }

  @Override
  public Optional<Operation> fusedWith(Operation next) {
    if (!(next instanceof ColourMatrix second)) {
      return Optional.empty();
    }
    double[][] product = new double[3][3];
    for (int out = 0; out < 3; out++) {
      for (int in = 0; in < 3; in++) {
        for (int k = 0; k < 3; k++) {
          product[out][in] += second.weights[out][k] * weights[k][in];
        }
      }
    }
    return Optional.of(new ColourMatrix(product));
  }
}
