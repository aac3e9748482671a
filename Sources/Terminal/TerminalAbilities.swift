// What the terminal can show, read from the environment: asking the terminal itself would swallow keys
// that the user has typed already.

import Foundation

/// What may be written to standard output.
public struct TerminalAbilities: Equatable, Sendable {
  /// How pictures are shown.
  public enum PictureStyle: Equatable, Sendable {
    /// Kitty's graphics protocol: https://sw.kovidgoyal.net/kitty/graphics-protocol
    case kitty
    /// iTerm2's inline images: https://iterm2.com/documentation-images.html
    case iterm
    /// Two pixels per character, with 24-bit colors.
    case blocks
    /// Two pixels per character, with the 256 colors of xterm.
    case blocks256
    /// Not at all.
    case none
  }

  /// Whether text may have colors.
  public var hasColor: Bool
  /// How pictures are shown.
  public var pictures: PictureStyle

  /// Abilities as given.
  public init(hasColor: Bool, pictures: PictureStyle) {
    (self.hasColor, self.pictures) = (hasColor, pictures)
  }

  /// Reads the environment.
  ///
  /// - Parameters:
  ///   - environment: Environment variables. `NO_COLOR` (https://no-color.org) forbids colors, and
  ///     with them pictures.
  ///   - isTerminal: Whether standard output is a terminal.
  public init(environment: [String: String], isTerminal: Bool) {
    let term = environment["TERM"] ?? ""
    let forbids = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    hasColor = isTerminal && !forbids && !["", "dumb"].contains(term)
    pictures = hasColor ? Self.style(environment, term) : .none
  }

  private static func style(_ environment: [String: String], _ term: String) -> PictureStyle {
    // A multiplexer passes neither protocol on to the terminal outside.
    let isInside =
      environment["TMUX"] != nil || term.hasPrefix("screen") || term.hasPrefix("tmux")
    let program = environment["TERM_PROGRAM"] ?? ""
    if !isInside {
      let konsole = Int(environment["KONSOLE_VERSION"] ?? "") ?? 0
      if environment["KITTY_WINDOW_ID"] != nil || ["xterm-kitty", "xterm-ghostty"].contains(term)
        || program == "ghostty" || konsole >= 220_400
      {
        return .kitty
      }
      if ["iTerm.app", "WezTerm", "mintty"].contains(program)
        || environment["LC_TERMINAL"] == "iTerm2"
      {
        return .iterm
      }
    }
    if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") || term.hasSuffix("-direct")
    {
      return .blocks
    }
    return term.contains("256color") ? .blocks256 : .none
  }

  /// Columns and rows of the terminal on standard output, 80 × 24 when there is none.
  public static var size: (columns: Int, rows: Int) {
    var window = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(window.ws_col), Int(window.ws_row))
  }
}
