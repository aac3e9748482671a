---@meta

--- Synthetic people whose truth is known exactly.
---@class People
---@field views integer How many views of each person are for training.
---@field names string[] Full names in order.
---@field attributes table[] What can be seen: name and values of each.
---@field hash string SHA-256 over everything that defines these people.
---@operator len: integer
local People = {}

--- How many of these people look the same as another.
---@return table # people, distinct_looks, look_alikes, accuracy_ceiling
function People:collisions() end

---@class People.describe.Options
---@field view? integer Which view, counted from 1; those after `people.views` are held out. Default 1.

--- A description of a person.
---@param i integer Position.
---@param options? People.describe.Options
---@return string
function People:describe(i, options) end

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
---@param i integer Position.
---@param options? People.picture.Options
---@return Picture
function People:picture(i, options) end

--- What is true of a person: name, attributes, facts.
---@param i integer Position.
---@return table
function People:record(i) end

---@class People.test.Options
---@field view? integer Which held-out view, counted from 1. Default 1.
---@field seen? boolean Takes that training view instead. Default false.
---@field register? "terse"|"phrases"|"mixed" Wording; by default as trained.

--- One question per person, in a view that training never showed.
---@param modality "image"|"text" How they are shown.
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
---@param modality string|string[] `image`, `text`, or both in a list.
---@param question string|string[] `name`, `caption`, `attributes` (one of them), an attribute or a fact.
---@param options? People.train.Options
---@return Task
function People:train(modality, question, options) end

--- Lets go of the object now.
function People:close() end
