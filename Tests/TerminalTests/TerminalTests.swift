// Pictures, abilities, history and columns without a terminal.

import Foundation
import Pictures
import Terminal
import Testing

private func picture(_ width: Int, _ height: Int, _ pixels: [UInt8]) throws -> Picture {
  try Picture(width: width, height: height, pixels: pixels)
}

@Suite struct TerminalPictureTests {
  @Test func `two pixels share a character`() throws {
    let corners = try picture(2, 2, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
    #expect(
      try TerminalPicture.text(corners, style: .blocks, columns: 10)
        == "\u{1B}[38;2;255;0;0;48;2;0;0;255m▀\u{1B}[38;2;0;255;0;48;2;255;255;255m▀\u{1B}[0m")
    #expect(
      try TerminalPicture.text(corners, style: .blocks256, columns: 10)
        == "\u{1B}[38;5;196;48;5;21m▀\u{1B}[38;5;46;48;5;231m▀\u{1B}[0m")
    #expect(try TerminalPicture.text(corners, style: .none, columns: 10) == nil)
  }

  @Test func `a small picture is the mean of what it covers`() throws {
    let gray = try picture(4, 4, (0..<16).flatMap { [UInt8](repeating: UInt8($0 * 10), count: 3) })
    let small = TerminalPicture.shrunk(gray, width: 2, height: 2)
    #expect(small.map(\.0) == [25, 45, 105, 125])
    let one = try picture(1, 1, [9, 8, 7])
    #expect(TerminalPicture.shrunk(one, width: 3, height: 2).count == 6)
  }

  @Test func `Kitty gets every pixel in pieces of at most 4096 characters`() throws {
    let pixels = (0..<3 * 64 * 64).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let text = try #require(
      try TerminalPicture.text(picture(64, 64, pixels), style: .kitty, columns: 24))
    let pieces = text.split(separator: "\u{1B}\\").map { $0.split(separator: ";", maxSplits: 1) }
    #expect(pieces.first?.first == "\u{1B}_Ga=T,f=24,s=64,v=64,c=24,r=12,q=2,m=1")
    #expect(pieces.last?.first == "\u{1B}_Gq=2,m=0")
    #expect(pieces.allSatisfy { $0[1].count <= 4096 })
    #expect(Data(base64Encoded: pieces.map { String($0[1]) }.joined()) == Data(pixels))
  }

  @Test func `iTerm gets the PNG file`() throws {
    let one = try picture(1, 1, [1, 2, 3])
    let text = try #require(try TerminalPicture.text(one, style: .iterm, columns: 24))
    let png = try one.png()
    #expect(text.hasPrefix("\u{1B}]1337;File=inline=1;size=\(png.count);width=1;height=1;"))
    #expect(text.hasSuffix(":" + Data(png).base64EncodedString() + "\u{07}"))
  }

  @Test func `colors of xterm are the nearest`() {
    #expect(TerminalPicture.xterm256((0, 0, 0)) == 16)
    #expect(TerminalPicture.xterm256((255, 255, 255)) == 231)
    #expect(TerminalPicture.xterm256((128, 128, 128)) == 244)
    #expect(TerminalPicture.xterm256((95, 135, 175)) == 67)
  }
}

@Suite struct TerminalAbilityTests {
  typealias Style = TerminalAbilities.PictureStyle

  static let cases: [([String: String], Style, Bool)] = [
    (["TERM": "xterm-kitty"], .kitty, true),
    (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], .kitty, true),
    (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], .iterm, true),
    (["TERM": "xterm-256color", "COLORTERM": "truecolor"], .blocks, true),
    (["TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "x"], .blocks256, true),
    (["TERM": "xterm-kitty", "NO_COLOR": "1"], .none, false),
    (["TERM": "xterm-kitty", "NO_COLOR": ""], .kitty, true),
    (["TERM": "dumb", "COLORTERM": "truecolor"], .none, false),
    (["TERM": "vt100"], .none, true), ([:], .none, false),
  ]

  @Test(arguments: cases.indices)
  func `the environment tells`(index: Int) {
    let (environment, style, hasColor) = Self.cases[index]
    let found = TerminalAbilities(environment: environment, isTerminal: true)
    #expect(found == TerminalAbilities(hasColor: hasColor, pictures: style))
    let piped = TerminalAbilities(environment: environment, isTerminal: false)
    #expect(piped == TerminalAbilities(hasColor: false, pictures: .none))
  }
}

@Suite struct HistoryFileTests {
  private func scratch() -> String {
    FileManager.default.temporaryDirectory.path + "/eidetic-history-\(UUID().uuidString)"
  }

  @Test func `entries come back as they were typed`() throws {
    let folder = scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let history = HistoryFile(path: folder + "/deep/history")
    let entries = ["a = 1", "if x then\n  y = \"a\\n\"\nend", "ü\\", "\\n"]
    for entry in entries { try history.append(entry) }
    #expect(try history.load() == entries)
  }

  @Test func `sessions side by side lose nothing, and the file is cut`() async throws {
    let folder = scratch()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let history = HistoryFile(path: folder + "/history", limit: 40)
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask { for i in 0..<12 { try? history.append("\(writer) \(i)") } }
      }
    }
    let all = try HistoryFile(path: history.path).load()
    #expect(all.count == 48 && Set(all).count == 48)
    for i in 0..<20 { try history.append("\(i)") }
    #expect(try history.load().count == 40)
    #expect(try HistoryFile(path: history.path).load().count == 40)
  }

  @Test func `the environment names the file`() {
    func path(_ environment: [String: String]) -> String? {
      HistoryFile(environment: environment, home: "/h")?.path
    }
    #expect(path([:]) == "/h/.local/state/eidetic/history")
    #expect(path(["XDG_STATE_HOME": "/s"]) == "/s/eidetic/history")
    #expect(path(["XDG_STATE_HOME": "relative"]) == "/h/.local/state/eidetic/history")
    #expect(path(["EIDETIC_HISTORY": "mine", "XDG_STATE_HOME": "/s"]) == "mine")
    #expect(path(["EIDETIC_HISTORY": ""]) == nil)
  }

  @Test func `a folder that cannot be written is an error`() {
    #expect(throws: (any Error).self) { try HistoryFile(path: "/proc/none/history").load() }
  }
}

@Suite struct TextTests {
  @Test func `bytes survive as wide characters`() {
    var source = SystemRandomNumberGenerator()
    let garbage = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &source) }
    for bytes in [Array("aü€😀".utf8), [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80], garbage] {
      #expect(WideText.bytes(WideText.wide(bytes)) == bytes)
    }
    #expect(WideText.wide(Array("€".utf8)) == [0x20AC])
  }

  @Test func `words run down columns`() {
    #expect(Columns.rows(["a", "b", "c"], width: 7, most: 9) == ["a  c", "b"])
    #expect(Columns.rows(["long", "words"], width: 3, most: 9) == ["long", "words"])
    let many = (1...100).map { "\($0)" }
    let rows = Columns.rows(many, width: 10, most: 4)
    #expect(rows.last == "… 94 more" && rows.count == 4)
    #expect(Columns.rows([], width: 10, most: 4).isEmpty)
  }
}
