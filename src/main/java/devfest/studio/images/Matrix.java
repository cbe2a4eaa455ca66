package devfest.studio.images;

/** Arithmetic with 3 × 3 matrices, stored as rows. */
final class Matrix {
  private Matrix() {}

  static double[][] times(double[][] a, double[][] b) {
    double[][] product = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        for (int i = 0; i < 3; i++) {
          product[row][column] += a[row][i] * b[i][column];
        }
      }
    }
    return product;
  }

  static double[] times(double[][] m, double[] v) {
    double[] product = new double[3];
    for (int row = 0; row < 3; row++) {
      product[row] = m[row][0] * v[0] + m[row][1] * v[1] + m[row][2] * v[2];
    }
    return product;
  }

  /**
   * @throws IllegalArgumentException if the matrix has no inverse
   */
  static double[][] inverse(double[][] m) {
    double[][] inverse = new double[3][3];
    double determinant = 0;
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        int r = (column + 1) % 3;
        int s = (column + 2) % 3;
        int c = (row + 1) % 3;
        int d = (row + 2) % 3;
        inverse[row][column] = m[r][c] * m[s][d] - m[r][d] * m[s][c];
      }
    }
    for (int i = 0; i < 3; i++) {
      determinant += m[0][i] * inverse[i][0];
    }
    if (!(Math.abs(determinant) > 1e-9)) {
      throw new IllegalArgumentException("The matrix has no inverse");
    }
    for (double[] row : inverse) {
      for (int i = 0; i < 3; i++) {
        row[i] /= determinant;
      }
    }
    return inverse;
  }
}
