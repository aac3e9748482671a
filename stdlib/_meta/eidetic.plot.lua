---@meta eidetic.plot

--- Charts as SVG: save them, keep them in a run, look at them as text at the prompt.
---@class eidetic.plot
local eidetic_plot = {}

---@class eidetic.plot.bars.Options
---@field labels? string[] Names of the groups.
---@field title? string What the chart shows. Default "".
---@field caption? string A sentence below it. Default "".
---@field n? integer|string What was counted, such as `"100 people"`.
---@field width? number Width of the drawing. In px. Default 640.
---@field height? number Height of the plotted area. In px. Default 280.
---@field interval? string What bands, whiskers or brackets are, such as `95 % over people`. Default "".
---@field x_label? string The horizontal axis, with its unit. Default "".
---@field y_label? string The vertical axis, with its unit. Default "".
---@field range? number[] The axis of the values covers at least these two numbers.
---@field reference? number|table A dashed line at this value, or at `{ value =, name = }`.

--- Bars, one group per label and one color per series, with whiskers where low and high are given.
---
--- ```lua
--- plot.bars({ { name = "asked by image", y = { { mean = 1, low = 0.99, high = 1 }, 0.35 } },
---             { name = "asked by text", y = { 0.24, 1 } } },
---   { labels = { "from images", "from descriptions" }, y_label = "names recalled [share]",
---     n = "100 people, 5 seeds", interval = "95 % bootstrap over seeds and people",
---     reference = { value = 0.01, name = "chance" } })
--- ```
---@param data table|Tensor A list of numbers or tensor; a table `{ name =, x =, y =, low =, high =, labels = }`; or a list of several. An item of y may be a table with mean or value, low, high and n, such as the functions of `stats` give.
---@param options? eidetic.plot.bars.Options
---@return Chart
function eidetic_plot.bars(data, options) end

---@class eidetic.plot.heatmap.Options
---@field rows? string[] Names of the rows.
---@field columns? string[] Names of the columns.
---@field center? number Where one color turns into the other, such as 0.
---@field range? number[] The colors cover at least these two numbers.
---@field x_label? string What the columns are. Default "".
---@field y_label? string What the rows are. Default "".
---@field title? string What the chart shows. Default "".
---@field caption? string A sentence below it. Default "".
---@field n? integer|string What was counted, such as `"100 people"`.
---@field width? number Width of the drawing. In px. Default 640.
---@field height? number Height of the plotted area. In px. Default 280.

--- Many numbers as colors in rows and columns, with a scale.
---
--- ```lua
--- plot.heatmap({ { 0.1, 0.5 }, { 0.7, 0.2 } },
---   { rows = { "block 1", "block 2" }, columns = { "who", "is" }, title = "Attention" })
--- ```
---@param values table|Tensor A list of rows, or a tensor of two dimensions. A value may be a table with mean or value, low and high.
---@param options? eidetic.plot.heatmap.Options
---@return Chart
function eidetic_plot.heatmap(values, options) end

---@class eidetic.plot.histogram.Options
---@field bins? integer How many bins; by default as the spread suggests.
---@field share? boolean Shows shares of each series instead of counts. Default false.
---@field title? string What the chart shows. Default "".
---@field caption? string A sentence below it. Default "".
---@field n? integer|string What was counted, such as `"100 people"`.
---@field width? number Width of the drawing. In px. Default 640.
---@field height? number Height of the plotted area. In px. Default 280.
---@field x_label? string The horizontal axis, with its unit. Default "".
---@field y_label? string The vertical axis, with its unit. Default "".
---@field range? number[] The axis of the values covers at least these two numbers.
---@field reference? number|table A dashed line at this value, or at `{ value =, name = }`.

--- How often numbers fall into bins; several series lie over each other.
---
--- ```lua
--- plot.histogram({ { name = "members", y = { 0.2, 0.3, 0.3, 0.5 } },
---                  { name = "never trained", y = { 1.1, 1.4, 1.5 } } },
---   { x_label = "loss [nats per word]", bins = 8 })
--- ```
---@param data table|Tensor A list of numbers or tensor; a table `{ name =, x =, y =, low =, high =, labels = }`; or a list of several. An item of y may be a table with mean or value, low, high and n, such as the functions of `stats` give.
---@param options? eidetic.plot.histogram.Options
---@return Chart
function eidetic_plot.histogram(data, options) end

---@class eidetic.plot.images.Options
---@field captions? string[] One for each picture.
---@field columns? integer How many stand in a row, 1 ... 40; by default as many as fit.
---@field title? string What the chart shows. Default "".
---@field caption? string A sentence below it. Default "".
---@field n? integer|string What was counted, such as `"100 people"`.
---@field width? number Width of the drawing. In px. Default 640.
---@field height? number Height of the plotted area. In px. Default 280.

--- Pictures in rows, with captions.
---
--- ```lua
--- plot.images({ people:picture(1), people:picture(2) },
---   { captions = { people.names[1], people.names[2] }, title = "Two people" })
--- ```
---@param pictures any[]|Tensor A list of pictures, or of tensors [height, width, 3] in -1 ... 1; or a tensor [count, height, width, 3].
---@param options? eidetic.plot.images.Options
---@return Chart
function eidetic_plot.images(pictures, options) end

---@class eidetic.plot.line.Options
---@field title? string What the chart shows. Default "".
---@field caption? string A sentence below it. Default "".
---@field n? integer|string What was counted, such as `"100 people"`.
---@field width? number Width of the drawing. In px. Default 640.
---@field height? number Height of the plotted area. In px. Default 280.
---@field interval? string What bands, whiskers or brackets are, such as `95 % over people`. Default "".
---@field x_label? string The horizontal axis, with its unit. Default "".
---@field y_label? string The vertical axis, with its unit. Default "".
---@field range? number[] The axis of the values covers at least these two numbers.
---@field reference? number|table A dashed line at this value, or at `{ value =, name = }`.

--- Lines over numbers, with bands where low and high are given.
---
--- ```lua
--- local chart = plot.line({ { name = "image", y = { 3.2, 1.1, 0.4 } },
---                           { name = "text", y = { 2.9, 1.6, 0.9 } } },
---   { title = "Loss while learning", x_label = "step", y_label = "loss [nats per word]" })
--- chart:save("loss.svg")
--- ```
---@param data table|Tensor A list of numbers or tensor; a table `{ name =, x =, y =, low =, high =, labels = }`; or a list of several. An item of y may be a table with mean or value, low, high and n, such as the functions of `stats` give.
---@param options? eidetic.plot.line.Options
---@return Chart
function eidetic_plot.line(data, options) end

---@class eidetic.plot.matrix.Options
---@field rows? string[] Names of the rows.
---@field columns? string[] Names of the columns.
---@field center? number Where one color turns into the other, such as 0.
---@field range? number[] The colors cover at least these two numbers.
---@field x_label? string What the columns are. Default "".
---@field y_label? string What the rows are. Default "".
---@field title? string What the chart shows. Default "".
---@field caption? string A sentence below it. Default "".
---@field n? integer|string What was counted, such as `"100 people"`.
---@field width? number Width of the drawing. In px. Default 640.
---@field height? number Height of the plotted area. In px. Default 280.
---@field interval? string What bands, whiskers or brackets are, such as `95 % over people`. Default "".

--- A few numbers as cells that say their number, with intervals where given.
---
--- ```lua
--- plot.matrix({ { 1.00, 0.24 }, { 0.35, 1.00 } },
---   { rows = { "from images", "from text" }, columns = { "by image", "by text" },
---     range = { 0, 1 }, title = "Names recalled" })
--- ```
---@param values table|Tensor A list of rows, or a tensor of two dimensions. A value may be a table with mean or value, low and high.
---@param options? eidetic.plot.matrix.Options
---@return Chart
function eidetic_plot.matrix(values, options) end

---@class eidetic.plot.scatter.Options
---@field fit? boolean Fits a line to each series by least squares. Default false.
---@field title? string What the chart shows. Default "".
---@field caption? string A sentence below it. Default "".
---@field n? integer|string What was counted, such as `"100 people"`.
---@field width? number Width of the drawing. In px. Default 640.
---@field height? number Height of the plotted area. In px. Default 280.
---@field interval? string What bands, whiskers or brackets are, such as `95 % over people`. Default "".
---@field x_label? string The horizontal axis, with its unit. Default "".
---@field y_label? string The vertical axis, with its unit. Default "".
---@field range? number[] The axis of the values covers at least these two numbers.
---@field reference? number|table A dashed line at this value, or at `{ value =, name = }`.

--- Points, with a fitted line if wished. Labels of a series stand beside its points; items of x may have low and high, too.
---
--- ```lua
--- plot.scatter({ x = { 1, 2, 3, 4 }, y = { 1.1, 1.9, 3.2, 3.9 } },
---   { fit = true, x_label = "views", y_label = "recall" })
--- ```
---@param data table|Tensor A list of numbers or tensor; a table `{ name =, x =, y =, low =, high =, labels = }`; or a list of several. An item of y may be a table with mean or value, low, high and n, such as the functions of `stats` give.
---@param options? eidetic.plot.scatter.Options
---@return Chart
function eidetic_plot.scatter(data, options) end

return eidetic_plot
