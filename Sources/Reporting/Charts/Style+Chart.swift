// Colors and strokes of everything drawn. A page names its colors as variables; a file that stands
// alone has them written out, because not every program that reads drawings knows variables.

extension Style {
  /// The colors of series are Okabe and Ito's, told apart by color-blind readers too, darkened or
  /// lightened until they stand out from the paper.
  static let light: KeyValuePairs = [
    "paper": "#fdfdfb", "ink": "#1c2127", "soft": "#59626d", "rule": "#dcdfe3", "panel": "#f4f4f0",
    "c0": "#0072b2", "c1": "#c2500a", "c2": "#007f5f", "c3": "#9a4f86", "c4": "#8a6d00",
    "c5": "#5b6570",
  ]
  /// The same for dark screens.
  static let dark: KeyValuePairs = [
    "paper": "#14171b", "ink": "#e6e8eb", "soft": "#a3acb7", "rule": "#333a43", "panel": "#1d2228",
    "c0": "#56b4e9", "c1": "#f0a050", "c2": "#4cc9a0", "c3": "#d89ac4", "c4": "#e6d24a",
    "c5": "#b3bcc6",
  ]
  /// How many colors series have before they repeat.
  package static let colorCount = 6

  static func variables(_ colors: KeyValuePairs<String, String>) -> String {
    colors.map { "--\($0.key):\($0.value);" }.joined()
  }

  /// Rules for the classes of drawings.
  static let drawing =
    (0..<colorCount).map { ".c\($0){color:var(--c\($0))}" }.joined() + """
      svg text{fill:var(--ink)}svg .tick{fill:var(--soft)}svg .tick,svg .range{font-size:11.5px}
      svg .value{font-size:15px;font-weight:600}
      .grid{stroke:var(--rule)}.axis{stroke:var(--soft)}.cut{stroke:var(--paper)}
      .chance{stroke:var(--ink);stroke-width:1.25;stroke-dasharray:3 2.5}
      .curve{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
      .dash{stroke-dasharray:6 3}.band{fill:currentColor;fill-opacity:.18}
      .block{fill:currentColor}.dot{fill:currentColor;stroke:var(--paper)}
      .point{fill:currentColor;fill-opacity:.65;stroke:currentColor}
      .whisker{stroke:currentColor;stroke-width:1.5;opacity:.6}
      .whisker-line{stroke:var(--ink);stroke-width:1.4}
      .hit{fill-opacity:0}.empty{fill:var(--panel);stroke:var(--rule)}
      """

  /// The style sheet of a chart that stands alone.
  static func chart(_ schemes: Chart.Schemes) -> String {
    let rules =
      "svg .title{font-size:17px;font-weight:600}svg .note{fill:var(--soft)}"
      + "svg .label{font-size:13px}.paper{fill:var(--paper)}" + drawing
    let sheet =
      // The widths that `ChartText` reckons with are those of these fonts.
      "svg{font:12px Arial,Helvetica,\"Liberation Sans\",sans-serif}" + resolved(rules, light)
    guard schemes == .lightAndDark else { return sheet }
    return sheet + "@media screen and (prefers-color-scheme:dark){\(resolved(rules, dark))}"
  }

  private static func resolved(_ rules: String, _ colors: KeyValuePairs<String, String>) -> String {
    colors.reduce(rules) { $0.replacing("var(--\($1.key))", with: $1.value) }
  }
}
