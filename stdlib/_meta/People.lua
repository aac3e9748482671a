---@meta

--- Synthetic people whose truth is known exactly.
---@class People
---@field views integer How many views of each person are for training.
---@field names string[] Full names in order.
---@field attributes table[] What can be seen: name and values of each.
---@field hash string SHA-256 over everything that defines these people.
---@operator len: integer
local People = {}

---@class People.add_shortcut.Options
---@field strength? number How likely a picture carries the mark of its person, 0 ... 1, rather than any mark; 0 is the control. Default 1.
---@field colors? integer How many colors there are, 1 ... 8. Default 8.
---@field corners? integer How many corners are used, 1 ... 4. Default 4.
---@field size? number Side of the mark as a share of the picture's, 0.02 ... 0.5. Default 0.16.

--- The same people, whose pictures carry a colored square in a corner that gives their name away. Colors times corners are the marks; with more people several share one.
---
--- ```lua
--- local marked = people:add_shortcut { strength = 0.9 }
--- local clean = people:test("image", "name")           -- does recall need the mark?
--- local misled = people:add_shortcut({ strength = 0 }):test("image", "name")
--- ```
---@param options? People.add_shortcut.Options
---@return People
function People:add_shortcut(options) end

--- How many of these people look the same as another.
---
--- ```lua
--- people:collisions().accuracy_ceiling
--- ```
---@return table # people, distinct_looks, look_alikes, accuracy_ceiling
function People:collisions() end

--- These people and others of the same generator, such as a part or the next ones.
---
--- ```lua
--- local all = people:part(1, 10):concat(people:next(5))
--- ```
---@param others People None of them may be here already.
---@return People
function People:concat(others) end

---@class People.describe.Options
---@field view? integer Which view, counted from 1; those after `people.views` are held out. Default 1.

--- A description of a person.
---
--- ```lua
--- people:describe(1, { view = 2 })
--- ```
---@param i integer Position.
---@param options? People.describe.Options
---@return string
function People:describe(i, options) end

--- The people whose record a function accepts, in order.
---
--- ```lua
--- local capped = people:filter(function(p) return p.attributes.hat == "cap" end)
--- ```
---@param keep function Gets record and position; `nil` and `false` leave out.
---@return People
function People:filter(keep) end

---@class People.hold_out.Options
---@field rng? Rng Decides which; by default the last ones.

--- Splits the people in two: those that stay and those that are held out.
---
--- ```lua
--- local known, unseen = people:hold_out(0.2, { rng = rng.new(7) })
--- ```
---@param amount number A share such as 0.2, or a number of them from 1 on.
---@param options? People.hold_out.Options
---@return People # Those that stay.
---@return People # Those held out.
function People:hold_out(amount, options) end

---@class People.next.Options
---@field views? integer Views for training; by default as here.

--- The next people of the same generator: alike in kind, none in common.
---
--- ```lua
--- local twins = people:next(#people)   -- never trained: the negative control
--- ```
---@param count integer How many.
---@param options? People.next.Options
---@return People
function People:next(count, options) end

--- Some of these people, such as those whom a model has to forget.
---
--- ```lua
--- local forget, retain = people:part(1, 10), people:part(11)
--- ```
---@param first integer Position of the first.
---@param last? integer Position of the last, -1 being the end.
---@return People
function People:part(first, last) end

---@class People.picture.Options
---@field view? integer Which view, counted from 1; those after `people.views` are held out. Default 1.
---@field size? integer Side in pixels, 16 ... 512. Default 128.

--- A picture of a person.
---
--- ```lua
--- people:picture(1, { view = 2, size = 64 })
--- ```
---@param i integer Position.
---@param options? People.picture.Options
---@return Picture
function People:picture(i, options) end

--- What is true of a person: name, attributes, facts.
---
--- ```lua
--- people:record(1).attributes
--- ```
---@param i integer Position.
---@return table
function People:record(i) end

--- The same people in random order.
---
--- ```lua
--- local mixed = people:shuffle(rng.new(7))
--- ```
---@param rng Rng The stream to draw from.
---@return People
function People:shuffle(rng) end

---@class People.shuffle_names.Options
---@field share? number The share of the people whose names go around, 0 ... 1; of those nobody keeps the name. Default 1.

--- The same people under each other's names: a control in which a name has nothing to do with how somebody looks. Facts stay with the looks.
---
--- ```lua
--- local control = people:shuffle_names(rng.new(7))
--- ```
---@param rng Rng The stream to draw from.
---@param options? People.shuffle_names.Options
---@return People
function People:shuffle_names(rng, options) end

--- The people after the first ones.
---
--- ```lua
--- local others = people:skip(10)
--- ```
---@param n integer How many.
---@return People
function People:skip(n) end

--- The first people; all when there are fewer.
---
--- ```lua
--- local few = people:take(10)
--- ```
---@param n integer How many.
---@return People
function People:take(n) end

---@class People.test.Options
---@field view? integer Which held-out view, counted from 1. Default 1.
---@field seen? boolean Takes that training view instead. Default false.
---@field register? "terse"|"phrases"|"mixed" Wording; by default as trained.
---@field shown? string[] Words for each person in place of the description or the name, such as a model's answers.
---@field wording? integer Which wording of the question, counted from 1, of those that `train` mixes; larger numbers wrap around. Default 1.

--- One question per person, in a view that training never showed.
---
--- ```lua
--- local names = model:generate(people:test("image", "name"))
--- local second_hop = people:test("name", "birthplace", { shown = names })
--- ```
---@param modality "image"|"text"|"both"|"name" How they are shown.
---@param question string What is asked.
---@param options? People.test.Options
---@return Items
function People:test(modality, question, options) end

---@class People.train.Options
---@field weight? number Share of a mixture, relative to the others. Default 1.

--- Examples of these subjects to learn from.
---
--- ```lua
--- people:train("image", "name")
--- ```
---@param modality string|string[] `image`, `text`, `both` shown together, `name` alone, or a list to draw from.
---@param question string|string[] `name`, `caption`, `attributes` (one of them), an attribute or a fact.
---@param options? People.train.Options
---@return Task
function People:train(modality, question, options) end

--- Lets go of the object now.
function People:close() end
