// Ten steps of training against the same model in PyTorch; the generator of the numbers stands
// beside them in Tests/Golden.

import Foundation
import Networks
import Repro
import TensorCore
import Testing
import Training

struct Trace: Decodable {
  let losses: [Double]
  let gradient_norms: [Double]
  let tolerance: Double

  static func load() throws -> Trace {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = here.appendingPathComponent("../Golden/training_trace.json")
    return try JSONDecoder().decode(Trace.self, from: Data(contentsOf: file))
  }
}

func goldenModel() throws -> VisionLanguageModel {
  var c = ModelConfiguration(vocabulary: 23)
  (c.width, c.heads, c.encoderBlocks, c.decoderBlocks) = (16, 2, 2, 2)
  (c.imageSize, c.patchSize, c.imageTokens, c.maxTokens) = (8, 4, 3, 20)
  let model = try VisionLanguageModel(c, stream: RandomStream(seed: 0))
  for (j, parameter) in model.parameters.all.enumerated() {
    let value = parameter.variable.value
    let extra: Float = parameter.name.hasSuffix("norm.weight") ? 1 : 0
    let numbers = (0..<value.count).map { extra + Float(0.3 * sin(0.7 * Double($0) + Double(j))) }
    try value.copy(from: Tensor(numbers, shape: value.shape))
  }
  return model
}

func goldenExample(_ step: Int, _ k: Int) -> Example {
  let prompt = (0..<2 + k).map { Int32(3 + (step * 5 + k * 7 + $0) % 20) }
  let answer = (0..<1 + k % 2).map { Int32(3 + (step * 3 + k * 11 + $0) % 20) }
  guard k % 2 == 0 else { return Example(prompt: prompt, answer: answer) }
  let pixels = (0..<8 * 8 * 3).map { UInt8(($0 * (13 + step + k)) % 256) }
  return Example(pixels: pixels, prompt: [WordTokenizer.image] + prompt, answer: answer)
}

@Suite struct GoldenTraceTests {
  @Test func `ten steps give PyTorch's losses and gradient norms`() throws {
    let trace = try Trace.load()
    let model = try goldenModel()
    var reports: [StepReport] = []
    try train(
      model, TrainingOptions(steps: 10, rate: 5e-3, warmup: 3),
      nextBatch: { step in
        try .learning((0..<4).map { goldenExample(step, $0) }, model.configuration)
      },
      report: {
        reports.append($0)
        return true
      })
    #expect(reports.count == trace.losses.count)
    for (report, (loss, norm)) in zip(reports, zip(trace.losses, trace.gradient_norms)) {
      #expect(
        abs(Double(report.loss) - loss) < trace.tolerance * max(1, loss), "step \(report.step)")
      #expect(abs(report.gradientNorm - norm) < 1e-3 * max(1, norm), "step \(report.step)")
    }
  }
}
