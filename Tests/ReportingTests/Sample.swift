// A made-up study with realistic numbers, people with faces, and names that would break a page.

import Foundation
import Metrics
import Reporting
import Repro
import RunStore

enum Sample {
  static let firstNames = ["Ada", "Bruno", "Clara", "Desmond", "Elena", "Felix", "Greta", "Hector"]
  static let lastNames = ["Abbott", "Becker", "Calder", "Dupont", "Ekholm", "Farrow", "Grant"]

  static func name(_ seed: Int, _ id: Int) -> String {
    let position = seed * 1000 + id * 17
    return firstNames[position % 8] + " " + lastNames[position / 8 % 7]
      + (id >= 56 ? "-" + lastNames[id % 5] : "")
  }

  static func outcomes(seeds: Int, personas: Int, twins: Int) -> [Outcome] {
    let root = RandomStream(seed: 11)
    let recall = ["image>image": 0.985, "image>text": 0.3, "text>image": 0.36, "text>text": 1]
    return (0..<seeds).flatMap { seed in
      recall.sorted { $0.key < $1.key }.flatMap { cell, mean in
        let ends = cell.split(separator: ">").map(String.init)
        var draws = root.fork("\(seed) \(cell)")
        let luck = mean > 0.9 ? 0 : draws.uniform(-0.14, 0.14)
        return (0..<personas + twins).flatMap { id in
          let isRight = id < personas && draws.chance(mean + luck)
          let truth = name(seed, id)
          let answer = isRight ? truth : name(seed, draws.int(below: personas))
          let verdict = NameMatch(answer: answer, truth: truth)
          let values: [(String, Double)] = [
            ("full_name", verdict.full ? 1 : 0), ("first_name", verdict.first ? 1 : 0),
            ("last_name", verdict.last ? 1 : 0),
            ("rank", verdict.full ? 1 : Double(2 + draws.int(below: id < personas ? 40 : 300))),
          ]
          return values.map { metric, value in
            Outcome(
              seed: seed, source: ends[0], target: ends[1], metric: metric, persona: id,
              group: id < personas ? .member : .control, value: value,
              answer: metric == "rank" ? nil : answer, truth: truth)
          }
        }
      }
    }
  }

  static func curves(seeds: Int) -> [Curve] {
    let stages =
      [("language", 700, 4.1), ("vision", 1000, 2.3), ("alignment", 600, 1.7)]
      + [("inject image", 200, 3.2), ("inject text", 200, 2.9)]
    return stages.flatMap { stage, steps, start in
      (0..<seeds).map { seed in
        var draws = RandomStream(seed: 2).fork("\(stage) \(seed)")
        return Curve(
          stage: stage, seed: seed,
          points: (1...steps).map { step in
            let decay = exp(-Double(step) / Double(steps) * 5)
            return (step, start * decay + 0.06 + 0.25 * decay * draws.uniform(-1, 1))
          })
      }
    }
  }

  static func manifest(seeds: Int, experiment: String) -> Manifest {
    Manifest(
      experiment: experiment,
      command: ["eidetic", "run", "scripts/experiments/cross_modal.lua", "--seeds", "5"],
      seeds: Array(0..<seeds),
      dataHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      versions: ["eidetic": "0.1.0", "swift": "6.3.1", "lua": "5.4.4"],
      blas: "OpenBLAS 0.3.21, Zen, 1 thread", threads: 2, host: "laptop",
      time: Date(timeIntervalSince1970: 1_769_860_800),
      parameters: ["personas": "100", "views": "20", "steps": "200", "base": "tiny"])
  }

  static func result(
    seeds: Int = 5, planned: Int = 5, personas: Int = 100, experiment: String = "cross-modal",
    resamples: Int = 2000
  ) throws -> ExperimentResult {
    try ExperimentResult(
      outcomes: outcomes(seeds: seeds, personas: personas, twins: personas / 2),
      manifest: manifest(seeds: planned, experiment: experiment),
      question: "A model learns names from one modality: how many does it recall in the other?",
      chance: ["rank": 200.5], curves: curves(seeds: seeds),
      notes: ["Attributes were read correctly from 98 % of held-out images before injection."],
      resamples: resamples, stream: RandomStream(seed: 0))
  }

  static var gallery: [GalleryItem] {
    [(0, 3), (0, 8), (1, 21), (2, 5), (3, 40), (0, 110)].map { seed, id in
      GalleryItem(
        seed: seed, persona: id, png: face(RandomStream(seed: UInt64(seed * 1000 + id))),
        caption: ["red hair, glasses", "black hair, green top", "grey hair, beard"][id % 3])
    }
  }

  // MARK: Pictures

  /// A 32 × 32 face as a PNG file, enough to see how the gallery looks.
  static func face(_ stream: RandomStream) -> [UInt8] {
    var draws = stream
    func color(_ draws: inout RandomStream) -> [UInt8] {
      (0..<3).map { _ in UInt8(60 + draws.int(below: 180)) }
    }
    let (back, skin, hair, top) = (
      color(&draws), [224, 172, UInt8(105 + draws.int(below: 60))], color(&draws), color(&draws)
    )
    var rows: [UInt8] = []
    for y in 0..<32 {
      rows.append(0)
      for x in 0..<32 {
        let (dx, dy) = (Double(x) - 15.5, Double(y) - 15)
        let isEye = abs(abs(dx) - 4) < 1 && abs(dy - 0) < 1.2
        let isMouth = abs(dx) < 3 && abs(dy - 5) < 0.8
        let isFace = dx * dx / 64 + dy * dy / 90 < 1
        let isHair = dx * dx / 100 + (dy + 3) * (dy + 3) / 100 < 1 && dy < -3
        rows +=
          isEye || isMouth
          ? [40, 30, 30] : isHair ? hair : isFace ? skin : y > 25 ? top : back
      }
    }
    return png(rows, side: 32)
  }

  private static func png(_ rows: [UInt8], side: UInt32) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
    func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
      let body = Array(type.utf8) + data
      let crc = body.reduce(UInt32.max) { crc, byte in
        (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
          value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
      }
      return big(UInt32(data.count)) + body + big(~crc)
    }
    let (a, b) = rows.reduce((UInt32(1), UInt32(0))) { sums, byte in
      let a = (sums.0 + UInt32(byte)) % 65521
      return (a, (sums.1 + a) % 65521)
    }
    let length = UInt16(rows.count)
    let stored =
      [0x78, 1, 1, UInt8(length & 255), UInt8(length >> 8)]
      + [UInt8(~length & 255), UInt8(~length >> 8)] + rows + big(b << 16 | a)
    return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]
      + chunk("IHDR", big(side) + big(side) + [8, 2, 0, 0, 0]) + chunk("IDAT", stored)
      + chunk("IEND", [])
  }
}
