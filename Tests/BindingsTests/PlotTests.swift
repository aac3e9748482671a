// `eidetic.plot` as scripts see it: the forms that data may have, and what each mistake says.

import Foundation
import LuaHost
import Testing

@Suite struct PlotTests {
  private static let prelude = "local plot = eidetic.plot "

  static let snippets: [String] = [
    "assert(plot.line({ 3, 2, 1 }):svg():find('^<%?xml'))",
    "assert(tostring(plot.line({ 3, 2, 1 }, { title = 'T' })):find('line chart \"T\"'))",
    "assert(plot.line(tensor.from { 3, 2, 1 }):svg() == plot.line({ 3, 2, 1 }):svg())",
    "assert(plot.line({ y = { 3, 2, 1 } }):svg() == plot.line({ 3, 2, 1 }):svg())",
    "assert(plot.line({ { 1, 2 }, { 2, 1 } }):svg():find('class=\"curve c1\"'))",
    "assert(plot.line({ tensor.from { 1, 2 }, { 2, 1 } }):svg():find('class=\"curve c1\"'))",
    "assert(plot.line({ x = { 1, 2 }, y = { 1, 2 }, low = { 0, 1 }, high = { 2, 3 } }):svg()"
      + ":find('Bands: low to high as given'))",
    "assert(plot.line({}):svg():find('no data') and plot.line({ 0/0 }):svg():find('no data'))",
    """
    local chart = plot.bars({ stats.wilson(7, 10), stats.wilson(2, 10) },
      { labels = { "a", "b" }, n = 10, interval = "95 % Wilson", reference = 0.1 })
    assert(chart:svg():find("n = 10. Whiskers: 95 % Wilson", 1, true))
    """,
    "assert(plot.bars({ { mean = 1, n = 5 }, { mean = 2, n = 7 } }):svg():find('n = 5 … 7', 1, true))",
    "assert(plot.bars({ { value = 1, low = 0, high = 2 }, 3 }):svg():find('whisker%-line'))",
    "assert(plot.scatter({ x = { 1, 2, 3 }, y = { 1, 2, 3 } }, { fit = true }):svg():find('r = 1.00'))",
    "assert(plot.scatter({ x = { { value = 1, low = 0, high = 2 } }, y = { 3 }, labels = { 'here' } })"
      + ":svg():find '>here<')",
    "assert(plot.histogram({ 1, 2, 2, 3 }, { bins = 3, share = true }):svg():find('>share<'))",
    "assert(plot.heatmap(tensor.from { { 1, 2 }, { 3, 4 } }, { center = 2 }):svg():find('c1'))",
    "assert(plot.matrix({ { { mean = 1, low = 0, high = 2 }, 3 } }):svg():find('%[0.00, 2.00%]'))",
    """
    local p = people()
    local chart = plot.images({ p:picture(1), p:picture(2):tensor() }, { captions = { "a", "b" } })
    local _, count = chart:svg():gsub("data:image/png", "")
    assert(count == 2 and chart.title == "")
    """,
    "assert(plot.images(tensor.zeros { 3, 4, 5, 3 }):svg():find('picture 3'))",
    """
    local chart = plot.line({ 1, 2 })
    chart:save(folder .. "/a.svg")
    local file <close> = assert(io.open(folder .. "/a.svg"))
    assert(file:read "a" == chart:svg())
    """,
    """
    local r = require("eidetic.runs").open { name = "charts", seeds = { 0 } }
    r:begin(0)
    r:chart(plot.bars({ 1, 2 }, { title = "Of the <run>" }))
    r:chart(plot.line({ 1, 2 }), { name = "second" })
    r:complete() r:finish()
    local file <close> = assert(io.open(r.path .. "/report.html"))
    local page = file:read "a"
    assert(page:find("Of the &lt;run&gt;", 1, true) and not page:find("Of the <run>", 1, true))
    assert(io.open(r.path .. "/charts/second.seed0.json"))
    """,
    """
    local e = eidetic.experiment { name = "e", run = function(ctx) ctx:chart(plot.line { 1, 2 }) end }
    assert(#e:rehearse() == 0)
    """,
  ]

  @Test(arguments: snippets)
  func `a snippet holds`(snippet: String) throws {
    try Bench().state.run(Self.prelude + snippet, name: "snippet")
  }

  static let mistakes: [(String, String)] = [
    ("plot.line()", "data"),
    ("plot.line('x')", "data"),
    ("plot.line({ 1, 'x' })", "data[2] must be a number or a table with mean or value"),
    ("plot.line({ 1, {} })", "got a table without them"),
    ("plot.line({ { name = 'a' } })", "data[1]: a series needs y"),
    ("plot.line({ y = { 1 }, z = { 1 } })", "unknown field 'z'; a series takes name, x, y"),
    ("plot.line({ y = { 1 }, name = 3 })", "data.name must be a string"),
    ("plot.line({ x = { 1 }, y = { 1, 2 } })", "line: a series: expected as many x as y, 2, got 1"),
    (
      "plot.line({ y = { 1 }, x = 'x' })",
      "data.x must be a list of numbers or a tensor, got string"
    ),
    ("plot.line(tensor.zeros { 2, 2 })", "one dimension, got [2, 2]"),
    ("plot.line({ 1 }, { titel = 'x' })", "did you mean 'title'"),
    ("plot.line({ 1 }, { width = 1e9 })", "width of 200 ... 4000"),
    ("plot.line({ 1 }, { range = { 2, 1 } })", "the lower first"),
    ("plot.line({ 1 }, { reference = {} })", "a reference is a number or a table"),
    ("plot.line({ 1 }, { reference = 0/0 })", "not a finite number"),
    ("plot.bars({ 1, 2 }, { labels = { 'a' } })", "bars: expected one value per group, 1, got 2"),
    ("plot.histogram({ 1 }, { bins = 0 })", "1 ... 1000 bins"),
    ("plot.heatmap({ { 1, 2 }, { 3 } })", "heatmap: expected 2 rows of 2 numbers each"),
    ("plot.heatmap(tensor.zeros { 2 })", "two dimensions, got [2]"),
    ("plot.matrix({ { 1 } }, { rows = { 'a', 'b' } })", "as many names of rows as rows, 1, got 2"),
    ("plot.images({ 1 })", "pictures[1] must be a Picture or a Tensor, got integer"),
    ("plot.images(tensor.zeros { 2, 2 })", "must be [height, width, 3], got [2, 2]"),
    ("plot.images({}, { captions = { 'a' } })", "expected 0 captions, got 1"),
    ("plot.line({ 1 }):save(folder .. '/a.gif')", "save: expected a name that ends in .svg"),
    ("plot.line({ 1 }):save('/dev/null/a.svg')", "cannot write /dev/null/a.svg"),
    ("plot.line({ 1 }):save('a.png', { scale = 0 })", "scale of 0.1 ... 10"),
    (
      "require('eidetic.runs').open({ name = 'n', seeds = {} }):chart(plot.line { 1 }, { name = '../x' })",
      "chart: expected a name of at most 100 lower-case letters"
    ),
  ]

  @Test(arguments: mistakes.indices)
  func `a mistake says what is wrong`(index: Int) throws {
    let (snippet, text) = Self.mistakes[index]
    let bench = try Bench()
    let error = #expect(throws: LuaError.self) {
      _ = try bench.state.run(Self.prelude + snippet, name: "snippet")
    }
    #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("snippet:1:") == true, "\(error?.message ?? "")")
  }
}
