import Personas
import Repro
import Testing

@Suite struct PortraitTests {
  private let views = RandomStream(seed: 7).fork("views")

  /// Looks that together show every value of every attribute.
  private func everyValue() -> [Appearance] {
    let most = Attribute.allCases.map(\.values.count).max() ?? 0
    return (0..<most).map { index in
      var look = Appearance()
      for attribute in Attribute.allCases { look[attribute] = index % attribute.values.count }
      return look
    }
  }

  private func randomLooks(_ count: Int) -> [Appearance] {
    var stream = RandomStream(seed: 3)
    return (0..<count).map { _ in VisualVocabulary.full.randomAppearance(&stream) }
  }

  /// The bytes of pictures are part of the dataset's definition.
  @Test(arguments: [
    (32, "73c75bd1aca6bc4a28336ed6fc7cd37278b9f0e06f5ba58b3ba302bc71ec96f6"),
    (64, "060a5716d8275e91e328eec4fadf5cef80111a7e7d3088fbdba225c12c96b85a"),
    (224, "d25857cb1987d1911c308b345f1476b9187e4c0c9a755bd105a6f5a0e7ef7db5"),
  ])
  func `the same looks and views give the same bytes`(side: Int, expected: String) throws {
    var hash = SHA256()
    for (id, look) in everyValue().enumerated() {
      let portrait = try look.portrait(
        side: side, view: View(persona: id, index: 0, stream: views))
      hash.update(portrait.pixels)
      hash.update(portrait.backgroundCoverage)
    }
    #expect(hash.hexDigest() == expected)
  }

  @Test(arguments: [32, 64, 224])
  func `every value of every attribute shows in every view`(side: Int) throws {
    // Hidden attributes would cap every score (hats over hair, shades over eyes).
    for (id, base) in randomLooks(side > 100 ? 4 : 24).enumerated() {
      var view = View(persona: id, index: 1, stream: views)
      view.noise = 0
      for attribute in Attribute.allCases {
        let shown = try attribute.values.indices.map { index in
          var look = base
          look[attribute] = index
          return try look.portrait(side: side, view: view)
        }
        for first in shown.indices {
          for second in shown.indices where second > first {
            let share = contrast(shown[first], shown[second])
            #expect(
              share > 0.002,
              "\(base) view \(id): \(attribute) \(first) and \(second) differ in \(share)")
          }
        }
      }
    }
  }

  /// The share of pixels that differ by 32 levels or more in some channel.
  private func contrast(_ a: Portrait, _ b: Portrait) -> Double {
    var count = 0
    for pixel in 0..<a.side * a.side {
      for channel in 0..<3 {
        let place = 3 * pixel + channel
        if abs(Int(a.pixels[place]) - Int(b.pixels[place])) >= 32 {
          count += 1
          break
        }
      }
    }
    return Double(count) / Double(a.side * a.side)
  }

  @Test func `views differ and a view repeats`() throws {
    let look = randomLooks(1)[0]
    let portraits = try (0..<20).map { index in
      try look.portrait(side: 32, view: View(persona: 5, index: index, stream: views))
    }
    #expect(Set(portraits).count == 20)
    let again = try look.portrait(side: 32, view: View(persona: 5, index: 3, stream: views))
    #expect(again == portraits[3])
  }

  @Test func `without strength every view is the neutral one`() throws {
    let look = randomLooks(1)[0]
    let view = View(views, strength: 0)
    #expect(try look.portrait(side: 48, view: view) == look.portrait(side: 48))
    #expect(View(views, strength: .nan).noise == 0)
    #expect(View(views, strength: 99) == View(views, strength: 2))
    _ = try look.portrait(side: 48, view: View(views, strength: 2))
  }

  @Test func `several threads draw the same pictures`() async throws {
    let look = randomLooks(1)[0]
    let alone = try (0..<64).map {
      try look.portrait(side: 32, view: View(persona: 0, index: $0, stream: views))
    }
    let together = try await withThrowingTaskGroup(of: (Int, Portrait).self) { group in
      for index in 0..<64 {
        group.addTask {
          let view = View(persona: 0, index: index, stream: views)
          return (index, try look.portrait(side: 32, view: view))
        }
      }
      return try await group.reduce(into: [Int: Portrait]()) { $0[$1.0] = $1.1 }
    }
    for index in 0..<64 { #expect(together[index] == alone[index]) }
  }

  @Test func `the mask tells exactly where the background shows`() throws {
    for (id, base) in randomLooks(30).enumerated() {
      let view = View(persona: id, index: 2, stream: views)
      var (teal, yellow) = (base, base)
      try teal.set(.background, to: "teal")
      try yellow.set(.background, to: "yellow")
      let (a, b) = try (
        teal.portrait(side: 64, view: view), yellow.portrait(side: 64, view: view)
      )
      #expect(a.backgroundCoverage == b.backgroundCoverage)
      for pixel in 0..<64 * 64 {
        let change = (0..<3).map {
          abs(Int(a.pixels[3 * pixel + $0]) - Int(b.pixels[3 * pixel + $0]))
        }.reduce(0, max)
        let coverage = a.backgroundCoverage[pixel]
        // Coverage below half a level rounds to none and may still tip one level of color.
        if coverage == 0 { #expect(change <= 1) }
        if coverage >= 128 { #expect(change > 32) }
        #expect(a.backgroundMask[pixel] == (coverage >= 128))
      }
      let share = Double(a.backgroundMask.count { $0 }) / 4096
      #expect(share > 0.2 && share < 0.8, "background over \(share)")
    }
  }

  @Test func `sizes and views out of range say what is possible`() {
    let look = Appearance()
    for side in [-1, 0, 15, 513, .max] {
      #expect(throws: PersonaError.self) { try look.portrait(side: side) }
    }
    let error = #expect(throws: PersonaError.self) { try look.portrait(side: 8) }
    #expect(error?.description == "portrait: expected side in 16...512, got 8")
    for change: (inout View) -> Void in [
      { $0.scale = 0 }, { $0.scale = .nan }, { $0.shiftRight = .infinity }, { $0.shiftDown = -1 },
      { $0.tilt = 1 }, { $0.turn = -2 }, { $0.light = 1e30 }, { $0.lightRight = .nan },
      { $0.lightDown = 9 }, { $0.clutter = -1 }, { $0.noise = .signalingNaN },
    ] {
      var view = View.neutral
      change(&view)
      #expect(throws: PersonaError.self) { try look.portrait(side: 32, view: view) }
    }
    var view = View.neutral
    view.scale = 3
    let outside = #expect(throws: PersonaError.self) { try look.portrait(side: 32, view: view) }
    #expect(outside?.description == "view.scale: expected a number in 0.5...2.0, got 3.0")
  }

  @Test(arguments: [16, 17, 33, 100, 512])
  func `extreme views are drawn`(side: Int) throws {
    for sign: Float in [-1, 1] {
      var view = View.neutral
      (view.shiftRight, view.shiftDown, view.tilt, view.turn) = (sign / 4, sign / 4, sign / 4, sign)
      (view.scale, view.light, view.lightRight, view.lightDown) = (2, 2, sign / 2, sign / 2)
      (view.clutter, view.noise) = (2, 64)
      for look in everyValue() {
        #expect(try look.portrait(side: side, view: view).pixels.count == 3 * side * side)
        view.scale = 0.5
      }
    }
  }
}
