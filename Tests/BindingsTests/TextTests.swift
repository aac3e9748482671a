// How tensors print.

import Testing

@Suite struct TextTests {
  @Test(arguments: [
    ("t.scalar(3.5)", "Tensor<float32>[] 3.5000"),
    ("ids", "Tensor<int32>[3]\n  2 1 3"),
    ("m", "Tensor<bool>[3]\n   true false  true"),
    ("a", "Tensor<float32>[2, 3]\n  1 2 3\n  4 5 6"),
    ("a:requires_grad()", "Tensor<float32>[2, 3] grad\n  1 2 3\n  4 5 6"),
    ("t.from{ 0.12345, -10 }", "Tensor<float32>[2]\n    0.1235 -10.0000"),
    ("t.from{ 1e-7, 2e9 }", "Tensor<float32>[2]\n  1.000e-07 2.000e+09"),
    (
      "t.from{ 0 / 0, 1 / 0, -1 / 0, 1 }",
      "Tensor<float32>[4] (1 NaN, 2 Inf)\n   nan  inf -inf    1"
    ),
    ("t.zeros{ 0, 3 }", "Tensor<float32>[0, 3]"),
    ("t.arange(0, 20)", "Tensor<float32>[20]\n   0  1  2  3  … 16 17 18 19"),
    (
      "t.arange(0, 80):reshape{ 8, 10 }",
      """
      Tensor<float32>[8, 10]
         0  1  2  3  …  6  7  8  9
        10 11 12 13  … 16 17 18 19
        20 21 22 23  … 26 27 28 29
        …
        50 51 52 53  … 56 57 58 59
        60 61 62 63  … 66 67 68 69
        70 71 72 73  … 76 77 78 79
      """
    ),
    (
      "t.arange(0, 8):reshape{ 4, 1, 2 }",
      """
      Tensor<float32>[4, 1, 2]
      [1, .., ..]
        0 1
      [2, .., ..]
        2 3
      …
      [4, .., ..]
        6 7
      """
    ),
  ]) func `is aligned and short`(lua: String, text: String) throws {
    #expect(try evaluate("tostring(\(lua))") == text)
  }
}
