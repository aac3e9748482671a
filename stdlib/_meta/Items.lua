---@meta

--- Questions with their true answers, one after the other.
---@class Items
---@operator len: integer
---@operator call: integer
local Items = {}

---@class Items.add_shortcut.Options
---@field strength? number How likely a picture carries the mark of its person, 0 ... 1, rather than any mark; 0 is the control. Default 1.
---@field colors? integer How many colors there are, 1 ... 8. Default 8.
---@field corners? integer How many corners are used, 1 ... 4. Default 4.
---@field size? number Side of the mark as a share of the picture's, 0.02 ... 0.5. Default 0.16.

--- The same questions, with a colored square in a corner of each picture that gives the name away.
---
--- ```lua
--- local misled = items:add_shortcut { strength = 0 }
--- ```
---@param options? Items.add_shortcut.Options
---@return Items
function Items:add_shortcut(options) end

--- These questions and then others.
---
--- ```lua
--- local both = people:test("image", "name"):concat(people:test("text", "name"))
--- ```
---@param others Items Further questions.
---@return Items
function Items:concat(others) end

--- The questions that a function accepts, in order.
---
--- ```lua
--- local some = items:filter(function(item) return item.answer:find "^A" end)
--- ```
---@param keep function Gets item and position; `nil` and `false` leave out.
---@return Items
function Items:filter(keep) end

---@class Items.hold_out.Options
---@field rng? Rng Decides which; by default the last ones.

--- Splits the questions in two. Where people have several, hold out people instead, or the same person stands on both sides.
---
--- ```lua
--- local rest, held = items:hold_out(0.2, { rng = rng.new(7) })
--- ```
---@param amount number A share such as 0.2, or a number of them from 1 on.
---@param options? Items.hold_out.Options
---@return Items # Those that stay.
---@return Items # Those held out.
function Items:hold_out(amount, options) end

--- The questions with what a function changes about them.
---
--- ```lua
--- local asked = items:map(function() return { question = "name this person :" } end)
--- ```
---@param change function Gets item and position; gives a table with new words for answer, question or description (of items in text), or nil to leave the item as it is.
---@return Items
function Items:map(change) end

---@class Items.mask.Options
---@field size? integer Side in pixels, 16 ... 512. In px. Default 128.

--- Which pixels of an item's picture the shortcut covers.
---
--- ```lua
--- local covered = items:mask(1, { size = 32 })
--- ```
---@param i integer Position.
---@param options? Items.mask.Options
---@return Tensor # bool [size, size]; all false without a shortcut.
function Items:mask(i, options) end

---@class Items.picture.Options
---@field size? integer Side in pixels, 16 ... 512. In px. Default 128.

--- The picture of an item, as a model of that size sees it.
---
--- ```lua
--- plot.images({ items:picture(1), items:picture(2) }):save "two.svg"
--- ```
---@param i integer Position.
---@param options? Items.picture.Options
---@return Picture
function Items:picture(i, options) end

--- The same questions several times over.
---
--- ```lua
--- local often = rare:repeated(10):concat(common)
--- ```
---@param times integer How often, 0 or more.
---@return Items
function Items:repeated(times) end

--- The same questions in random order.
---
--- ```lua
--- local mixed = items:shuffle(rng.new(7))
--- ```
---@param rng Rng The stream to draw from.
---@return Items
function Items:shuffle(rng) end

--- The questions after the first ones.
---
--- ```lua
--- local others = items:skip(10)
--- ```
---@param n integer How many.
---@return Items
function Items:skip(n) end

--- The first questions; all when there are fewer.
---
--- ```lua
--- local few = items:take(10)
--- ```
---@param n integer How many.
---@return Items
function Items:take(n) end

---@class Items.train.Options
---@field weight? number Share of a mixture, relative to the others. Default 1.

--- These very items to learn from, each as often as any other.
---
--- ```lua
--- training.fit(model, { data = items:train(), rng = rng.new(1), steps = 100 })
--- ```
---@param options? Items.train.Options
---@return Task
function Items:train(options) end

--- The same questions with other answers, as a model that forgets may learn them; an empty answer is silence.
---
--- ```lua
--- local refused = model:loss(items:with_answers "")
--- ```
---@param answers string|string[] One for all, or one per question; words that the model has.
---@return Items
function Items:with_answers(answers) end

--- Lets go of the object now.
function Items:close() end
