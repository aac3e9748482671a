// The matrix products of a training step: their sizes, how often they run, how fast OpenBLAS is at
// them. What a step would take that did nothing else follows from it.

import CKernels
import CLimits
import Networks
import Repro

/// A layer's product y = x · wᵀ with x `[m, k]` and w `[n, k]`, and its two derivatives.
struct Product {
  let name: String
  let m: Int, n: Int, k: Int
  /// How often one step runs it: layers of the same size, or heads of all sequences.
  let times: Int
  /// How many run as one batch; 1 outside of attention.
  var batch = 1
  /// The share of the square that a causal mask leaves.
  var share = 1.0
  /// Whether the derivative of x is asked for; pixels have none.
  var hasInputGradient = true

  /// Its directions: the product itself, the derivative of x, the derivative of w.
  var directions: [Direction] {
    [
      Direction(label: "forward", ta: false, tb: true, m: m, n: n, k: k),
      Direction(label: "dx", ta: false, tb: false, m: m, n: k, k: n),
      Direction(label: "dw", ta: true, tb: false, m: n, n: k, k: m),
    ].filter { hasInputGradient || $0.label != "dx" }
  }

  /// Operations of all directions in one step; a multiplication and an addition are two.
  var operations: Double {
    Double(directions.count * 2 * m * n * k * times) * share
  }
}

/// One product as it is handed to OpenBLAS.
struct Direction {
  let label: String
  let ta: Bool, tb: Bool
  let m: Int, n: Int, k: Int

  /// A multiplication and an addition are two.
  var operations: Double { Double(2 * m * n * k) }

  /// Who multiplies.
  enum Multiplier {
    case openBLAS(threads: Int)
    case engine
  }

  /// Seconds of one product of a batch.
  func seconds(batch: Int, by multiplier: Multiplier) -> Double {
    let sizes = [m * k, k * n, m * n].map { $0 * batch }
    let buffers = sizes.map { UnsafeMutablePointer<Float>.allocate(capacity: $0) }
    defer { for buffer in buffers { buffer.deallocate() } }
    for (buffer, size) in zip(buffers, sizes) {
      for i in 0..<size { buffer[i] = Float(i % 17) / 16 - 0.5 }
    }
    let (a, b, c) = (buffers[0], buffers[1], buffers[2])
    let (ta, tb) = (Int32(ta ? 1 : 0), Int32(tb ? 1 : 0))
    let seconds = medianSeconds {
      switch multiplier {
      case .openBLAS(let threads): el_sgemm(Int32(threads), batch, ta, tb, m, n, k, a, b, c)
      case .engine where batch == 1:
        ek_gemm(ta, tb, m, n, k, a, ta == 1 ? m : k, b, tb == 1 ? k : n, 0, nil, c, n)
      case .engine: ek_gemm_batch(batch, ta, tb, m, n, k, a, m * k, b, k * n, c, m * n)
      }
    }
    return seconds / Double(batch)
  }
}

/// What one product takes.
struct ProductSeconds {
  /// OpenBLAS on one thread, and on all.
  let one: Double, all: Double
  /// The engine on all threads.
  let ours: Double
}

/// All products of one training step.
struct StepProducts {
  let products: [Product]

  /// - Parameters:
  ///   - examples: B, each with one image.
  ///   - rows: Decoder rows of an example, all with a label.
  init(_ c: ModelConfiguration, examples: Int, rows: Int) {
    let d = c.width
    var products = [
      Product(
        name: "vision patch", m: examples * c.patches, n: d, k: 3 * c.patchSize * c.patchSize,
        times: 1, hasInputGradient: false)
    ]
    products += Self.blocks(
      "vision", c, examples: examples, rows: c.patches + c.imageTokens, count: c.encoderBlocks,
      causal: false)
    products.append(
      Product(name: "projector", m: examples * c.imageTokens, n: d, k: d, times: 1))
    products += Self.blocks(
      "decoder", c, examples: examples, rows: rows, count: c.decoderBlocks, causal: true)
    products.append(Product(name: "head", m: examples * rows, n: c.vocabulary, k: d, times: 1))
    self.products = products
  }

  private static func blocks(
    _ name: String, _ c: ModelConfiguration, examples: Int, rows: Int, count: Int, causal: Bool
  ) -> [Product] {
    let (d, m) = (c.width, examples * rows)
    let share = causal ? Double(rows + 1) / Double(2 * rows) : 1
    return [
      Product(name: "\(name) qkv", m: m, n: 3 * d, k: d, times: count),
      Product(name: "\(name) output", m: m, n: d, k: d, times: count),
      Product(name: "\(name) up", m: m, n: 4 * d, k: d, times: count),
      Product(name: "\(name) down", m: m, n: d, k: 4 * d, times: count),
      // Scores and mixing have the same sizes in other places: twice q · kᵀ and its derivatives.
      Product(
        name: "\(name) attention", m: rows, n: rows, k: d / c.heads,
        times: 2 * count * examples * c.heads, batch: examples * c.heads, share: share),
    ]
  }

  /// Operations of one step.
  var operations: Double { products.map(\.operations).reduce(0, +) }

  /// Measures every product. OpenBLAS on all threads comes last, for its threads go on looking out
  /// for work and would take a core from the others.
  func measured(threads: Int) -> MeasuredProducts {
    let all = products.flatMap { product in product.directions.map { ($0, product) } }
    func seconds(by multiplier: Direction.Multiplier) -> [Double] {
      all.map { direction, product in direction.seconds(batch: product.batch, by: multiplier) }
    }
    let (one, ours) = (seconds(by: .openBLAS(threads: 1)), seconds(by: .engine))
    // The products of a batch are too small for several threads: split over them without loss.
    let shared = zip(all, one).map { entry, one in
      entry.1.batch == 1
        ? entry.0.seconds(batch: 1, by: .openBLAS(threads: threads)) : one / Double(threads)
    }
    return MeasuredProducts(
      threads: threads,
      entries: all.indices.map {
        (all[$0].0, all[$0].1, ProductSeconds(one: one[$0], all: shared[$0], ours: ours[$0]))
      })
  }
}

/// Products with the seconds each takes.
struct MeasuredProducts {
  let threads: Int
  let entries: [(direction: Direction, product: Product, seconds: ProductSeconds)]

  /// Seconds of a step of products alone as OpenBLAS does them on all threads.
  var openBLAS: Double { total(\.all) }
  /// The same as OpenBLAS does them on one thread, split over the threads without any loss.
  var withoutLoss: Double { total(\.one) / Double(threads) }
  /// The same as the engine does them on all threads.
  var ours: Double { total(\.ours) }

  private func total(_ which: KeyPath<ProductSeconds, Double>) -> Double {
    entries.map { Double($0.product.times) * $0.product.share * $0.seconds[keyPath: which] }
      .reduce(0, +)
  }

  /// A table for people.
  var text: String {
    let head = "  " + "product".padded(-26) + "m".padded(6) + "n".padded(6) + "k".padded(6)
    return
      ([
        head + "times".padded(7) + "   GFLOP/s of OpenBLAS on one thread, on all; ours on all"
      ] + entries.map { line($0.direction, $0.product, $0.seconds) }).joined(separator: "\n")
  }

  private func line(
    _ direction: Direction, _ product: Product, _ seconds: ProductSeconds
  ) -> String {
    "  " + "\(product.name) \(direction.label)".padded(-26)
      + [direction.m, direction.n, direction.k].map { "\($0)".padded(6) }.joined()
      + "\(product.times)".padded(7)
      + [seconds.one, seconds.all, seconds.ours].map {
        (direction.operations / $0 / 1e9).text(1).padded(9)
      }.joined()
  }

  /// Each product's sizes and speeds.
  var json: JSON {
    .array(
      entries.map { direction, product, seconds in
        func speed(_ seconds: Double) -> JSON { .number(direction.operations / seconds / 1e9) }
        return [
          "product": .string(product.name), "direction": .string(direction.label),
          "m": .integer(direction.m), "n": .integer(direction.n), "k": .integer(direction.k),
          "times": .integer(product.times), "gflops_one": speed(seconds.one),
          "gflops_all": speed(seconds.all), "gflops_ours": speed(seconds.ours),
        ]
      })
  }
}
